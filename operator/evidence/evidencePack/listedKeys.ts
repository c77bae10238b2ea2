/** The keys that signed before the one that the Secret has, as the lists of keys in the store lead to them. */
import type { ListedObject, ObjectStore } from '../../connect/objectStore/types.ts';
import { manifestName } from '../statement/names.ts';
import { MOST_BUNDLE_BYTES } from '../statement/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import { chainProblem, manifestIn, ringOf, type Manifest } from '../verify/keyRing.ts';
import { isSignedBy, publicKeyIn } from '../verify/signature.ts';
import { Refusal } from '../verify/verdict.ts';
import type { PackSigning } from './kit.ts';

/** Whoever can write to the store could write more of them than can be read. */
const mostLists = 1000;

/** In PEM. None where the lists do not lead to a key of the Secret: whoever can write to the store could have written them. */
export async function listedKeys(store: ObjectStore, signing: PackSigning, signal: AbortSignal): Promise<string[]> {
  const own = [signing.publicKey, signing.previous?.publicKey].filter((key) => key !== undefined).map(publicKeyIn);
  const lists = await readable(store, signal);
  const ring = ringOf({ keys: own }, lists);
  if (!('message' in ring)) return unrevoked(ring.keys.values());
  // A list that no key before endorses, or one of another writer, ends the chain: what was signed with a key of ours is believed as it is.
  const signed = lists.findLast(({ bundle }) => own.some((key) => isSignedBy(key, bundle)));
  const alone = signed && ringOf({ keys: own, manifest: signed }, [signed]);
  return alone && !('message' in alone) ? unrevoked(alone.keys.values()) : [];
}

/** Those that follow one another from the first: whoever can write to the store can write others behind them, and those are none. */
export async function leadingLists(store: ObjectStore, signal: AbortSignal): Promise<readonly Manifest[]> {
  const lists = (await readable(store, signal)).filter(
    ({ where, list }) => where === `keys/${manifestName(list.sequence)}`,
  );
  const wrong = chainProblem(lists, undefined);
  return wrong
    ? lists.slice(
        0,
        lists.findIndex(({ where }) => where === wrong.where),
      )
    : lists;
}

type Listed = Exclude<ReturnType<typeof ringOf>, { message: string }>['keys'];

function unrevoked(keys: ReturnType<Listed['values']>): string[] {
  return [...keys].flatMap(({ life }) => (life && life.revokedTime === undefined ? [life.publicKey] : []));
}

async function readable(store: ObjectStore, signal: AbortSignal): Promise<Manifest[]> {
  const lists: Manifest[] = [];
  for await (const { key, size } of keyLists(store, signal)) {
    if (size > MOST_BUNDLE_BYTES) continue;
    if (lists.length === mostLists) break;
    const bytes = await store.get(key, { maxBytes: MOST_BUNDLE_BYTES }, signal);
    try {
      if (bytes) lists.push(manifestIn(key, bundleIn(bytes)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return lists;
}

/** The lists of keys that there are, whoever stored them, in the order of their numbers. */
export async function* keyLists(store: ObjectStore, signal: AbortSignal): AsyncIterable<ListedObject> {
  for await (const one of store.list('keys/manifest-', {}, signal))
    if (/^keys\/manifest-\d{8}\.sigstore\.json$/.test(one.key)) yield one;
}
