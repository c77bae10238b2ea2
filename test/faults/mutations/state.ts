/** What must be the same before a change of a spec and after it was taken back. Pure. */
import type { Stored } from './seen.ts';

/** What tells of time or keeps what has been, what counts versions, and what proves them. */
const passing =
  /Time$|Since$|^(since|emergencies|corrections?|correctionMessage|uid|resourceVersion|seal|observedGeneration|generation|creationTimestamp|ownerReferences|managedFields|admission|deletionTimestamp)$/;

/** Spec, status and data of all objects of a place, by kind and name; secrets and what Kubernetes itself writes there are left out. */
export function stateOf(objects: ReadonlyMap<string, Stored>): unknown {
  return Object.fromEntries(
    [...objects]
      .filter(([key]) => !/^Secret\/|^ConfigMap\/kube-root-ca|^ConfigMap\/openshift/.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { kind, metadata, spec, data, status }]) => {
        const { labels, annotations, finalizers } = metadata;
        const isTheirs = kind === 'Deployment' || kind === 'Job';
        const more = isTheirs ? {} : { status, annotations };
        return [key, timeless({ labels, finalizers, spec, data, ...more })];
      }),
  );
}

function timeless(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/attempt \d+/g, 'attempt N')
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z| UTC)?/g, 'TIME');
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== undefined && !passing.test(key))
      .map(([key, item]): [string, unknown] => [key, timeless(item)]),
  );
}
