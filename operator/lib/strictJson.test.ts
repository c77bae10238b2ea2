import { expect, test } from '@jest/globals';
import { strictJson } from './strictJson.ts';

test.each<[string, string, unknown]>([
  ['an object', '{"a":[1,{"b":"c"}],"b":{"a":null}}', { a: [1, { b: 'c' }], b: { a: null } }],
  ['a name within a string', '{"a":"\\"a\\":1","b":"{\\"b\\":2}"}', { a: '"a":1', b: '{"b":2}' }],
  ['a value that is a name elsewhere', '{"a":"b","b":"a"}', { a: 'b', b: 'a' }],
  ['one name in two objects of a list', '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
  ['names that differ by case alone', '{"a":1,"A":2}', { a: 1, A: 2 }],
  ['blanks', ' { "a" : 1 , "b" : [ ] } \n', { a: 1, b: [] }],
  ['a string', '"a"', 'a'],
])('%s', (_, text, value) => {
  expect(strictJson(Buffer.from(text))).toEqual(value);
});

/** in-toto/specification#74, theupdateframework/python-tuf#372, Steward-Fi/steward#390: one text, two meanings. */
test.each<[string, string | Buffer, string]>([
  ['a name twice', '{"a":1,"b":2,"a":3}', 'has the name "a" twice, at $'],
  ['a name twice, deep down', '{"x":[{},{"y":{"a":1,"a":1}}]}', 'has the name "a" twice, at $.x[1].y'],
  ['a name twice, in two spellings', '{"run":1,"ru\\u006e":2}', 'has the name "run" twice, at $'],
  ['a name twice, with a quotation mark in it', '{"a\\"b":1,"a\\u0022b":2}', 'has the name "a\\"b" twice'],
  ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'has the name "__proto__" twice'],
  ['two names with blanks before the colon', '{"a" :1,"a"\t:2}', 'has the name "a" twice'],
  ['nothing', '', 'is empty'],
  ['a part', '{"a":1', 'is not JSON in full; it may be cut'],
  ['two values', '{}{}', 'is not JSON in full'],
  ['a comment', '{/**/}', 'is not JSON in full'],
  ['a byte order mark', '\ufeff{}', 'begins with a byte order mark'],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'is not UTF-8'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'is not UTF-8'],
  ['brackets without end', '['.repeat(100) + ']'.repeat(100), 'is nested more than 64 levels deep'],
])('%s is refused', (_, text, problem) => {
  expect(() => strictJson(Buffer.from(text))).toThrow(problem);
});

test('a million brackets are refused as well', () => {
  expect(() => strictJson('['.repeat(1e6) + ']'.repeat(1e6))).toThrow(/nested|not JSON/);
});
