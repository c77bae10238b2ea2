import { describe, expect, test } from '@jest/globals';
import { createValidator } from './validator.ts';

const int32 = { type: 'integer', format: 'int32' };
const schema = {
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: ['Thing'] },
    port: { ...int32, minimum: 1, maximum: 9 },
    count: int32,
    uid: { type: 'integer', format: 'int64' },
    name: { type: 'string', maxLength: 5, pattern: '^[a-z]*$' },
    digits: { type: 'string', pattern: '^[0-9]+$', patternMessage: 'must be digits, such as "12"' },
    time: { type: 'string', format: 'date-time' },
    share: { 'x-kubernetes-int-or-string': true, type: ['integer', 'string'], maxLength: 4 },
    maybe: { type: 'boolean', nullable: true },
    open: { 'x-kubernetes-preserve-unknown-fields': true },
    address: { type: 'string', format: 'ipv4' },
    labels: { type: 'object', maxProperties: 3, additionalProperties: { type: 'string', maxLength: 2 } },
    words: { type: 'array', maxItems: 3, items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, on: { type: 'boolean' } } },
      'x-kubernetes-validations': [{ rule: 'true', message: 'never' }],
    },
  },
};
const validate = createValidator({ Thing: schema });
const problemsOf = (fields: object) => validate('Thing', { kind: 'Thing', ...fields });

describe('nothing is wrong with', () => {
  test.each<object>([
    { port: 9, count: -(2 ** 31), uid: 2 ** 53 - 1, name: 'abc' },
    { time: '2026-02-28T23:59:59Z' },
    { time: '2024-02-29T23:59:59.123+02:00' },
    { share: 12 },
    { share: '12%' },
    { maybe: null },
    { open: { any: [1] } },
    { address: 'left to the API server' },
    { words: ['a', 'b'], parts: [{ name: 'a' }, { name: 'b' }], labels: { 'a/b': 'x' } },
  ])('%j', (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });
});

describe('a sentence with the path says what is wrong with', () => {
  test.each<[fields: object, sentence: string]>([
    [{ kind: undefined }, 'kind is required.'],
    [{ kind: 'Other' }, 'kind must be one of Thing, but is "Other".'],
    [{ prot: 1 }, 'prot is not a known field; fix its name or remove it.'],
    [{ port: '1' }, 'port must be of type integer, but is "1".'],
    [{ port: 0 }, 'port must be at least 1, but is 0.'],
    [{ port: 10 }, 'port must be at most 9, but is 10.'],
    [{ count: 2 ** 31 }, 'count must be a valid int32, but is 2147483648.'],
    [{ uid: 2 ** 53 }, 'uid must be a valid int64, but is 9007199254740992.'],
    [{ name: 'A' }, 'name must match ^[a-z]*$, but is "A".'],
    [{ digits: 'x' }, 'digits is "x": must be digits, such as "12".'],
    [{ name: 'abcdef' }, 'name must not have more than 5 characters.'],
    [{ time: '2026-02-30T00:00:00Z' }, 'time must be a valid date-time, but is "2026-02-30T00:00:00Z".'],
    [{ time: '2026-02-03' }, 'time must be a valid date-time, but is "2026-02-03".'],
    [{ time: '2026-02-03T25:00:00Z' }, 'time must be a valid date-time, but is "2026-02-03T25:00:00Z".'],
    [{ share: true }, 'share must be of type integer or string, but is true.'],
    [{ words: ['a', 'a'] }, 'words contains the same item twice; remove one.'],
    [{ words: ['a', 1] }, 'words[1] must be of type string, but is 1.'],
    [{ parts: [{ name: 'a' }, { name: 'a' }] }, 'parts contains two items with the same name; change or remove one.'],
    [{ parts: [{}] }, 'parts[0].name is required.'],
    [{ labels: { 'a.b/c': 'xyz' } }, 'labels["a.b/c"] must not have more than 2 characters.'],
    [{ name: 1e100 }, 'name must be of type string, but is 1e+100.'],
  ])('%j', (fields, sentence) => {
    expect(problemsOf(fields)).toEqual([sentence]);
  });

  test('an object that is none', () => {
    expect(validate('Thing', 3)).toEqual(['the object must be of type object, but is 3.']);
  });

  test('several fields at once', () => {
    expect(problemsOf({ port: 0, name: 'A' })).toHaveLength(2);
  });

  test('a long value, which is cut short', () => {
    expect(problemsOf({ port: 'x'.repeat(1000) })[0]?.length).toBeLessThan(120);
  });
});

test('a schema with a word that nobody knows is refused', () => {
  const faulty = createValidator({ Thing: { type: 'object', maxLenght: 1 } });
  expect(() => faulty('Thing', {})).toThrow('unknown keyword: "maxLenght"');
});
