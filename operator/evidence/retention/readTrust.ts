/** Which keys are believed before something is deleted: that of the Secret, and those that the lists of keys in the store lead to from it. Strictly: one list that is not sound stops everything. */
import type { KeyObject } from 'node:crypto';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import type { ClusterId, StoreName } from '../statement/types.ts';
import { manifestIn, ringOf, type Manifest } from '../verify/keyRing.ts';
import { layoutOf } from '../verify/layout.ts';
import { readBundle } from '../verify/packs.ts';
import type { Trust } from '../verify/signed.ts';
import { Findings } from '../verify/verdict.ts';
import { assertNoObjection } from './doubt.ts';
import { filesBelow, seenTree } from './seenTree.ts';

export interface Place {
  readonly store: StoreName;
  readonly cluster: ClusterId;
}

/** Rejects with a `Doubt`. */
export async function readTrust(
  store: ObjectStore,
  { keys, place }: { readonly keys: readonly KeyObject[]; readonly place: Place },
  signal: AbortSignal,
): Promise<Trust> {
  const findings = new Findings();
  const files = await filesBelow(store, 'keys/', signal);
  const tree = seenTree(store, files, signal);
  const { manifests, misnamed } = layoutOf(files);
  for (const path of misnamed) findings.refuse('Keys', path, 'its number is not written as a store writes it');
  const lists: Manifest[] = [];
  for (const { path, number } of manifests) {
    const bundle = await readBundle(tree, path, findings);
    const manifest = bundle && findings.trying('Keys', path, () => manifestIn(path, bundle));
    if (!manifest) continue;
    const { sequence, store: of, cluster } = manifest.list;
    if (sequence !== number) findings.refuse('Keys', path, `it is list of keys ${sequence}`);
    if (!isHere({ store: of, cluster }, place)) findings.refuse('Origin', path, 'it is of another store');
    lists.push(manifest);
  }
  if (lists.length === 0) findings.refuse('Keys', 'keys/', 'there is no list of keys');
  const ring = ringOf({ keys }, lists);
  if ('message' in ring) findings.refuse('Keys', ring.where, ring.message);
  assertNoObjection(findings, 'the store');
  return { ring: ring as Exclude<typeof ring, { message: string }>, hasLists: true };
}

export function isHere({ store, cluster }: Place, place: Place): boolean {
  return (
    store.namespace === place.store.namespace && store.name === place.store.name && cluster.id === place.cluster.id
  );
}
