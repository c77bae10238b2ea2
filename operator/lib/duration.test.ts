import { describe, expect, test } from '@jest/globals';
import { parseDuration } from './duration.ts';

const second = 1_000_000_000n;

describe('a duration', () => {
  test.each<[string, bigint]>([
    ['0', 0n],
    ['0s', 0n],
    ['-0', 0n],
    ['60s', 60n * second],
    ['1m0s', 60n * second],
    ['1h30m', 5400n * second],
    ['1.5h', 5400n * second],
    ['.5s', second / 2n],
    ['1.s', second],
    ['-1.5h', -5400n * second],
    ['+5s', 5n * second],
    ['100ms', second / 10n],
    ['1us', 1000n],
    ['1\u00b5s', 1000n],
    ['1\u03bcs', 1000n],
    ['1ns', 1n],
    ['0.1ns', 0n],
    ['0.3333333333333333333h', 1_200_000_000_000n - 1n],
    ['9223372036854775807ns', 2n ** 63n - 1n],
    ['2540400h10m10s', 2_540_400n * 3600n * second + 610n * second],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
  test.each([
    '',
    '-',
    's',
    '.s',
    '1',
    '1 s',
    '1d',
    '1m 1s',
    's1',
    '1.2.3s',
    '9223372036854775808ns',
    '--1s',
    '1'.repeat(200),
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
