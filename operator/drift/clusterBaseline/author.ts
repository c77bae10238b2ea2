/** Which version of a baseline its authors wrote last, and what is said when they were not checked. Pure. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';

/** The apiserver counts what is written. That somebody deletes it counts as well, and is no word of an author. */
export function writtenVersion({ metadata: { generation = 0, deletionTimestamp }, status }: ClusterBaseline): string {
  if (deletionTimestamp === undefined) return String(generation);
  return String(Math.max(generation - 1, Number(status?.admission?.version ?? 0)));
}

/** Why a baseline does nothing, and how it comes to count. */
export function uncheckedWords({ spec: { serviceAccountRef } }: ClusterBaseline): string {
  const account = `${serviceAccountRef.namespace}/${serviceAccountRef.name}`;
  return `it was written while the apiserver did not check whether its author may act as ServiceAccount ${account}; change its spec or create it again, as a user with the verb \`impersonate\` on that service account`;
}
