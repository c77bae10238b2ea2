/** Witnesses that were away, in a store with locks: found, asked and stored, whatever fails. Real ones: test/integration/lateWitnesses.test.ts. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import { LockedStore } from '../../../test/evidence/lockedStore.ts';
import { newKey, statementOf } from '../../../test/evidence/packs.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import { StoreError } from '../../connect/objectStore/types.ts';
import { envelopeIn, signatureIn } from '../../connect/signing/signature.ts';
import type { EvidenceWitness } from '../../connect/signing/types.ts';
import { preAuthEncoding } from '../../lib/dsse.ts';
import type { Reader } from '../../runtime/feature.ts';
import { bundleName } from '../statement/names.ts';
import { signStatement } from '../statement/signStatement.ts';
import { bundleIn } from '../verify/bundle.ts';
import type { LateRecord, PackKit } from './kit.ts';
import { canAttestLate, lackingWitnesses } from './lacking.ts';
import { attestLate, type LateFound, type Remembered } from './lateWitnesses.ts';

const now = new Date('2026-11-27T08:00:00Z');
const { signal } = new AbortController();
const key = newKey();
let store: LockedStore;
let recorded: LateRecord[];
let memory: Remembered;

beforeEach(() => {
  store = new LockedStore(now);
  recorded = [];
  memory = { done: new Set(), lacking: new Map(), foreign: new Set() };
});

/** A log, as far as its entries are of the signature. */
function log(name: string, asked: string[] = []): EvidenceWitness {
  return {
    name,
    adds: 'entry',
    testify(content) {
      const { payloadType, payload } = envelopeIn(content);
      const data = { digest: createHash('sha256').update(preAuthEncoding(payloadType, payload)).digest('base64') };
      const signature = { content: signatureIn(content).toString('base64') };
      asked.push(signature.content);
      const entry = {
        logIndex: '1',
        logId: { keyId: Buffer.from('log') },
        kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
        integratedTime: '0',
        inclusionPromise: undefined,
        inclusionProof: undefined,
        canonicalizedBody: Buffer.from(JSON.stringify({ spec: { hashedRekordV002: { data, signature } } })),
      } as unknown as TransparencyLogEntry;
      return Promise.resolve({ tlogEntries: [entry] });
    },
  };
}

function away(name: string, asked: string[] = []): EvidenceWitness {
  return {
    name,
    adds: 'entry',
    testify: () => {
      asked.push(name);
      return Promise.reject(new Error(`log ${name} does not respond`));
    },
  };
}

async function addPack(sequence: number, witnesses: readonly EvidenceWitness[] = [], signer = key): Promise<Buffer> {
  const statement = statementOf(
    {
      number: sequence,
      signer,
      ...(sequence > 1 && { previous: { digest: 'a'.repeat(64) } as never }),
      facts: { retention: { class: 'audit', mode: 'Compliance', until: '2030-01-01T00:00:00.000Z' } },
    },
    { evidence: '{}' },
  );
  const { bundle } = await signStatement(statement, signer, witnesses);
  await store.put(`packs/nightly/${bundleName(sequence)}`, bundle, { contentType: 'a' }, signal);
  return bundle;
}

function kitWith(witnesses: readonly EvidenceWitness[]): PackKit {
  return {
    pack: { metadata: { namespace: 'platform', name: 'nightly', uid: 'u1' } } as EvidencePack,
    store,
    storeName: { namespace: 'platform', name: 'vault' },
    lock: { mode: 'Compliance', retentionDays: 30 },
    cluster: { id: 'c1' },
    signing: { signer: () => Promise.resolve(key), publicKey: key.publicKey },
    witnesses: () => witnesses,
    read: {} as Reader,
    frameworks: [],
    unread: [],
  };
}

function attest(witnesses: readonly EvidenceWitness[], { last = 9, most = 50 } = {}): Promise<LateFound> {
  const journal = {
    flush: () => Promise.resolve(undefined),
    read: () => [] as never,
    append: () => undefined,
    stored: () => undefined,
    witnessed: (_: unknown, __: unknown, record: LateRecord) => void recorded.push(record),
  };
  return attestLate({ kit: kitWith(witnesses), journal, now, last, most }, memory, signal);
}

