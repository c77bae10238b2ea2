/** Text, and regular expressions in RE2's language, whose time is linear in the text. Pure. */
import { RE2JS } from 're2js';
import { bounded } from './arithmetic.ts';
import { refuse, textOf } from './basics.ts';
import type { Functions, Spend } from './functions.ts';
import { CelError, Opaque, Optional, isList, isMap, lifted, typeOf, type List, type Value } from './value.ts';

const longestPattern = 1000;
const mostPatterns = 256;
const patterns = new Map<string, RE2JS>();

const at = (position: bigint): number => Number(position);

export const strings: Functions = {
  '.startsWith': [{ takes: ['string', 'string'], run: (_, text: string, part: string) => text.startsWith(part) }],
  '.endsWith': [{ takes: ['string', 'string'], run: (_, text: string, part: string) => text.endsWith(part) }],
  '.contains': [
    {
      takes: ['string', 'string'],
      run: (spend, text: string, part: string) => (spend(text.length / 10), text.includes(part)),
    },
  ],
  '.matches': [
    {
      takes: ['string', 'string'],
      run: (spend, text: string, pattern: string) => matcher(spend, text, pattern).find(),
    },
  ],
  matches: [
    {
      takes: ['string', 'string'],
      run: (spend, text: string, pattern: string) => matcher(spend, text, pattern).find(),
    },
  ],
  '.find': [
    {
      takes: ['string', 'string'],
      run(spend, text: string, pattern: string) {
        const found = matcher(spend, text, pattern);
        return found.find() ? (found.group() ?? '') : '';
      },
    },
  ],
  '.findAll': [
    {
      takes: ['string', 'string'],
      run: (spend, text: string, pattern: string) => findAll(spend, text, pattern, Infinity),
    },
    {
      takes: ['string', 'string', 'int'],
      run: (spend, text: string, pattern: string, most: bigint) =>
        findAll(spend, text, pattern, most < 0n ? Infinity : Number(most)),
    },
  ],
  '.lowerAscii': [
    {
      takes: ['string'],
      run: (spend, text: string) => (spend(text.length / 10), text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
    },
  ],
  '.upperAscii': [
    {
      takes: ['string'],
      run: (spend, text: string) => (spend(text.length / 10), text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
    },
  ],
  '.trim': [{ takes: ['string'], run: (spend, text: string) => (spend(text.length / 10), text.trim()) }],
  '.reverse': [
    { takes: ['string'], run: (spend, text: string) => (spend(text.length / 10), [...text].reverse().join('')) },
  ],
  '.charAt': [
    {
      takes: ['string', 'int'],
      run: (_, text: string, position: bigint) =>
        part(text, position, position < BigInt([...text].length) ? position + 1n : position),
    },
  ],
  '.indexOf': [
    {
      takes: ['string', 'string'],
      run: (spend, text: string, sought: string) => (spend(text.length / 10), BigInt(text.indexOf(sought))),
    },
    {
      takes: ['string', 'string', 'int'],
      run: (spend, text: string, sought: string, from: bigint) => (
        spend(text.length / 10),
        BigInt(text.indexOf(sought, at(from)))
      ),
    },
  ],
  '.lastIndexOf': [
    {
      takes: ['string', 'string'],
      run: (spend, text: string, sought: string) => (spend(text.length / 10), BigInt(text.lastIndexOf(sought))),
    },
  ],
  '.substring': [
    { takes: ['string', 'int'], run: (_, text: string, from: bigint) => part(text, from, BigInt([...text].length)) },
    { takes: ['string', 'int', 'int'], run: (_, text: string, from: bigint, to: bigint) => part(text, from, to) },
  ],
  '.replace': [
    {
      takes: ['string', 'string', 'string'],
      run: (spend, text: string, old: string, fresh: string) => replaced(spend, text, old, fresh, -1n),
    },
    { takes: ['string', 'string', 'string', 'int'], run: replaced },
  ],
  '.split': [
    { takes: ['string', 'string'], run: (spend, text: string, by: string) => (spend(text.length), text.split(by)) },
    {
      takes: ['string', 'string', 'int'],
      run: (spend, text: string, by: string, most: bigint) => split(spend, text, by, most),
    },
  ],
  '.join': [
    { takes: ['list'], run: (spend, list: List) => joined(spend, list, '') },
    { takes: ['list', 'string'], run: joined },
  ],
  '.format': [{ takes: ['string', 'list'], run: formatted }],
  'strings.quote': [
    { takes: ['string'], run: (spend, text: string) => (spend(text.length / 10), JSON.stringify(text)) },
  ],
};

function matcher(spend: Spend, text: string, pattern: string) {
  // The time of RE2 is the text times the pattern.
  spend(1 + text.length * (1 + pattern.length));
  return compiled(pattern).matcher(text);
}

/** A pattern that cannot be read is told with its place. */
export function compiled(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (pattern.length > longestPattern) throw new CelError(`a pattern may have ${longestPattern} characters`);
  try {
    const made = RE2JS.compile(pattern);
    if (patterns.size >= mostPatterns) patterns.clear();
    patterns.set(pattern, made);
    return made;
  } catch (error) {
    throw new CelError(`${JSON.stringify(pattern)} is no regular expression of RE2: ${(error as Error).message}`);
  }
}

function findAll(spend: Spend, text: string, pattern: string, most: number): Value {
  const found: string[] = [];
  const all = matcher(spend, text, pattern);
  while (found.length < most && all.find()) {
    spend(1);
    found.push(all.group() ?? '');
  }
  return found;
}

function part(text: string, from: bigint, to: bigint): string {
  const characters = [...text];
  if (from < 0n || to > BigInt(characters.length) || from > to)
    throw new CelError(`the text has no characters ${from} to ${to}`);
  return characters.slice(at(from), at(to)).join('');
}

function replaced(spend: Spend, text: string, old: string, fresh: string, most: bigint): string {
  spend(1 + text.length / 10);
  const parts = text.split(old);
  const cuts = most < 0n ? parts.length - 1 : Math.min(parts.length - 1, Number(most));
  bounded(text.length + cuts * fresh.length);
  spend((cuts * fresh.length) / 10);
  const head = parts.slice(0, cuts + 1).join(fresh);
  return [head, ...parts.slice(cuts + 1)].join(old);
}

function split(spend: Spend, text: string, by: string, most: bigint): Value {
  spend(1 + text.length);
  const parts = text.split(by);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  if (most === 0n) return [];
  return [...parts.slice(0, Number(most) - 1), parts.slice(Number(most) - 1).join(by)];
}

function joined(spend: Spend, list: List, by: string): string {
  const parts = list.map((one) => {
    if (typeof one === 'string') return one;
    throw new CelError(`join() needs a list of text, not of ${typeOf(lifted(one))}`);
  });
  const length = parts.reduce((sum, one) => sum + one.length + by.length, 0);
  bounded(length);
  spend(list.length + length / 10);
  return parts.join(by);
}

/** `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`. */
function formatted(spend: Spend, format: string, list: List): string {
  spend(1 + format.length / 10 + list.length);
  let next = 0;
  return format.replace(/%(?:\.([0-9]{1,2}))?([sdfebxXo%])/g, (_, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= list.length) throw new CelError('format() has too few arguments');
    const value = lifted(list[next++]);
    const text = inFormat(value, verb, digits === undefined ? 6 : Number(digits));
    spend(text.length / 10);
    return text;
  });
}

function inFormat(value: Value, verb: string, digits: number): string {
  if (verb === 's') return shownIn(value);
  if (typeof value !== 'bigint' && typeof value !== 'number') return refuse(shownIn(value), 'a number for format()');
  if (verb === 'f') return Number(value).toFixed(digits);
  if (verb === 'e') return Number(value).toExponential(digits);
  const base = { d: 10, b: 2, x: 16, X: 16, o: 8 }[verb] ?? 10;
  const text = value.toString(base);
  return verb === 'X' ? text.toUpperCase() : text;
}

function shownIn(value: Value): string {
  if (value instanceof Opaque) return textOf(value);
  if (isList(value)) return `[${value.map((one) => shownIn(lifted(one))).join(', ')}]`;
  if (isMap(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${name}: ${shownIn(lifted(value[name]))}`).join(', ')}}`;
  }
  if (value instanceof Optional) return value.value === undefined ? 'none' : shownIn(value.value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
}
