/** What a waiver tells of itself, with what to do next. Only times that stay stand in it, so that a steady state says the same. Pure. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import { dayMilliseconds } from '../../findings/waiver/expiry.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { DomainCondition, DomainConditions } from '../../runtime/feature.ts';
import { overdueTasks } from './closure.ts';
import type { Verdict } from './verdict.ts';

const mostComment = 300;
/** How long before the end that is told. */
export const soon = [7 * dayMilliseconds, dayMilliseconds] as const;

export function conditionsOf(verdict: Verdict): DomainConditions {
  const some = {
    Expired: expired(verdict),
    ExpiringSoon: expiringSoon(verdict),
    Overdue: overdue(verdict),
    NeedsReview: needsReview(verdict),
    BreakGlass: breakGlass(verdict),
  };
  return {
    Approved: approvedCondition(verdict),
    Effective: effective(verdict),
    ...Object.fromEntries(
      Object.entries(some).filter((entry): entry is [string, DomainCondition] => entry[1] !== undefined),
    ),
  };
}

function approvedCondition(verdict: Verdict): DomainCondition {
  const { world, counted, decision, latched, lifetime } = verdict;
  if (latched.isApproved) {
    const names = decision.records
      .filter((one) => one.decision === 'Approve')
      .map(({ approver, role }) => (role ? `${approver} (${role})` : approver));
    return { status: 'True', reason: 'Approved', message: `approved by ${listed(names, 5) || 'its approvers'}` };
  }
  if (decision.obstacle) return { status: 'False', ...decision.obstacle };
  if (lifetime.state === 'Ended') return { status: 'False', reason: 'Ended', message: endedWords(verdict) };
  if (decision.is === 'Rejected') {
    const message = `${said(counted.rejection, 'rejected it')}; to request it again, change the request`;
    return { status: 'False', reason: 'Rejected', message, warns: true };
  }
  if (world.guard.is === 'broken')
    return { status: 'Unknown', reason: 'ApprovalPolicyMissing', message: world.guard.message };
  if (decision.is === 'InfoRequested') {
    const message = `${said(counted.question, 'asked for information')}; answer by changing the request`;
    return { status: 'False', reason: 'InfoRequested', message };
  }
  return awaiting(verdict);
}

/** Who must do what, until when. */
function awaiting({ version, counted, decision, latched }: Verdict): DomainCondition {
  const needs = `it needs ${counted.lacking ?? 'approval'} with subjectDigest ${version.digest}`;
  const { decisionDueTime: due = '' } = decision.clock;
  if (decision.is === 'Overdue') {
    const message = `it was not decided by ${due} and is not effective; ${needs}`;
    return { status: 'False', reason: 'Overdue', message, warns: true };
  }
  if (!latched.status.approved) return { status: 'False', reason: 'Pending', message: `${needs}, by ${due}` };
  const message = `it was changed after it was approved; ${needs}, by ${due}`;
  return { status: 'False', reason: 'ChangedAfterApproval', message, warns: true };
}

function said(approval: Approval | undefined, what: string): string {
  if (!approval) return `an approver ${what}`;
  const { approver, comment } = approval.spec;
  return `${approver} ${what}${comment === undefined ? '' : `: ${shortened(comment.replaceAll(/\s+/g, ' '), mostComment)}`}`;
}

function effective(verdict: Verdict): DomainCondition {
  const { waiver, acceptance, lifetime } = verdict;
  const { state, span } = lifetime;
  if (state === 'Scheduled')
    return { status: 'False', reason: 'NotStarted', message: `it begins at ${waiver.spec.effectiveTime ?? ''}` };
  if (state === 'Ended') return { status: 'False', reason: 'Ended', message: endedWords(verdict) };
  if (state !== 'Effective' && state !== 'BreakGlass')
    return { status: 'False', reason: 'NotApproved', message: 'it covers nothing until it is approved' };
  const until = `until ${timestamp(new Date(span?.until ?? 0))}`;
  const idle = idleReason(verdict);
  if (idle)
    return { status: 'True', reason: idle.reason, message: `${idle.message} (effective ${until})`, warns: true };
  return {
    status: 'True',
    reason: 'FindingsCovered',
    message: `covers ${counted(acceptance.covered, 'finding')} ${until}`,
  };
}

