import { describe, expect, test } from '@jest/globals';
import { canonicalJson } from '../../lib/digest.ts';
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
  test('of any size takes no time', () => {
    const large = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, Array(5000).fill(at)]));
    const started = performance.now();
    for (let round = 0; round < 100; round += 1) expect(shown(large)).toHaveLength(512);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
