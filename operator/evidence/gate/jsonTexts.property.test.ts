/** What the quick search of bytes finds, against a slow one that looks for each word in each text, wherever the bytes are cut. */
import { expect, test } from '@jest/globals';
import { keywords } from '../../lib/keywords.ts';
import { secretForms } from '../../lib/secretForms.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import { positives } from '../../../test/evidence/gateCorpus.ts';
import type { Segment } from './jsonPath.ts';
import { jsonTexts, type JsonText } from './jsonTexts.ts';
import { personalData } from './personalData.ts';

const groups = [...[...secretForms, ...personalData].map(({ hints }) => hints), ['value']];
const words = keywords(groups);
const isNamed = (key: string): boolean => key.length % 2 === 0;

/** The groups of words in a text as JSON has it; an escape ends a word, and one of a number may be anything. */
function maskOf(text: string): number {
  const raw = JSON.stringify(text).slice(1, -1);
  if (/(?:^|[^\\])(?:\\\\)*\\u/.test(raw)) return -1;
  const parts = raw
    .replace(/\\./g, '\n')
    .replace(/\d/g, '0')
    .replace(/[A-Z]/g, (one) => one.toLowerCase());
  return groups.reduce(
    (mask, all, at) => (all.some((word) => parts.includes(word)) ? mask | (1 << (at % 32)) : mask),
    0,
  );
}

function* slowly(value: unknown, path: readonly Segment[] = [], keyMask = 0): Iterable<JsonText> {
  if (typeof value === 'string') {
    const mask = maskOf(value);
    const key = path.at(-1);
    const isInteresting = keyMask !== 0 && typeof key === 'string' && isNamed(key);
    if (mask !== 0 || isInteresting) yield { text: value, path, is: 'string', words: mask };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* slowly(item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const mask = maskOf(key);
      if (mask !== 0) yield { text: key, path: [...path, key], is: 'key', words: mask };
      yield* slowly(member, [...path, key], mask);
    }
  } else {
    const text = JSON.stringify(value);
    if (text.length > 12) yield { text, path, is: 'number', words: -1 };
  }
}

const below = numbers(34);
const pieces = [
  ...[
    'a',
    'web-01',
    ' ',
    '\n',
    '"',
    '\\',
    '\\\\',
    '\u0001',
    'é',
    '\u2028',
    '😀',
    '{',
    '}',
    '[',
    ',',
    ':',
    '0644',
    '2026-11-27T02:00:00Z',
  ],
  ...groups.flat().map((word) => word.replaceAll('0', '4')),
  ...groups.flat().map((word) => word.toUpperCase().slice(0, -1)),
  ...positives.map(({ text }) => text.slice(0, 60)),
];
const text = (): string => Array.from({ length: below(5) }, () => pieces[below(pieces.length)]!).join('');

function made(depth: number): unknown {
  switch (below(depth > 4 ? 4 : 8)) {
    case 0:
      return [null, true, 12, -1.5e-7, 4111111111111111, 123456789012345][below(6)];
    case 1:
    case 2:
    case 3:
      return text();
    case 4:
    case 5:
      return Array.from({ length: below(5) }, () => made(depth + 1));
    default:
      // Names that are numbers would be first.
      return Object.fromEntries(Array.from({ length: below(6) }, () => [`k${text()}`, made(depth + 1)]));
  }
}

test('random documents', () => {
  let all = 0;
  for (let round = 0; round < 1500; round++) {
    const value = [made(0), { [`x${text()}`]: made(1) }];
    const bytes = Buffer.from(JSON.stringify(value));
    const found: JsonText[] = [];
    const texts = jsonTexts(words, isNamed, (one) => void found.push(one));
    for (let at = 0; at < bytes.length;) {
      const length = 1 + below(below(3) === 0 ? 3 : 200);
      // In memory that is used again.
      const chunk = Buffer.from(bytes.subarray(at, at + length));
      texts.push(chunk);
      chunk.fill(0);
      at += length;
    }
    texts.end();
    expect(found).toEqual([...slowly(value)]);
    all += found.length;
  }
  expect(all).toBeGreaterThan(5000);
});
