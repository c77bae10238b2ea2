/** Which keys are believed, and from when until when: those that were given, and those that signed lists of keys lead to from there. */
import type { KeyObject } from 'node:crypto';
import { sha256 } from '../../lib/digest.ts';
import { hintOf } from '../../lib/dsse.ts';
import { whyNotAfter, whyNotSigned, type SignedKeys } from '../statement/keyLife.ts';
import type { ListedKey } from '../statement/types.ts';
import type { ReadBundle } from './bundle.ts';
import { isSignedBy, publicKeyIn } from './signature.ts';
import { keysIn } from './statement.ts';
import { Refusal } from './verdict.ts';

export interface RingKey {
  readonly hint: string;
  readonly key: KeyObject;
  /** As the newest list has it; undefined for a key that was given and is in no list. */
  readonly life: ListedKey | undefined;
}

export interface KeyRing {
  readonly keys: ReadonlyMap<string, RingKey>;
  /** Of the newest list; 0 where there is none. */
  readonly manifest: number;
  /** Whose keys they are, as the newest list says. */
  readonly place?: Pick<SignedKeys, 'store' | 'cluster'>;
  /** Numbers of files that the lists say are none of their kind. */
  readonly skipped?: ReadonlySet<number>;
  /** Something was given to be believed, and what there is contradicts it. */
  readonly isRefused?: true;
}

/** A list of keys, with the signature over it. */
export interface Manifest {
  readonly where: string;
  readonly bundle: ReadBundle;
  readonly list: SignedKeys;
}

/** Throws a `Refusal`. */
export function manifestIn(where: string, bundle: ReadBundle): Manifest {
  const { predicate } = keysIn(bundle.payload);
  for (const { hint, publicKey } of predicate.keys)
    if (hintOf(publicKeyIn(publicKey)) !== hint) throw new Refusal(`it has another key under the hint ${hint}`);
  return { where, bundle, list: { ...predicate, digest: { sha256: sha256(bundle.payload) } } };
}

/** What was given to be believed. */
export interface Given {
  readonly keys: readonly KeyObject[];
  /** A list of keys that is believed as it is. */
  readonly manifest?: Manifest;
}

export interface Refused {
  readonly where: string;
  /** A fragment. */
  readonly message: string;
}

/** A file that is named as a list of keys, and that nothing leads to. */
export interface Suspect extends Refused {
  readonly number: number;
}

/**
 * Lists are a chain: each is signed by a key that the one before has as valid, and has the digest of that. So one that is believed makes all
 * before it believed, and those after it. Where there are lists and none is believed, no key is: they may revoke the key that was given. For the same
 * reason a file that nothing leads to is refused, unless a list that is believed says that it is none of them. `unread` are those that cannot be read.
 */
export function ringOf(given: Given, found: readonly Manifest[], unread: readonly Suspect[] = []): KeyRing | Refused {
  const pinned = new Map(given.keys.map((key) => [hintOf(key), { hint: hintOf(key), key, life: undefined }]));
  const manifests = withGiven(given.manifest, found);
  if ('message' in manifests) return manifests;
  if (manifests.length === 0) return unread[0] ?? { keys: pinned, manifest: 0 };
  const isBelieved = ({ bundle, list }: Manifest) =>
    list.digest.sha256 === given.manifest?.list.digest.sha256 || pinned.has(bundle.hint ?? '');
  const chain = chainsIn(manifests, given.manifest).find(({ lists }) => lists.some(isBelieved));
  if (!chain) return whyNone(manifests, unread, given.manifest);
  const skipped = new Set(chain.lists.flatMap(({ list }) => list.skipped ?? []));
  const [wrong] = [...chain.suspects, ...unread]
    .filter(({ number }) => !skipped.has(number))
    .toSorted((a, b) => a.number - b.number);
  if (wrong) return wrong;
  const { list: newest } = chain.lists.at(-1)!;
  const listed = newest.keys.map((life): [string, RingKey] => [
    life.hint,
    { hint: life.hint, key: publicKeyIn(life.publicKey), life },
  ]);
  return { keys: new Map([...pinned, ...listed]), manifest: newest.sequence, place: newest, skipped };
}

/** The list that was given is one of those that there are, or continues them, or they continue it. */
function withGiven(given: Manifest | undefined, found: readonly Manifest[]): readonly Manifest[] | Refused {
  if (!given) return found;
  const same = found.find(({ list }) => list.sequence === given.list.sequence);
  if (same && same.list.digest.sha256 !== given.list.digest.sha256)
    return {
      where: same.where,
      message: 'it is not the list of keys of that number that was given with --keys-manifest',
    };
  if (same) return found;
  // Those that are older than the given one say nothing that it does not; an older list must not hide a revocation.
  return [given, ...found.filter(({ list }) => list.sequence > given.list.sequence)];
}

interface Chain {
  readonly lists: readonly Manifest[];
  readonly suspects: readonly Suspect[];
}

/** One for each list that follows none. Which key signed `start`, a list that was given, is not asked: it is believed as it is. */
function chainsIn(manifests: readonly Manifest[], start: Manifest | undefined): Chain[] {
  return manifests.flatMap((root): Chain[] => {
    const isGiven = root.list.digest.sha256 === start?.list.digest.sha256 && root === manifests[0];
    if (root.list.previous && !isGiven) return [];
    if (!isGiven && whyNotSignedBy(root, root.list) !== undefined) return [];
    return [followed(root, manifests, start)];
  });
}

/** Those that follow from a list on, each endorsed by the one before. All others are suspect. */
export function followed(root: Manifest, manifests: readonly Manifest[], start?: Manifest): Chain {
  const lists = [root];
  const suspects: Suspect[] = [];
  for (const manifest of manifests) {
    if (manifest === root) continue;
    const { where, list } = manifest;
    const before = lists.at(-1)!.list;
    const isGiven = list.digest.sha256 === start?.list.digest.sha256;
    const message = whyNotAfter(before, list) ?? (isGiven ? undefined : whyNotSignedBy(manifest, before));
    if (message === undefined) lists.push(manifest);
    else suspects.push({ where, message, number: list.sequence });
  }
  return { lists, suspects };
}

function whyNotSignedBy({ bundle, list }: Manifest, before: SignedKeys): string | undefined {
  const signer = before.keys.find(({ hint }) => hint === bundle.hint);
  if (!signer) return 'it is not signed by a key of the list before';
  const late = whyNotSigned(signer, new Date(list.time));
  if (late !== undefined) return `it was signed at ${list.time}, but ${late}`;
  return isSignedBy(publicKeyIn(signer.publicKey), bundle) ? undefined : 'its signature is not valid';
}

/** Said of the first thing that is wrong. */
function whyNone(manifests: readonly Manifest[], unread: readonly Suspect[], start: Manifest | undefined): Refused {
  const [first] = manifests;
  const { where, list } = first!;
  if (list.previous && !start) {
    const { sequence } = list;
    return { where, message: `lists of keys 1 to ${sequence - 1} are missing` };
  }
  const why = whyNotSignedBy(first!, list);
  const [wrong] = [...followed(first!, manifests).suspects, ...unread].toSorted((a, b) => a.number - b.number);
  if (why !== undefined) return { where, message: why };
  return (
    wrong ?? {
      where: manifests.at(-1)!.where,
      message: 'none of the lists of keys is signed by a key that was given; give the key of the first one with --key',
    }
  );
}
