/** HTML from texts that others wrote: nothing of them is markup, no character moves what is around it. Pure. */

/** Markup that this program wrote. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly (Html | string)[];

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes each value, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((text, part, index) => text + markup(values[index - 1]!) + part));
}

function markup(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return (part as readonly (Html | string)[]).map(markup).join('');
  return visible(typeof part === 'number' ? String(part) : (part as string)).replace(
    /[&<>"']/g,
    (mark) => marks[mark]!,
  );
}

/** Control characters, and those that hide or turn the text around, as what they are. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
}
