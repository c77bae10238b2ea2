/** The one number of an answer, or why there is none. Pure. */
import { listed, shortened } from '../../lib/text.ts';
import type { MetricsAnswer, Series, SingleValue } from './types.ts';

const LONGEST_LABELS = 120;

export function single(answer: MetricsAnswer): SingleValue {
  if (answer.is === 'none') return answer;
  const [only, ...more] = answer.series;
  if (!only)
    return none(
      'Empty',
      'the query results in no series; check the names of its metrics and labels, and that they are collected',
    );
  if (more.length > 0)
    return none(
      'SeveralSeries',
      `the query results in ${answer.series.length} series: ${listed(answer.series.map(labelsOf))}; aggregate them, as with sum(), or select one`,
    );
  const { value } = only;
  if (Number.isNaN(value))
    return none(
      'NotANumber',
      'the query results in NaN, as of a division of 0 by 0; require that there is something to divide by, as in `a / (b > 0)`',
    );
  if (!Number.isFinite(value))
    return none(
      'Infinite',
      `the query results in ${value > 0 ? '+Inf' : '-Inf'}, as of a division by 0; require that there is something to divide by, as in \`a / (b > 0)\``,
    );
  return { is: 'value', value };
}

type None = Extract<SingleValue, { is: 'none' }>;

function none(reason: None['reason'], message: string): SingleValue {
  return { is: 'none', reason, message };
}

function labelsOf({ labels }: Series): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return shortened(`{${matchers.join(', ')}}`, LONGEST_LABELS);
}
