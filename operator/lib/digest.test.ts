import { expect, test } from '@jest/globals';
import { canonicalJson, digestOf, keyedDigest, sha256 } from './digest.ts';

test.each<[string, unknown, string]>([
  [
    'keys are sorted, at every depth',
    { b: 1, a: { d: [2, { f: 1, e: 2 }], c: null } },
    '{"a":{"c":null,"d":[2,{"e":2,"f":1}]},"b":1}',
  ],
  [
    'keys are sorted by code unit, not by number or language',
    { z: 1, Z: 2, ä: 3, 10: 4, 9: 5 },
    '{"10":4,"9":5,"Z":2,"z":1,"ä":3}',
  ],
  // erdtman/canonicalize#27, elizaOS/eliza#23736, mirkokiefer/canonical-json#11: the order of code units, in which 😀 comes before U+FFFF.
  [
    'keys beyond the basic plane, and odd ones',
    { '\uffff': 1, '😀': 2, ä: 3, B: 4, a: 5, '': 6, '\u007f': 7, 1: 8 },
    '{"":6,"1":8,"B":4,"a":5,"\u007f":7,"ä":3,"😀":2,"\uffff":1}',
  ],
  ['keys that are sorted already', { B: 1, a: { '': [1], b: null }, '😀': 2 }, '{"B":1,"a":{"":[1],"b":null},"😀":2}'],
  // erdtman/canonicalize#1
  ['what has no value, within a list', [undefined, null, [undefined]], '[null,null,[null]]'],
  ['half of a pair of surrogates', { a: '\ud83d' }, '{"a":"\\ud83d"}'],
  ['a member without a value is left out', { a: undefined, b: 1 }, '{"b":1}'],
  ['an item without a value is null', [undefined, 1], '[null,1]'],
  ['texts are escaped', { 'a"b': 'c\n' }, '{"a\\"b":"c\\n"}'],
  ['nothing is null', undefined, 'null'],
  ['empty things stay', { a: {}, b: [], c: '' }, '{"a":{},"b":[],"c":""}'],
])('%s', (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('equal values have equal digests, different ones different', () => {
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
});

test('SHA-256 and HMAC are what the standards say', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  // RFC 4231, test case 2.
  expect(keyedDigest(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