const late = (): string[] =>
  [...store.objects.keys()].filter((one) => /\/\d{8}\.[a-z]/.test(one) && !/\d\.sig/.test(one));

test('what a pack lacks is stored beside it, locked no shorter than the pack, and journaled', async () => {
  const bundle = await addPack(1, [away('log')]);
  const found = await attest([log('log')]);
  expect(found).toEqual({ lacking: [], unread: 0, silent: [], foreign: [] });
  expect(late()).toEqual(['packs/nightly/00000001.log.sigstore.json']);
  const [version] = store.objects.get('packs/nightly/00000001.log.sigstore.json')!;
  expect(version!.retention).toEqual({ mode: 'Compliance', until: new Date('2030-01-01T00:00:00Z') });
  const [before, after] = [bundleIn(bundle), bundleIn(version!.body)];
  expect([after.payload, after.signature]).toEqual([before.payload, before.signature]);
  expect([before.entries.length, after.entries.length]).toEqual([0, 1]);
  expect(recorded).toEqual([{ sequence: 1, digest: expect.stringMatching(/^sha256:/), witness: 'log' }]);
});

test('nothing is asked of packs that have all', async () => {
  await addPack(1, [log('log')]);
  const asked: string[] = [];
  expect((await attest([log('log', asked)])).lacking).toEqual([]);
  expect([asked, late()]).toEqual([[], []]);
});

test('a pack that is read once is not read again while witnesses stay the same', async () => {
  await addPack(1, [log('log')]);
  await attest([log('log')]);
  let reads = 0;
  const { get } = store;
  store.get = (...given) => {
    reads += 1;
    return get(...given);
  };
  await attest([log('log')]);
  expect(reads).toBe(0);
});

// tuna-os/tunaOS#1560: a log was away for 45 minutes in two nights, and a retry of 30 s lost the work of both.
test('one that stays away is asked once in a pass, and others are asked all the same', async () => {
  for (const sequence of [1, 2, 3]) await addPack(sequence);
  const asked: string[] = [];
  const found = await attest([away('dead', asked), log('log')]);
  expect(asked).toEqual(['dead']);
  expect(found.lacking).toEqual([3, 2, 1].map((sequence) => ({ sequence, witnesses: ['dead'] })));
  expect(found.silent).toEqual([{ name: 'dead', reason: 'log dead does not respond' }]);
  expect(late()).toHaveLength(3);
  // It is back.
  expect((await attest([log('dead'), log('log')])).lacking).toEqual([]);
  expect(late()).toHaveLength(6);
});

