/**
 * Keeps the list of keys of a store: a key is in it before anything that it signed is stored, and the key before it endorses it. A key that is new and
 * that no other endorses is refused, unless a person says why: otherwise whoever can write the Secret would be believed.
 */
import type { PutOptions } from '../../connect/objectStore/types.ts';
import { storeReason } from '../failures.ts';
import { firstKeys, rotatedKeys, signingKeys, whyNotSigned, type SignedKeys } from '../statement/keyLife.ts';
import { keyFileName, manifestName } from '../statement/names.ts';
import { keysStatement } from '../statement/keysStatement.ts';
import { signStatement } from '../statement/signStatement.ts';
import { BUNDLE_TYPE, MOST_BUNDLE_BYTES, type ListedKey } from '../statement/types.ts';
import { bundleIn } from '../verify/bundle.ts';
import { manifestIn } from '../verify/keyRing.ts';
import { Refusal } from '../verify/verdict.ts';
import { PackFailure, type PackKit } from './kit.ts';
import { keyLists } from './listedKeys.ts';

interface Keeping {
  readonly kit: PackKit;
  readonly time: Date;
  readonly locked: Pick<PutOptions, 'retention'>;
}

const mostTries = 3;

/** The number of the list that has the key; undefined where signing is keyless. */
export async function storeKeys(keeping: Keeping, signal: AbortSignal): Promise<number | undefined> {
  const { kit, time } = keeping;
  const { publicKey } = kit.signing;
  if (publicKey === undefined) return undefined;
  const signer = await kit.signing.signer(signal);
  for (let tries = 1; ; tries += 1) {
    const newest = await newestManifest(kit, signal);
    const listed = newest?.keys.find(({ hint }) => hint === signer.hint);
    if (newest && listed) {
      assertUsable(listed, time);
      return newest.sequence;
    }
    try {
      return await addKey(keeping, { newest, key: { hint: signer.hint, publicKey } }, signal);
    } catch (error) {
      // Another EvidencePack of this store was faster.
      if (storeReason(error) !== 'Exists' || tries === mostTries) throw error;
    }
  }
}

function assertUsable(key: ListedKey, time: Date): void {
  const why = whyNotSigned(key, time);
  if (why === undefined) return;
  const message = `keys/${keyFileName(key.hint)} cannot sign: ${why}; store another key in the Secret`;
  throw new PackFailure('KeyNotValid', message, { needsPerson: true });
}

async function addKey(
  { kit, time, locked }: Keeping,
  { newest, key }: { newest: SignedKeys | undefined; key: { hint: string; publicKey: string } },
  signal: AbortSignal,
): Promise<number> {
  const place = { store: kit.storeName, cluster: kit.cluster };
  const endorser = newest && endorserOf(kit, newest, time);
  const predicate = newest ? rotatedKeys(newest, key, { now: time }) : firstKeys(place, key, time);
  const signed = await signStatement(keysStatement(predicate), endorser ?? (await kit.signing.signer(signal)));
  await storeKey(kit, key, { ...locked, contentType: 'application/x-pem-file', ifAbsent: true }, signal);
  const list = `keys/${manifestName(predicate.sequence)}`;
  await kit.store.put(list, signed.bundle, { ...locked, contentType: BUNDLE_TYPE, ifAbsent: true }, signal);
  return predicate.sequence;
}

async function storeKey(
  { store }: PackKit,
  { hint, publicKey }: { hint: string; publicKey: string },
  options: PutOptions,
  signal: AbortSignal,
): Promise<void> {
  const file = `keys/${keyFileName(hint)}`;
  const pem = Buffer.from(publicKey, 'utf8');
  try {
    await store.put(file, pem, options, signal);
  } catch (error) {
    if (storeReason(error) !== 'Exists') throw error;
    const there = await store.get(file, { maxBytes: 4 * pem.length }, signal);
    if (!there?.equals(pem))
      throw new PackFailure('Altered', `${file} in the store is another key; find out who wrote it`);
  }
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

async function newestManifest({ store }: PackKit, signal: AbortSignal): Promise<SignedKeys | undefined> {
  let key: string | undefined;
  for await (const one of keyLists(store, signal)) ({ key } = one);
  if (key === undefined) return undefined;
  const bytes = await store.get(key, { maxBytes: MOST_BUNDLE_BYTES }, signal);
  try {
    return manifestIn(key, bundleIn(bytes ?? Buffer.of())).list;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const message = `${key} is not a list of keys: ${error.message}; find out who wrote it`;
    throw new PackFailure('Altered', message, { cause: error });
  }
}
