/**
 * Whether the apiserver checked who wrote an object as it stands. What was written before the admission policies applied never counts,
 * whoever wrote it and whenever it is looked at: it must be written again. It goes by what no writer chooses: when the apiserver made
 * the object, which policies are installed, and a sealed record of what was seen under them. Pure.
 */
import type { AdmissionRecord, Resource } from '../api/v1alpha1/shared.ts';
import { heedMilliseconds, type Guard } from './approvalPolicies.ts';

export interface Admission {
  readonly isChecked: boolean;
  /** What is to be recorded. */
  readonly record?: AdmissionRecord;
}

/** A version of an object, with what is recorded of it or of another. The record must be one that only the operator writes. */
export interface Written {
  readonly metadata: Pick<Resource['metadata'], 'creationTimestamp' | 'generation'>;
  /** Of what it says. */
  readonly digest: string;
  readonly before?: AdmissionRecord;
}

export function admissionOf({ metadata, digest, before }: Written, guard: Guard, now: Date): Admission {
  const { creationTimestamp = '', generation = 0 } = metadata;
  const kept = before && { record: before };
  // A deletion, or `5.0` for `5`, makes a generation and says nothing; a default of a new definition says something and nobody wrote it.
  const isSame = before && (before.generation === generation || before.digest === digest);
  if (before?.checked && isSame) return { isChecked: true, ...kept };
  if (guard.is === 'broken') return { isChecked: false, ...kept };
  const { since, policies } = guard;
  const as = (checked: boolean): Admission => ({
    isChecked: checked,
    record: { generation, digest, checked, policies },
  });
  // All that was ever written to it was checked.
  if (creationTimestamp >= since) return as(true);
  // The same policies applied when another version was seen: this one is later.
  if (before?.policies === policies) return isSame ? { isChecked: false, ...kept } : as(true);
  // What is written in the next seconds may not be checked either.
  return now.getTime() < Date.parse(since) ? { isChecked: false, ...kept } : as(false);
}

/** Whether it records of a version for the first time that it was not checked: then it must be sure that no later one was written. */
export function isNewlyUnchecked({ isChecked, record }: Admission, before: AdmissionRecord | undefined): boolean {
  return !isChecked && record !== undefined && record !== before;
}

/** Seconds until what is written is checked for certain; undefined when it is. */
export function untilHeeded(guard: Guard, now: Date): number | undefined {
  if (guard.is === 'broken') return undefined;
  const left = Math.ceil((Date.parse(guard.since) - now.getTime()) / 1000);
  return left > 0 ? left : undefined;
}

/** For as long as the apiserver may not heed new policies, whoever waits for the operator to be ready waits for them too. */
export function unheeded(guard: Guard, now: Date): readonly string[] {
  const left = untilHeeded(guard, now) ?? 0;
  // More than that is a clock that is wrong, which keeps nothing from being ready.
  return left > 0 && left * 1000 <= heedMilliseconds ? [`the admission policies are new and apply in ${left} s`] : [];
}
