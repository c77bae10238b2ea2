/** What a rollout that asks for approvals goes by. Pure. */
import type { Approval } from '../../api/v1alpha1/approval.ts';
import type { Guard } from '../../governance/approvalPolicies.ts';

/** What is known of approvals, where the rollout asks for any. */
export interface Approving {
  readonly guard: Guard;
  /** All that was said of the rollout. */
  readonly approvals: readonly Approval[];
  /** Why it is not known as it is now. */
  readonly outdated?: string;
}
