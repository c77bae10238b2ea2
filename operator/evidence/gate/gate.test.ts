import { describe, expect, test } from '@jest/globals';
import { keyedDigest } from '../../lib/digest.ts';
import { allowedBy, type GateException } from './allowed.ts';
import { gate, mostPlaces, rules, type Verdict } from './gate.ts';
import { negatives, positives } from '../../../test/evidence/gateCorpus.ts';

interface Options {
  readonly exceptions?: readonly GateException[];
  readonly people?: readonly string[];
  readonly chunk?: number;
  readonly conceal?: (value: string) => string;
}

function verdictOn(json: string, { exceptions = [], people = [], chunk, conceal }: Options = {}): Verdict {
  const { allow } = allowedBy(exceptions, rules);
  const reading = gate('evidence-20261127.json', { allow, people: new Set(people), ...(conceal && { conceal }) });
  const bytes = Buffer.from(json);
  const size = chunk ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) reading.push(bytes.subarray(at, at + size));
  return reading.end();
}

const found = (text: string, options?: Options): string[] =>
  verdictOn(JSON.stringify({ findings: [{ found: text }] }), options).places.map(({ rule }) => rule);

describe('secrets and personal data are found', () => {
  test.each(positives)('$what', ({ text, rule, key, sibling }) => {
    const object = sibling ? { key: sibling, value: text } : { [key ?? 'found']: text };
    const verdict = verdictOn(JSON.stringify({ findings: [{ check: 'a' }, object] }));
    expect(verdict.unread).toBeUndefined();
    const field = sibling ? 'value' : (key ?? 'found');
    expect(verdict.places).toContainEqual({ file: 'evidence-20261127.json', path: `$.findings[1].${field}`, rule });
    // Nothing of it is in the result.
    expect(JSON.stringify(verdict)).not.toContain(text.slice(-12));
  });

  test.each(positives)('$what, within other text, and in JSON in JSON', ({ text, rule, key, sibling }) => {
    if (key || sibling) return expect(found(JSON.stringify({ [key ?? sibling!]: text }))).toContain(rule);
    expect(found(`it was (${text})`)).toContain(rule);
    expect(found(JSON.stringify({ inner: text }))).toContain(rule);
  });
});

describe('what is neither stays', () => {
  test.each(negatives)('$what', ({ text, key, sibling }) => {
    const object = sibling ? { key: sibling, value: text } : { [key ?? 'found']: text };
    expect(verdictOn(JSON.stringify({ findings: [object] }))).toEqual({ places: [], count: 0 });
  });
});

test('the result is the same wherever the bytes are cut', () => {
  const json = JSON.stringify({
    a: positives.map(({ text }) => text),
    b: { c: negatives.map(({ text }) => text), 'é"\\': 1.5e3 },
  });
  const all = verdictOn(json);
  expect(all.count).toBeGreaterThan(positives.length * 0.7);
  for (const chunk of [1, 2, 3, 7, 64, 1000]) expect(verdictOn(json, { chunk })).toEqual(all);
});

test('a secret that is a key is not in any path', () => {
  const secret = positives.find(({ rule }) => rule === 'github-token')!.text;
  const verdict = verdictOn(JSON.stringify({ labels: { [secret]: { owner: 'bob.smith@acme-corp.com' } } }));
  expect(verdict.places.map(({ path, rule }) => `${rule} ${path}`)).toEqual([
    'github-token $.labels.*',
    'email $.labels.*.owner',
  ]);
});

test('what is written as \\u is read as what it is', () => {
  const key = positives.find(({ rule }) => rule === 'aws-access-key')!.text;
  const escapes = [...key].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  expect(verdictOn(`{"a":"${escapes}"}`).places).toMatchObject([{ rule: 'aws-access-key', path: '$.a' }]);
});

test('people who decide may be named', () => {
  expect(found('bob.smith@acme-corp.com', { people: ['bob.smith@acme-corp.com'] })).toEqual([]);
  expect(found('Bob.Smith@acme-corp.com', { people: ['bob.smith@acme-corp.com'] })).toEqual([]);
  expect(found('eve.smith@acme-corp.com', { people: ['bob.smith@acme-corp.com'] })).toEqual(['email']);
});

