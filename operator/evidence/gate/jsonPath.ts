/** Where something is in JSON, as RFC 9535 writes it, and patterns of that, in which `*` is any index or key. Pure. */

export type Segment = string | number;

const plain = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `$.findings[3].found`, `$.labels['app.kubernetes.io/name']`. */
export function pathText(path: readonly Segment[]): string {
  return `$${path
    .map((segment) => {
      if (typeof segment === 'number') return `[${segment}]`;
      return plain.test(segment) || segment === '*' ? `.${segment}` : `['${escaped(segment)}']`;
    })
    .join('')}`;
}

/** On one line, and without what could end it. */
function escaped(key: string): string {
  return key
    .replace(/[\\']/g, '\\$&')
    .replace(
      /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

const step = /\.([A-Za-z_][A-Za-z0-9_]*|\*)|\[(\d+|\*)\]|\['((?:[^'\\]|\\['\\]|\\u[0-9a-f]{4})*)'\]/y;

/** The segments of a pattern; undefined when it is none. `undefined` among them is `*`. */
export function parsePattern(pattern: string): readonly (Segment | undefined)[] | undefined {
  if (!pattern.startsWith('$')) return undefined;
  const segments: (Segment | undefined)[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < pattern.length) {
    const [, key, index, quoted] = step.exec(pattern) ?? [];
    if (quoted !== undefined) segments.push(unescaped(quoted));
    else if (key === '*' || index === '*') segments.push(undefined);
    else if (key !== undefined) segments.push(key);
    else if (index !== undefined) segments.push(Number(index));
    else return undefined;
  }
  return segments;
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, one: string) =>
    code === undefined ? one : String.fromCharCode(parseInt(code, 16)),
  );
}

/** As long as the path, and the same wherever it is not `*`. */
export function matchesPattern(pattern: readonly (Segment | undefined)[], path: readonly Segment[]): boolean {
  return (
    pattern.length === path.length && pattern.every((segment, at) => segment === undefined || segment === path[at])
  );
}
