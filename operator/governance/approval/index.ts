/** The feature of Approval: tells whoever approved whether it counts. What it counts for is decided by its subject. */
import { resources } from '../../api/generated/resources.ts';
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { Feature, Key, Reader } from '../../runtime/feature.ts';
import { policyKinds, readGuard } from '../approvalPolicies.ts';
import { approvalsBySubject } from '../indexes.ts';
import type { GovernanceParts } from '../policyWaiver/index.ts';
import { decideApproval, type ApprovalWorld } from './decide.ts';

export function approvalFeature({ approvalPolicies }: GovernanceParts): Feature<Approval, ApprovalWorld> {
  return {
    kind: resources.Approval,
    indexes: [approvalsBySubject],
    watches: [
      { kind: resources.PolicyWaiver, on: 'any', keysOf: approvalsOf },
      { kind: resources.Approval, on: 'declaration', keysOf: othersOf },
      { kind: policyKinds.ValidatingAdmissionPolicy, on: 'declaration', keysOf: every },
      { kind: policyKinds.ValidatingAdmissionPolicyBinding, on: 'declaration', keysOf: every },
    ],
    observe: (approval, read) => observeApproval(approval, read, readGuard(approvalPolicies, read)),
    decide: decideApproval,
  };
}

function observeApproval({ metadata, spec }: Approval, read: Reader, guard: ApprovalWorld['guard']): ApprovalWorld {
  const { namespace = '' } = metadata;
  const { name } = spec.subjectRef;
  const subject = read.get<PolicyWaiver>(resources.PolicyWaiver, { namespace, name });
  return { guard, approvals: onSubject(read, namespace, name), ...(subject && { subject }) };
}

function approvalsOf({ metadata }: Resource, read: Reader): Key[] {
  return keys(onSubject(read, metadata.namespace ?? '', metadata.name));
}

/** A later decision of the same person takes the place of this one. */
function othersOf(object: unknown, read: Reader): Key[] {
  const { metadata, spec } = object as Approval;
  return keys(onSubject(read, metadata.namespace ?? '', spec.subjectRef.name));
}

function every(_: Resource, read: Reader): Key[] {
  return keys(read.list<Approval>(resources.Approval, ''));
}

function onSubject(read: Reader, namespace: string, name: string): readonly Approval[] {
  return read.list<Approval>(resources.Approval, namespace, { index: approvalsBySubject.name, value: name });
}

function keys(approvals: readonly Approval[]): Key[] {
  return approvals.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}