test('an exception allows one rule at one place', () => {
  const email = 'bob.smith@acme-corp.com';
  const json = JSON.stringify({ contacts: [{ mail: email }, { mail: email }], other: email });
  const paths = (...exceptions: GateException[]) => verdictOn(json, { exceptions }).places.map(({ path }) => path);
  expect(paths({ rule: 'email', path: '$.contacts[*].mail' })).toEqual(['$.other']);
  expect(paths({ rule: 'email', path: '$.contacts[1].mail' })).toEqual(['$.contacts[0].mail', '$.other']);
  expect(paths({ rule: 'iban', path: '$.contacts[*].mail' })).toHaveLength(3);
  expect(paths({ rule: 'email', path: '$.contacts' })).toHaveLength(3);
  expect(paths({ rule: 'email', path: '$.contacts[*].*' })).toEqual(['$.other']);
});

test.each<[GateException, RegExp]>([
  [{ rule: 'emial', path: '$.a' }, /`spec\.gate\.allow\[0\]\.rule` is none of the rules; use one of: .*email/],
  [{ rule: 'email', path: 'a.b' }, /`spec\.gate\.allow\[0\]\.path` is not a path/],
  [{ rule: 'email', path: '$..a' }, /is not a path/],
  [{ rule: 'email', path: '$' }, /allows everything/],
  [{ rule: 'email', path: '$.*[*]' }, /allows everything/],
])('an exception that is not understood allows nothing: %j', (exception, fault) => {
  const { allow, faults } = allowedBy([exception], rules);
  expect(allow).toEqual([]);
  expect(faults[0]).toMatch(fault);
});

test('the digest of a value is keyed', () => {
  const conceal = (value: string): string => keyedDigest(Buffer.from('k'), value).slice(0, 16);
  const [place] = verdictOn('{"a":"bob.smith@acme-corp.com"}', { conceal }).places;
  expect(place).toEqual({
    file: 'evidence-20261127.json',
    path: '$.a',
    rule: 'email',
    digest: conceal('bob.smith@acme-corp.com'),
  });
});

test('all are counted, the first are listed', () => {
  const json = JSON.stringify(Array.from({ length: 250 }, (_, index) => `user${index}.a@acme-corp.com`));
  const { places, count } = verdictOn(json);
  expect(count).toBe(250);
  expect(places).toHaveLength(mostPlaces);
});

test.each([
  ['{"a":"b', 'it ends within a string'],
  ['{"a":["b"', 'it ends before its last bracket'],
  ['{"a":"b"]', 'its brackets do not match'],
  ['{"a":1} {"b":2}', 'it has more than one document'],
  ['{a:1}x;', 'it has characters outside of strings that JSON has not'],
  ['', 'it is empty'],
  [`${'['.repeat(65)}`, 'it is nested deeper than 64 levels'],
  [`["${'x'.repeat(5 * 2 ** 20)}"]`, 'a string is longer than 4 MiB'],
  [String.raw`{"a":"token \x"}`, 'a string is not one of JSON'],
])('what cannot be read to its end is not passed: %.20s', (json, unread) => {
  expect(verdictOn(json, { chunk: 65536 })).toMatchObject({ unread });
});

test('takes no longer for long texts than it should', () => {
  // Each would be quadratic or worse if patterns could backtrack over it.
  for (const part of [
    'a',
    'A1b2',
    'a@',
    'a.',
    '@a.',
    '4111 ',
    '4',
    'DE89 ',
    '+1 2',
    '-u a:',
    '://a',
    'eyJ',
    '$6$',
    'token=',
    'PRIVATE KEY',
    'ssh-rsa AAAA ',
    '1-',
    '{SHA}',
  ])
    expect(found(`@ token :// ${part.repeat(200_000 / part.length)}`)).toBeDefined();
});
