import { expect, test } from '@jest/globals';
import { single } from './single.ts';
import type { Series } from './types.ts';

const of = (...series: Series[]) => single({ is: 'answer', series });

test.each<[what: string, series: Series[], reason: string, message: RegExp]>([
  ['none', [], 'Empty', /no series; check the names/],
  [
    'several',
    ['1', '2', '3', '4'].map((code) => ({ labels: { code, job: 'a"b\n' }, value: 1 })),
    'SeveralSeries',
    /^the query results in 4 series: \{code="1", job="a\\"b\\n"\}, .* and 1 more; aggregate them, as with sum\(\), or select one$/,
  ],
  ['NaN', [{ labels: {}, value: NaN }], 'NotANumber', /results in NaN.*a \/ \(b > 0\)/],
  ['+Inf', [{ labels: {}, value: Infinity }], 'Infinite', /results in \+Inf/],
  ['-Inf', [{ labels: {}, value: -Infinity }], 'Infinite', /results in -Inf/],
])('%s', (_, series, reason, message) => {
  expect(of(...series)).toEqual({ is: 'none', reason, message: expect.stringMatching(message) as unknown });
});

test('one number, whatever its labels', () => {
  expect(of({ labels: { a: 'b' }, value: -0.5 })).toEqual({ is: 'value', value: -0.5 });
});

test('no answer stays what it is', () => {
  const none = { is: 'none', reason: 'Partial', message: 'x' } as const;
  expect(single(none)).toEqual(none);
});
