/**
 * One number that is not older than it may be. An instant query takes samples of the last five minutes as if they were of now, and a rate
 * those of its whole range, so that a value outlives what it is about. So it is asked as well which selectors of the query have a sample
 * within the limit.
 */
import { selectorsOf } from '../../lib/promqlQuery.ts';
import { duration, listed, shortened } from '../../lib/text.ts';
import { noAnswer } from './noAnswer.ts';
import { single } from './single.ts';
import type { AskMetrics, MetricsQuery, SingleValue } from './types.ts';

const MOST_SELECTORS = 20;
const LONGEST_SELECTOR = 120;
/** Of the answer that says which selectors have samples; not a name that a query can give. */
const LABEL = 'holdfast_selector';

export interface Freshness {
  /** An integer of at least 1. */
  readonly maxAgeSeconds: number;
}

/**
 * Stale where a selector has no sample that is young enough, whatever its offset. Selectors within absent() need none.
 * A query without selectors depends on no sample.
 */
export async function askFresh(
  ask: AskMetrics,
  query: MetricsQuery,
  { maxAgeSeconds }: Freshness,
  signal: AbortSignal,
): Promise<SingleValue> {
  const selectors = selectorsOf(query.query);
  if (!selectors)
    return single(noAnswer('BadQuery', 'the query does not parse, so how old its samples are cannot be asked'));
  if (selectors.length > MOST_SELECTORS)
    return single(
      noAnswer('BadQuery', `the query has more than ${MOST_SELECTORS} selectors; record parts of it by rules`),
    );
  const value = single(await ask(query, signal));
  if (value.is === 'none' || selectors.length === 0) return value;
  const answer = await ask({ ...query, query: freshOf(selectors, maxAgeSeconds) }, signal);
  if (answer.is === 'none') return answer;
  const fresh = new Set(answer.series.map(({ labels }) => labels[LABEL]));
  const stale = selectors.filter((_, index) => !fresh.has(String(index)));
  if (stale.length === 0) return value;
  const named = listed(stale.map((selector) => `\`${shortened(selector, LONGEST_SELECTOR)}\``));
  return {
    is: 'none',
    reason: 'Stale',
    message: `the last ${duration(maxAgeSeconds)} have no sample of ${named}; check that they are collected, or select what always has samples`,
  };
}

/** A series for each selector that has a sample. `last_over_time` keeps names, by which series of several metrics differ. */
function freshOf(selectors: readonly string[], seconds: number): string {
  return selectors
    .map((one, index) => `label_replace(count(last_over_time(${one}[${seconds}s])), "${LABEL}", "${index}", "", "")`)
    .join(' or ');
}
