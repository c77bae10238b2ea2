/** Indexes that governance needs: by which values objects are found in the cache, and what is found by them. */
import { resources } from '../api/generated/resources.ts';
import type { Approval } from '../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../findings/waiver/digest.ts';
import type { Index, Reader } from '../runtime/feature.ts';

/** Under the name of the PolicyWaiver. */
export const approvalsBySubject: Index<Approval> = {
  kind: resources.Approval,
  name: 'subject',
  valuesOf: (approval) => [approval.spec.subjectRef.name],
};

/** Rejections, under the digest of what they reject. */
export const rejectionsByDigest: Index<Approval> = {
  kind: resources.Approval,
  name: 'rejected',
  valuesOf: ({ spec }) => (spec.decision === 'Reject' ? [spec.subjectDigest] : []),
};

/** What was said of a request: of it by its name, and against the same request under another name. */
export function saidOf({ metadata, spec }: PolicyWaiver, read: Pick<Reader, 'by'>): readonly Approval[] {
  const { namespace = '', name } = metadata;
  const others = read
    .by(rejectionsByDigest, namespace, waiverDigest(spec))
    .filter((approval) => approval.spec.subjectRef.name !== name);
  return [...read.by(approvalsBySubject, namespace, name), ...others];
}
