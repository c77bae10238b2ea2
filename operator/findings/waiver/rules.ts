/** Who may let others deviate, and for how long: the rules of a baseline, with what holds where it says nothing. Pure. */
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';

const defaultDays: Readonly<Record<Severity, number>> = { Critical: 14, High: 30, Medium: 90, Low: 90 };
const defaultRenewals = 2;

/** What a waiver of checks of one severity needs. */
export interface Rule {
  readonly severity: Severity;
  /** The longest time from approval to end. */
  readonly maxDays: number;
  readonly approvals: number;
  readonly roles: readonly string[];
}

export function ruleOf(rules: WaiverRules | undefined, severity: Severity): Rule {
  const { maxDays, approvals, roles } = rules?.severities?.find((one) => one.severity === severity) ?? {};
  return { severity, maxDays: maxDays ?? defaultDays[severity], approvals: approvals ?? 1, roles: roles ?? [] };
}

/** All that either of two requires. */
export function strictest(rule: Rule, other: Pick<Rule, 'maxDays' | 'approvals'> & Partial<Pick<Rule, 'roles'>>): Rule {
  return {
    ...rule,
    maxDays: Math.min(rule.maxDays, other.maxDays),
    approvals: Math.max(rule.approvals, other.approvals),
    roles: [...new Set([...rule.roles, ...(other.roles ?? [])])],
  };
}

export function maxRenewalsOf(rules: WaiverRules | undefined): number {
  return rules?.maxRenewals ?? defaultRenewals;
}
