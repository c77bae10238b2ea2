/** A rollout in the soak of its first step, with evidence of which all is well; tests say what differs. */
import type { RolloutGates } from '../../operator/api/v1alpha1/rolloutGates.ts';
import type { MetricsAnswer } from '../../operator/connect/prometheus/types.ts';
import type { ComparisonEvidence, Evidence } from '../../operator/rollout/verdict/evidence.ts';
import type { GatedRollout, GatedStep } from '../../operator/rollout/verdict/gate.ts';
import { recommend, type Recommendation } from '../../operator/rollout/verdict/recommendation.ts';
import { verdictOf } from '../../operator/rollout/verdict/verdict.ts';
import type { VerdictFields } from '../../operator/rollout/verdict/gate.ts';

export const start = new Date('2026-03-02T08:00:00Z');

/** So many seconds after the step began and its soak with it. */
export function after(seconds: number): Date {
  return new Date(start.getTime() + 1000 * seconds);
}

export function at(seconds: number): string {
  return after(seconds).toISOString().replace('.000Z', 'Z');
}

export function makeRollout(
  gates: RolloutGates = {},
  step: Partial<GatedStep> = {},
  rest: Partial<GatedRollout> = {},
): GatedRollout {
  const whole = { number: 1, comparable: 2, percent: 10, startTime: at(0), soakStartTime: at(0), soakSeconds: 86_400 };
  return { gates, maxFailed: '0%', generation: 1, step: { ...whole, ...step }, before: {}, ...rest };
}

export const fleet = { total: 50, targeted: 5, converged: 5, failed: 0, unreachable: 0 };

export function makeEvidence(evidence: Partial<Evidence> = {}): Evidence {
  return { fleet, ...evidence };
}

/** The one answer to the query of each host: `{ 'web-01': 3 }`. */
export function answer(counts: Readonly<Record<string, number>>, label = 'instance'): MetricsAnswer {
  return {
    is: 'answer',
    series: Object.entries(counts).map(([host, value]) => ({ labels: { [label]: host }, value })),
  };
}

/** One host with the revision, one without. */
export function compared(
  errors: readonly [number, number],
  total: readonly [number, number],
  windowSeconds = 3600,
): ComparisonEvidence {
  return {
    name: 'http',
    windowSeconds,
    errors: answer({ new: errors[0], old: errors[1] }),
    total: answer({ new: total[0], old: total[1] }),
    changed: [{ device: 'new' }],
    unchanged: [{ device: 'old' }],
  };
}

/** Evaluates one piece of evidence after another, each so many seconds after the one before, as a rollout does. */
export function evaluateAll(
  rollout: GatedRollout,
  evidence: readonly Evidence[],
  everySeconds = 300,
): { fields: VerdictFields; recommendation: Recommendation }[] {
  let before = rollout.before;
  return evidence.map((one, index) => {
    const now = after((index + 1) * everySeconds);
    const fields = verdictOf({ ...rollout, before }, one, now);
    before = fields;
    return { fields, recommendation: recommend({ ...rollout, before }, fields, now) };
  });
}
