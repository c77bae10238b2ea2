import { describe, expect, test } from '@jest/globals';
import { canonicalJson } from '../../lib/digest.ts';
import { counted } from '../../../test/builders/counted.ts';
import { shown } from './shown.ts';

describe('a value', () => {
  test.each([
    [undefined],
    [null],
    ['text "quoted"\n'],
    [{ b: [1, { d: undefined, c: null }], a: true }],
    [Array.from({ length: 1000 }, (_, at) => ({ [`k${at}`]: 'v'.repeat(at % 7) }))],
    [{ long: 'x'.repeat(2000), after: 1 }],
    [{ [`${'k'.repeat(600)}`]: 1 }],
  ])('is shown as the beginning of its canonical JSON: %j', (value) => {
    const whole = value === undefined ? 'absent' : canonicalJson(value);
    expect(shown(value)).toBe(whole.length <= 512 ? whole : `${whole.slice(0, 511)}…`);
  });
  test('of any size is read no further than it is shown', () => {
    const names = Array.from({ length: 1000 }, (_, at) => `k${at}`);
    const large = counted(Object.fromEntries(names.map((name, at) => [name, Array<number>(5000).fill(at)])));
    expect(shown(large.value)).toHaveLength(512);
    // Its names are sorted, and no character that is shown takes more than a read for itself and one for its end.
    expect(large.reads()).toBeLessThan(names.length + 4 * 512);
  });
});
