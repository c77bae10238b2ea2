/** Indexes that governance needs: by which values objects are found in the cache. */
import { resources } from '../api/generated/resources.ts';
import type { Approval } from '../api/v1alpha1/approval.ts';
import type { Index } from '../runtime/feature.ts';

/** Under the name of the PolicyWaiver. */
export const approvalsBySubject: Index<Approval> = {
  kind: resources.Approval,
  name: 'subject',
  valuesOf: (approval) => [approval.spec.subjectRef.name],
};
