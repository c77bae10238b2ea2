import { describe, expect, test } from '@jest/globals';
import { contains, equal } from './equal.ts';

describe('equal', () => {
  test.each([
    [
      { a: 1, b: [1, { c: null }] },
      { b: [1, { c: null }], a: 1 },
    ],
    [{ a: undefined }, {}],
    [{}, { a: undefined }],
    ['x', 'x'],
  ])('%j equals %j', (a, b) => expect(equal(a, b)).toBe(true));

  test.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[], {}],
    [null, {}],
    [{ a: null }, {}],
    ['1', 1],
    [undefined, {}],
  ])('%j differs from %j', (a, b) => expect(equal(a, b)).toBe(false));
});

describe('contains', () => {
  test.each([
    [{ a: 1, filledIn: true }, { a: 1 }],
    [{ list: [{ name: 'x', filledIn: 1 }] }, { list: [{ name: 'x' }] }],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{}, undefined],
  ])('%j shows %j', (live, wanted) => expect(contains(live, wanted)).toBe(true));

  test.each([
    [{ a: 2 }, { a: 1 }],
    [{}, { a: 1 }],
    [{ list: [1, 2] }, { list: [1] }],
    [{ list: {} }, { list: [] }],
    [{ list: [] }, { list: {} }],
    [undefined, {}],
    [{}, { constructor: Object }],
  ])('%j does not show %j', (live, wanted) => expect(contains(live, wanted)).toBe(false));
});
