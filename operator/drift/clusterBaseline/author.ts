/** What is said of a baseline whose author, or whose deletion, was not checked. Pure. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Guard } from '../../governance/approvalPolicies.ts';

/** Why a baseline does nothing, and how it comes to count. */
export function uncheckedWords({ spec: { serviceAccountRef } }: ClusterBaseline): string {
  const account = `${serviceAccountRef.namespace}/${serviceAccountRef.name}`;
  return `it was written while the apiserver did not check whether its author may act as ServiceAccount ${account}; change its spec or create it again, as a user with the verb \`impersonate\` on that service account`;
}

/** Why nothing is deleted with a baseline; undefined when whoever deleted it was checked. */
export function uncheckedDeletion({ metadata }: ClusterBaseline, guard: Guard): string | undefined {
  const { deletionTimestamp } = metadata;
  if (deletionTimestamp === undefined || guard.is === 'broken' || deletionTimestamp >= guard.since) return undefined;
  return 'it was deleted while the apiserver did not check whether who deletes it may act as its ServiceAccount; delete its objects manually';
}
