/**
 * Retention on real parts: packs in a real S3 with object lock grow old, and are deleted with a record; the rest is verified. Holds, locks, others, and faults in the
 * middle of it prevent it or do no harm.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import type { EvidenceStore } from '../../operator/api/v1alpha1/evidenceStore.ts';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { readSegment } from '../../operator/evidence/journal/segment.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import { bucket, nextNight, startNightlyBed, untilStored, type NightlyBed } from '../evidence/nightlyBed.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { keysOf } from '../objectStore/contract.ts';
import { gatewayCredentials } from '../objectStore/gateway.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home } from '../operator/clusterOnly.ts';
import { grantedIn } from '../operator/grants.ts';
import { operatorAccount } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

let bed: NightlyBed;
let admin = '';
let count = 0;
const { signal } = new AbortController();
const day = 86_400_000;
const objectLock = { mode: 'Governance', retentionDays: 400 };

const secret = (name: string, stringData: Record<string, string>, namespace = home): object => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData },
});
const store = (spec: object, s3: object = {}, namespace = home): object => ({
  apiVersion,
  kind: 'EvidenceStore',
  metadata: { name: 'main', namespace },
  spec: { s3: { endpoint: 'main', bucket, prefix: 'prod', credentialsRef: { name: 'bucket-keys' }, ...s3 }, ...spec },
});
const nightly = (namespace = home): object => ({
  apiVersion,
  kind: 'EvidencePack',
  metadata: { name: 'nightly', namespace },
  spec: {
    storeRef: { name: 'main' },
    signing: { keyRef: { name: 'evidence-key' } },
    sections: ['Evidence'],
    retention: { class: 'Telemetry' },
  },
});

beforeAll(async () => {
  bed = await startNightlyBed();
  const { kubectl } = bed.cluster;
  const who = JSON.parse(await kubectl.run('auth', 'whoami', '--output=json')) as {
    status: { userInfo: { username: string } };
  };
  admin = who.status.userInfo.username;
  await bed.start();
  await kubectl.apply(
    secret('bucket-keys', { ...gatewayCredentials }),
    secret('evidence-key', { 'private.pem': bed.key.private }),
    store({ disposal: 'WhenDue' }),
    nightly(),
  );
  for (let at = 0; at < 4; at++) await night();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

async function night(days = 1): Promise<EvidencePack> {
  bed.clock.moveTo(nextNight(bed.clock.now(), days));
  return untilStored(bed, ++count);
}

const bundles = async (): Promise<number[]> =>
  (await keysOf(bed.store.list('packs/nightly/', {}, signal)))
    .flatMap((key) => /\/(\d{8})\.sigstore/.exec(key)?.slice(1) ?? [])
    .map(Number);

async function disposed(reason: string, sequence = count): Promise<EvidencePack> {
  let last: EvidencePack | undefined;
  return until(
    `${reason} is told`,
    async () => {
      last = await bed.pack();
      const isAfter =
        Date.parse(last?.status?.retention?.checkTime ?? '') >= Date.parse(last?.status?.last?.time ?? '') - 1000;
      return conditionOf(last, 'Disposed')?.reason === reason && isAfter && last?.status?.last?.sequence === sequence
        ? last
        : undefined;
    },
    { seconds: 40, seen: () => last?.status },
  );
}

async function held(reason: string): Promise<EvidenceStore> {
  let last: EvidenceStore | undefined;
  return until(
    `Held says ${reason}`,
    async () => {
      last = await bed.cluster.kubectl.get<EvidenceStore>('evidencestore', 'main', home);
      return conditionOf(last, 'Held')?.reason === reason ? last : undefined;
    },
    { seconds: 40, seen: () => last?.status },
  );
}

interface Copy {
  readonly folder: string;
  readonly entries: readonly JournalEntry[];
}

async function copied(): Promise<Copy> {
  const folder = await bed.download();
  const names = readdirSync(join(folder, 'journal'))
    .filter((name) => /^\d+\.ndjson$/.test(name))
    .sort();
  const entries = names.flatMap(
    (name) => readSegment(Number(name.slice(0, 12)), readFileSync(join(folder, 'journal', name))).entries,
  );
  return { folder, entries };
}

/** By our verifier, the script and cosign. */
async function isVerified(first: number): Promise<Copy> {
  const copy = await copied();
  const verdict = await verifyTree(folderTree(copy.folder), { keys: [createPublicKey(bed.key.public)] });
  const problems = verdict.checks.flatMap((check) => check.problems).filter(({ is }) => is !== 'Partial');
  expect(problems).toEqual([]);
  expect(verdict.packs[0]?.sequence).toBe(first);
  expect(verdict.packs.at(-1)?.sequence).toBe(count);
  const key = join(bed.folder, 'evidence.pub');
  writeFileSync(key, bed.key.public);
  expect(await byCosign(copy.folder, key)).toMatchObject({ isVerified: true });
  return copy;
}

