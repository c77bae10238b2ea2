/**
 * `comparison/NAME`: errors on hosts that have the revision, against errors on those that do not have it yet, in the same time, by the sequential test
 * of `logEvidence`: it may be evaluated as often as one likes, and takes a harmless revision back with a probability of at most `falseAlarmPercent` in
 * the rollout. It fails when the evidence reaches 100 / `falseAlarmPercent`. It passes when that is not so and the hosts served at least
 * `minSamples`: that is no proof of safety, so its message says at how many errors it would fail. Each step is counted for itself, with
 * its own share of what was served. In a step of 100 % it does not apply. Pure.
 */
import type { ComparedStep, ComparisonRecord } from '../../../api/v1alpha1/rolloutVerdict.ts';
import type { ComparisonGate } from '../../../api/v1alpha1/rolloutGates.ts';
import { decimalText } from '../../../lib/decimal.ts';
import { combinedLogEvidence, logEvidence, type ErrorCounts } from '../../../lib/statistics.ts';
import { listed } from '../../../lib/text.ts';
import type { Evidence } from '../evidence.ts';
import { is, noAnswer, shownQuery, unknown, type Evaluated, type Gate, type GatedRollout } from '../gate.ts';
import { groupedCounts, type GroupedCounts } from './comparedHosts.ts';

type Outcome = Omit<Evaluated, 'gate'>;

export const comparisons: Gate = ({ rollout, evidence }) =>
  applies(rollout)
    ? (rollout.gates.comparisons ?? []).map((gate) => ({
        gate: `comparison/${gate.name}`,
        query: shownQuery(gate.errorsQuery),
        ...compared(gate, rollout, evidence),
      }))
    : [];

/** Whether the step leaves hosts to compare with. */
export function applies({ step }: Pick<GatedRollout, 'step'>): boolean {
  return step.percent < 100;
}

/** What was counted so far, with this step as it is now. */
export function comparisonsNow(rollout: GatedRollout, evidence: Evidence): ComparisonRecord[] {
  return (rollout.gates.comparisons ?? []).flatMap((gate) => {
    const before = stepsBefore(gate, rollout);
    const counts = applies(rollout) ? countsOf(gate, evidence) : undefined;
    const steps =
      counts && 'changed' in counts ? [...before, recordOf(counts, rollout.step.number)] : stepsOf(gate, rollout);
    return steps.length ? [{ name: gate.name, steps: [...steps] }] : [];
  });
}

function compared(gate: ComparisonGate, rollout: GatedRollout, evidence: Evidence): Outcome {
  const counts = countsOf(gate, evidence);
  if ('result' in counts) return counts;
  const logs = stepsBefore(gate, rollout).map((step) => Number(step.logEvidence));
  const evidenceOf = (changed: number): number =>
    combinedLogEvidence(
      [...logs, logEvidence({ ...counts, changed, all: changed + counts.all - counts.changed })],
      rollout.step.comparable,
    );
  const limit = 100 / (gate.falseAlarmPercent ?? 1);
  const reached = evidenceOf(counts.changed);
  const { windowSeconds } = counts;
  const details = {
    value: evidenceText(reached),
    limit: evidenceText(Math.log(limit)),
    samples: counts.samples,
    windowSeconds,
  };
  const words = `${counts.changed} of ${counts.all} errors are on hosts that have the revision, which served ${decimalText(100 * counts.share, 2)} %`;
  if (reached >= Math.log(limit))
    return is('Fail', 'MoreErrors', `${words}: evidence ${details.value} of ${details.limit}`, details);
  const least = gate.minSamples ?? 100;
  if (counts.samples < least)
    return is(
      'Inconclusive',
      'TooFewSamples',
      `they served ${counts.samples} of ${least}; wait for more, or lower \`minSamples\``,
      details,
    );
  const stop = firstFailing(evidenceOf, counts, Math.log(limit));
  return is(
    'Pass',
    'NotMoreErrors',
    `${words}: evidence ${details.value} of ${details.limit}, which ${stop} errors there reach`,
    details,
  );
}

interface Counts extends ErrorCounts {
  /** What hosts that have the revision served. */
  readonly samples: number;
  readonly windowSeconds: number;
}

