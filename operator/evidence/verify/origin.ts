/** That all of a tree is of one store of one cluster: the one that `store.json` names, or that of the first pack. */
import { strictJson } from '../../lib/strictJson.ts';
import type { PackPredicate } from '../statement/types.ts';
import type { KeyRing } from './keyRing.ts';
import type { Layout } from './layout.ts';
import type { ReadPack } from './packs.ts';
import { TreeError, type Tree } from './tree.ts';
import { shown, type Findings } from './verdict.ts';

export async function checkOrigin(
  tree: Tree,
  { store, manifests }: Layout,
  { packs, ring: { place } }: { readonly packs: readonly ReadPack[]; readonly ring: KeyRing },
  findings: Findings,
): Promise<void> {
  const [first] = packs;
  const named = store === undefined ? undefined : await storeIn(tree, store, findings);
  const wanted = named ?? (first && originOf(first));
  const lists = place && originOf({ predicate: place });
  if (wanted && lists && (lists.cluster !== wanted.cluster || lists.store !== wanted.store))
    findings.refuse('Origin', manifests.at(-1)?.path ?? '.', `it is the list of keys of store ${shown(lists.store)}`);
  for (const pack of packs) {
    const origin = originOf(pack);
    if (!wanted || origin.cluster !== wanted.cluster)
      findings.refuse(
        'Origin',
        pack.where,
        `it is of cluster ${shown(origin.cluster)}, not of ${shown(wanted?.cluster ?? 'none')}`,
      );
    else if (origin.store !== wanted.store)
      findings.refuse('Origin', pack.where, `it is of store ${shown(origin.store)}, not of ${shown(wanted.store)}`);
  }
  if (wanted) findings.say('Origin', `EvidenceStore ${shown(wanted.store)} of cluster ${shown(wanted.cluster)}`);
}

interface Origin {
  readonly cluster: string;
  readonly store: string;
}

function originOf({
  predicate: { cluster, store },
}: {
  readonly predicate: Pick<PackPredicate, 'store' | 'cluster'>;
}): Origin {
  return { cluster: cluster.id, store: `${store.namespace}/${store.name}` };
}

async function storeIn(tree: Tree, path: string, findings: Findings): Promise<Origin | undefined> {
  try {
    const { cluster, namespace, name } = strictJson(await tree.read(path, 64 << 10)) as Record<string, unknown>;
    const id = (cluster as { id?: unknown } | undefined)?.id;
    if (typeof id === 'string' && typeof namespace === 'string' && typeof name === 'string')
      return { cluster: id, store: `${namespace}/${name}` };
    findings.refuse('Origin', path, 'it does not say of which cluster and store it is');
  } catch (error) {
    findings.refuse(
      'Origin',
      path,
      `it ${error instanceof TreeError ? `cannot be read: ${error.message}` : (error as Error).message}`,
    );
  }
  return undefined;
}
