/** Reads whether the apiserver checked who wrote an object: from the cache, and where nothing is recorded yet, from the apiserver. */
import type { Kind } from '../api/kind.ts';
import type { AdmissionRecord, Resource } from '../api/v1alpha1/shared.ts';
import type { Observing } from '../runtime/feature.ts';
import { admissionOf, isNewlyUnchecked, type Admission } from './admission.ts';
import type { Guard } from './approvalPolicies.ts';

type Recorded = Resource & { readonly status?: { readonly admission?: AdmissionRecord } };

/** `digestOf` gives the digest of what an object says. */
export async function readAdmission<R extends Recorded>(
  kind: Kind<R>,
  object: R,
  digestOf: (object: R) => string,
  {
    guard,
    read,
    now,
    signal,
  }: Pick<Observing, 'now' | 'signal'> & {
    readonly guard: Guard;
    readonly read: Pick<Observing['read'], 'fetch'>;
  },
): Promise<Admission> {
  const { metadata } = object;
  const digest = digestOf(object);
  const before = object.status?.admission;
  const admission = admissionOf({ metadata, digest, ...(before && { before }) }, guard, now);
  if (!isNewlyUnchecked(admission, before)) return admission;
  // A cache that lags could take a version for the last that was written before the policies applied.
  const live = await read.fetch(kind, { namespace: metadata.namespace ?? '', name: metadata.name }, signal);
  const isLast = live?.metadata.uid === metadata.uid && digestOf(live as R) === digest;
  return isLast ? admission : { isChecked: false, ...(before && { record: before }) };
}
