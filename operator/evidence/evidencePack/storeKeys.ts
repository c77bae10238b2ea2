/**
 * Keeps the list of keys of a store: a key is in it before anything that it signed is stored, and the key before it endorses it. A key that is new and
 * that no other endorses is refused, unless a person says why: otherwise whoever can write the Secret would be believed.
 */
import type { PutOptions } from '../../connect/objectStore/types.ts';
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
    const { newest, foreign, problem } = await believedKeys(kit.store, kit.signing, signal);
    if (problem !== undefined) throw new PackFailure('KeysAltered', problem, { needsPerson: true });
    const listed = newest?.keys.find(({ hint }) => hint === signer.hint);
    if (listed) assertUsable(listed, time);
    if (newest && listed && foreign.length === 0) return newest.sequence;
    try {
      return await addList(keeping, { newest, foreign, key: { hint: signer.hint, publicKey } }, signal);
    } catch (error) {
      // Another EvidencePack of this store was faster, or whoever stores lists of their own.
      if (storeReason(error) === 'Exists' && tries < mostTries) continue;
      // What is there already has the key: the list would only say which files are none.
      if (newest && listed && storeReason(error) === 'Exists') return newest.sequence;
      throw error;
    }
  }
}

function assertUsable(key: ListedKey, time: Date): void {
  const why = whyNotSigned(key, time);
  if (why === undefined) return;
  const message = `keys/${keyFileName(key.hint)} cannot sign: ${why}; store another key in the Secret`;
  throw new PackFailure('KeyNotValid', message, { needsPerson: true });
}

interface Addition {
  readonly newest: SignedKeys | undefined;
  readonly foreign: readonly number[];
  readonly key: { readonly hint: string; readonly publicKey: string };
}

/** A list with the key, which says which files are no lists of this store: otherwise whoever verifies it would have to refuse it. */
async function addList({ kit, time, locked }: Keeping, addition: Addition, signal: AbortSignal): Promise<number> {
  const { newest, foreign, key } = addition;
  if (foreign.length > mostForeign) throw tooMany(foreign);
  const isListed = newest?.keys.some(({ hint }) => hint === key.hint);
  const endorser = isListed ? undefined : endorserOf(kit, addition, time);
  const place = { store: kit.storeName, cluster: kit.cluster };
  const list = !newest
    ? firstKeys(place, key, time)
    : isListed
      ? sameKeys(newest, time)
      : rotatedKeys(newest, key, { now: time });
  const predicate = skipping(list, foreign);
  const signed = await signStatement(keysStatement(predicate), endorser ?? (await kit.signing.signer(signal)));
  await storeKey(kit, key, { ...locked, contentType: 'application/x-pem-file', ifAbsent: true }, signal);
  const file = `keys/${manifestName(predicate.sequence)}`;
  await kit.store.put(file, signed.bundle, { ...locked, contentType: BUNDLE_TYPE, ifAbsent: true }, signal);
  return predicate.sequence;
}

/** Named in one list. */
const mostForeign = 500;

function tooMany(foreign: readonly number[]): PackFailure {
  const message = `${foreign.length} files in keys/ are lists of keys of another writer, from keys/${manifestName(foreign[0] ?? 1)} on; take their right to write to the store away, and remove them`;
  return new PackFailure('KeysForeign', message, { needsPerson: true });
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
function endorserOf(
  { signing, pack }: PackKit,
  { newest, foreign }: Addition,
  time: Date,
): PackKit['signing']['previous'] {
  const { keyRef } = pack.spec.signing;
  if (!newest && foreign.length === 0) return undefined;
  const able = newest ? signingKeys(newest, time).map(({ hint }) => hint) : [];
  if (signing.previous && able.includes(signing.previous.hint)) return signing.previous;
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
