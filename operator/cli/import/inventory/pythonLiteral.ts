/**
 * `ast.literal_eval` of Python as Ansible uses it for values of INI files: a literal becomes its value, everything else stays the text that
 * it is. What is neither for sure cannot be read. Pure.
 */
import { NotRead, Unread, type Value } from './values.ts';

const words: Readonly<Record<string, Value>> = { True: true, False: false, None: null, '...': '...' };
const number =
  /^([-+]?[ \t]*)(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?)([jJ]?)/;
const start = /^([uUrRbBfF]{0,2})('''|"""|'|")/;

export function literal(text: string): Value {
  const source = text.replace(/^[ \t]+/, '');
  const [word = ''] = /^(?:[A-Za-z]+|\.\.\.)/.exec(source) ?? [];
  if (Object.hasOwn(words, word)) return ended(source.slice(word.length), words[word] ?? null, text);
  if (/^[-+.\d]/.test(source)) return numeric(source, text);
  if (start.test(source)) return quoted(source, text);
  const inner = /^\{\{(.*)\}\}/.exec(source)?.[1]?.trim();
  if (inner !== undefined && !inner.startsWith('{') && (inner === '' || literal(inner) !== inner))
    throw new NotRead('a template is a value alone, which Ansible refuses; write the value');
  // A template is text, since `{{ name }}` is a set of a set of a name; so is all that merely begins like a list.
  if (/^[[({]/.test(source) && !/\{[{%#]/.test(source) && /[\])}][ \t,]*(#.*)?$/.test(source))
    return new Unread('written like a list, a tuple or a dictionary');
  if (/^set\(/.test(source)) return new Unread('written like a set');
  return text;
}

/** The value, where nothing but a comment follows it. */
function ended(rest: string, value: Value, text: string): Value {
  if (/^[ \t]*(#.*)?$/.test(rest)) return value;
  if (/^[ \t]*,/.test(rest)) return new Unread('written like a tuple');
  return /^[ \t]*[-+].*[jJ]/.test(rest) ? new Unread('written like a complex number') : text;
}

function numeric(source: string, text: string): Value {
  const [matched = '', signs = '', digits = '', imaginary = ''] = number.exec(source) ?? [];
  if (!/[0-9]/.test(digits)) return text;
  const isWhole = /^\d[\d_]*$/.test(digits);
  // As Python, which takes `022` for a mistake; but `00` is zero.
  if (isWhole && /^0/.test(digits) && !/^[0_]+$/.test(digits)) return text;
  if (/[A-Za-z_.]/.test(source[matched.length] ?? '')) return text;
  if (imaginary) return new Unread('written like a complex number');
  const value = Number(digits.replaceAll('_', ''));
  if (!Number.isFinite(value)) return new Unread('a number that is too large');
  const sign = signs.startsWith('-') ? -1 : 1;
  return ended(source.slice(matched.length), sign * value, text);
}

/** Strings one after the other are one. */
function quoted(source: string, text: string): Value {
  let value = '';
  let rest = source;
  for (let match = start.exec(rest); match; match = start.exec(rest)) {
    const [opening, prefix = '', quote = ''] = match;
    // Formatted strings are no literals, nor are other pairs of prefixes.
    if (/[fF]/.test(prefix) || (prefix.length > 1 && !/^(?:[rR][bB]|[bB][rR])$/.test(prefix))) return text;
    if (/[bB]/.test(prefix)) return new Unread('written like bytes of Python');
    const end = closing(rest, opening.length, quote);
    if (end < 0) return text;
    const body = rest.slice(opening.length, end);
    const plain = /[rR]/.test(prefix) ? body : unescaped(body);
    if (plain === undefined) return text;
    if (plain instanceof Unread) return plain;
    value += plain;
    rest = rest.slice(end + quote.length).replace(/^[ \t]+/, '');
  }
  return ended(rest, value, text);
}

function closing(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source.startsWith(quote, at)) return at;
  }
  return -1;
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** Undefined where Python refuses it. Escapes that it does not know stay as they are. */
function unescaped(body: string): string | Unread | undefined {
  if (body.includes('\\N')) return new Unread('written with the name of a character');
  const parts = body.match(/\\(?:[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])|[^\\]+/g) ?? [];
  const plain = parts.map((part) => (part.startsWith('\\') ? escaped(part) : part));
  return plain.includes(undefined) ? undefined : plain.join('');
}

function escaped(part: string): string | undefined {
  const [, base = '', digits = ''] = /^\\([xuU]?)([0-9a-fA-F]+)$/.exec(part) ?? [];
  if (base || /^\\[0-7]/.test(part)) {
    const code = Number.parseInt(digits, base ? 16 : 8);
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }
  if (/^\\[xuU]/.test(part)) return undefined;
  return Object.hasOwn(escapes, part.slice(1)) ? escapes[part.slice(1)] : part;
}
