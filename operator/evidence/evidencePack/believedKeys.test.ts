/** Lists of keys in a store to which others can write: which are believed, and that whoever verifies the store agrees. */
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LockedStore } from '../../../test/evidence/lockedStore.ts';
import { addPack, cluster, newKey, store as storeName, write } from '../../../test/evidence/packs.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import { StoreError } from '../../connect/objectStore/types.ts';
import type { OwnKey } from '../../connect/signing/ownKey.ts';
import type { Reader } from '../../runtime/feature.ts';
import { firstKeys, revokedKeys, rotatedKeys, type SignedKeys } from '../statement/keyLife.ts';
import { keysStatement } from '../statement/keysStatement.ts';
import { keyFileName, manifestName } from '../statement/names.ts';
import { signStatement } from '../statement/signStatement.ts';
import type { KeysPredicate } from '../statement/types.ts';
import { folderTree } from '../verify/folderTree.ts';
import { verifyTree } from '../verify/verify.ts';
import { believedKeys, type BelievedKeys } from './believedKeys.ts';
import type { PackKit, PackSigning } from './kit.ts';
import { storeKeys } from './storeKeys.ts';

const time = new Date('2026-11-01T02:00:00Z');
const later = new Date('2026-11-20T02:00:00Z');
const place = { store: storeName, cluster };
const { signal } = new AbortController();
const [key, next, stranger] = [newKey(), newKey(), newKey()];
let store: LockedStore;
let folder: string;

