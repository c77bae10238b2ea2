/** How much a finding matters. Pure. */
import type { Severity } from '../api/v1alpha1/shared.ts';

/** Worst first. */
export const severities: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low'];

export function worstOf(of: readonly Severity[]): Severity | undefined {
  return severities.find((severity) => of.includes(severity));
}
