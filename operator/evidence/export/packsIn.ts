/** Reads the packs that a tree has, from their bundles. What they say is believed once the tree is verified. */
import { sha256 } from '../../lib/digest.ts';
import { MOST_BUNDLE_BYTES } from '../statement/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import type { Layout } from '../verify/layout.ts';
import { packIn } from '../verify/statement.ts';
import { TreeError, type Tree } from '../verify/tree.ts';
import { Refusal } from '../verify/verdict.ts';
import type { PackInTree } from './selection.ts';

/** All bundles that can be read; of a broken tree, those that cannot are in the verdict. */
export async function packsIn(
  tree: Tree,
  { chains }: Pick<Layout, 'chains'>,
  isBroken: boolean,
): Promise<PackInTree[]> {
  const packs: PackInTree[] = [];
  for (const chain of chains.values())
    for (const { path, late } of chain.packs) {
      try {
        const { payload } = bundleIn(await tree.read(path, MOST_BUNDLE_BYTES));
        const place = path.replace(/[^/]+$/, '');
        packs.push({ bundle: path, late, place, predicate: packIn(payload).predicate, digest: sha256(payload) });
      } catch (error) {
        if (!isBroken || !(error instanceof Refusal || error instanceof TreeError)) throw error;
      }
    }
  return packs;
}
