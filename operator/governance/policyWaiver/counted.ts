/** Stage 2: whose word counts for the version, what its baseline asks of approvers, and what of that is still lacking. Pure. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import { ruleOf, type Rule } from '../../findings/waiver/rules.ts';
import { worstOf } from '../../findings/severity.ts';
import { countedApprovals } from '../approval/counting.ts';
import { scopeOf, type Scope } from './source.ts';
import type { Versioned } from './version.ts';

export interface Counted {
  /** Those that count, in the order in which they were made. */
  readonly approvals: readonly Approval[];
  readonly scope: Scope;
  /** What the worst of its checks needs: all of what any of them needs. Without its baseline, nobody knows. */
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

export function countedOf({ waiver, world }: Versioned): Counted {
  const { source, guard } = world;
  const approvals = countedApprovals(waiver, world.approvals, guard);
  const scope = scopeOf(waiver, source);
  const rule = source && ruleOf(scope.rules, worstOf(scope.severities) ?? 'Critical');
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
