/** Text. Positions count characters, whereas JavaScript counts halves of some. Each call has paid for the text that it is given. Pure. */
import { bounded } from './arithmetic.ts';
import { formatted } from './format.ts';
import type { Functions, Spend } from './overload.ts';
import { CelError, lifted, typeOf, type List, type Value } from './value.ts';

const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const halved = /[\ud800-\udfff]/;
const escapes: Readonly<Record<string, string>> = { '\u0007': '\\a', '\v': '\\v' };

export const strings: Functions = {
  '.startsWith': [
    { takes: ['string', 'string'], gives: 'bool', run: (_, text: string, part: string) => text.startsWith(part) },
  ],
  '.endsWith': [
    { takes: ['string', 'string'], gives: 'bool', run: (_, text: string, part: string) => text.endsWith(part) },
  ],
  '.contains': [
    { takes: ['string', 'string'], gives: 'bool', run: (_, text: string, part: string) => text.includes(part) },
  ],
  '.lowerAscii': [
    {
      takes: ['string'],
      gives: 'string',
      run: (_, text: string) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()),
    },
  ],
  '.upperAscii': [
    {
      takes: ['string'],
      gives: 'string',
      run: (_, text: string) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()),
    },
  ],
  '.trim': [{ takes: ['string'], gives: 'string', run: (_, text: string) => trimmed(text) }],
  '.reverse': [
    { takes: ['string'], gives: 'string', run: (spend, text: string) => characters(spend, text).reverse().join('') },
  ],
  '.charAt': [
    {
      takes: ['string', 'int'],
      gives: 'string',
      run(spend, text: string, position: bigint) {
        const { length } = characters(spend, text);
        return part(spend, text, position, position < BigInt(length) ? position + 1n : position);
      },
    },
  ],
  '.indexOf': [
    {
      takes: ['string', 'string'],
      gives: 'int',
      run: (spend, text: string, sought: string) => indexOf(spend, text, sought, 0n),
    },
    { takes: ['string', 'string', 'int'], gives: 'int', run: indexOf },
  ],
  '.lastIndexOf': [
    {
      takes: ['string', 'string'],
      gives: 'int',
      run: (spend, text: string, sought: string) => lastIndexOf(spend, text, sought),
    },
    { takes: ['string', 'string', 'int'], gives: 'int', run: lastIndexOf },
  ],
  '.substring': [
    {
      takes: ['string', 'int'],
      gives: 'string',
      run: (spend, text: string, from: bigint) => part(spend, text, from, BigInt(characters(spend, text).length)),
    },
    { takes: ['string', 'int', 'int'], gives: 'string', run: part },
  ],
  '.replace': [
    {
      takes: ['string', 'string', 'string'],
      gives: 'string',
      run: (spend, text: string, old: string, fresh: string) => replaced(spend, text, { old, fresh, most: -1n }),
    },
    {
      takes: ['string', 'string', 'string', 'int'],
      gives: 'string',
      run: (spend, ...[text, old, fresh, most]: [string, string, string, bigint]) =>
        replaced(spend, text, { old, fresh, most }),
    },
  ],
  '.split': [
    {
      takes: ['string', 'string'],
      gives: 'list(string)',
      run: (spend, text: string, by: string) => split(spend, text, by, -1n),
    },
    { takes: ['string', 'string', 'int'], gives: 'list(string)', run: split },
  ],
  '.join': [
    { takes: ['list(string)'], gives: 'string', run: (spend, list: List) => joined(spend, list, '') },
    { takes: ['list(string)', 'string'], gives: 'string', run: joined },
  ],
  '.format': [{ takes: ['string', 'list(dyn)'], gives: 'string', run: formatted }],
  'strings.quote': [
    {
      takes: ['string'],
      gives: 'string',
      run: (_, text: string) =>
        `"${text.replace(/["\\\u0007\b\f\n\r\t\v]/g, (one) => escapes[one] ?? JSON.stringify(one).slice(1, -1))}"`,
    },
  ],
};

function characters(spend: Spend, text: string): string[] {
  spend(text.length / 2);
  return [...text];
}

/** How many characters are before that half. */
function charactersBefore(text: string, half: number): bigint {
  const before = text.slice(0, Math.max(half, 0));
  return half < 0 ? -1n : BigInt(halved.test(before) ? [...before].length : half);
}

/** The other way round. */
function halvesBefore(spend: Spend, text: string, position: bigint): number {
  if (position < 0n) throw new CelError(`there is no position ${position}; positions start at 0`);
  if (position >= BigInt(text.length)) return text.length;
  const at = Number(position);
  return halved.test(text) ? characters(spend, text).slice(0, at).join('').length : at;
}

function indexOf(spend: Spend, text: string, sought: string, from: bigint): bigint {
  const start = halvesBefore(spend, text, from);
  return sought === '' ? from : charactersBefore(text, text.indexOf(sought, start));
}

function lastIndexOf(spend: Spend, text: string, sought: string, from?: bigint): bigint {
  if (from === undefined) return charactersBefore(text, text.lastIndexOf(sought));
  const start = halvesBefore(spend, text, from);
  if (sought === '') return from;
  return from >= BigInt(text.length) ? -1n : charactersBefore(text, text.lastIndexOf(sought, start));
}

function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && space.test(text[from]!)) from += 1;
  while (from < to && space.test(text[to - 1]!)) to -= 1;
  return text.slice(from, to);
}

function part(spend: Spend, text: string, from: bigint, to: bigint): string {
  const all = characters(spend, text);
  if (from < 0n || to > BigInt(all.length) || from > to)
    throw new CelError(`the string does not have characters ${from} to ${to}`);
  return all.slice(Number(from), Number(to)).join('');
}

/** The first `most` of `old` are replaced; all of them when it is negative. */
interface Replacement {
  readonly old: string;
  readonly fresh: string;
  readonly most: bigint;
}

function replaced(spend: Spend, text: string, { old, fresh, most }: Replacement): string {
  spend(text.length / 2);
  // Between any two characters, and at both ends, there is the empty text.
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  const cuts = most < 0n ? parts.length - 1 : Math.min(parts.length - 1, Number(most));
  bounded(text.length + cuts * fresh.length);
  spend((cuts * fresh.length) / 10);
  const head = parts.slice(0, cuts + 1).join(fresh);
  return [head, ...parts.slice(cuts + 1)].join(old);
}

function split(spend: Spend, text: string, by: string, most: bigint): Value {
  spend(text.length);
  const parts = by === '' ? [...text] : text.split(by);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  if (most === 0n) return [];
  return [...parts.slice(0, Number(most) - 1), parts.slice(Number(most) - 1).join(by)];
}

function joined(spend: Spend, list: List, by: string): string {
  spend(list.length);
  const parts = list.map((one) => {
    if (typeof one === 'string') return one;
    throw new CelError(`join() needs a list of strings, not of ${typeOf(lifted(one))}`);
  });
  const length = parts.reduce((sum, one) => sum + one.length + by.length, 0);
  bounded(length);
  spend(length / 10);
  return parts.join(by);
}
