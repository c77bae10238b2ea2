/** How a waiver stands at an instant, in one word: what its conditions and the metrics are made of. Pure. */
import type { PolicyWaiver, WaiverDecision } from '../../api/v1alpha1/policyWaiver.ts';
import { severitiesOf, type WaivedBaseline } from './baseline.ts';
import { waiverDigest } from './digest.ts';
import { severities } from './rules.ts';
import { isWithin, periodOf, type Period } from './waiverFor.ts';

export const waiverStates = [
  'Pending',
  'Questioned',
  'Lapsed',
  'Rejected',
  'Scheduled',
  'Effective',
  'BreakGlass',
  'Ended',
] as const;
export type WaiverState = (typeof waiverStates)[number];

/** From when until when it covers findings of any of its checks; undefined when it does not, as it stands. */
export function spanOf(waiver: PolicyWaiver, baseline: WaivedBaseline | undefined): Period | undefined {
  const named = baseline ? severitiesOf(waiver, baseline) : [];
  const periods = (named.length ? named : severities).flatMap(
    (severity) => periodOf(waiver, severity, baseline?.rules) ?? [],
  );
  return periods.length
    ? { from: Math.min(...periods.map(({ from }) => from)), until: Math.max(...periods.map(({ until }) => until)) }
    : undefined;
}

export function stateOf(waiver: PolicyWaiver, baseline: WaivedBaseline | undefined, now: Date): WaiverState {
  const { approved, ended, digest: seen, decision } = waiver.status ?? {};
  const digest = waiverDigest(waiver.spec);
  const span = spanOf(waiver, baseline);
  const isApproved = approved?.digest === digest;
  if (span && isWithin(span, now)) return isApproved ? 'Effective' : 'BreakGlass';
  if (span && now.getTime() < span.from) return 'Scheduled';
  if (isApproved || ended?.digest === digest) return 'Ended';
  return seen === digest && decision !== undefined ? undecided(decision) : 'Pending';
}

function undecided(decision: WaiverDecision): WaiverState {
  return decision === 'Approved' ? 'Pending' : decision;
}
