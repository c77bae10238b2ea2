/** What a waiver tells of itself, with what to do next. Only times that stay stand in it, so that a steady state says the same. Pure. */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { DomainCondition, DomainConditions } from '../../runtime/feature.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import type { Acceptance } from './acceptance.ts';
import { overdueTasks } from './closure.ts';
import { questionIn, rejectionIn, type Decided } from './decision.ts';
import type { WaiverWorld } from './observe.ts';
import { dayMilliseconds } from './rules.ts';
import { spanOf, type WaiverState } from './state.ts';
import { timestamp } from './version.ts';
import { isBreakingGlass, breakGlassMilliseconds } from './waiverFor.ts';

const mostComment = 300;

/** All that the conditions are made of. `waiver` has its new status. */
export interface Told {
  readonly waiver: PolicyWaiver;
  readonly world: WaiverWorld;
  readonly decided: Decided;
  readonly acceptance: Acceptance;
  readonly state: WaiverState;
  readonly now: Date;
}

export function conditionsOf(told: Told): DomainConditions {
  const some = {
    Expired: expired(told),
    ExpiringSoon: expiringSoon(told),
    Overdue: overdue(told),
    NeedsReview: needsReview(told),
    BreakGlass: breakGlass(told),
  };
  return {
    Approved: approvedCondition(told),
    Effective: effective(told),
    ...Object.fromEntries(
      Object.entries(some).filter((entry): entry is [string, DomainCondition] => entry[1] !== undefined),
    ),
  };
}

function approvedCondition({ waiver, world, decided, state }: Told): DomainCondition {
  const { status, obstacle, version } = decided;
  const { decision, approvals = [], approved } = status;
  if (approved?.digest === version.digest) {
    const names = approvals
      .filter((one) => one.decision === 'Approve')
      .map(({ approver, role }) => (role ? `${approver} (${role})` : approver));
    return { status: 'True', reason: 'Approved', message: `approved by ${listed(names, 5) || 'its approvers'}` };
  }
  if (obstacle) return { status: 'False', ...obstacle };
  if (state === 'Ended') return { status: 'False', reason: 'Ended', message: endedWords(waiver) };
  if (decision === 'Rejected') {
    const said = saidBy(rejectionIn(decided.counted), 'rejected');
    return { status: 'False', reason: 'Rejected', message: `${said}; change the request to ask again`, warns: true };
  }
  if (world.guard.is === 'broken')
    return { status: 'Unknown', reason: 'ApprovalPolicyMissing', message: world.guard.message };
  if (decision === 'Questioned') {
    const said = saidBy(questionIn(decided.counted), 'asked for information');
    return {
      status: 'False',
      reason: 'Questioned',
      message: `${said}; answer it by a change of the request`,
    };
  }
  return awaiting(decided);
}

/** Who must do what, until when. */
function awaiting({ status, version, lacking }: Decided): DomainCondition {
  const needs = `it needs ${lacking ?? 'approval'} with subjectDigest ${version.digest}`;
  const { decision, decisionDueTime: due = '', approved } = status;
  if (decision === 'Lapsed') {
    const message = `it was not decided until ${due}, and is not in force; ${needs}`;
    return { status: 'False', reason: 'Lapsed', message, warns: true };
  }
  return approved
    ? {
        status: 'False',
        reason: 'VoidedByEdit',
        message: `it was changed after it was approved; ${needs}, by ${due}`,
        warns: true,
      }
    : { status: 'False', reason: 'Pending', message: `${needs}, by ${due}` };
}

function saidBy(approval: ReturnType<typeof rejectionIn>, what: string): string {
  if (!approval) return `an approver ${what}`;
  const { approver, comment } = approval.spec;
  return `${approver} ${what}${comment === undefined ? '' : `: ${shortened(comment.replaceAll(/\s+/g, ' '), mostComment)}`}`;
}

function effective({ waiver, world, acceptance, state }: Told): DomainCondition {
  const span = spanOf(waiver, world.baseline);
  if (state === 'Scheduled')
    return { status: 'False', reason: 'NotYet', message: `it begins at ${waiver.spec.effectiveTime ?? ''}` };
  if (state === 'Ended') return { status: 'False', reason: 'Ended', message: endedWords(waiver) };
  if (state !== 'Effective' && state !== 'BreakGlass')
    return { status: 'False', reason: 'NotApproved', message: 'it covers nothing until it is approved' };
  const until = `until ${timestamp(new Date(span?.until ?? 0))}`;
  const idle = idleReason(acceptance, world, waiver);
  if (idle) return { status: 'True', reason: idle.reason, message: `${idle.message} (in force ${until})`, warns: true };
  return { status: 'True', reason: 'Covers', message: `covers ${counted(acceptance.covered, 'finding')} ${until}` };
}

