import { describe, expect, test } from '@jest/globals';
import { compareQuantities, parseQuantity } from './quantity.ts';

describe('quantities', () => {
  test.each([
    ['100m', '0.1', 0],
    ['1024Mi', '1Gi', 0],
    ['1.5Gi', '1536Mi', 0],
    ['12e6', '12M', 0],
    ['12E6', '12M', 0],
    ['1E', '1000P', 0],
    ['1e-3', '1m', 0],
    ['.5', '500m', 0],
    ['1.', '1', 0],
    ['+1', '1', 0],
    ['-1', '1', -1],
    ['0', '-0', 0],
    ['1Gi', '1G', 1],
    ['1n', '0.1n', 0],
    ['0.0000000011', '2n', 0],
    ['9007199254740993', '9007199254740992', 1],
    ['8Ei', '9223372036854775807', 0],
    ['10Ei', '9Ei', 0],
    ['-10Ei', '-9Ei', 0],
    ['10E', '9E', 1],
  ])('%s against %s is %d', (a, b, order) => {
    expect(compareQuantities(parseQuantity(a) as bigint, parseQuantity(b) as bigint)).toBe(order);
  });
  test.each(['', '.', '-', '1 Gi', '1gi', 'Gi', '1e', '1e1000000', '1ki', '0x10', 'NaN', '1_000', '1'.repeat(200)])(
    '%j is none',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );
});
