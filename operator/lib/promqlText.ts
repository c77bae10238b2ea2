/**
 * Strings of PromQL, as Prometheus reads them, and as they are written so that every version reads the same. Pure.
 * Source: `util/strutil/quote.go` of Prometheus.
 */

const plain: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;

/**
 * What a string literal says; `undefined` where it is not complete, or has an escape that Prometheus does not know. Escapes of single bytes
 * beyond ASCII, which may be half a character, count as unknown.
 */
export function unquoted(literal: string): string | undefined {
  const quote = literal[0] ?? '';
  const inner = literal.slice(1, -1);
  if (literal.length < 2 || !literal.endsWith(quote) || !inner.isWellFormed()) return undefined;
  if (quote === '`') return inner.includes('`') ? undefined : inner;
  const rest = inner.replaceAll(escape, '');
  if ((quote !== '"' && quote !== "'") || rest.includes(quote) || /[\n\\]/.test(rest)) return undefined;
  let isKnown = true;
  const text = inner.replaceAll(escape, (...[, hex, short, long, octal, letter]: (string | undefined)[]) => {
    const character = letter === undefined ? characterOf({ hex, short, long, octal }) : escaped(letter, quote);
    if (character === undefined) isKnown = false;
    return character ?? '';
  });
  return isKnown ? text : undefined;
}

/** A quote may be escaped within its own kind only. */
function escaped(letter: string, quote: string): string | undefined {
  const isOtherQuote = (letter === '"' || letter === "'") && letter !== quote;
  return isOtherQuote ? undefined : plain[letter];
}

interface Code {
  readonly hex: string | undefined;
  readonly short: string | undefined;
  readonly long: string | undefined;
  readonly octal: string | undefined;
}

function characterOf({ hex, short, long, octal }: Code): string | undefined {
  const byte = hex === undefined ? octal && Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
  if (typeof byte === 'number') return byte < 0x80 ? String.fromCharCode(byte) : undefined;
  const point = Number.parseInt(short ?? long ?? '', 16);
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point <= 0x10ffff && !isSurrogate ? String.fromCodePoint(point) : undefined;
}

/** A literal in double quotes, of printable ASCII alone. */
export function quoted(text: string): string {
  const inner = [...text].map((character) => {
    const point = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') return `\\${character}`;
    if (point >= 0x20 && point < 0x7f) return character;
    return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  });
  return `"${inner.join('')}"`;
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0');
}