beforeEach(() => {
  store = new LockedStore(time);
  folder = mkdtempSync(join(tmpdir(), 'holdfast-believed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function put(list: KeysPredicate, signer: OwnKey, number = list.sequence): Promise<SignedKeys> {
  const { bundle, digest } = await signStatement(keysStatement(list), signer);
  await store.put(`keys/${manifestName(number)}`, bundle, { contentType: 'a' }, signal);
  for (const { hint, publicKey } of list.keys)
    if (!store.objects.has(`keys/${keyFileName(hint)}`) && signer !== stranger)
      await store.put(`keys/${keyFileName(hint)}`, Buffer.from(publicKey), { contentType: 'a' }, signal);
  return { ...list, digest };
}

const garbage = (number: number) =>
  store.put(`keys/${manifestName(number)}`, Buffer.from('{}'), { contentType: 'a' }, signal);
const first = () => put(firstKeys(place, key, time), key);

function signingOf(own: OwnKey, more: Partial<PackSigning> = {}): PackSigning {
  return { signer: () => Promise.resolve(own), publicKey: own.publicKey, place, ...more };
}

function kitOf(signing: PackSigning, unendorsed?: string): PackKit {
  const keyRef = { name: 'key', ...(unendorsed !== undefined && { unendorsed }) };
  return {
    pack: { metadata: { namespace: 'platform', name: 'nightly' }, spec: { signing: { keyRef } } } as EvidencePack,
    ...{ store, storeName, cluster, signing, frameworks: [], unread: [] },
    witnesses: () => [],
    read: {} as Reader,
  };
}

const believed = (signing = signingOf(key)): Promise<BelievedKeys> => believedKeys(store, signing, signal);
const stored = (signing = signingOf(key), unendorsed?: string) =>
  storeKeys({ kit: kitOf(signing, unendorsed), now: () => later }, signal);

/** What an auditor says of the keys who was given the first key of ours, and of a pack that it signed. */
async function problems(given: OwnKey[] = [key], signer = key, manifest = 1): Promise<string[]> {
  for (const [path, [version]] of store.objects) await write(folder, path, version!.body);
  const facts = { time: later.toISOString(), key: { hint: signer.hint, manifest } };
  await addPack(folder, { number: 1, signer, facts });
  const { checks } = await verifyTree(folderTree(folder), { keys: given.map((one) => createPublicKey(one.publicKey)) });
  return checks.flatMap(({ name, problems: all }) => all.map(({ message }) => `${name}: ${message}`));
}

describe('a list of a stranger', () => {
  // theupdateframework/specification#150: trust only what current keys sign, whatever else is there.
  test('under the next number is not followed, stops nothing, and the next list says that it is none', async () => {
    const one = await first();
    await put(rotatedKeys(one, stranger, { now: time }), stranger);
    expect(await believed()).toMatchObject({ newest: { sequence: 1 }, foreign: [2] });
    expect(await problems()).toEqual(['Keys: it is not signed by a key of the list before']);
    expect(await stored()).toBe(3);
    expect(await believed()).toMatchObject({ newest: { sequence: 3, skipped: [2] }, foreign: [] });
    expect(await problems([key], key, 3)).toEqual([]);
    // It is not written again.
    expect(await stored()).toBe(3);
  });

  // theupdateframework/specification#318: a fast-forward attack takes the highest number.
  test('under the highest number takes none away', async () => {
    await first();
    await garbage(99_999_999);
    expect(await stored()).toBe(2);
    expect((await believed()).newest).toMatchObject({ sequence: 2, skipped: [99_999_999] });
    expect(await problems([key], key, 2)).toEqual([]);
  });

  // theupdateframework/rust-tuf#64: who followed the wrong branch never gets back to the right one.
  test('with lists that follow it does not hide those that follow ours', async () => {
    const one = await first();
    const bad = await put(rotatedKeys(one, stranger, { now: time }), stranger);
    await put(rotatedKeys(bad, newKey(), { now: time }), stranger);
    const rotation = signingOf(next, { previous: key });
    expect(await stored(rotation)).toBe(4);
    expect((await believed(rotation)).newest).toMatchObject({
      skipped: [2, 3],
      keys: [{ hint: key.hint }, { hint: next.hint }],
    });
    expect(await problems([key], next, 4)).toEqual([]);
  });

  test('under the first number is no beginning, unless a person says that the key counts by itself', async () => {
    await put(firstKeys(place, stranger, time), stranger);
    await expect(stored()).rejects.toMatchObject({ reason: 'KeyNotEndorsed', needsPerson: true });
    expect(await stored(signingOf(key), 'the list there is of a stranger')).toBe(2);
    expect(await stored()).toBe(2);
    expect(await problems([key], key, 2)).toEqual([]);
    // Who was given the key of the stranger believes the stranger's list, and refuses ours.
    expect(await problems([stranger], key, 2)).not.toEqual([]);
  });

  test('of more than can be named stops no pack that needs no list', async () => {
    await first();
    for (let number = 2; number < 520; number += 1) await garbage(number);
    await expect(stored()).rejects.toMatchObject({ reason: 'KeysForeign' });
    expect((await believed()).newest?.sequence).toBe(1);
  });

  // in-toto/in-toto#135: one signature of a key that is not known made all others fail.
  test.each([
    ['no bundle', () => garbage(2)],
    ['one under another number', () => put(firstKeys(place, stranger, time), stranger, 2)],
    [
      'longer than any bundle',
      () => store.put(`keys/${manifestName(2)}`, Buffer.alloc((8 << 20) + 1), { contentType: 'a' }, signal),
    ],
  ])('that is %s is skipped as any other', async (_, act) => {
    await first();
    await act();
    if (_ === 'longer than any bundle') {
      const { get } = store;
      store.get = async (at, ...rest) => {
        const bytes = await get(at, ...rest);
        if (bytes && bytes.length > 8 << 20) throw new StoreError('Invalid', 'it is longer');
        return bytes;
      };
    }
    expect(await stored()).toBe(3);
    expect(await problems([key], key, 3)).toEqual([]);
  });

  test('that skips ours is refused by all, and ours is not hidden', async () => {
    const one = await first();
    await put(rotatedKeys(one, next, { now: time }), key);
    await put({ ...firstKeys(place, stranger, time), sequence: 3, skipped: [1, 2] }, stranger);
    expect((await believed()).newest?.sequence).toBe(2);
    expect(await problems([key], next, 2)).not.toEqual([]);
  });

  test('of ours, copied from another store, is none', async () => {
    await first();
    const elsewhere = { ...place, store: { namespace: 'platform', name: 'other' } };
    await put({ ...firstKeys(elsewhere, key, time), sequence: 2, skipped: [1] }, key);
    expect(await believed()).toMatchObject({ newest: { sequence: 1 }, foreign: [2] });
  });
});

describe('what was believed', () => {
  const pinned = async (signing = signingOf(key)): Promise<PackSigning> => ({
    ...signing,
    pinned: (await believed(signing)).pin!,
  });
  const revoked = async (): Promise<SignedKeys> => {
    const two = await put(rotatedKeys(await first(), next, { now: time, overlapUntil: later }), key);
    return put(revokedKeys(two, { hint: key.hint, from: time, reason: 'stolen' }, time), next);
  };

  // notaryproject/notary#61, theupdateframework/python-tuf#1498: an older list is served, which does not know the revocation.
  test('is not rolled back: a list that revokes a key is removed', async () => {
    await revoked();
    const signing = await pinned(signingOf(key, { previous: next }));
    expect(signing.pinned?.sequence).toBe(3);
    store.objects.delete(`keys/${manifestName(3)}`);
    expect((await believed(signing)).problem).toMatch(
      /^keys\/manifest-00000003\.sigstore\.json .*is not in the store as it was/,
    );
    await expect(stored(signing)).rejects.toMatchObject({ reason: 'KeysAltered', needsPerson: true });
  });

  test('is read in its version, when another list was stored over it', async () => {
    await first();
    const signing = await pinned();
    expect(signing.pinned?.versionId).toBe('v1');
    await put(firstKeys(place, stranger, time), stranger);
    const versions = store.objects.get(`keys/${manifestName(1)}`)!;
    const { get } = store;
    store.get = async (at, options, ending) =>
      options.versionId === undefined
        ? get(at, options, ending)
        : store.objects.get(at)?.find(({ versionId }) => versionId === options.versionId)?.body;
    expect(versions).toHaveLength(2);
    expect(await believed(signing)).toMatchObject({ newest: { sequence: 1 }, altered: 1 });
    expect(await stored(signing)).toBe(1);
    expect(await problems()).not.toEqual([]);
  });

  test('is derived again where it was wiped', async () => {
    const one = await first();
    await put(rotatedKeys(one, next, { now: time }), key);
    expect((await believed(signingOf(next, { previous: key }))).pin).toMatchObject({ sequence: 2 });
    expect(await pinned(signingOf(key))).toMatchObject({ pinned: { sequence: 2 } });
  });

  test('continues with what it endorses, which no key of the Secret signed', async () => {
    const last = await revoked();
    const signing = await pinned(signingOf(next));
    const third = newKey();
    await put(rotatedKeys(last, third, { now: later }), next);
    expect((await believed({ ...signingOf(third), ...{ pinned: signing.pinned! } })).newest?.sequence).toBe(4);
  });

  // apache/tooling-trusted-releases#1417, in-toto/in-toto#236: a key that is over still counted.
  test('is not continued by a key that was over by then', async () => {
    const two = await put(rotatedKeys(await first(), next, { now: time }), key);
    await put(rotatedKeys(two, stranger, { now: later }), key);
    const signing = { ...signingOf(next), pinned: { sequence: 2, digest: `sha256:${two.digest.sha256}` } };
    expect(await believed(signing)).toMatchObject({ newest: { sequence: 2 }, foreign: [3] });
  });

  // theupdateframework/go-tuf#143: S3 answers 403 where there is nothing, and that was taken for the end of the lists.
  test('is not what could be read until the store failed', async () => {
    await first();
    store.get = () => Promise.reject(new StoreError('Denied', 'access denied'));
    await expect(believed()).rejects.toThrow('access denied');
  });
});
