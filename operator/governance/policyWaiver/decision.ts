/**
 * What is decided about a request, and what of it is never undone: who approved which version, that an emergency began and ended, and
 * that a version came to its end. Nothing is ever approved by silence. Pure.
 */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver, PolicyWaiverStatus, WaiverDecision } from '../../api/v1alpha1/policyWaiver.ts';
import type { Guard } from '../approvalPolicies.ts';
import { completedTime, countedApprovals, lacking, recordsOf } from './approvals.ts';
import { calendarOf, severitiesOf, type WaivedBaseline } from './baseline.ts';
import type { WaiverWorld } from './observe.ts';
import { isChecked, isRenewal, obstacleTo, type Obstacle } from './obstacle.ts';
import { ruleOf, severities, type Rule } from './rules.ts';
import { decisionDue, timestamp, versionOf, withPause, type Version } from './version.ts';
import { breakGlassMilliseconds } from './waiverFor.ts';

/** The status so far, and what of the world it comes from. */
export interface Decided {
  readonly status: PolicyWaiverStatus;
  readonly version: Version;
  readonly obstacle?: Obstacle;
  /** What is still needed, in words. */
  readonly lacking?: string;
  /** Those whose word counts. */
  readonly counted: readonly Approval[];
  /** Approved in this pass, or an emergency that began in it: what is found now is what was accepted. */
  readonly isFresh: boolean;
}

export function decisionFor(waiver: PolicyWaiver, { approvals, baseline, guard }: WaiverWorld, now: Date): Decided {
  const before = waiver.status ?? {};
  const version = versionOf(waiver, guard, now);
  const isSame = before.digest === version.digest;
  const isApproved = before.approved?.digest === version.digest;
  const hasEnded = before.ended?.digest === version.digest;
  const obstacle = isApproved || hasEnded ? undefined : obstacleTo(waiver, version, baseline, guard, now);
  const counted = countedApprovals(waiver, approvals, guard);
  const rule = ruleFor(waiver, baseline);
  const earlier = isSame ? before.decision : undefined;
  // Without the policies nobody knows who wrote an Approval: what was decided stays, and nothing else is.
  const isOpen = guard.is === 'intact' && !hasEnded && !(isApproved && !rejectionIn(counted)) && !obstacle;
  const decision = isOpen ? decisionOf(counted, rule) : isApproved ? (earlier ?? 'Approved') : (earlier ?? 'Pending');
  const latches = latchesOf({ waiver, version, decision, counted, rule, now, isOpen, guard });
  const clock = clockOf(before, version, decision, counted, baseline, now);
  const records = isOpen ? recordsOf(counted) : isSame ? (before.approvals ?? []) : [];
  return {
    version,
    counted,
    ...(obstacle && { obstacle }),
    lacking: rule && lacking(rule, counted),
    isFresh: latches.isFresh,
    status: {
      digest: version.digest,
      ...(version.requestTime !== undefined && { requestTime: version.requestTime }),
      ...clock.status,
      decision:
        decision === 'Pending' && clock.isPast
          ? 'Lapsed'
          : decision === 'Lapsed' && !clock.isPast
            ? 'Pending'
            : decision,
      ...(records.length && { approvals: records }),
      ...latches.status,
    },
  };
}

/** What the worst of its checks needs: all of what any of them needs. Without its baseline, nobody knows. */
function ruleFor(waiver: PolicyWaiver, baseline: WaivedBaseline | undefined): Rule | undefined {
  if (!baseline) return undefined;
  const named = severitiesOf(waiver, baseline);
  return ruleOf(baseline.rules, severities.find((severity) => named.includes(severity)) ?? 'Critical');
}

/** One rejection is enough; what was asked holds it up unless there are approvals enough. */
function decisionOf(counted: readonly Approval[], rule: Rule | undefined): WaiverDecision {
  if (rejectionIn(counted)) return 'Rejected';
  if (rule && lacking(rule, counted) === undefined) return 'Approved';
  return questionIn(counted) ? 'Questioned' : 'Pending';
}

export function rejectionIn(counted: readonly Approval[]): Approval | undefined {
  return counted.find(({ spec }) => spec.decision === 'Reject');
}

export function questionIn(counted: readonly Approval[]): Approval | undefined {
  return counted.find(({ spec }) => spec.decision === 'RequestInformation');
}

interface Latching {
  readonly waiver: PolicyWaiver;
  readonly version: Version;
  readonly decision: WaiverDecision;
  readonly counted: readonly Approval[];
  readonly rule: Rule | undefined;
  readonly now: Date;
  /** Whether a decision could be made in this pass. */
  readonly isOpen: boolean;
  readonly guard: Guard;
}

type Latches = Pick<
  PolicyWaiverStatus,
  'approved' | 'approvedExpiryTime' | 'renewals' | 'ended' | 'breakGlassTime' | 'breakGlassEndTime'
>;

