/**
 * When a waiver begins and when it is over: decided here, for everybody. It goes by the spec, by what was decided, and by the time; it
 * fails closed: an edit voids it at once, at `expiryTime` it is over, and what has ended never comes back, whatever the clock says. A
 * time that cannot be read makes no period. Instants are milliseconds since 1970. Pure.
 */
import type { PolicyWaiver, PolicyWaiverSpec, PolicyWaiverStatus } from '../../api/v1alpha1/policyWaiver.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';
import { severities } from '../severity.ts';
import { waiverDigest } from './digest.ts';
import { ruleOf } from './rules.ts';

export const dayMilliseconds = 86_400_000;
/** How long an emergency lasts without approval. */
const breakGlassMilliseconds = dayMilliseconds;

/** From an instant on, until before another. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

export function isWithin({ from, until }: Period, now: Date): boolean {
  return from <= now.getTime() && now.getTime() < until;
}

/** When the waiver covers findings of a severity, as it stands now; nothing when it does not, and will not unless somebody acts. */
export function periodOf(waiver: PolicyWaiver, severity: Severity, rules: WaiverRules | undefined): Period | undefined {
  const { spec, status = {}, metadata } = waiver;
  const digest = waiverDigest(spec);
  if (metadata.deletionTimestamp !== undefined || status.ended?.digest === digest) return undefined;
  const { maxDays } = ruleOf(rules, severity);
  let end = NaN;
  if (status.approved?.digest === digest) end = latestEnd(Date.parse(status.approved.time), maxDays);
  else if (isBreakingGlass(waiver))
    end = Math.min(reviewDue(status), breakGlassBegin(status) + maxDays * dayMilliseconds);
  const from = beginOf(spec);
  const until = Math.min(end, expiryOf(spec));
  return from < until ? { from, until } : undefined;
}

/** By severity; those in which it covers nothing are left out. */
export function periodsOf(waiver: PolicyWaiver, rules: WaiverRules | undefined): ReadonlyMap<Severity, Period> {
  return new Map(
    severities.flatMap((severity) => {
      const period = periodOf(waiver, severity, rules);
      return period ? [[severity, period] as const] : [];
    }),
  );
}

/** The instants at which any of them begins or ends. */
export function changesOf(periods: ReadonlyMap<Severity, Period>): number[] {
  return [...periods.values()].flatMap(({ from, until }) => [from, until].filter(Number.isFinite));
}

/** The last instant at which a waiver may end that is approved, or asked for, at an instant: however late it begins. */
export function latestEnd(approved: number, maxDays: number): number {
  return approved + maxDays * dayMilliseconds;
}

function beginOf({ effectiveTime }: PolicyWaiverSpec): number {
  return effectiveTime === undefined ? -Infinity : Date.parse(effectiveTime);
}

/** NaN when it cannot be read: then it is neither past nor to come. */
export function expiryOf({ expiryTime }: PolicyWaiverSpec): number {
  return Date.parse(expiryTime);
}

export function isExpired(spec: PolicyWaiverSpec, now: Date): boolean {
  return now.getTime() >= expiryOf(spec);
}

export function expiresAfter(spec: PolicyWaiverSpec, instant: number): boolean {
  return expiryOf(spec) > instant;
}

/** In an emergency that is not over: it is once, for 24 hours, until it is approved or rejected. */
export function isBreakingGlass({ spec, status }: PolicyWaiver): boolean {
  return (
    spec.breakGlass !== undefined && status?.breakGlassTime !== undefined && status.breakGlassEndTime === undefined
  );
}

/** Until when an emergency must be approved; NaN when none began. */
export function reviewDue(status: Pick<PolicyWaiverStatus, 'breakGlassTime'>): number {
  return breakGlassBegin(status) + breakGlassMilliseconds;
}

function breakGlassBegin({ breakGlassTime = '' }: Pick<PolicyWaiverStatus, 'breakGlassTime'>): number {
  return Date.parse(breakGlassTime);
}
