/** Who may let others deviate, and for how long: the rules of a baseline, with what holds where it says nothing. Pure. */
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';

export const dayMilliseconds = 86_400_000;

/** Worst first. */
export const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];

const defaultDays: Readonly<Record<Severity, number>> = { Critical: 14, High: 30, Medium: 90, Low: 90 };
const defaultRenewals = 2;

/** What a waiver of checks of one severity needs. */
export interface Rule {
  readonly maxDays: number;
  readonly approvals: number;
  readonly roles: readonly string[];
}

export function ruleOf(rules: WaiverRules | undefined, severity: Severity): Rule {
  const said = rules?.severities?.find((one) => one.severity === severity);
  return { maxDays: said?.maxDays ?? defaultDays[severity], approvals: said?.approvals ?? 1, roles: said?.roles ?? [] };
}

/** The longest time from approval to end, in milliseconds. */
export function capOf(rules: WaiverRules | undefined, severity: Severity): number {
  return ruleOf(rules, severity).maxDays * dayMilliseconds;
}

export function maxRenewalsOf(rules: WaiverRules | undefined): number {
  return rules?.maxRenewals ?? defaultRenewals;
}

export function worstOf(of: readonly Severity[]): Severity | undefined {
  return severities.find((severity) => of.includes(severity));
}
