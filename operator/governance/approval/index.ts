/** The feature of Approval: tells whoever approved whether it counts. What it counts for is decided by its subject. */
import { resources } from '../../api/generated/resources.ts';
import type { Approval, ApprovalSubject } from '../../api/v1alpha1/approval.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { feature, on, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { policyKinds, readGuard } from '../approvalPolicies.ts';
import { approvalsBySubject, subjectId } from '../indexes.ts';
import type { GovernanceNeeds } from '../policyWaiver/index.ts';
import { decideApproval, type ApprovalWorld } from './decide.ts';
import { rolloutSubject, waiverSubject, type Subject } from './subject.ts';

export const approval = feature({
  kind: resources.Approval,
  fetches: Object.values(policyKinds),
  indexes: [approvalsBySubject],
  watches: [
    on(resources.PolicyWaiver, 'any', approvalsOf),
    on(resources.CanaryRollout, 'any', approvalsOf),
    on(resources.Approval, 'declaration', othersOf),
    on(policyKinds.ValidatingAdmissionPolicy, 'declaration', every),
    on(policyKinds.ValidatingAdmissionPolicyBinding, 'declaration', every),
  ],
  open: ({ approvalPolicies }: GovernanceNeeds) => ({
    observe: async (approval: Approval, { read, signal }: Observing) =>
      observeApproval(approval, read, await readGuard(approvalPolicies, read, signal)),
    decide: decideApproval,
  }),
});

function observeApproval({ metadata, spec }: Approval, read: Reader, guard: ApprovalWorld['guard']): ApprovalWorld {
  const { namespace = '' } = metadata;
  const subject = subjectIn(namespace, spec.subjectRef, read);
  return { guard, approvals: onSubject(read, namespace, spec.subjectRef), ...(subject && { subject }) };
}

function subjectIn(namespace: string, { kind, name }: ApprovalSubject, read: Reader): Subject | undefined {
  if (kind === 'CanaryRollout') {
    const rollout = read.get(resources.CanaryRollout, { namespace, name });
    return rollout && rolloutSubject(rollout);
  }
  const waiver = read.get(resources.PolicyWaiver, { namespace, name });
  return waiver && waiverSubject(waiver);
}

function approvalsOf({ kind, metadata: { namespace = '', name } }: PolicyWaiver | CanaryRollout, read: Reader): Key[] {
  return keys(onSubject(read, namespace, { kind, name }));
}

/** A later decision of the same person takes the place of this one. */
function othersOf({ metadata, spec }: Approval, read: Reader): Key[] {
  return keys(onSubject(read, metadata.namespace ?? '', spec.subjectRef));
}

function every(_: Resource, read: Reader): Key[] {
  return keys(read.list(resources.Approval, ''));
}

function onSubject(read: Reader, namespace: string, subject: ApprovalSubject): readonly Approval[] {
  return read.by(approvalsBySubject, namespace, subjectId(subject));
}

function keys(approvals: readonly Approval[]): Key[] {
  return approvals.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}
