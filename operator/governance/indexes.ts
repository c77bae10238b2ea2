/** Indexes that governance needs: by which values objects are found in the cache, and what is found by them. */
import { resources } from '../api/generated/resources.ts';
import type { Approval, ApprovalSubject } from '../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../findings/waiver/digest.ts';
import type { Index, Reader } from '../runtime/feature.ts';

/** Under what they are about. */
export const approvalsBySubject: Index<Approval> = {
  kind: resources.Approval,
  name: 'subject',
  valuesOf: ({ spec }) => [subjectId(spec.subjectRef)],
};

export function subjectId({ kind, name }: ApprovalSubject): string {
  return `${kind}/${name}`;
}

/** Rejections of waivers, under the digest of what they reject. */
export const rejectionsByDigest: Index<Approval> = {
  kind: resources.Approval,
  name: 'rejected',
  valuesOf: ({ spec }) => (isRejection(spec) ? [spec.subjectDigest] : []),
};

/** Who may reject another kind does not reject waivers. */
export function isRejection({ decision, subjectRef }: Approval['spec']): boolean {
  return decision === 'Reject' && subjectRef.kind === 'PolicyWaiver';
}

/** What was said of a request: of it by its name, and against the same request under another name. */
export function saidOf({ metadata, spec }: PolicyWaiver, read: Pick<Reader, 'by'>): readonly Approval[] {
  const { namespace = '', name } = metadata;
  const others = read
    .by(rejectionsByDigest, namespace, waiverDigest(spec))
    .filter((approval) => approval.spec.subjectRef.name !== name);
  return [...read.by(approvalsBySubject, namespace, subjectId({ kind: 'PolicyWaiver', name })), ...others];
}
