/**
 * The life of a key: from when until when it may sign, how a new one follows, and how one is revoked. Each list of keys is signed by a key
 * that may sign by the list before, and takes nothing back that a list before said. Pure.
 */
import { reaches } from './names.ts';
import type { Sha256, KeysPredicate, ListedKey, Previous } from './types.ts';

/** Why a key may not have signed at an instant, as a fragment; undefined when it may. `validUntil` and `revokedTime` are exclusive. */
export function whyNotSigned(key: ListedKey, instant: Date): string | undefined {
  const { validFrom, validUntil, revokedTime, reason } = key;
  if (isBefore(instant, validFrom)) return `its key is valid from ${validFrom} only`;
  if (validUntil !== undefined && !isBefore(instant, validUntil)) return `its key was valid until ${validUntil} only`;
  if (revokedTime !== undefined && !isBefore(instant, revokedTime))
    return `its key was revoked at ${revokedTime}${reason === undefined ? '' : ` (${reason})`}`;
  return undefined;
}

/** The keys that may sign at an instant, the newest first: the operator signs with the first that it has. */
export function signingKeys({ keys }: Pick<KeysPredicate, 'keys'>, instant: Date): ListedKey[] {
  return keys
    .filter((key) => whyNotSigned(key, instant) === undefined)
    .toSorted((a, b) => Date.parse(b.validFrom) - Date.parse(a.validFrom));
}

/** A list and the digest of the payload that was signed. */
export interface SignedKeys extends KeysPredicate {
  readonly digest: Sha256;
}

/** The first list of a store, which its only key signs. */
export function firstKeys(
  place: Pick<KeysPredicate, 'store' | 'cluster'>,
  key: Pick<ListedKey, 'hint' | 'publicKey'>,
  now: Date,
): KeysPredicate {
  const time = now.toISOString();
  return { ...placeOf(place), sequence: 1, time, keys: [listed(key, now)] };
}

/**
 * The list after a rotation: the new key is valid from now, those before it until `overlapUntil`, so that a pack that is being signed is not
 * refused. One of those before it signs the list.
 */
export function rotatedKeys(
  before: SignedKeys,
  key: Pick<ListedKey, 'hint' | 'publicKey'>,
  { now, overlapUntil = now }: { readonly now: Date; readonly overlapUntil?: Date },
): KeysPredicate {
  if (before.keys.some(({ hint }) => hint === key.hint)) throw new Error(`Key ${key.hint} is in the list already.`);
  const time = now.toISOString();
  const until = overlapUntil.toISOString();
  const ended = before.keys.map((one) =>
    one.validUntil === undefined || until < one.validUntil ? { ...one, validUntil: until } : one,
  );
  return { ...placeOf(before), ...following(before, time), keys: [...ended, listed(key, now)] };
}

/** The list of before again, to say which files are none of its kind. */
export function sameKeys(before: SignedKeys, now: Date): KeysPredicate {
  return { ...placeOf(before), ...following(before, now.toISOString()), keys: before.keys };
}

/** The list under the first number that is free, which says that `foreign`, the numbers of other files there, are of another writer. */
export function skipping(list: KeysPredicate, foreign: readonly number[]): KeysPredicate {
  if (foreign.length === 0) return list;
  let sequence = (list.previous?.sequence ?? 0) + 1;
  while (foreign.includes(sequence)) sequence += 1;
  return { ...list, sequence, skipped: [...new Set(foreign)].toSorted((a, b) => a - b) };
}

/** The list after a key was revoked from an instant on, which may be in the past. */
export function revokedKeys(
  before: SignedKeys,
  { hint, from, reason }: { readonly hint: string; readonly from: Date; readonly reason: string },
  now: Date,
): KeysPredicate {
  if (!before.keys.some((key) => key.hint === hint)) throw new Error(`Key ${hint} is not in the list.`);
  const revokedTime = from.toISOString();
  const keys = before.keys.map((key) =>
    key.hint === hint && !(key.revokedTime !== undefined && key.revokedTime <= revokedTime)
      ? { ...key, revokedTime, reason }
      : key,
  );
  return { ...placeOf(before), ...following(before, now.toISOString()), keys };
}

/** Why a list cannot follow another one, as a fragment; undefined when it can. Who signed it is not checked here. */
export function whyNotAfter(before: SignedKeys, after: KeysPredicate): string | undefined {
  if ((after.previous?.sequence ?? 0) !== before.sequence || !reaches(after.sequence, before.sequence, after.skipped))
    return `it is manifest ${after.sequence}, after manifest ${before.sequence}`;
  if (after.previous?.digest.sha256 !== before.digest.sha256)
    return `it does not follow manifest ${before.sequence} as it is here, but another one`;
  if (isBefore(new Date(after.time), before.time)) return `it is older than manifest ${before.sequence}`;
  for (const key of before.keys) {
    const now = after.keys.find(({ hint }) => hint === key.hint);
    if (!now) return `it leaves key ${key.hint} out, which manifest ${before.sequence} has`;
    if (now.publicKey !== key.publicKey || now.validFrom !== key.validFrom)
      return `it changes key ${key.hint}, which manifest ${before.sequence} has`;
    if (isLater(now.validUntil, key.validUntil) || isLater(now.revokedTime, key.revokedTime))
      return `it extends key ${key.hint} beyond what manifest ${before.sequence} has`;
  }
  return undefined;
}

/** A signer has both, and more. Authorities say the time in whole seconds, and would say of what is signed at once that it is older than its key. */
function listed({ hint, publicKey }: Pick<ListedKey, 'hint' | 'publicKey'>, now: Date): ListedKey {
  return { hint, publicKey, validFrom: new Date(Math.floor(now.getTime() / 1000) * 1000).toISOString() };
}

function following(before: SignedKeys, time: string): { sequence: number; previous: Previous; time: string } {
  const { sequence, digest } = before;
  return { sequence: sequence + 1, previous: { sequence, digest }, time };
}

function placeOf({ store, cluster }: Pick<KeysPredicate, 'store' | 'cluster'>) {
  return { store, cluster };
}

/** No end is later than any. */
function isLater(after: string | undefined, before: string | undefined): boolean {
  return before !== undefined && (after === undefined || Date.parse(after) > Date.parse(before));
}

function isBefore(instant: Date, text: string): boolean {
  return instant.getTime() < Date.parse(text);
}
