/**
 * Stage 4: what of the decision is never undone: who approved which version, that an emergency began and was over, and that a version
 * came to its end. Pure.
 */
import type { PolicyWaiverStatus } from '../../api/v1alpha1/policyWaiver.ts';
import { expiresAfter, isExpired, reviewDue } from '../../findings/waiver/expiry.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { isRenewal } from './checks.ts';
import type { Decided } from './decision.ts';

type Approved = Pick<PolicyWaiverStatus, 'approved' | 'approvedExpiryTime' | 'renewals'>;
type Emergency = Pick<PolicyWaiverStatus, 'breakGlassTime' | 'breakGlassEndTime'>;

export interface Latched {
  readonly status: Approved & Emergency & Pick<PolicyWaiverStatus, 'ended'>;
  /** Whether this version is approved, ended or not. */
  readonly isApproved: boolean;
  readonly hasEnded: boolean;
  /** Approved in this pass, or an emergency that began in it: what is found now is what was accepted. */
  readonly isFresh: boolean;
}

/** What later stages take. */
export interface Settled extends Decided {
  readonly latched: Latched;
}

export function latchedOf(decided: Decided): Latched {
  const { waiver, version, decision } = decided;
  const isNew = decision.isOpen && decision.is === 'Approved';
  const approval = isNew ? approvalNow(decided) : carriedApproval(decided);
  const isApproved = approval.approved?.digest === version.digest;
  const emergency = emergencyOf(decided, isApproved ? approval.approved?.time : undefined);
  const ended = endOf(decided, isApproved, emergency);
  const begins = emergency.breakGlassTime !== undefined && waiver.status?.breakGlassTime === undefined;
  return {
    status: { ...approval, ...emergency, ...(ended && { ended }) },
    isApproved,
    hasEnded: ended?.digest === version.digest,
    isFresh: isNew || begins,
  };
}

function approvalNow({ waiver, version, counted }: Decided): Approved {
  const { spec, status } = waiver;
  const isLonger = isRenewal({ waiver });
  const renewals = (status?.renewals ?? 0) + (isLonger ? 1 : 0);
  const most = status?.approvedExpiryTime;
  return {
    approved: { digest: version.digest, time: counted.completedTime ?? '' },
    approvedExpiryTime: most !== undefined && !isLonger ? most : spec.expiryTime,
    ...(renewals > 0 && { renewals }),
  };
}

/** A version that is rejected after it was approved, or that came to its end before it was edited, is approved no more. */
function carriedApproval({ waiver, version, decision }: Decided): Approved {
  const { approved, approvedExpiryTime, renewals, ended } = waiver.status ?? {};
  const isRevoked = version.wasApproved && decision.is === 'Rejected';
  const isPast = approved && !version.wasApproved && approved.digest === ended?.digest;
  return {
    ...(approved && !isRevoked && !isPast && { approved }),
    ...(approvedExpiryTime !== undefined && { approvedExpiryTime }),
    ...(renewals !== undefined && { renewals }),
  };
}

/** It begins once, when it is first seen and the apiserver checked who may; it is over when it is decided, or after a day. */
function emergencyOf(decided: Decided, approvedTime: string | undefined): Emergency {
  const { waiver, world, version, now } = decided;
  const { spec, status = {} } = waiver;
  const isKnown = version.isChecked && world.outdated === undefined;
  const mayBegin = spec.breakGlass !== undefined && isKnown && expiresAfter(spec, now.getTime());
  const breakGlassTime = status.breakGlassTime ?? (mayBegin ? timestamp(now) : undefined);
  if (breakGlassTime === undefined) return {};
  const end = status.breakGlassEndTime ?? approvedTime ?? rejectedTime(decided) ?? reviewTime(breakGlassTime, now);
  return { breakGlassTime, ...(end !== undefined && { breakGlassEndTime: end }) };
}

/** Of an emergency whose time is over. */
function reviewTime(breakGlassTime: string, now: Date): string | undefined {
  const due = reviewDue({ breakGlassTime });
  return now.getTime() < due ? undefined : timestamp(new Date(due));
}

function rejectedTime({ decision, counted, now }: Decided): string | undefined {
  if (decision.is !== 'Rejected') return undefined;
  return counted.rejection?.metadata.creationTimestamp ?? timestamp(now);
}

/** What was in force and is over: it expired, or was rejected after all. */
function endOf(decided: Decided, isApproved: boolean, { breakGlassTime }: Emergency): PolicyWaiverStatus['ended'] {
  const { waiver, version, now } = decided;
  const { spec, status } = waiver;
  const { digest, wasApproved, hadEnded } = version;
  const revoked = wasApproved && !hadEnded ? rejectedTime(decided) : undefined;
  if (revoked !== undefined) return { digest, time: revoked };
  const wasInForce = isApproved || (spec.breakGlass !== undefined && breakGlassTime !== undefined);
  return wasInForce && !hadEnded && isExpired(spec, now) ? { digest, time: spec.expiryTime } : status?.ended;
}