const patch = (spec: object) =>
  bed.cluster.kubectl.run(
    '-n',
    home,
    'patch',
    'evidencestore',
    'main',
    '--type=merge',
    '--patch',
    JSON.stringify({ spec }),
  );

const hold = (more: object = {}) => ({ name: 'case-7', reason: 'Case 7', placedBy: admin, ...more });

test('what is not over stays, and it is said until when', async () => {
  const { status } = await disposed('UpToDate');
  expect(conditionOf({ status: status! }, 'Disposed')?.message).toMatch(
    /^nothing is due; pack 1, the oldest, can be deleted 20/,
  );
  expect(await bundles()).toEqual([1, 2, 3, 4]);
});

describe('a hold', () => {
  test('is placed in the store itself on what it covers, and journaled', async () => {
    await patch({
      s3: { objectLock },
      holds: [hold({ packs: ['nightly'] })],
    });
    const found = await held('Placed');
    expect(conditionOf(found, 'Held')?.message).toMatch(
      /^in force: case-7 \(by .*\); placed on what it covers in the store$/,
    );
    for (const key of await keysOf(bed.store.list('packs/nightly/', {}, signal)))
      expect((await bed.store.head(key, {}, signal))?.isHeld).toBe(true);
    await bed.cluster.kubectl.run('-n', home, 'describe', 'evidencestore', 'main');
  });

  test('keeps what is over', async () => {
    await night(100);
    await night();
    const { status } = await disposed('Held');
    expect(conditionOf({ status: status! }, 'Disposed')).toMatchObject({
      status: 'False',
      message: expect.stringMatching(/^pack 1, the oldest, is kept by legal hold case-7; without, it can be deleted /),
    });
    expect(await bundles()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('that someone placed in the store itself is not released with ours, and keeps what follows', async () => {
    const key = 'packs/nightly/00000003.sigstore.json';
    const foreign = await bed.store.head(key, {}, signal);
    // As if it had been there before ours: ours is released there, and placed again by another.
    const logged = async (): Promise<number> => (await keysOf(bed.store.list('holds/', {}, signal))).length;
    const before = await logged();
    await patch({ holds: [] });
    await held('NoHold');
    // Until the log has it, a pass that is broken off, as by the next leap of the clock, is done over.
    await until('ours are released', async () => ((await logged()) > before ? true : undefined), { seconds: 40 });
    expect((await bed.store.head(key, {}, signal))?.isHeld).not.toBe(true);
    await bed.store.hold(key, foreign?.versionId, true, signal);
  });
});

test('what is over is deleted, a hold in the store and the lock of what follows keep the rest; a lost reply does no harm', async () => {
  let lost = 2;
  bed.proxy.fault = ({ method, path }) =>
    method === 'DELETE' && path.includes('/packs/') && lost-- > 0 ? { do: 'loseReply' } : undefined;
  await night();
  const { status } = await disposed('HeldInStore');
  bed.proxy.fault = () => undefined;
  expect(status?.retention?.oldest).toBe(3);
  expect(await bundles()).toEqual([3, 4, 5, 6, 7]);
  const { folder } = await isVerified(3);
  rmSync(folder, { recursive: true });
  const key = 'packs/nightly/00000003.sigstore.json';
  await bed.store.hold(key, (await bed.store.head(key, {}, signal))?.versionId, false, signal);
});

test('the operator is killed in the middle, and the next one continues with the same record', async () => {
  const killed = new Promise<void>((resolve) => {
    let seen = 0;
    bed.proxy.fault = ({ method, path }) => {
      if (method !== 'DELETE' || !path.includes('/packs/') || ++seen < 2) return seen > 1 ? { do: 'hang' } : undefined;
      setImmediate(resolve);
      return { do: 'hang' };
    };
  });
  bed.clock.moveTo(nextNight(bed.clock.now()));
  await killed;
  await bed.kill();
  await bed.start();
  await untilStored(bed, ++count);
  await until('3 and 4 are gone', async () => ((await bundles())[0] === 5 ? true : undefined), { seconds: 40 });
  const { folder, entries } = await isVerified(5);
  expect(readdirSync(join(folder, 'packs/nightly')).filter((name) => name.startsWith('disposition'))).toEqual([
    'disposition-00000001.sigstore.json',
    'disposition-00000003.sigstore.json',
  ]);
  const told = entries.filter(({ event }) => ['Held', 'Released', 'Disposed'].includes(event));
  expect(told.map(({ event, actor }) => [event, actor])).toEqual(
    expect.arrayContaining([
      ['Held', admin],
      ['Released', admin],
      ['Disposed', undefined],
    ]),
  );
  rmSync(folder, { recursive: true });
});

test('what is locked still is not deleted, whatever its class', async () => {
  await night(100);
  await night();
  const found = await disposed('UpToDate');
  expect(await bundles()).toEqual(Array.from({ length: count - 4 }, (_, at) => at + 5));
  const next = Date.parse(found.status?.retention?.nextTime ?? '');
  const facts = await bed.store.head('packs/nightly/00000005.sigstore.json', {}, signal);
  expect(next).toBe(facts!.retention!.until.getTime());
});

test('a status that was wiped finds its chain again', async () => {
  await bed.cluster.kubectl.run('-n', home, 'delete', 'evidencepack', 'nightly');
  await bed.cluster.kubectl.apply(nightly());
  const { status } = await untilStored(bed, count);
  expect(conditionOf({ status: status! }, 'ChainIntact')?.status).toBe('True');
  await night();
  const { folder } = await isVerified(5);
  rmSync(folder, { recursive: true });
});

describe('others delete nothing', () => {
  const old = 'packs/nightly/00000001.sigstore.json';
  test('by a pack, a record or a list of keys that they plant', async () => {
    const record = await bed.store.get(
      'packs/nightly/disposition-00000003.sigstore.json',
      { maxBytes: 1 << 20 },
      signal,
    );
    const plants: [string, Buffer, RegExp][] = [
      [old, record!, /00000001.sigstore.json: a record says that it was deleted, and something else is there/],
      ['packs/nightly/disposition-00000005.sigstore.json', record!, /disposition-00000005|already goes to/],
      ['keys/manifest-00000002.sigstore.json', record!, /manifest-00000002/],
    ];
    // Past every lock of the store, by our clock.
    bed.clock.moveTo(new Date(bed.clock.now().getTime() + 500 * day));
    await untilStored(bed, ++count);
    const before = await bundles();
    for (const [key, body, message] of plants) {
      const stored = await bed.store.put(key, body, { contentType: 'application/json' }, signal);
      if (!key.startsWith('keys/')) {
        await night();
        const { status } = await disposed('InDoubt');
        expect(conditionOf({ status: status! }, 'Disposed')?.message).toMatch(message);
      }
      expect((await bundles()).filter((number) => number !== 1)).toEqual(expect.arrayContaining(before));
      await bed.store.remove(key, stored.versionId, signal);
    }
  });

  test('by an EvidenceStore and packs of their own in another namespace', async () => {
    const { kubectl } = bed.cluster;
    const before = await bed.versions();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await kubectl.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'strangers' } },
      ...grantedIn('strangers', operatorAccount),
    );
    await kubectl.apply(
      secret('bucket-keys', { ...gatewayCredentials }, 'strangers'),
      secret(
        'evidence-key',
        { 'private.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
        'strangers',
      ),
      store({ disposal: 'WhenDue' }, {}, 'strangers'),
      nightly('strangers'),
    );
    bed.clock.moveTo(nextNight(bed.clock.now()));
    await untilStored(bed, ++count);
    await until('theirs was looked at', async () => {
      const pack = await kubectl.get<EvidencePack>('evidencepack', 'nightly', 'strangers');
      return conditionOf(pack, 'Disposed')?.reason === 'UpToDate' ? true : undefined;
    });
    expect(await bed.versions()).toEqual(expect.arrayContaining(before.filter((key) => key.startsWith('packs/'))));
  });
});

test('verify.sh verifies what is left', async () => {
  const { folder } = await copied();
  const key = join(bed.folder, 'evidence.pub');
  writeFileSync(key, bed.key.public);
  expect(await byScript(folder, key)).toMatchObject({ isVerified: true });
  rmSync(folder, { recursive: true });
});
