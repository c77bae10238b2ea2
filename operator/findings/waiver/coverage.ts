/** Whether a change of a waiver changes what it covers: looks at hosts cost something, and most changes of a status cost none. Pure. */
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { digestOf } from '../../lib/digest.ts';
import { waiverDigest } from './digest.ts';
import { periodsOf } from './expiry.ts';

/** What is accepted does not count: it says of what is found only what was found. */
export function coverageChanged(before: PolicyWaiver | undefined, after: PolicyWaiver): boolean {
  return coverageOf(before) !== coverageOf(after);
}

/** The rules of the baseline are left out: what they change is a change of the baseline. */
function coverageOf(waiver: PolicyWaiver | undefined): string {
  if (!waiver || !periodsOf(waiver, undefined).size) return '';
  const { approved, breakGlassTime, breakGlassEndTime, ended } = waiver.status ?? {};
  return digestOf([waiverDigest(waiver.spec), approved, breakGlassTime, breakGlassEndTime, ended]);
}
