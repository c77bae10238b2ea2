/** Makes PolicyWaivers and Approvals for tests: motd on web-01 may differ for a month, asked for by alice, approved by bob. */
import type { Approval, ApprovalSpec } from '../../operator/api/v1alpha1/approval.ts';
import type { PolicyWaiver, PolicyWaiverSpec, PolicyWaiverStatus } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../../operator/findings/waiver/digest.ts';
import { after } from './drift.ts';

const apiVersion = 'holdfast.dev/v1alpha1';
export const daySeconds = 86_400;

/** Asked for an hour ago. */
export function makeWaiver(
  spec: Partial<PolicyWaiverSpec> = {},
  status?: PolicyWaiverStatus,
  name = 'legacy-motd',
): PolicyWaiver {
  return {
    apiVersion,
    kind: 'PolicyWaiver',
    metadata: { name, namespace: 'fleet', uid: `uid-${name}`, generation: 1, creationTimestamp: seconds(-3600) },
    spec: {
      source: { kind: 'DeviceBaseline', name: 'rhel9' },
      checks: ['motd'],
      targets: { names: ['web-01'] },
      reason: 'the vendor replaces it',
      requestedBy: 'alice',
      expiryTime: seconds(30 * daySeconds),
      ...spec,
    },
    ...(status && { status }),
  };
}

/** The waiver as it stands once it is approved, half an hour ago. */
export function approved(waiver: PolicyWaiver, status: PolicyWaiverStatus = {}): PolicyWaiver {
  const digest = waiverDigest(waiver.spec);
  return {
    ...waiver,
    status: {
      digest,
      decision: 'Approved',
      requestTime: seconds(-3600),
      approved: { digest, time: seconds(-1800) },
      approvedExpiryTime: waiver.spec.expiryTime,
      ...waiver.status,
      ...status,
    },
  };
}

/** Bob's approval of the waiver as it is, half an hour ago. */
export function makeApproval(waiver: PolicyWaiver, spec: Partial<ApprovalSpec> = {}, time = seconds(-1800)): Approval {
  const approver = spec.approver ?? 'bob';
  return {
    apiVersion,
    kind: 'Approval',
    metadata: {
      name: `${waiver.metadata.name}-${approver}-${time}`,
      namespace: 'fleet',
      uid: `uid-${approver}-${time}`,
      generation: 1,
      creationTimestamp: time,
    },
    spec: {
      subjectRef: { kind: 'PolicyWaiver', name: waiver.metadata.name },
      subjectDigest: waiverDigest(waiver.spec),
      decision: 'Approve',
      approver,
      ...spec,
    },
  };
}

/** So many seconds after `now`, as Kubernetes writes times. */
export function seconds(count: number): string {
  return after(count).replace('.000Z', 'Z');
}
