/** Verifies a store, selects a part of it, and says which files an archive of that has: the same for the operator and for the command. */
import { layoutOf } from '../verify/layout.ts';
import type { Tree } from '../verify/tree.ts';
import type { Verdict } from '../verify/verdict.ts';
import { verifyTree, type VerifyOptions } from '../verify/verify.ts';
import { archiveFiles } from './archiveFiles.ts';
import { packsIn } from './packsIn.ts';
import { select, type ExportWish, type Selection } from './selection.ts';
import type { TarFile } from './tar.ts';

export type Trusted = Pick<VerifyOptions, 'keys' | 'manifest' | 'identity' | 'roots'>;

export interface ExportRequest {
  readonly tree: Tree;
  readonly trust: Trusted;
  readonly wish: ExportWish;
  readonly evenIfBroken: boolean;
  /** Bytes of a section that is parsed to be shown. */
  readonly mostShown?: number;
}

/** `refused`: it is broken, or was not verified. `empty`: no pack is selected. */
export type Prepared =
  | { readonly is: 'refused'; readonly verdict: Verdict }
  | { readonly is: 'empty'; readonly verdict: Verdict }
  | {
      readonly is: 'selected';
      readonly verdict: Verdict;
      readonly isBroken: boolean;
      readonly selection: Selection;
      /** What they are in the archive; to be written with the time of the newest pack. */
      readonly files: readonly TarFile[];
      readonly time: Date;
    };

/** Rejects with a `TreeError` where the tree cannot be read. */
export async function prepareExport(request: ExportRequest): Promise<Prepared> {
  const { tree, trust, wish, evenIfBroken } = request;
  const verdict = await verifyTree(tree, trust);
  const isBroken = verdict.is === 'Refused' || verdict.is === 'Unverifiable';
  if (isBroken && !evenIfBroken) return { is: 'refused', verdict };
  const listed = await tree.list();
  const layout = layoutOf(listed);
  const selection = select(await packsIn(tree, layout, isBroken), wish);
  const last = selection.packs.at(-1);
  if (!last) return { is: 'empty', verdict };
  const isShortened = [...layout.chains.values()].some(({ dispositions }) => dispositions.length > 0);
  const notes = isShortened ? [disposedNote] : [];
  const input = { tree, listed, layout, selection, wish, verdict, isBroken, notes };
  const files = await archiveFiles({ ...input, ...(request.mostShown && { mostShown: request.mostShown }) });
  return { is: 'selected', verdict, isBroken, selection, files, time: new Date(last.predicate.time) };
}

const disposedNote =
  'What is older was deleted when its retention was over: `packs/<name>/disposition-….sigstore.json` are the signed records of that, at which the chain begins.';
