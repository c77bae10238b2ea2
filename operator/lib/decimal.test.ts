import { expect, test } from '@jest/globals';
import { numbers } from '../../test/builders/seeded.ts';
import { compareDecimals, decimalOf, decimalText, difference, numberOf } from './decimal.ts';

const decimal = (value: number | string) => decimalOf(value) ?? { units: 0n, exponent: 9999 };

test.each<[number | string, number | string, number]>([
  [0.35, '0.35', 0],
  [0.35, '0.350000000', 0],
  [0.1 + 0.2, '0.3', 1],
  [0.3, '0.3', 0],
  [1e-12, '0', 1],
  [-1e-12, '0', -1],
  [0, '-0', 0],
  [1e21, '999999999999', 1],
  [5e-324, '0.000000001', -1],
  [1.7976931348623157e308, '999999999999.999999999', 1],
  // As floats they are equal.
  [1e12, '999999999999.999999999', 1],
  [99.9, '99.90', 0],
  ['97.3', '97.30', 0],
])('%p compared with %p', (a, b, expected) => expect(compareDecimals(decimal(a), decimal(b))).toBe(expected));

test.each([NaN, Infinity, -Infinity, '', '1.', '.5', '0x10', '1e9999', ' 1', '1 ', '--1', '1,5'])(
  '%p is no decimal',
  (value) => expect(decimalOf(value)).toBeUndefined(),
);

test('0.3 less 0.1 is 0.2, which floats miss', () => {
  expect(0.3 - 0.1).not.toBe(0.2);
  expect(numberOf(difference(decimal('0.3'), decimal('0.1')))).toBe(0.2);
});

test('it agrees with whole numbers of any size', () => {
  const any = numbers(3);
  for (let round = 0; round < 500; round += 1) {
    const [a, b] = [any(2_000_000) - 1_000_000, any(2_000_000) - 1_000_000];
    const text = (units: number): string =>
      `${units < 0 ? '-' : ''}${Math.trunc(Math.abs(units) / 1000)}.${String(Math.abs(units) % 1000).padStart(3, '0')}`;
    expect(compareDecimals(decimal(text(a)), decimal(text(b)))).toBe(Math.sign(a - b));
    expect(numberOf(difference(decimal(text(a)), decimal(text(b))))).toBe((a - b) / 1000);
  }
});

test.each<[number, number, string]>([
  [5, 9, '5'],
  [0.35, 9, '0.35'],
  [100, 0, '100'],
  [1200, 2, '1200'],
  [-0.0000001, 2, '0'],
  [12.3456, 2, '12.35'],
])('%d in %d digits is %s', (value, digits, text) => expect(decimalText(value, digits)).toBe(text));
