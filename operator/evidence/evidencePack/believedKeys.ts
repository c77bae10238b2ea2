/**
 * Which list of keys in the store is believed. Whoever can write to the store can add lists, and replace them; so one counts only if it is signed with a key
 * that the Secret has, is the one that was believed before, or is endorsed by one that is believed. Another one is neither followed nor an obstacle.
 */
import type { ListedObject, ObjectStore } from '../../connect/objectStore/types.ts';
import type { BelievedKeyList } from '../../api/v1alpha1/evidencePackStatus.ts';
import { storeReason } from '../failures.ts';
import type { SignedKeys } from '../statement/keyLife.ts';
import { manifestName } from '../statement/names.ts';
import { MOST_BUNDLE_BYTES, type Previous } from '../statement/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import { followed, manifestIn, type Manifest } from '../verify/keyRing.ts';
import { isSignedBy, publicKeyIn } from '../verify/signature.ts';
import { Refusal } from '../verify/verdict.ts';
import type { PackSigning } from './kit.ts';

/** Whoever can write to the store could write more of them than can be read. */
export const mostLists = 1000;

export interface BelievedKeys {
  /** The newest list that is believed; undefined where there is none. */
  readonly newest?: SignedKeys;
  /** What is to be remembered of it. */
  readonly pin?: BelievedKeyList;
  /** Numbers of files that are named as lists of keys, and are not believed, and of which no list that is believed says so. */
  readonly foreign: readonly number[];
  /** The number of a list that is believed, and in the place of which another file is now: whoever verifies the store refuses it. */
  readonly altered?: number;
  /** Why the list that was believed before cannot be followed. A sentence. */
  readonly problem?: string;
}

interface Found {
  readonly lists: readonly Manifest[];
  readonly numbers: readonly number[];
}

export async function believedKeys(
  store: ObjectStore,
  signing: PackSigning,
  signal: AbortSignal,
): Promise<BelievedKeys> {
  const { pinned } = signing;
  const found = await listsIn(store, signal);
  const own = [signing.publicKey, signing.previous?.publicKey].filter((key) => key !== undefined).map(publicKeyIn);
  const isOwn = (list: Manifest) => isOfPlace(list, signing) && own.some((key) => isSignedBy(key, list.bundle));
  const known = pinned && (await pinnedIn(found.lists, pinned, store, signal));
  const start = found.lists.findLast((one) => isOwn(one) && one.list.sequence > (pinned?.sequence ?? 0)) ?? known;
  if (pinned && (!known || !start || !leadsTo(start, pinned, found.lists)))
    return { foreign: [], problem: gone(pinned) };
  if (!start) return { foreign: found.numbers };
  const later = found.lists.filter((one) => one.list.sequence > start.list.sequence && isOfPlace(one, signing));
  const { lists } = followed(start, [start, ...later]);
  const { list: newest } = lists.at(-1)!;
  const said = new Set(
    [...found.lists.filter((one) => isOwn(one)), ...lists].flatMap(({ list }) => list.skipped ?? []),
  );
  const believed = new Set(lists.map(({ list }) => list.sequence));
  const foreign = found.numbers.filter((one) => one > start.list.sequence && !believed.has(one) && !said.has(one));
  const { sequence, digest } = newest;
  const version = await versionOf(newest, pinned, store, signal);
  const altered = alteredBefore(start, found.lists);
  return {
    ...{ newest, pin: { sequence, digest: `sha256:${digest.sha256}`, ...version }, foreign },
    ...(altered !== undefined && { altered }),
  };
}

/** One that the same key signed for another store could have been copied here. */
function isOfPlace({ list }: Manifest, { place }: PackSigning): boolean {
  if (!place) return true;
  const { store, cluster } = list;
  return (
    store.namespace === place.store.namespace && store.name === place.store.name && cluster.id === place.cluster.id
  );
}

