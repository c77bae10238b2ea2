/**
 * Keeps the list of keys of a store: a key is in it before anything that it signed is stored, and the key before it endorses it. A key that is new and
 * that no other endorses is refused, unless a person says why: otherwise whoever can write the Secret would be believed.
 */
import { lockedFrom } from '../evidenceStore/lock.ts';
import { storeReason } from '../failures.ts';
import { firstKeys, rotatedKeys, signingKeys, whyNotSigned, type SignedKeys } from '../statement/keyLife.ts';
import { keyFileName, manifestName } from '../statement/names.ts';
import { keysStatement } from '../statement/keysStatement.ts';
import { signStatement } from '../statement/signStatement.ts';
import { BUNDLE_TYPE, type ListedKey } from '../statement/types.ts';
import { PackFailure, type PackKit } from './kit.ts';
import { leadingLists } from './listedKeys.ts';

interface Keeping {
  readonly kit: PackKit;
  readonly now: () => Date;
}

const mostTries = 3;
/** A pack that is being signed with the key before, by an operator that does not lead any longer, is not refused: none takes longer. */
const overlapMilliseconds = 900_000;

/** The number of the list that has the key; undefined where signing is keyless. What is signed afterwards is signed while the key is valid. */
export async function storeKeys({ kit, now }: Keeping, signal: AbortSignal): Promise<number | undefined> {
  const { publicKey } = kit.signing;
  if (publicKey === undefined) return undefined;
  const { hint } = await kit.signing.signer(signal);
  const key = { hint, publicKey };
  for (let tries = 1; ; tries += 1) {
    const newest = (await leadingLists(kit.store, signal)).at(-1)?.list;
    const time = now();
    const listed = newest?.keys.find((one) => one.hint === hint);
    if (listed) assertUsable(listed, time);
    const number = listed ? newest?.sequence : await addKey(kit, { newest, key, time }, signal);
    // A list is what counts. A key without one, left by whoever was slower or ended in between, would be the key of a stranger for ever.
    if (number !== undefined) {
      await storeKey(kit, key, time, signal);
      return number;
    }
    const taken = `keys/${manifestName((newest?.sequence ?? 0) + 1)}`;
    if (tries === mostTries)
      throw new PackFailure(
        'Altered',
        `${taken} in the store is not a list of keys that follows those before it; find out who wrote it, and remove it`,
        { needsPerson: true },
      );
  }
}

function assertUsable(key: ListedKey, time: Date): void {
  const why = whyNotSigned(key, time);
  if (why === undefined) return;
  if (time.getTime() < Date.parse(key.validFrom)) throw behind(key.validFrom, time);
  const message = `keys/${keyFileName(key.hint)} cannot sign: ${why}; store another key in the Secret`;
  throw new PackFailure('KeyNotValid', message, { needsPerson: true });
}

/** What would be signed now is not believed. */
function behind(listed: string, time: Date): PackFailure {
  const clocks = `the lists of keys in the store are of ${listed}, and the clock of the operator has ${time.toISOString()}`;
  return new PackFailure('ClockBehind', `${clocks}; set the clock by NTP, or wait until then`);
}

/** Undefined where another EvidencePack of this store was faster. */
async function addKey(
  kit: PackKit,
  { newest, key, time }: { newest: SignedKeys | undefined; key: { hint: string; publicKey: string }; time: Date },
  signal: AbortSignal,
): Promise<number | undefined> {
  if (newest && time.getTime() < Date.parse(newest.time)) throw behind(newest.time, time);
  const place = { store: kit.storeName, cluster: kit.cluster };
  const endorser = newest && endorserOf(kit, newest, time);
  const overlapUntil = new Date(time.getTime() + overlapMilliseconds);
  const predicate = newest ? rotatedKeys(newest, key, { now: time, overlapUntil }) : firstKeys(place, key, time);
  const signed = await signStatement(keysStatement(predicate), endorser ?? (await kit.signing.signer(signal)));
  const options = { ...lockedFrom(kit.lock, time), contentType: BUNDLE_TYPE, ifAbsent: true };
  try {
    await kit.store.put(`keys/${manifestName(predicate.sequence)}`, signed.bundle, options, signal);
    return predicate.sequence;
  } catch (error) {
    if (storeReason(error) !== 'Exists') throw error;
    return undefined;
  }
}

/** For whoever verifies with another program. */
async function storeKey(
  { store, lock }: PackKit,
  { hint, publicKey }: { hint: string; publicKey: string },
  time: Date,
  signal: AbortSignal,
): Promise<void> {
  const file = `keys/${keyFileName(hint)}`;
  if (await store.head(file, {}, signal)) return;
  const pem = Buffer.from(publicKey, 'utf8');
  const options = { ...lockedFrom(lock, time), contentType: 'application/x-pem-file', ifAbsent: true };
  await store.put(file, pem, options, signal).catch((error: unknown) => {
    if (storeReason(error) !== 'Exists') throw error;
  });
}

/** Who signs the list: the key that is valid before, or the new key itself if a person says that it must do. */
function endorserOf({ signing, pack }: PackKit, newest: SignedKeys, time: Date): PackKit['signing']['previous'] {
  const able = signingKeys(newest, time).map(({ hint }) => hint);
  if (signing.previous && able.includes(signing.previous.hint)) return signing.previous;
  const { keyRef } = pack.spec.signing;
  if (keyRef?.unendorsed !== undefined) return undefined;
  const before = able.map((hint) => `keys/${keyFileName(hint)}`).join(', ') || 'none is valid any longer';
  throw new PackFailure(
    'KeyNotEndorsed',
    `the key in Secret ${keyRef?.name ?? ''} is new, and no key before it (${before}) endorses it; store that one under \`previous.pem\` in the Secret, or, if it is lost, say so in spec.signing.keyRef.unendorsed`,
    { needsPerson: true },
  );
}
