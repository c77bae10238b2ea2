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
import { believedKeys, type BelievedKeys } from './believedKeys.ts';
import type { ForeignBundle, Head } from './head.ts';
import type { PackSigning } from './kit.ts';
import { digestIn, numbersIn, readHead, type ReadHead } from './readHead.ts';

export interface ReadChain {
  readonly head: Head | undefined;
  /** Bundles after the head that are not of packs of ours. */
  readonly foreign?: readonly ForeignBundle[];
  /** Absent where signing is keyless. */
  readonly keys?: Omit<BelievedKeys, 'newest'>;
}

export async function readChain(
  store: ObjectStore,
  pack: Pick<EvidencePack, 'metadata' | 'status'>,
  signing: PackSigning,
  signal: AbortSignal,
): Promise<ReadChain> {
  if (signing.publicKey === undefined) return readPacks(store, pack, { signing, keys: [] }, signal);
  const { newest, ...keys } = await believedKeys(store, signing, signal);
  const before = (newest?.keys ?? []).filter(({ revokedTime }) => revokedTime === undefined);
  const packs = await readPacks(store, pack, { signing, keys: before.map(({ publicKey }) => publicKey) }, signal);
  return { ...packs, keys };
}

async function readPacks(
  store: ObjectStore,
  pack: Pick<EvidencePack, 'metadata' | 'status'>,
  { signing, keys }: { readonly signing: PackSigning; readonly keys: readonly string[] },
  signal: AbortSignal,
): Promise<ReadChain> {
  const { name } = pack.metadata;
  const stored = pack.status?.last;
  const numbers = await numbersIn(store, name, signal);
  const newest = numbers.at(-1) ?? 0;
  let start = Math.min(stored?.sequence ?? 0, newest);
  const first = start > 0 ? await readHead(store, name, start, signal).catch(notOurs) : undefined;
  let { head } = first ?? {};
  let before: { readonly digest: string } | undefined = head?.pack;
  if (!head && newest > 0) {
    // The status is new, or older than what was deleted: the records say where the chain begins.
    const anchor = await anchorIn(store, pack, { signing, keys }, signal);
    if (start > 0 && (!anchor || anchor.sequence < start))
      return { head: undefined, foreign: [{ sequence: start, isSigned: false }] };
    if (anchor && anchor.sequence < newest) start = anchor.sequence;
    if (anchor) before = { digest: `sha256:${anchor.digest.sha256}` };
  }
  let foreign: ForeignBundle[] = [];
  const skipped = new Set(first?.statement.predicate.skipped?.map((one) => one.sequence));
  for (const sequence of numbers.filter((one) => one > start)) {
    const next = await readHead(store, name, sequence, signal).catch(notOurs);
    const isSigned = next !== undefined && isOurs(next, pack, signing, keys);
    if (isSigned && follows(next, before) && skips(next, foreign)) {
      ({ head } = next);
      before = head.pack;
      for (const one of next.statement.predicate.skipped ?? []) skipped.add(one.sequence);
      foreign = [];
      continue;
    }
    if (skipped.has(sequence) && !isSigned) continue;
    const digest = await digestIn(store, name, sequence, signal);
    foreign.push({ sequence, isSigned, ...(digest !== undefined && { digest }) });
    if (foreign.length === mostForeign) break;
  }
  return { head, ...(foreign.length > 0 && { foreign }) };
}

/** As many as can be declared to be skipped. */
const mostForeign = 20;

/** What is between it and the pack before. A pack that is signed as well is not skipped by anything. */
function skips({ statement }: ReadHead, foreign: readonly ForeignBundle[]): boolean {
  const skipped = new Set(statement.predicate.skipped?.map(({ sequence }) => sequence));
  return foreign.every(({ sequence, isSigned }) => !isSigned && skipped.has(sequence));
}

/** The last pack that was deleted when its retention was over, as records say that our key, or one that leads to it, has signed. */
async function anchorIn(
  store: ObjectStore,
  { metadata }: Pick<EvidencePack, 'metadata'>,
  { signing, keys: more }: { readonly signing: PackSigning; readonly keys: readonly string[] },
  signal: AbortSignal,
): Promise<Previous | undefined> {
  const files = await filesBelow(store, `packs/${metadata.name}/disposition-`, signal);
  if (files.length === 0 || signing.publicKey === undefined) return undefined;
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
