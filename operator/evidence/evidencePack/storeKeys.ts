/**
 * Keeps the list of keys of a store: a key is in it before anything that it signed is stored, and the key before it endorses it. A key that is new and
 * that no other endorses is refused, unless a person says why: otherwise whoever can write the Secret would be believed.
 */
import { lockedFrom } from '../evidenceStore/lock.ts';
import { storeReason } from '../failures.ts';
import {
  firstKeys,
  rotatedKeys,
  sameKeys,
  signingKeys,
  skipping,
  whyNotSigned,
  type SignedKeys,
} from '../statement/keyLife.ts';
import { keyFileName, manifestName } from '../statement/names.ts';
import { keysStatement } from '../statement/keysStatement.ts';
import { signStatement } from '../statement/signStatement.ts';
import { BUNDLE_TYPE, type ListedKey } from '../statement/types.ts';
import { believedKeys } from './believedKeys.ts';
import { PackFailure, type PackKit } from './kit.ts';

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
    const { newest, foreign, problem } = await believedKeys(kit.store, kit.signing, signal);
    if (problem !== undefined) throw new PackFailure('KeysAltered', problem, { needsPerson: true });
    const time = now();
    const listed = newest?.keys.find((one) => one.hint === hint);
    if (listed) assertUsable(listed, time);
    const isDone = newest !== undefined && listed !== undefined;
    const added =
      isDone && foreign.length === 0 ? newest.sequence : await addList(kit, { newest, foreign, key, time }, signal);
    // What is there already has the key: another list would only say which files are none.
    const number = added ?? (isDone && tries === mostTries ? newest.sequence : undefined);
    // A list is what counts. A key without one, left by whoever was slower or ended in between, would be the key of a stranger for ever.
    if (number !== undefined) {
      await storeKey(kit, key, time, signal);
      return number;
    }
    if (tries === mostTries) throw taken(newest);
  }
}

function taken(newest: SignedKeys | undefined): PackFailure {
  const file = `keys/${manifestName((newest?.sequence ?? 0) + 1)}`;
  const message = `${file} in the store, or one after it, is not a list of keys that follows those before it; find out who wrote it, and remove it`;
  return new PackFailure('KeysForeign', message, { needsPerson: true });
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

interface Addition {
  readonly newest: SignedKeys | undefined;
  readonly foreign: readonly number[];
  readonly key: { readonly hint: string; readonly publicKey: string };
  readonly time: Date;
}

/**
 * A list with the key, which says which files are no lists of this store: otherwise whoever verifies it would have to refuse it. Undefined where another
 * EvidencePack of this store was faster, or whoever stores lists of their own.
 */
async function addList(kit: PackKit, addition: Addition, signal: AbortSignal): Promise<number | undefined> {
  const { newest, foreign, key, time } = addition;
  if (newest && time.getTime() < Date.parse(newest.time)) throw behind(newest.time, time);
  if (foreign.length > mostForeign) throw tooMany(foreign);
  const isListed = newest?.keys.some(({ hint }) => hint === key.hint);
  const endorser = isListed ? undefined : endorserOf(kit, addition);
  const place = { store: kit.storeName, cluster: kit.cluster };
  const overlapUntil = new Date(time.getTime() + overlapMilliseconds);
  const list = !newest
    ? firstKeys(place, key, time)
    : isListed
      ? sameKeys(newest, time)
      : rotatedKeys(newest, key, { now: time, overlapUntil });
  const predicate = skipping(list, foreign);
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

/** Named in one list. */
const mostForeign = 500;

function tooMany(foreign: readonly number[]): PackFailure {
  const message = `${foreign.length} files in keys/ are lists of keys of another writer, from keys/${manifestName(foreign[0] ?? 1)} on; take their right to write to the store away, and remove them`;
  return new PackFailure('KeysForeign', message, { needsPerson: true });
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
function endorserOf({ signing, pack }: PackKit, { newest, foreign, time }: Addition): PackKit['signing']['previous'] {
  if (!newest && foreign.length === 0) return undefined;
  const able = newest ? signingKeys(newest, time).map(({ hint }) => hint) : [];
  if (signing.previous && able.includes(signing.previous.hint)) return signing.previous;
  const { keyRef } = pack.spec.signing;
  if (keyRef?.unendorsed !== undefined) return undefined;
  const before = newest
    ? able.map((hint) => `keys/${keyFileName(hint)}`).join(', ') || 'none is valid any longer'
    : `keys/${manifestName(foreign[0] ?? 1)} is not signed with a key of the Secret`;
  throw new PackFailure(
    'KeyNotEndorsed',
    `the key in Secret ${keyRef?.name ?? ''} is new, and no key before it (${before}) endorses it; store that one under \`previous.pem\` in the Secret, or, if it is lost, say so in spec.signing.keyRef.unendorsed`,
    { needsPerson: true },
  );
}
