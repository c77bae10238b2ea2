/**
 * A store as it was when an export began: so that the same archive is made again after the operator was restarted, whatever was stored meanwhile. What
 * the operator stored last is the end of each chain, directly or by the digests that lead from there: whoever has the key, or can write the Secret that it is
 * in, can sign another chain, but not one that ends like this.
 */
import { packsIn } from '../export/packsIn.ts';
import type { PackInTree } from '../export/selection.ts';
import { layoutOf } from '../verify/layout.ts';
import { steadyTree } from '../verify/steadyTree.ts';
import type { Tree, TreeFile } from '../verify/tree.ts';
import { ExportFailure, type Believed } from './kit.ts';

export interface Wanted {
  readonly start: Date;
  /** Names of EvidencePacks; all if undefined. */
  readonly packs: readonly string[] | undefined;
}

/** What is wrong with a chain that is not wanted keeps none from being exported. Rejects where a chain does not lead from what was stored. */
export async function treeAsOf(
  store: Tree,
  { start, packs: names, lasts }: Wanted & { readonly lasts: Believed['lasts'] },
): Promise<Tree> {
  const isChain = (name: string): boolean => names === undefined || names.includes(name);
  const tree = steadyTree(store, (path) => {
    const [folder, name = ''] = path.split('/');
    if (folder === 'packs') return isChain(name);
    return folder === 'keys' || folder === 'journal' || path === 'store.json';
  });
  const all = await packsIn(tree, layoutOf(await tree.list()), true);
  const kept = all.filter(({ predicate }) => Date.parse(predicate.time) <= start.getTime());
  for (const [name, last] of lasts) if (isChain(name)) assertLeads(name, last, all, kept);
  const isThen = thenIn(await tree.list(), all, kept);
  return { ...tree, list: async () => (await tree.list()).filter(({ path }) => isThen(path)) };
}

/** Whether a file was there then. What cannot be read was, so that it is verified. */
function thenIn(
  files: readonly TreeFile[],
  all: readonly PackInTree[],
  kept: readonly PackInTree[],
): (path: string) => boolean {
  const idOf = ({ bundle, predicate }: PackInTree): string => `${bundle.split('/')[1] ?? ''}/${predicate.sequence}`;
  const later = new Set(all.filter((pack) => !kept.includes(pack)).map(idOf));
  const bundles = new Set(
    files.flatMap(({ path }) => (path.endsWith('.sigstore.json') ? (numberOf(path)?.id ?? []) : [])),
  );
  const newest = new Map<string, number>();
  let segment = 0;
  for (const { bundle, predicate } of kept) {
    const [, name = ''] = bundle.split('/');
    newest.set(name, Math.max(newest.get(name) ?? 0, predicate.sequence));
    segment = Math.max(segment, predicate.journal?.last ?? 0);
  }
  return (path) => {
    const pack = numberOf(path);
    // What has no bundle yet is of an attempt.
    if (pack) return !later.has(pack.id) && (bundles.has(pack.id) || pack.number <= (newest.get(pack.name) ?? 0));
    if (!path.startsWith('journal/')) return true;
    const [, at] = /^journal\/(\d{12,15})\.ndjson$/.exec(path) ?? [];
    return at === undefined ? path.includes('disposition-') : Number(at) <= segment;
  };
}

function numberOf(path: string): { readonly id: string; readonly name: string; readonly number: number } | undefined {
  const [, name, digits] = /^packs\/([^/]+)\/(\d{8,15})[-.]/.exec(path) ?? [];
  if (name === undefined || digits === undefined) return undefined;
  return { id: `${name}/${Number(digits)}`, name, number: Number(digits) };
}

function assertLeads(
  name: string,
  { sequence, digest }: { readonly sequence: number; readonly digest: string },
  all: readonly PackInTree[],
  kept: readonly PackInTree[],
): void {
  let wanted: string | undefined = digest.replace(/^sha256:/, '');
  for (let number = sequence; wanted !== undefined; number -= 1) {
    const found = all.find(({ predicate }) => predicate.pack.name === name && predicate.sequence === number);
    if (found?.digest !== wanted) throw notAsStored(name, number, found);
    // From there on, the verification does the same.
    if (kept.includes(found)) return;
    wanted = found.predicate.previous?.digest.sha256;
  }
}

function notAsStored(name: string, number: number, found: PackInTree | undefined): ExportFailure {
  const state = found ? 'is not the one that was stored' : 'is no longer in the store, or cannot be read';
  const message = `pack ${number} of EvidencePack ${name} ${state}; find out who changed it, and restore the version of before`;
  return new ExportFailure('EvidenceBroken', message, { needsPerson: true });
}
