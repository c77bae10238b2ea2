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
  readonly message: string;
}

/**
 * Lists are a chain: each is signed by a key that the one before has as valid, and has the digest of that. So one that is believed makes all
 * before it believed, and those after it. Where there are lists and none is believed, no key is: they may revoke the key that was given.
 */
export function ringOf(given: Given, found: readonly Manifest[]): KeyRing | Refused {
  const pinned = new Map(given.keys.map((key) => [hintOf(key), { hint: hintOf(key), key, life: undefined }]));
  const manifests = withGiven(given.manifest, found);
  if ('message' in manifests) return manifests;
  const newest = manifests.at(-1);
  if (!newest) return { keys: pinned, manifest: 0 };
  const wrong = chainProblem(manifests, given.manifest);
  if (wrong) return wrong;
  const isBelieved = ({ bundle, list }: Manifest) =>
    list.digest.sha256 === given.manifest?.list.digest.sha256 || pinned.has(bundle.hint ?? '');
  if (!manifests.some(isBelieved))
    return {
      where: newest.where,
      message: 'none of the lists of keys is signed by a key that was given; give the key of the first one with --key',
    };
  const listed = newest.list.keys.map((life): [string, RingKey] => [
    life.hint,
    { hint: life.hint, key: publicKeyIn(life.publicKey), life },
  ]);
  return { keys: new Map([...pinned, ...listed]), manifest: newest.list.sequence };
}

/** The list that was given is one of those that there are, or continues them, or they continue it. */
function withGiven(given: Manifest | undefined, found: readonly Manifest[]): readonly Manifest[] | Refused {
  if (!given) return found;
  const same = found.find(({ list }) => list.sequence === given.list.sequence);
  if (!same) {
    // Those that are older than the given one say nothing that it does not; an older list must not hide a revocation.
    const newer = found.filter(({ list }) => list.sequence > given.list.sequence);
    return [given, ...newer];
  }
  if (same.list.digest.sha256 === given.list.digest.sha256) return found;
  return {
    where: same.where,
    message: 'it is not the list of keys of that number that was given with --keys-manifest',
  };
}

/** Which of them signed `start`, a list that was given, is not asked: it is believed as it is. */
export function chainProblem(manifests: readonly Manifest[], start: Manifest | undefined): Refused | undefined {
  for (const [index, manifest] of manifests.entries()) {
    const { where, bundle, list } = manifest;
    const before = manifests[index - 1]?.list;
    if (!before && manifest === start) continue;
    if (!before && list.sequence > 1) return { where, message: `lists of keys 1 to ${list.sequence - 1} are missing` };
    const why = before && whyNotAfter(before, list);
    if (why !== undefined) return { where, message: why };
    const signer = (before ?? list).keys.find(({ hint }) => hint === bundle.hint);
    if (!signer) return { where, message: 'it is not signed by a key of the list before' };
    const late = whyNotSigned(signer, new Date(list.time));
    if (late !== undefined) return { where, message: `it was signed at ${list.time}, but ${late}` };
    if (!isSignedBy(publicKeyIn(signer.publicKey), bundle)) return { where, message: 'its signature is not valid' };
  }
  return undefined;
}
