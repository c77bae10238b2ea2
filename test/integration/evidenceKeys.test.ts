/** Keys of evidence in a real S3, rotated while writes fail, are answered by nobody, or meet those of another operator: no pack without a list that has its key. */
import { createPublicKey } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openSigning } from '../../operator/connect/signing/openSigning.ts';
import type { PackKit } from '../../operator/evidence/evidencePack/kit.ts';
import { readHead } from '../../operator/evidence/evidencePack/readHead.ts';
import { storeKeys } from '../../operator/evidence/evidencePack/storeKeys.ts';
import { hintOf } from '../../operator/lib/dsse.ts';
import { atWrite, Chain, writeOf } from '../evidence/kills.ts';
import { newPem, secretOf, startProcessBed, type Pem, type ProcessBed } from '../evidence/processBed.ts';
import { problemsOf } from '../evidence/wholeness.ts';
import type { Fault } from '../objectStore/faultProxy.ts';
import { conditionOf } from '../operator/bed.ts';
import { home } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

let bed: ProcessBed;
let chain: Chain;
const { signal } = new AbortController();
const list = 'keys/manifest-*.sigstore.json';
const file = 'keys/*.pub';

beforeAll(async () => {
  bed = await startProcessBed();
  chain = new Chain(bed);
  await chain.next();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

afterEach(async () => {
  const folder = await bed.download();
  const packs = { nightly: chain.count };
  expect(await problemsOf({ bucket: bed.bucket, folder, key: bed.key.public, packs, turns: bed.turns })).toEqual([]);
});

const keyOf = async (sequence: number) =>
  (await readHead(bed.bucket.store, 'nightly', sequence, signal))?.statement.predicate.key;
const hint = ({ public: pem }: Pem): string => hintOf(createPublicKey(pem));

describe.each([list, file])('when %s is written for a new key', (write) => {
  test.each<[string, Fault]>([
    ['there is an error', { do: 'answer', status: 503, code: 'SlowDown' }],
    ['the answer is lost', { do: 'loseReply' }],
    ['the answer is one of a gateway', { do: 'replaceReply', status: 502 }],
    ['the connection is cut', { do: 'cut', afterBytes: 1 }],
  ])('and %s, the pack is signed with it', async (_, fault) => {
    await chain.rotate();
    await chain.nextWith(atWrite(write, fault));
    expect(await keyOf(chain.count)).toMatchObject({ hint: hint(chain.key) });
  });
});

test('what fails until it is given up is told, and made up by itself', async () => {
  await chain.rotate();
  const faults: Fault[] = Array.from({ length: 3 }, () => ({ do: 'answer', status: 507, code: 'XMinioStorageFull' }));
  const made = chain.nextWith((request) => (writeOf(request) === list ? faults.pop() : undefined));
  await until('it is told', async () => conditionOf(await bed.pack(), 'Stored')?.reason === 'StoreFull' || undefined);
  await made;
  expect(await keyOf(chain.count)).toMatchObject({ hint: hint(chain.key) });
}, 120_000);

test('another operator that adds a key at the same moment is followed', async () => {
  const other = newPem();
  const before = chain.key;
  const own = openSigning([]);
  // Like that of another EvidencePack of this store, which knows the lists by its status.
  const pinned = (await bed.pack())?.status?.keys;
  expect(pinned).toBeDefined();
  const signing = {
    ...(pinned && { pinned }),
    signer: () => Promise.resolve(own.ownKey(other.private)),
    publicKey: other.public,
    previous: own.ownKey(before.private),
  };
  const lock = { mode: 'Governance', retentionDays: 400 } as const;
  const kit = { store: bed.bucket.store, signing, lock, storeName: { namespace: home, name: 'main' } };
  const add = () => storeKeys({ kit: kit as unknown as PackKit, now: () => new Date() }, signal);
  const { manifest = 0 } = (await keyOf(chain.count)) ?? {};
  await chain.rotate();
  await chain.nextWith(atWrite(list, { do: 'delay', until: add }));
  expect(await keyOf(chain.count)).toEqual({ hint: hint(chain.key), manifest: manifest + 2 });
});

test('a key that is replaced while a pack is made signs that one, and the next is signed with the new one', async () => {
  const before = chain.key;
  await chain.nextWith(atWrite('packs/nightly/*/evidence-*.json', { do: 'delay', until: () => chain.rotate() }));
  expect(await keyOf(chain.count)).toMatchObject({ hint: hint(before) });
  await chain.next();
  expect(await keyOf(chain.count)).toMatchObject({ hint: hint(chain.key) });
});

describe('a Secret whose key', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    ['is missing', { other: 'x' }, 'KeyMissing', /has no key `private\.pem`/],
    ['is of another curve', { 'private.pem': newPem('P-384').private }, 'InvalidKey', /P-256/],
    ['is none', { 'private.pem': 'x' }, 'InvalidKey', /in Secret evidence-key: /],
  ])('%s makes no pack, and that is told; with the right one it is made', async (_, data, reason, message) => {
    const { kubectl } = bed.cluster;
    await kubectl.run('delete', 'secret', 'evidence-key', '-n', home);
    await kubectl.apply(secretOf('evidence-key', data));
    await bed.turn();
    await bed.due();
    const found = await until(reason, async () => {
      const condition = conditionOf(await bed.pack(), 'Ready');
      return condition?.reason === reason ? condition : undefined;
    });
    expect(found.message).toMatch(message);
    await kubectl.run('delete', 'secret', 'evidence-key', '-n', home);
    await kubectl.apply(secretOf('evidence-key', { 'private.pem': chain.key.private }));
    // A change of a Secret is seen at the next look.
    await bed.due();
    await bed.stored(++chain.count);
  });
});