function latchesOf(given: Latching): { status: Latches; isFresh: boolean } {
  const { waiver, decision, isOpen } = given;
  const before = waiver.status ?? {};
  const isNew = isOpen && decision === 'Approved';
  const approval = isNew ? approvalNow(given) : carriedApproval(given);
  const emergency = emergencyOf(given, approval.approved);
  const ended = endOf(given, approval.approved, emergency);
  const begins = emergency.breakGlassTime !== undefined && before.breakGlassTime === undefined;
  return { status: { ...approval, ...emergency, ...(ended && { ended }) }, isFresh: isNew || begins };
}

function approvalNow({ waiver, version, counted, rule }: Latching): Latches {
  const { spec, status } = waiver;
  const time = rule ? completedTime(rule, counted) : '';
  const renewals = (status?.renewals ?? 0) + (isRenewal(waiver) ? 1 : 0);
  const most = status?.approvedExpiryTime;
  return {
    approved: { digest: version.digest, time },
    approvedExpiryTime: most !== undefined && !isRenewal(waiver) ? most : spec.expiryTime,
    ...(renewals > 0 && { renewals }),
  };
}

/** A version that is rejected after it was approved, or that came to its end before it was edited, is approved no more. */
function carriedApproval({ waiver, version, decision }: Latching): Latches {
  const { approved, approvedExpiryTime, renewals, ended } = waiver.status ?? {};
  const isRevoked = approved?.digest === version.digest && decision === 'Rejected';
  const isPast = approved && approved.digest !== version.digest && approved.digest === ended?.digest;
  return {
    ...(approved && !isRevoked && !isPast && { approved }),
    ...(approvedExpiryTime !== undefined && { approvedExpiryTime }),
    ...(renewals !== undefined && { renewals }),
  };
}

/** It begins once, when it is first seen and the apiserver checked who may; it is over when it is decided, or after a day. */
function emergencyOf(
  { waiver, version, decision, counted, now, guard }: Latching,
  approved: Latches['approved'],
): Latches {
  const { spec, status = {} } = waiver;
  const mayBegin =
    spec.breakGlass !== undefined && isChecked(version, guard) && now.getTime() < Date.parse(spec.expiryTime);
  const begin = status.breakGlassTime ?? (mayBegin ? timestamp(now) : undefined);
  if (begin === undefined) return {};
  const end = status.breakGlassEndTime ?? endNow();
  return { breakGlassTime: begin, ...(end !== undefined && { breakGlassEndTime: end }) };

  function endNow(): string | undefined {
    if (approved?.digest === version.digest) return approved.time;
    if (decision === 'Rejected') return rejectionIn(counted)?.metadata.creationTimestamp ?? timestamp(now);
    const review = Date.parse(begin ?? '') + breakGlassMilliseconds;
    return now.getTime() < review ? undefined : timestamp(new Date(review));
  }
}

/** What was in force and is over: it expired, or was rejected after all. */
function endOf(
  { waiver, version, decision, counted, now }: Latching,
  approved: Latches['approved'],
  { breakGlassTime }: Latches,
): Latches['ended'] {
  const { spec, status } = waiver;
  const { digest } = version;
  if (status?.ended?.digest === digest) return status.ended;
  if (status?.approved?.digest === digest && decision === 'Rejected')
    return { digest, time: rejectionIn(counted)?.metadata.creationTimestamp ?? timestamp(now) };
  const wasInForce = approved?.digest === digest || (spec.breakGlass !== undefined && breakGlassTime !== undefined);
  return wasInForce && now.getTime() >= Date.parse(spec.expiryTime) ? { digest, time: spec.expiryTime } : status?.ended;
}

type Clock = Pick<PolicyWaiverStatus, 'decisionDueTime' | 'informationRequestedTime' | 'pauses'>;

function clockOf(
  before: PolicyWaiverStatus,
  version: Version,
  decision: WaiverDecision,
  counted: readonly Approval[],
  baseline: WaivedBaseline | undefined,
  now: Date,
): { status: Clock; isPast: boolean } {
  const asks = decision === 'Questioned';
  const asked = asks ? (version.askedTime ?? questionIn(counted)?.metadata.creationTimestamp) : undefined;
  const isWithdrawn = !asks && version.askedTime !== undefined;
  const pauses = isWithdrawn ? withPause(version.pauses, version.askedTime ?? '', now) : version.pauses;
  const isOver = decision === 'Approved' || decision === 'Rejected';
  const kept = before.digest === version.digest ? before.decisionDueTime : undefined;
  const { requestTime } = version;
  const computed = requestTime && decisionDue(requestTime, pauses, asked, calendarOf(baseline?.rules));
  const due = isOver ? kept : computed && timestamp(computed);
  return {
    isPast: due !== undefined && now.getTime() >= Date.parse(due),
    status: {
      ...(due !== undefined && { decisionDueTime: due }),
      ...(asked !== undefined && { informationRequestedTime: asked }),
      ...(pauses.length && { pauses: [...pauses] }),
    },
  };
}
