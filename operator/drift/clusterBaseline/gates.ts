/** Makes sure, before anything is corrected, that what decides about it is known as it is now. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { AccountWrite, Action, Observing } from '../../runtime/feature.ts';
import { declaredIn, waiversIn, whyOutdated } from '../../findings/current.ts';
import { decideClusterBaseline } from './decide.ts';
import type { ClusterWorld } from './observe.ts';

/** Beyond so many, waivers of all namespaces are asked for at once. */
const mostNamespaces = 8;

/** The baseline itself needs no question: the record of what is to be done is stored onto that very version of it. */
export async function withGates(
  baseline: ClusterBaseline,
  world: ClusterWorld,
  observing: Observing,
): Promise<ClusterWorld> {
  if (baseline.spec.mode !== 'Enforce' || baseline.metadata.deletionTimestamp !== undefined) return world;
  const written = namespacesIn(decideClusterBaseline(baseline, world, observing.now).afterStatus ?? []);
  if (!written) return world;
  const home = baseline.spec.serviceAccountRef.namespace;
  const namespaces = new Set([home, ...written]);
  const heldUp = await whyOutdated(
    [
      ...(namespaces.size > mostNamespaces ? [''] : [...namespaces]).map(waiversIn),
      ...(baseline.spec.windowRef ? declaredIn(home, resources.MaintenanceWindow) : []),
    ],
    observing,
  );
  return heldUp === undefined ? world : { ...world, heldUp };
}

/** Of the objects that are written to; undefined when none is. */
function namespacesIn(actions: readonly Action[]): readonly string[] | undefined {
  const writes = actions.flatMap((action) => (action.do === 'writeAs' ? [action.write] : []));
  return writes.length ? writes.map(namespaceOf).filter(Boolean) : undefined;
}

function namespaceOf(write: AccountWrite): string {
  if ('apply' in write) return write.apply.metadata.namespace ?? '';
  if ('create' in write) return write.create.metadata.namespace ?? '';
  return 'patch' in write ? write.key.namespace : write.delete.namespace;
}