/** In the version that was believed, whatever was stored over it. */
async function pinnedIn(
  lists: readonly Manifest[],
  { sequence, digest, versionId }: BelievedKeyList,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  const isIt = ({ list }: Manifest) => list.sequence === sequence && `sha256:${list.digest.sha256}` === digest;
  const there = lists.find(isIt);
  if (there || versionId === undefined) return there;
  const before = await readList(store, `keys/${manifestName(sequence)}`, { versionId }, signal);
  return before && isIt(before) ? before : undefined;
}

/** Back from a list by digests. Those between them may be unreadable only where nothing names them. */
function leadsTo(start: Manifest, { sequence, digest }: BelievedKeyList, lists: readonly Manifest[]): boolean {
  for (let at: Manifest | undefined = start; at;) {
    if (at.list.sequence === sequence) return `sha256:${at.list.digest.sha256}` === digest;
    const previous: Previous | undefined = at.list.previous;
    if (!previous || previous.sequence < sequence) return false;
    if (previous.sequence === sequence) return `sha256:${previous.digest.sha256}` === digest;
    at = lists.find(({ list }) => list.digest.sha256 === previous.digest.sha256);
  }
  return false;
}

function alteredBefore({ list }: Manifest, lists: readonly Manifest[]): number | undefined {
  let wanted: Previous | undefined = { sequence: list.sequence, digest: list.digest };
  while (wanted) {
    const { sequence, digest }: Previous = wanted;
    const there: Manifest | undefined = lists.find((one) => one.list.digest.sha256 === digest.sha256);
    if (!there) return sequence;
    wanted = there.list.previous;
  }
  return undefined;
}

function gone({ sequence, versionId }: BelievedKeyList): string {
  const version = versionId === undefined ? '' : ` (version ${versionId})`;
  return `keys/${manifestName(sequence)}${version} is not in the store as it was, and a later list does not follow it: which keys are valid is not known; find out who replaced it, and restore it`;
}

async function versionOf(
  { sequence, digest }: SignedKeys,
  pinned: BelievedKeyList | undefined,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<{ versionId?: string }> {
  const isSame = pinned?.sequence === sequence && pinned.digest === `sha256:${digest.sha256}`;
  if (isSame && pinned.versionId !== undefined) return { versionId: pinned.versionId };
  const key = `keys/${manifestName(sequence)}`;
  const { versionId } = (await store.head(key, {}, signal)) ?? {};
  if (versionId === undefined) return {};
  // Another one may have been stored since it was listed.
  const read = await readList(store, key, { versionId }, signal);
  return read?.list.digest.sha256 === digest.sha256 ? { versionId } : {};
}

async function listsIn(store: ObjectStore, signal: AbortSignal): Promise<Found> {
  const lists: Manifest[] = [];
  const numbers: number[] = [];
  for await (const { key } of keyLists(store, signal)) {
    if (numbers.length === mostLists) break;
    const number = Number(/(\d{8})\.sigstore/.exec(key)?.[1]);
    numbers.push(number);
    const list = await readList(store, key, {}, signal);
    if (list?.list.sequence === number) lists.push(list);
  }
  return { lists, numbers };
}

/** Undefined where there is none, or another file. That the store failed is another matter: who knows what it has then. */
async function readList(
  store: ObjectStore,
  key: string,
  version: { readonly versionId?: string },
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  try {
    const bytes = await store.get(key, { maxBytes: MOST_BUNDLE_BYTES, ...version }, signal);
    return bytes && manifestIn(key, bundleIn(bytes));
  } catch (error) {
    const isNone = version.versionId !== undefined && storeReason(error) === 'NotFound';
    if (!(error instanceof Refusal) && storeReason(error) !== 'Invalid' && !isNone) throw error;
    return undefined;
  }
}

/** The lists of keys that there are, whoever stored them, in the order of their numbers. */
async function* keyLists(store: ObjectStore, signal: AbortSignal): AsyncIterable<ListedObject> {
  for await (const one of store.list('keys/manifest-', {}, signal))
    if (/^keys\/manifest-(?!0{8})\d{8}\.sigstore\.json$/.test(one.key)) yield one;
}
