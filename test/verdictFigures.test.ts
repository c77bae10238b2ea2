/** The figures of docs/verdict.md are those that `make figures` makes, and they are what was declared. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withFigures } from './figures/page.ts';
import { caught, falseAlarms, figures } from './figures/verdict.ts';

const page = readFileSync(resolve(import.meta.dirname, '../docs/verdict.md'), 'utf8');

test('the page has the figures of the command', () => expect(withFigures(page, figures())).toBe(page));

test('28 looks at equal hosts give at most the declared rate of false alarms', () => {
  const sequential = falseAlarms(1000).filter(({ test: name }) => /^sequential(?!.*bursts)/.test(name));
  expect(sequential).toHaveLength(5);
  expect(sequential.filter(({ declared, measured }) => measured > declared)).toEqual([]);
});

test('a test of a fixed level, repeated, gives many times its level', () => {
  const repeated = falseAlarms(1000).find(({ test: name }) => name.startsWith('fixed level, each look'));
  // 1 - 0.95^28
  expect(Math.abs((repeated?.measured ?? 0) - 76.2)).toBeLessThan(4);
});

test('a three-fold error rate is caught with the published median of 60 errors or fewer, a five-fold with 25', () => {
  const three = caught(3, 0.1, 0.01, 1000);
  const five = caught(5, 0.1, 0.01, 1000);
  expect(three.median).toBeLessThanOrEqual(60);
  expect(three.percent).toBeGreaterThanOrEqual(98);
  expect(five.median).toBeLessThanOrEqual(25);
  expect(five.percent).toBe(100);
});

test('a page without marks is refused', () => expect(() => withFigures('no marks', 'figures')).toThrow('no marks'));
