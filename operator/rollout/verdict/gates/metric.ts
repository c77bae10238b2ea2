/**
 * `metric/NAME`: a single value of Prometheus within `min` and `max`. A value at its limit passes, compared as a decimal number. No answer, no
 * number, no samples: the gate knows nothing. Fewer samples than `minSamples`: inconclusive, whatever the value. A value beyond its limit
 * fails the gate after as many failures as declared; until then it is inconclusive, so that nothing is promoted on it. Pure.
 */
import type { GateVerdict } from '../../../api/v1alpha1/rolloutVerdict.ts';
import type { MetricGate } from '../../../api/v1alpha1/rolloutGates.ts';
import type { SingleValue } from '../../../connect/prometheus/types.ts';
import { compareDecimals, decimalOf } from '../../../lib/decimal.ts';
import type { MetricEvidence } from '../evidence.ts';
import { is, noAnswer, oneLine, shownQuery, unknown, type Evaluated, type Gate } from '../gate.ts';
import { failuresOf, remembered } from './repeated.ts';

export const metrics: Gate = ({ rollout: { gates, before }, evidence }) =>
  (gates.metrics ?? []).map((gate) => {
    const name = `metric/${gate.name}`;
    const found = evidence.metrics?.find((one) => one.name === gate.name);
    const last = before.verdict?.gates?.find((one) => one.gate === name);
    return { gate: name, ...counted(gate, seen(gate, found), last) };
  });

type Seen = Omit<Evaluated, 'gate'>;

/** What this evaluation alone says. */
function seen(gate: MetricGate, found: MetricEvidence | undefined): Seen {
  const limit = limitInWords(gate);
  if (!found) return unknown('NoEvidence', 'the query was not executed', { limit });
  const value = numberIn(found.value);
  if (typeof value !== 'number') return { ...value, limit };
  const details = { value: String(value), limit };
  const samples = samplesIn(gate, found.samples);
  if (typeof samples === 'object') return { ...samples, ...details };
  const known = { ...details, ...(samples !== undefined && { samples: Math.floor(samples) }) };
  if (samples !== undefined && samples < (gate.minSamples ?? 0)) {
    const message = `${samples} of ${gate.minSamples} samples; wait for more, or lower \`minSamples\``;
    return is('Inconclusive', 'TooFewSamples', message, known);
  }
  return compared(gate, value, known);
}

function compared({ min, max }: MetricGate, value: number, details: { value: string; limit: string }): Seen {
  const side = (limit: string | undefined): number | undefined => {
    const [a, b] = [decimalOf(value), limit === undefined ? undefined : decimalOf(limit)];
    return a && b ? compareDecimals(a, b) : undefined;
  };
  const [overMax, overMin] = [side(max), side(min)];
  if ((max !== undefined && overMax === undefined) || (min !== undefined && overMin === undefined))
    return is('Error', 'InvalidLimit', '`min` and `max` must be decimal numbers, such as "0.35"', details);
  if (overMax === undefined && overMin === undefined)
    return is('Error', 'NoLimit', 'it has no limit; set `max`, `min` or both', details);
  if (overMax !== undefined && overMax > 0) return is('Fail', 'TooHigh', `${value} is more than ${max}`, details);
  if (overMin !== undefined && overMin < 0) return is('Fail', 'TooLow', `${value} is less than ${min}`, details);
  return is('Pass', 'WithinLimit', `${value} is within ${details.limit}`, details);
}

/** Without `minSamples`, how many there are decides nothing. */
function samplesIn({ minSamples }: MetricGate, samples: SingleValue | undefined): number | undefined | Seen {
  const count = samples ? numberIn(samples) : undefined;
  if (minSamples === undefined || minSamples === 0) return typeof count === 'number' ? count : undefined;
  if (count === undefined) return unknown('NoSamples', 'the number of samples is not known; set `samplesQuery`');
  if (typeof count === 'object') return { ...count, message: oneLine(`number of samples: ${count.message}`) };
  return count > 0 ? count : unknown('NoSamples', 'there are no samples', { samples: 0 });
}

/** A finite number, whatever the connector lets pass. */
function numberIn(value: SingleValue): number | Seen {
  if (value.is === 'none') return noAnswer(value);
  if (Number.isNaN(value.value)) return noAnswer({ reason: 'NotANumber', message: 'the value is not a number' });
  if (!Number.isFinite(value.value)) return noAnswer({ reason: 'Infinite', message: 'the value is infinite' });
  return value.value;
}

/** With the evaluations before: those of the same question. */
function counted(gate: MetricGate, now: Seen, last: GateVerdict | undefined): Omit<Evaluated, 'gate'> {
  const query = shownQuery(gate.query);
  const isSameQuestion = last?.query === query && last.limit === now.limit;
  const recent = remembered(now.result, isSameQuestion ? last.recent : '');
  const { fail, words } = failuresOf(recent, gate);
  const shown = { ...now, query, recent };
  if (fail) {
    const reason = now.result === 'Fail' ? now.reason : 'FailedBefore';
    return { ...shown, result: 'Fail', reason, message: oneLine(`${now.message} (${words})`), isBlind: false };
  }
  if (now.result !== 'Fail') return shown;
  return { ...shown, result: 'Inconclusive', message: oneLine(`${now.message} (${words})`) };
}

/** `at most 0.01`, `at least 1`, `0.5 to 2` */
function limitInWords({ min, max }: MetricGate): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return max === undefined ? `at least ${min ?? '?'}` : `at most ${max}`;
}
