/** Stage 5: how a waiver stands at an instant: within its period or not, in one word, which conditions and metrics are made of. Pure. */
import type { PolicyWaiver, WaiverDecision } from '../../api/v1alpha1/policyWaiver.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { isBreakingGlass, isWithin, periodsOf, reviewDue, type Period } from '../../findings/waiver/expiry.ts';
import { severities } from '../../findings/severity.ts';
import type { Scope } from './source.ts';
import type { Settled } from './latched.ts';

export const waiverStates = [
  'Pending',
  'InfoRequested',
  'Overdue',
  'Rejected',
  'Scheduled',
  'Effective',
  'BreakGlass',
  'Ended',
] as const;
export type WaiverState = (typeof waiverStates)[number];

export interface Lifetime {
  readonly state: WaiverState;
  /** From when until when it covers findings of a severity. */
  readonly periods: ReadonlyMap<Severity, Period>;
  /** From when until when it covers findings of any of its checks; undefined when it does not, as it stands. */
  readonly span?: Period;
  /** In an emergency, until when it must be approved: milliseconds since 1970. */
  readonly reviewDue?: number;
}

/** What stage 6 takes. */
export interface Dated extends Settled {
  readonly lifetime: Lifetime;
}

/** Of a waiver with the status that a pass left, or is about to leave. */
export function lifetimeOf(waiver: PolicyWaiver, scope: Scope, now: Date): Lifetime {
  const periods = periodsOf(waiver, scope.rules);
  const span = spanOf(periods, scope.severities);
  return {
    state: stateOf(waiver, span, now),
    periods,
    ...(span && { span }),
    ...(isBreakingGlass(waiver) && { reviewDue: reviewDue(waiver.status ?? {}) }),
  };
}

/** Of the severities of its checks; of all where these are not known. */
function spanOf(periods: ReadonlyMap<Severity, Period>, named: readonly Severity[]): Period | undefined {
  const some = (named.length ? named : severities).flatMap((severity) => periods.get(severity) ?? []);
  if (!some.length) return undefined;
  return { from: Math.min(...some.map(({ from }) => from)), until: Math.max(...some.map(({ until }) => until)) };
}

function stateOf({ spec, status = {} }: PolicyWaiver, span: Period | undefined, now: Date): WaiverState {
  const digest = waiverDigest(spec);
  const isApproved = status.approved?.digest === digest;
  if (span && isWithin(span, now)) return isApproved ? 'Effective' : 'BreakGlass';
  if (span && now.getTime() < span.from) return 'Scheduled';
  if (isApproved || status.ended?.digest === digest) return 'Ended';
  return status.digest === digest ? undecided(status.decision) : 'Pending';
}

function undecided(decision: WaiverDecision = 'Pending'): WaiverState {
  return decision === 'Approved' ? 'Pending' : decision;
}
