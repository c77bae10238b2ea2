/** Verifies a store, selects a part of it, and says which files an archive of that has: the same for the operator and for the command. */
import { sha256 } from '../../lib/digest.ts';
import { MOST_BUNDLE_BYTES } from '../statement/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import { layoutOf, type Layout } from '../verify/layout.ts';
import { packIn } from '../verify/statement.ts';
import { TreeError, type Tree } from '../verify/tree.ts';
import { Refusal, type Verdict } from '../verify/verdict.ts';
import { verifyTree, type VerifyOptions } from '../verify/verify.ts';
import { archiveFiles } from './archiveFiles.ts';
import { select, type ExportWish, type PackInTree, type Selection } from './selection.ts';
import type { TarFile } from './tar.ts';

export type Trusted = Pick<VerifyOptions, 'keys' | 'manifest' | 'identity' | 'roots'>;

export interface ExportRequest {
  readonly tree: Tree;
  readonly trust: Trusted;
  readonly wish: ExportWish;
  /** Packs that were signed later are left aside. */
  readonly signedUntil?: Date;
  readonly evenIfBroken: boolean;
  /** Bytes of a section that is parsed to be shown. */
  readonly mostShown?: number;
}

/** `refused`: it is broken, or was not verified. `empty`: no pack is selected. */
export type Prepared =
  | { readonly is: 'refused'; readonly verdict: Verdict }
  | { readonly is: 'empty'; readonly verdict: Verdict; readonly all: readonly PackInTree[] }
  | {
      readonly is: 'selected';
      readonly verdict: Verdict;
      readonly isBroken: boolean;
      /** Packs that there are. */
      readonly all: readonly PackInTree[];
      readonly selection: Selection;
      /** What they are in the archive; to be written with the time of the newest pack. */
      readonly files: readonly TarFile[];
      readonly time: Date;
    };

/** Rejects with a `TreeError` where the tree cannot be read. */
export async function prepareExport(request: ExportRequest): Promise<Prepared> {
  const { tree, trust, wish, signedUntil, evenIfBroken } = request;
  const verdict = await verifyTree(tree, trust);
  const isBroken = verdict.is === 'Refused' || verdict.is === 'Unverifiable';
  if (isBroken && !evenIfBroken) return { is: 'refused', verdict };
  const listed = await tree.list();
  const layout = layoutOf(listed);
  const all = await packsIn(tree, layout, isBroken);
  const packs = all.filter(({ predicate }) => !signedUntil || Date.parse(predicate.time) <= signedUntil.getTime());
  const selection = select(packs, wish);
  const last = selection.packs.at(-1);
  if (!last) return { is: 'empty', verdict, all };
  const isShortened = [...layout.chains.values()].some(({ dispositions }) => dispositions.length > 0);
  const notes = isShortened ? [disposedNote] : [];
  const input = { tree, listed, layout, selection, wish, verdict, isBroken, notes };
  const files = await archiveFiles({ ...input, ...(request.mostShown && { mostShown: request.mostShown }) });
  return { is: 'selected', verdict, isBroken, all, selection, files, time: new Date(last.predicate.time) };
}

const disposedNote =
  'What is older was deleted when its retention was over: `packs/<name>/disposition-….sigstore.json` are the signed records of that, at which the chain begins.';

/** All bundles that can be read; of a broken tree, those that cannot are in the verdict. */
async function packsIn(tree: Tree, { chains }: Layout, isBroken: boolean): Promise<PackInTree[]> {
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