/** Before that, Prometheus has no two samples to count between. */
const leastWindow = 120;
/** The evidence of more would take its time: that of other rollouts. */
const mostErrors = 1e9;
/** Less than floats add to a sum of counts. */
const noise = 1e-6;

/** The counts, or why there are none. `increase()` estimates: a part of an error counts on the other hosts, and not on those that have the revision. */
function countsOf(gate: ComparisonGate, evidence: Evidence): Counts | Outcome {
  const found = evidence.comparisons?.find(({ name }) => name === gate.name);
  if (!found) return unknown('NoEvidence', 'the queries were not executed');
  const { windowSeconds } = found;
  if (windowSeconds === undefined || windowSeconds < leastWindow)
    return is('Inconclusive', 'NotSoaking', `it counts from ${leastWindow} s after the hosts of the step comply`);
  const grouped = groupedCounts(found, gate.hostLabel ?? 'instance');
  if (grouped.is === 'none') return noAnswer(grouped);
  if (grouped.is === 'invalid') return is('Error', grouped.reason, grouped.message, { isBlind: true });
  const problem = problemOf(grouped, gate.hostLabel ?? 'instance');
  if (problem) return problem;
  const changed = Math.floor(grouped.changed.errors + noise);
  const unchanged = Math.ceil(grouped.unchanged.errors - noise);
  if (changed + unchanged > mostErrors)
    return is('Error', 'TooManyErrors', `more than ${mostErrors} errors; see \`errorsQuery\``, { isBlind: true });
  const share = grouped.changed.total / (grouped.changed.total + grouped.unchanged.total);
  return {
    changed,
    all: changed + unchanged,
    share,
    samples: Math.floor(grouped.changed.total),
    windowSeconds: Math.floor(windowSeconds),
  };
}

function problemOf({ changed, unchanged }: GroupedCounts, hostLabel: string): Outcome | undefined {
  if (changed.missing.length) {
    const message = `no series with label \`${hostLabel}\` says what these hosts served: ${listed(changed.missing)}; see \`totalQuery\`, or set \`selector\``;
    return unknown('HostsMissing', message);
  }
  if (!changed.hosts || !(changed.total > 0))
    return unknown('NoSamples', 'hosts that have the revision served nothing');
  if (!unchanged.hosts || !(unchanged.total > 0))
    return unknown(
      'NothingToCompare',
      `hosts without the revision served nothing, or no series with label \`${hostLabel}\` names them`,
    );
  const [, more] = [changed, unchanged].map(({ errors, total }) => errors > total * (1 + 1e-3) + 1);
  if (more || changed.errors > changed.total * (1 + 1e-3) + 1)
    return is(
      'Error',
      'MoreErrorsThanTotal',
      'there are more errors than were served; `totalQuery` must include the errors',
      { isBlind: true },
    );
  return undefined;
}

/** The fewest errors on hosts that have the revision that would fail it now, with the other errors as they are. */
function firstFailing(evidenceOf: (changed: number) => number, counts: Counts, limit: number): number {
  // From what is expected on, evidence grows with each error.
  let low = Math.max(counts.changed, Math.floor(((counts.all - counts.changed) * counts.share) / (1 - counts.share)));
  let step = 1;
  while (evidenceOf(low + step) < limit && step < 1e9) step *= 2;
  let high = low + step;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (evidenceOf(middle) < limit) low = middle;
    else high = middle;
  }
  return high;
}

function recordOf({ changed, all, share }: Counts, step: number): ComparedStep {
  return {
    step,
    changedErrors: changed,
    errors: all,
    sharePercent: decimalText(100 * share, 4),
    logEvidence: decimalText(logEvidence({ changed, all, share }), 6),
  };
}

function stepsOf({ name }: ComparisonGate, { before }: GatedRollout): readonly ComparedStep[] {
  return before.comparisons?.find((one) => one.name === name)?.steps ?? [];
}

function stepsBefore(gate: ComparisonGate, rollout: GatedRollout): readonly ComparedStep[] {
  return stepsOf(gate, rollout).filter(({ step }) => step < rollout.step.number);
}

/** Evidence in two digits or more; what is beyond all limits is not spelled out. */
function evidenceText(log: number): string {
  return log > Math.log(1e6) ? 'more than 1000000' : decimalText(Math.exp(log), log > 2 ? 0 : 2);
}
