import { expect, test } from '@jest/globals';
import { time } from '../../../test/prometheus/asking.ts';
import { askFresh } from './fresh.ts';
import type { MetricsAnswer } from './types.ts';

const never = new AbortController().signal;
const value: MetricsAnswer = { is: 'answer', series: [{ labels: {}, value: 0.5 }] };
const fresh = (...indexes: number[]): MetricsAnswer => ({
  is: 'answer',
  series: indexes.map((index) => ({ labels: { holdfast_selector: String(index) }, value: 1 })),
});
const down: MetricsAnswer = { is: 'none', reason: 'Down', message: 'no' };

async function asked(query: string, ...answers: MetricsAnswer[]) {
  const queries: string[] = [];
  const ask = ({ query: text }: { readonly query: string }) => Promise.resolve((queries.push(text), answers.shift()!));
  return { result: await askFresh(ask, { namespace: 'a', query, time }, { maxAgeSeconds: 60 }, never), queries };
}

test('the value, where each selector has a sample', async () => {
  const { result, queries } = await asked('rate(a[5m]) / b', value, fresh(1, 0));
  expect(result).toEqual({ is: 'value', value: 0.5 });
  expect(queries).toEqual([
    'rate(a[5m]) / b',
    'label_replace(count(last_over_time(a[60s])), "holdfast_selector", "0", "", "") or label_replace(count(last_over_time(b[60s])), "holdfast_selector", "1", "", "")',
  ]);
});

test.each<[what: string, query: string, answers: MetricsAnswer[], reason: string]>([
  ['a selector without a sample', 'a / b{c="d"}', [value, fresh(0)], 'Stale'],
  ['no selector has one', 'a / b', [value, fresh()], 'Stale'],
  ['the second question has no answer', 'a', [value, down], 'Down'],
  ['the first question has no answer', 'a', [down], 'Down'],
  ['no value', 'a', [{ is: 'answer', series: [] }], 'Empty'],
  ['a query that does not parse', 'a{', [], 'BadQuery'],
  ['too many selectors', Array.from({ length: 21 }, (_, index) => `a${index}`).join('+'), [], 'BadQuery'],
])('%s', async (_, query, answers, reason) => {
  const { result } = await asked(query, ...answers);
  expect(result).toMatchObject({ is: 'none', reason });
});

test('a stale selector is named', async () => {
  const { result } = await asked('a / b{c="d"}', value, fresh(0));
  expect(result).toMatchObject({
    message:
      'the last 60 s have no sample of `b { c = "d" }`; check that they are collected, or select what always has samples',
  });
});

test('what depends on no sample is asked once', async () => {
  expect(await asked('absent(a)', value)).toEqual({ result: { is: 'value', value: 0.5 }, queries: ['absent(a)'] });
});