test('a pass is bounded, newest first, and the next one continues', async () => {
  for (const sequence of [1, 2, 3, 4, 5]) await addPack(sequence);
  expect((await attest([log('log')], { most: 2 })).unread).toBe(3);
  expect(late().sort()).toEqual([4, 5].map((one) => `packs/nightly/0000000${one}.log.sigstore.json`));
  // While it is away, what was not read yet is read all the same.
  expect((await attest([away('log')], { most: 2 })).unread).toBe(1);
  expect((await attest([away('log')], { most: 2 })).lacking.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
  expect((await attest([log('log')], { most: 9 })).lacking).toEqual([]);
});

test('packs of another key, and those beyond the last of ours, are attested by nobody', async () => {
  await addPack(1, [], newKey());
  await addPack(2);
  const asked: string[] = [];
  await attest([log('log', asked)], { last: 1 });
  expect([asked, late()]).toEqual([[], []]);
});

describe('faults', () => {
  // projectbluefin/bluefin#60: what was signed was there, its attestation failed, and nothing came back to it.
  test('the answer of the store is lost: what is there counts', async () => {
    await addPack(1);
    const { put } = store;
    store.put = async (...given) => {
      await put(...given);
      throw new StoreError('Unavailable', 'it does not respond');
    };
    await expect(attest([log('log')])).rejects.toThrow('does not respond');
    store.put = put;
    expect((await attest([log('log')])).lacking).toEqual([]);
    expect(store.objects.get('packs/nightly/00000001.log.sigstore.json')).toHaveLength(1);
    expect(recorded).toHaveLength(1);
  });

  test('the journal has no room: it is recorded later, and nothing is stored twice', async () => {
    await addPack(1);
    const push = recorded.push.bind(recorded);
    recorded.push = () => {
      throw new Error('no room');
    };
    await expect(attest([log('log')])).rejects.toThrow('no room');
    recorded.push = push;
    await attest([log('log')]);
    expect(recorded).toHaveLength(1);
    expect(store.objects.get('packs/nightly/00000001.log.sigstore.json')).toHaveLength(1);
  });

  test('an attestation of another signature is not stored', async () => {
    const other = bundleIn(await addPack(2, [log('log')]));
    await addPack(1);
    const wrong: EvidenceWitness = {
      ...log('log'),
      testify: () =>
        Promise.resolve({
          tlogEntries: [{ ...(other.entries[0] as object), canonicalizedBody: Buffer.from('{}') } as never],
        }),
    };
    const found = await attest([wrong]);
    expect(found.lacking).toEqual([{ sequence: 1, witnesses: ['log'] }]);
    expect(late()).toEqual([]);
  });

  test.each([
    ['no bundle', () => Promise.resolve(Buffer.from('{}'))],
    ['one of another pack', () => addPack(2, [log('log')])],
    [
      'the pack itself, without a witness',
      () => addPack(2).then(() => store.objects.get('packs/nightly/00000001.sigstore.json')![0]!.body),
    ],
  ])('another one stored %s under the name of the witness: it is told, and replaced by nothing', async (_, body) => {
    await addPack(1);
    const file = 'packs/nightly/00000001.log.sigstore.json';
    await store.put(file, await body(), { contentType: 'a' }, signal);
    const found = await attest([log('log')], { last: 1 });
    expect(found.foreign).toEqual([file]);
    expect(found.lacking).toEqual([{ sequence: 1, witnesses: ['log'] }]);
    expect(store.objects.get(file)).toHaveLength(1);
    // It was removed.
    store.objects.delete(file);
    expect(await attest([log('log')], { last: 1 })).toMatchObject({ foreign: [], lacking: [] });
  });
});

// sigstore/cosign#4594: after an upgrade bundles had no timestamp any longer, and nothing said so.
describe('what a pack lacks', () => {
  const tsa = { name: 'tsa', adds: 'timestamp' } as const;
  const other = { name: 'other', adds: 'timestamp' } as const;
  const rekor = { name: 'log', adds: 'entry' } as const;
  const bundle = (timestamps: number, entries: number) => ({
    timestamps: Array.from({ length: timestamps }, () => Buffer.of()),
    entries: Array.from({ length: entries }, () => ({})),
  });

  test.each([
    ['nothing', [tsa, rekor], bundle(1, 1), [], []],
    ['the timestamp', [tsa, rekor], bundle(0, 1), [], ['tsa']],
    ['the entry', [tsa, rekor], bundle(1, 0), [], ['log']],
    ['nothing, since it was added', [tsa, rekor], bundle(1, 0), ['log'], []],
    ['one of two: which one is not known', [tsa, other], bundle(1, 0), [], ['tsa', 'other']],
    ['none of two, since one was added', [tsa, other], bundle(1, 0), ['other'], []],
    ['one that is configured no longer', [{ name: 'old' }], bundle(1, 1), [], ['old']],
  ])('%s', (_, wanted, has, added, lacking) => {
    expect(lackingWitnesses(wanted, has, new Set(added))).toEqual(lacking);
  });

  // sigstore/sigstore-python#35, ralphje/signify#6: a time beyond the certificate makes a good signature invalid.
  test('a keyless signature gets an entry later, and never a timestamp', () => {
    const certificate = Buffer.of(1);
    expect(canAttestLate(tsa, { certificate })).toBe(false);
    expect(canAttestLate(rekor, { certificate })).toBe(true);
    expect(canAttestLate(tsa, { certificate: undefined })).toBe(true);
  });
});