/** In force, and of no use. */
function idleReason(
  { matched }: Acceptance,
  { baseline, targets, isComplete }: WaiverWorld,
  { spec }: PolicyWaiver,
): { reason: string; message: string } | undefined {
  const { kind, name } = spec.source;
  if (!baseline) return { reason: 'Orphaned', message: `there is no ${kind} ${name} any more; delete this waiver` };
  if (!spec.checks.some((check) => check === '*' || baseline.checks.has(check)))
    return { reason: 'Orphaned', message: `${kind} ${name} has none of its checks any more; delete this waiver` };
  if (kind === 'DeviceBaseline' && !targets.length)
    return {
      reason: 'Orphaned',
      message: `${kind} ${name} selects none of the Devices that it names; correct or delete it`,
    };
  if (!matched && isComplete && targets.every(({ isKnown }) => isKnown))
    return { reason: 'NotNeeded', message: 'nothing that it names fails now; delete it if the deviation is over' };
  return undefined;
}

function endedWords({ spec, status }: PolicyWaiver): string {
  const { ended, approved } = status ?? {};
  const again = 'to ask again, change the request and have it approved';
  if (ended && ended.time !== spec.expiryTime) return `it was revoked at ${ended.time}; ${again}`;
  if (ended) return `it expired at ${spec.expiryTime}; ${again}`;
  return `it was approved at ${approved?.time ?? ''}, longer ago than its checks allow now; ${again}`;
}

function expired({ waiver, state }: Told): DomainCondition | undefined {
  if (state !== 'Ended') return undefined;
  return {
    status: 'True',
    reason: 'Ended',
    message: `${endedWords(waiver)}. What it covered is open again`,
    warns: true,
  };
}

function expiringSoon({ waiver, world, state, now }: Told): DomainCondition | undefined {
  const until = spanOf(waiver, world.baseline)?.until;
  if (state !== 'Effective' || until === undefined) return undefined;
  const left = until - now.getTime();
  if (left > soon[0]) return undefined;
  const message = `it ends at ${timestamp(new Date(until))}: finish its closure plan, or move expiryTime and have it approved before`;
  return { status: 'True', reason: left > soon[1] ? 'WithinAWeek' : 'WithinADay', message, warns: true };
}

/** How long before the end that is told. */
export const soon = [7 * dayMilliseconds, dayMilliseconds] as const;

function overdue({ waiver, decided, now }: Told): DomainCondition | undefined {
  const { status, version } = decided;
  const isBegun = status.approved?.digest === version.digest || status.breakGlassTime !== undefined;
  const tasks = isBegun ? overdueTasks(waiver, now) : [];
  const isLate = status.decision === 'Lapsed';
  if (!isLate && !tasks.length) return undefined;
  const words = [
    ...(isLate ? [`not decided until ${status.decisionDueTime ?? ''}: whoever may approve must decide`] : []),
    ...(tasks.length ? [`not done: ${listed(tasks, 5)}`] : []),
  ];
  const reason = !isLate ? 'TasksOverdue' : tasks.length ? 'DecisionAndTasksOverdue' : 'DecisionOverdue';
  return { status: 'True', reason, message: words.join('; '), warns: true };
}

function needsReview({ acceptance: { needsReview: open } }: Told): DomainCondition | undefined {
  if (!open.length) return undefined;
  const places = [...new Set(open.map(({ check, target }) => `${check} on ${target}`))];
  const message = `not covered, because the value is not the one that was accepted: ${listed(places, 5)}. Undo that change, or change the request and have it approved as it is now`;
  return { status: 'True', reason: 'ValueChanged', message, warns: true };
}

function breakGlass({ waiver, world, decided }: Told): DomainCondition | undefined {
  const { status, version } = decided;
  if (!waiver.spec.breakGlass || status.approved?.digest === version.digest || status.ended?.digest === version.digest)
    return undefined;
  const { breakGlassTime: begin, breakGlassEndTime: end } = status;
  if (begin === undefined) {
    const why = world.guard.is === 'broken' ? world.guard.message : 'the request is not sound';
    return { status: 'False', reason: 'NotBegun', message: `not in force: ${why}`, warns: true };
  }
  if (!isBreakingGlass(waiver))
    return {
      status: 'False',
      reason: 'Over',
      message: `the emergency is over since ${end ?? ''}; it is in force once it is approved`,
      warns: true,
    };
  const review = timestamp(new Date(Date.parse(begin) + breakGlassMilliseconds));
  const message = `in force without approval since ${begin}: ${shortened(waiver.spec.breakGlass.reason, mostComment)}. Approve or reject it by ${review}`;
  return { status: 'True', reason: 'Unapproved', message, warns: true };
}
