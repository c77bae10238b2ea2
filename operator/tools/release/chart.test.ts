import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { valuesWith } from './chart.ts';

const chart = resolve(import.meta.dirname, '../../../charts/holdfast');
const text = readFileSync(join(chart, 'values.yaml'), 'utf8');
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
type Values = Record<string, object> & { image: object; runner: { image: object } };
const of = (values: string) => load(values) as Values;

test('values name the images by digest, and nothing else is changed', () => {
  const images = { operator: `quay.io/x/operator@${digest('a')}`, runner: `quay.io/x/runner@${digest('b')}` };
  const { image, runner, ...rest } = of(valuesWith(text, images));
  const { image: imageBefore, runner: runnerBefore, ...restBefore } = of(text);
  expect(image).toEqual({ ...imageBefore, repository: 'quay.io/x/operator', digest: digest('a') });
  expect(runner.image).toEqual({ ...runnerBefore.image, repository: 'quay.io/x/runner', digest: digest('b') });
  expect(rest).toEqual(restBefore);
});

test('without digests, they stay as they are', () => {
  expect(valuesWith(text, { operator: 'holdfast-operator' })).toBe(text);
});

test('values without a place for the digest are refused', () => {
  const moved = text.replace(/^image:$/m, 'images:');
  expect(() => valuesWith(moved, { operator: `x@${digest('a')}` })).toThrow(/no empty repository and digest/);
});
