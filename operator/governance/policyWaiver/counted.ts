/** Stage 2: whose word counts for the version, what its baseline asks of approvers, and what of that is still lacking. Pure. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import { ruleOf, strictest, type Rule } from '../../findings/waiver/rules.ts';
import { worstOf } from '../../findings/severity.ts';
import { countedApprovals } from '../approval/counting.ts';
import { waiverSubject } from '../approval/subject.ts';
import { scopeOf, type Scope } from './source.ts';
import type { Versioned } from './version.ts';

export interface Counted {
  /** Those that count, in the order in which they were made. */
  readonly approvals: readonly Approval[];
  readonly scope: Scope;
  /** What the worst of its checks needs, or needed since the request: whoever edits a baseline eases no request that is pending. Without its baseline, nobody knows. */
  readonly rule?: Rule;
  /** What is still needed, in words. */
  readonly lacking?: string;
  /** When there were enough; undefined while there are not. */
  readonly completedTime?: string;
  readonly rejection?: Approval;
  readonly question?: Approval;
}

/** What stage 3 takes. */
export interface Heard extends Versioned {
  readonly counted: Counted;
}

export function countedOf({ waiver, world, version }: Versioned): Counted {
  const { source, guard } = world;
  const approvals = countedApprovals(waiverSubject(waiver), world.approvals, guard);
  const scope = scopeOf(waiver, source);
  const rule = source && ruleSince(ruleOf(scope.rules, worstOf(scope.severities) ?? 'Critical'), { waiver, version });
  const lacks = rule && lacking(rule, approvals);
  return {
    approvals,
    scope,
    rule,
    lacking: lacks,
    completedTime: rule && lacks === undefined ? completedTime(rule, approvals) : undefined,
    rejection: approvals.find(({ spec }) => spec.decision === 'Reject'),
    question: approvals.find(({ spec }) => spec.decision === 'RequestInformation'),
  };
}

/** What was required of this very request before counts on. */
function ruleSince(rule: Rule, { waiver: { status }, version }: Pick<Versioned, 'waiver' | 'version'>): Rule {
  const { required, requestTime } = status ?? {};
  return required && requestTime !== undefined && requestTime === version.requestTime
    ? strictest(rule, required)
    : rule;
}

/** Undefined when it is enough. Each person speaks for one role. */
function lacking({ approvals, roles }: Rule, counted: readonly Approval[]): string | undefined {
  const yes = counted.filter(({ spec }) => spec.decision === 'Approve');
  const missing = roles.filter((role) => !yes.some(({ spec }) => spec.role === role));
  const more = Math.max(approvals - yes.length, missing.length);
  if (more <= 0) return undefined;
  const inRoles = missing.length ? ` (in ${missing.length === 1 ? 'role' : 'roles'} ${missing.join(', ')})` : '';
  return `${more}${yes.length ? ' more' : ''} ${more === 1 ? 'approval' : 'approvals'}${inRoles}`;
}

/** When the last was made that was needed, given that there are enough. */
function completedTime(rule: Rule, counted: readonly Approval[]): string {
  const last = counted.findIndex((_, index) => lacking(rule, counted.slice(0, index + 1)) === undefined);
  return counted[last]?.metadata.creationTimestamp ?? '';
}
