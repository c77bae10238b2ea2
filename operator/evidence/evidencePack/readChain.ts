/**
 * Which pack in the store is the last of ours. Whoever can write to the store can write a bundle there: one that was not remembered as stored counts only if it
 * is signed by our key and follows the one before.
 */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { anchorOf, type SignedDisposition } from '../retention/anchor.ts';
import { filesBelow } from '../retention/seenTree.ts';
import { MOST_BUNDLE_BYTES, type Previous } from '../statement/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import { dispositionIn } from '../verify/statement.ts';
import { isSignedBy, publicKeyIn } from '../verify/signature.ts';
import { Refusal } from '../verify/verdict.ts';
import { storeReason } from '../failures.ts';
import type { Head } from './head.ts';
import type { PackSigning } from './kit.ts';
import { listedKeys } from './listedKeys.ts';
import { newestNumber, readHead, type ReadHead } from './readHead.ts';

export interface ReadChain {
  readonly head: Head | undefined;
  /** The number of a pack that is not ours. */
  readonly foreign?: number;
}

export async function readChain(
  store: ObjectStore,
  pack: Pick<EvidencePack, 'metadata' | 'status'>,
  signing: PackSigning,
  signal: AbortSignal,
): Promise<ReadChain> {
  const { name } = pack.metadata;
  const stored = pack.status?.last;
  const newest = await newestNumber(store, name, signal);
  let start = Math.min(stored?.sequence ?? 0, newest);
  let head = start > 0 ? (await readHead(store, name, start, signal).catch(notOurs))?.head : undefined;
  let before: { readonly digest: string } | undefined = head?.pack;
  if (!head && newest > 0) {
    // The status is new, or older than what was deleted: the records say where the chain begins.
    const anchor = await anchorIn(store, pack, signing, signal);
    if (start > 0 && (!anchor || anchor.sequence < start)) return { head: undefined, foreign: start };
    if (anchor && anchor.sequence < newest) start = anchor.sequence;
    if (anchor) before = { digest: `sha256:${anchor.digest.sha256}` };
  }
  // Read once, where a pack was signed with a key before those that the Secret has.
  let earlier: Promise<readonly string[]> | undefined;
  const isSigned = async (found: ReadHead): Promise<boolean> => {
    if (isOurs(found, pack, signing)) return true;
    if (signing.publicKey === undefined) return false;
    earlier ??= listedKeys(store, signing, signal);
    return isOurs(found, pack, signing, await earlier);
  };
  for (let sequence = start + 1; sequence <= newest; sequence += 1) {
    const next = await readHead(store, name, sequence, signal).catch(notOurs);
    if (!next || !follows(next, before) || !(await isSigned(next))) return { head, foreign: sequence };
    head = next.head;
    before = head.pack;
  }
  return { head };
}

/** The last pack that was deleted when its retention was over, as records say that our key, or one that leads to it, has signed. */
async function anchorIn(
  store: ObjectStore,
  { metadata }: Pick<EvidencePack, 'metadata'>,
  signing: PackSigning,
  signal: AbortSignal,
): Promise<Previous | undefined> {
  const files = await filesBelow(store, `packs/${metadata.name}/disposition-`, signal);
  if (files.length === 0 || signing.publicKey === undefined) return undefined;
  const more = await listedKeys(store, signing, signal);
  const keys = [signing.publicKey, signing.previous?.publicKey, ...more].filter((key) => key !== undefined);
  const records: SignedDisposition[] = [];
  for (const { path } of files) {
    const bytes = await store.get(path, { maxBytes: MOST_BUNDLE_BYTES }, signal).catch(notOurs);
    const record = bytes && recordIn(path, bytes, keys);
    if (record) records.push(record);
  }
  const [first] = records;
  if (!first) return undefined;
  const { store: of, cluster, chain } = first.statement.predicate;
  if (chain.name !== metadata.name || of.namespace !== metadata.namespace) return undefined;
  return anchorOf(records, { chain: { kind: 'Pack', name: metadata.name }, store: of, cluster }).anchor;
}

function recordIn(where: string, bytes: Buffer, keys: readonly string[]): SignedDisposition | undefined {
  try {
    const bundle = bundleIn(bytes);
    if (!keys.some((key) => isSignedBy(publicKeyIn(key), bundle))) return undefined;
    return { where, statement: dispositionIn(bundle.payload), digest: sha256(bundle.payload) };
  } catch (error) {
    return notOurs(error);
  }
}

/** What cannot be read as a pack is none of ours; that the store failed is another matter. */
export function notOurs(error: unknown): undefined {
  // What is longer than any bundle is invalid to the store as well.
  if (!(error instanceof Refusal) && storeReason(error) !== 'Invalid') throw error;
  return undefined;
}

export function follows({ statement }: ReadHead, before: { readonly digest: string } | undefined): boolean {
  const { previous } = statement.predicate;
  return before ? `sha256:${previous?.digest.sha256 ?? ''}` === before.digest : previous === undefined;
}

/**
 * It is of this EvidencePack: that of another one, which the same key signed, could be copied here. A keyless signature is verified by those who know
 * the authorities; here it is only known that it follows.
 */
export function isOurs(
  { bundle, statement }: ReadHead,
  { metadata }: Pick<EvidencePack, 'metadata'>,
  signing: PackSigning,
  more: readonly string[] = [],
): boolean {
  const keys = [signing.publicKey, signing.previous?.publicKey, ...more].filter((key) => key !== undefined);
  const { namespace, name } = statement.predicate.pack;
  if (namespace !== metadata.namespace || name !== metadata.name) return false;
  if (signing.publicKey === undefined) return bundle.certificate !== undefined;
  return keys.some((key) => isSignedBy(publicKeyIn(key), bundle));
}