/** In force, and of no use. */
function idleReason({ waiver: { spec }, world, acceptance }: Verdict): { reason: string; message: string } | undefined {
  const { source, targets, isComplete, listsAll } = world;
  const { kind, name } = spec.source;
  if (!source) return { reason: 'Orphaned', message: `${kind} ${name} no longer exists; delete this waiver` };
  if (!spec.checks.some((check) => check === '*' || source.checks.has(check)))
    return { reason: 'Orphaned', message: `${kind} ${name} no longer has any of its checks; delete this waiver` };
  if (listsAll && !targets.length)
    return {
      reason: 'Orphaned',
      message: `${kind} ${name} selects none of the targets that this waiver names; fix or delete this waiver`,
    };
  if (!acceptance.matched && isComplete && targets.every(({ isKnown }) => isKnown))
    return {
      reason: 'NothingToCover',
      message: 'nothing that it names fails now; delete it if it is no longer needed',
    };
  return undefined;
}

function endedWords({ waiver: { spec }, latched }: Verdict): string {
  const { ended, approved } = latched.status;
  const again = 'to request it again, change the request and have it approved';
  if (ended && ended.time !== spec.expiryTime) return `it was revoked at ${ended.time}; ${again}`;
  if (ended) return `it expired at ${spec.expiryTime}; ${again}`;
  return `it was approved at ${approved?.time ?? ''}, which is longer ago than its checks allow now; ${again}`;
}

function expired(verdict: Verdict): DomainCondition | undefined {
  if (verdict.lifetime.state !== 'Ended') return undefined;
  const message = `${endedWords(verdict)}. The findings that it covered are open again`;
  return { status: 'True', reason: 'Ended', message, warns: true };
}

function expiringSoon({ lifetime: { state, span }, now }: Verdict): DomainCondition | undefined {
  if (state !== 'Effective' || !span) return undefined;
  const left = span.until - now.getTime();
  if (left > soon[0]) return undefined;
  const message = `it ends at ${timestamp(new Date(span.until))}; finish its closure plan, or extend \`expiryTime\` and have that approved before`;
  return { status: 'True', reason: left > soon[1] ? 'WithinAWeek' : 'WithinADay', message, warns: true };
}

function overdue({ decision, latched, closure, now }: Verdict): DomainCondition | undefined {
  const isBegun = latched.isApproved || latched.status.breakGlassTime !== undefined;
  const tasks = isBegun ? overdueTasks(closure, now) : [];
  const isLate = decision.is === 'Overdue';
  if (!isLate && !tasks.length) return undefined;
  const { decisionDueTime: due = '' } = decision.clock;
  const words = [
    ...(isLate ? [`not decided by ${due}: an approver must decide`] : []),
    ...(tasks.length ? [`not done: ${listed(tasks, 5)}`] : []),
  ];
  const reason = !isLate ? 'TasksOverdue' : tasks.length ? 'DecisionAndTasksOverdue' : 'DecisionOverdue';
  return { status: 'True', reason, message: words.join('; '), warns: true };
}

function needsReview({ acceptance: { needsReview: open } }: Verdict): DomainCondition | undefined {
  if (!open.length) return undefined;
  const places = [...new Set(open.map(({ check, target }) => `${check} on ${target}`))];
  const message = `not covered, because the value is not the one that was accepted: ${listed(places, 5)}. Undo that change, or change the request and have the new value approved`;
  return { status: 'True', reason: 'ValueChanged', message, warns: true };
}

function breakGlass({ waiver: { spec }, world, latched, lifetime }: Verdict): DomainCondition | undefined {
  if (!spec.breakGlass || latched.isApproved || latched.hasEnded) return undefined;
  const { breakGlassTime: begin, breakGlassEndTime: end = '' } = latched.status;
  if (begin === undefined) {
    const why = world.guard.is === 'broken' ? world.guard.message : (world.outdated ?? 'the request is invalid');
    return { status: 'False', reason: 'NotStarted', message: `not effective: ${why}`, warns: true };
  }
  if (lifetime.reviewDue === undefined) {
    const message = `the emergency ended at ${end}; the waiver becomes effective once it is approved`;
    return { status: 'False', reason: 'BreakGlassEnded', message, warns: true };
  }
  const review = timestamp(new Date(lifetime.reviewDue));
  const message = `effective without approval since ${begin}: ${shortened(spec.breakGlass.reason, mostComment)}. Approve or reject it by ${review}`;
  return { status: 'True', reason: 'ApprovalPending', message, warns: true };
}
