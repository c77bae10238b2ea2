/** The feature of Approval: tells whoever approved whether it counts. What it counts for is decided by its subject. */
import { resources } from '../../api/generated/resources.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { feature, on, type Key, type Observing, type Reader } from '../../runtime/feature.ts';
import { policyKinds, readGuard } from '../approvalPolicies.ts';
import { approvalsBySubject } from '../indexes.ts';
import type { GovernanceNeeds } from '../policyWaiver/index.ts';
import { decideApproval, type ApprovalWorld } from './decide.ts';

export const approval = feature({
  kind: resources.Approval,
  fetches: Object.values(policyKinds),
  indexes: [approvalsBySubject],
  watches: [
    on(resources.PolicyWaiver, 'any', approvalsOf),
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
  const { name } = spec.subjectRef;
  const subject = read.get(resources.PolicyWaiver, { namespace, name });
  return { guard, approvals: onSubject(read, namespace, name), ...(subject && { subject }) };
}

function approvalsOf({ metadata }: Resource, read: Reader): Key[] {
  return keys(onSubject(read, metadata.namespace ?? '', metadata.name));
}

/** A later decision of the same person takes the place of this one. */
function othersOf({ metadata, spec }: Approval, read: Reader): Key[] {
  return keys(onSubject(read, metadata.namespace ?? '', spec.subjectRef.name));
}

function every(_: Resource, read: Reader): Key[] {
  return keys(read.list(resources.Approval, ''));
}

function onSubject(read: Reader, namespace: string, name: string): readonly Approval[] {
  return read.by(approvalsBySubject, namespace, name);
}

function keys(approvals: readonly Approval[]): Key[] {
  return approvals.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}
