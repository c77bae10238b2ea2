/**
 * How often a value failed recently, from a string of outcomes such as `FPPIF`, newest first. Evaluations that know nothing (`I`, `E`) neither count as
 * failures nor break a row, so that an outage of the metrics does not excuse what was seen before it. Pure.
 */
import type { GateOutcome } from '../../../api/v1alpha1/rolloutVerdict.ts';
import type { MetricGate } from '../../../api/v1alpha1/rolloutGates.ts';

const most = 100;

export function remembered(outcome: GateOutcome, before = ''): string {
  return `${outcome.slice(0, 1)}${before}`.slice(0, most);
}

export interface Failures {
  /** Whether they fail the gate. */
  readonly fail: boolean;
  /** `1 of 3 failures in a row`, `2 of 3 failures in the last 5`: how many of what fails the gate. */
  readonly words: string;
}

export function failuresOf(recent: string, gate: Pick<MetricGate, 'consecutiveFailures' | 'failures'>): Failures {
  const known = recent.replace(/[IE]/g, '');
  const { failures } = gate;
  const inRow = gate.consecutiveFailures ?? (failures ? undefined : 1);
  const row = /^F*/.exec(known)?.[0].length ?? 0;
  const ofLast = known.slice(0, failures?.ofLast ?? 0).replace(/P/g, '').length;
  const rules = [
    ...(inRow === undefined ? [] : [{ is: row, limit: inRow, words: 'in a row' }]),
    ...(failures ? [{ is: ofLast, limit: failures.count, words: `in the last ${failures.ofLast}` }] : []),
  ];
  const worstRule = rules.find(({ is, limit }) => is >= limit) ?? rules[0];
  return {
    fail: rules.some(({ is, limit }) => is >= limit),
    words: worstRule ? `${worstRule.is} of ${worstRule.limit} failures ${worstRule.words}` : '',
  };
}
