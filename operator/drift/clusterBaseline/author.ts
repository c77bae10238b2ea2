/** What is said of a baseline whose author was not checked. Pure. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';

/** Why a baseline does nothing, and how it comes to count. */
export function uncheckedWords({ spec: { serviceAccountRef } }: ClusterBaseline): string {
  const account = `${serviceAccountRef.namespace}/${serviceAccountRef.name}`;
  return `it was written while the apiserver did not check whether its author may act as ServiceAccount ${account}; change its spec or create it again, as a user with the verb \`impersonate\` on that service account`;
}
