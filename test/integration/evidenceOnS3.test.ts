/**
 * Packs of many nights in a real S3 with object lock, with time moved over them: each is locked, and the three verifiers say that the chain is as it was
 * signed. At each write of a pack the store fails, loses its answer, or the operator ends: there is one pack of each number, and the journal says so once.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { readSegment } from '../../operator/evidence/journal/segment.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import type { Verdict } from '../../operator/evidence/verify/verdict.ts';
import { bucket, nextNight, partOf, startNightlyBed, untilStored, type NightlyBed } from '../evidence/nightlyBed.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { keysOf } from '../objectStore/contract.ts';
import type { Fault } from '../objectStore/faultProxy.ts';
import { gatewayCredentials } from '../objectStore/gateway.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, writer } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

let bed: NightlyBed;
/** Packs by now. */
let count = 0;
const { signal } = new AbortController();
const minute = 60_000;

const secret = (name: string, stringData: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: home },
  stringData,
});
const nightly = {
  apiVersion,
  kind: 'EvidencePack',
  metadata: { name: 'nightly', namespace: home },
  spec: { storeRef: { name: 'main' }, signing: { keyRef: { name: 'evidence-key' } } },
};
const banner = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'banner', namespace: home },
  data: { text: 'Authorized use only.' },
};

beforeAll(async () => {
  bed = await startNightlyBed();
  const { kubectl } = bed.cluster;
  await bed.start();
  await kubectl.apply(
    secret('bucket-keys', { ...gatewayCredentials }),
    secret('evidence-key', { 'private.pem': bed.key.private }),
    {
      apiVersion,
      kind: 'EvidenceStore',
      metadata: { name: 'main', namespace: home },
      spec: {
        s3: {
          ...{ endpoint: 'main', bucket, prefix: 'prod', credentialsRef: { name: 'bucket-keys' } },
          objectLock: { mode: 'Governance', retentionDays: 400 },
        },
      },
    },
    nightly,
    {
      apiVersion,
      kind: 'ClusterBaseline',
      metadata: { name: 'platform' },
      spec: {
        serviceAccountRef: { namespace: home, name: writer },
        mode: 'Inform',
        objects: [{ name: 'banner', severity: 'High', controls: ['NIST-800-53:AC-8'], template: banner }],
      },
    },
  );
  await compliant('False');
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const compliant = (status: string): Promise<true> =>
  until(`the baseline is Compliant: ${status}`, async () => {
    const baseline = await bed.cluster.kubectl.get<EvidencePack>('clusterbaseline', 'platform');
    return conditionOf(baseline, 'Compliant')?.status === status || undefined;
  });

async function night(): Promise<EvidencePack> {
  bed.clock.moveTo(nextNight(bed.clock.now()));
  return untilStored(bed, ++count);
}

interface Copy {
  readonly folder: string;
  readonly entries: readonly JournalEntry[];
  readonly verified: () => Promise<Verdict>;
}

/** The store as an auditor copies it, and its journal, of which each segment follows the one before. */
async function copied(): Promise<Copy> {
  const folder = await bed.download();
  let previous: string | undefined;
  const entries = readdirSync(join(folder, 'journal'))
    .filter((name) => /^\d+\.ndjson$/.test(name))
    .sort()
    .flatMap((name, at) => {
      const segment = readSegment(at + 1, readFileSync(join(folder, 'journal', name)));
      expect(segment.header.previous).toBe(previous);
      previous = segment.digest;
      return segment.entries;
    });
  return {
    folder,
    entries,
    verified: () => verifyTree(folderTree(folder), { keys: [createPublicKey(bed.key.public)] }),
  };
}

/** Nothing is missing, and nothing is there twice: of packs, of versions in the bucket, of entries. */
async function isWhole(): Promise<void> {
  const { folder, entries, verified } = await copied();
  const { packs, checks } = await verified();
  const problems = checks.flatMap((check) => check.problems);
  // Nights that were missed are said for as long as the chain is there.
  expect(problems.filter(({ message }) => !/^2 runs before it were missed/.test(message))).toEqual([]);
  expect(problems.map(({ is }) => is)).toEqual(problems.map(() => 'Partial'));
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  expect(packs.map(({ sequence }) => sequence)).toEqual(numbers);
  const versions = (await bed.versions()).filter((key) => /^(packs|journal\/\d|keys)/.test(key));
  expect(versions).toEqual([...new Set(versions)]);
  expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, at) => at + 1));
  const told = entries.filter(({ event }) => event === 'PackStored').map(({ facts }) => facts?.['sequence']);
  // The last one is recorded when it is told, and stored with the next segment.
  expect(told).toEqual(numbers.slice(0, told.length));
  expect(told.length).toBeGreaterThanOrEqual(count - 1);
  rmSync(folder, { recursive: true });
}

describe('night after night', () => {
  test('there is one pack more, and it is locked', async () => {
    await night();
    await bed.cluster.kubectl.apply(banner);
    await compliant('True');
    await night();
    const { status } = await night();
    expect(conditionOf({ status: status! }, 'ChainIntact')?.status).toBe('True');
    for (const key of await keysOf(bed.store.list('packs/', {}, signal))) {
      const facts = await bed.store.head(key, {}, signal);
      expect(facts?.retention?.mode).toBe('Governance');
      const days = (facts!.retention!.until.getTime() - bed.clock.now().getTime()) / 86_400_000;
      expect(days).toBeGreaterThan(396);
      await expect(bed.store.remove(key, facts?.versionId, signal)).rejects.toMatchObject({ name: 'Error' });
    }
  });

  test('the chain is verified by our verifier, the script and cosign', async () => {
    const { folder, entries } = await copied();
    const key = join(bed.folder, 'evidence.pub');
    writeFileSync(key, bed.key.public);
    expect(await byScript(folder, key)).toMatchObject({ isVerified: true });
    expect(await byCosign(folder, key)).toMatchObject({ isVerified: true });
    const events = entries.filter(({ object }) => object.name === 'platform').map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['FindingOpened', 'FindingClosed']));
    rmSync(folder, { recursive: true });
    await isWhole();
  });

  test('nights that were missed are made up once, and that is said', async () => {
    await bed.kill();
    bed.clock.moveTo(nextNight(bed.clock.now(), 3));
    await bed.start();
    await untilStored(bed, ++count);
    await until('it is said', async () => {
      const events = await bed.cluster.kubectl.run('get', 'events', '-n', home, '--output=json');
      return (
        events.includes(`2 scheduled packs could not be made in time; pack ${count} covers that time too`) || undefined
      );
    });
    await isWhole();
  });
});

const parts = ['journal', 'evidence', 'policy', 'slo', 'dora', 'sigstore'] as const;
type Part = (typeof parts)[number];

describe.each(parts)('when %s is written', (part: Part) => {
  test('and the store answers with an error, and then the answer is lost, it is stored once', async () => {
    const faults: Fault[] = [{ do: 'answer', status: 503, code: 'SlowDown' }, { do: 'loseReply' }];
    bed.proxy.fault = (request) => (partOf(request) === part ? faults.shift() : undefined);
    await night();
    expect(faults).toEqual([]);
    bed.proxy.fault = () => undefined;
  });

  test.each<['before' | 'after']>([['before'], ['after']])('and the operator is killed %s it is done', async (when) => {
    const killed = new Promise<void>((resolve) => {
      let isDead = false;
      bed.proxy.fault = (request) => {
        if (isDead) return { do: 'hang' };
        if (partOf(request) !== part) return undefined;
        isDead = true;
        setImmediate(resolve);
        return when === 'before' ? { do: 'hang' } : { do: 'loseReply' };
      };
    });
    bed.clock.moveTo(nextNight(bed.clock.now()));
    await killed;
    if (when === 'after') await until('it is done', () => isDone(part));
    await bed.kill();
    await bed.start();
    await untilStored(bed, ++count);
  });
});

/** What the pack that is being made has, or the journal beyond what is told. */
async function isDone(part: Part): Promise<true | undefined> {
  if (part === 'journal') return true;
  const number = String(count + 1).padStart(8, '0');
  const keys = await keysOf(bed.store.list(`packs/nightly/${number}`, {}, signal));
  return keys.some((key) => key.includes(part)) || undefined;
}

test('after all of that nothing is missing, and nothing is there twice', isWhole);

describe('a store that', () => {
  test.each<[string, Fault, string, RegExp]>([
    ['is full', { do: 'answer', status: 507, code: 'XMinioStorageFull' }, 'StoreFull', /is full; add capacity/],
    ['is slow', { do: 'hang' }, 'StoreSlow', /did not|no answer|silent|respond/i],
    ['denies', { do: 'answer', status: 403, code: 'AccessDenied' }, 'StoreDenied', /refuses access; correct the keys/],
    ['refuses the lock', { do: 'answer', status: 400, code: 'InvalidRetentionPeriod' }, 'StoreLockRefused', /lock/],
    [
      'has another time',
      { do: 'answer', status: 403, code: 'RequestTimeTooSkewed' },
      'StoreUnavailable',
      /set the clocks of the operator and of the object store/,
    ],
  ])('%s: that is said, and the pack is made up once', async (_, fault, reason, message) => {
    bed.proxy.fault = ({ method, path }) => (method === 'PUT' && path.includes('/packs/') ? fault : undefined);
    bed.clock.moveTo(nextNight(bed.clock.now()));
    let last: EvidencePack | undefined;
    const found = await until(
      `${reason} is said`,
      async () => {
        last = await bed.pack();
        return conditionOf(last, 'Stored')?.reason === reason ? last : undefined;
      },
      { seconds: 40, seen: () => last?.status },
    );
    expect(conditionOf(found, 'Stored')?.message).toMatch(message);
    expect(conditionOf(found, 'Ready')?.status).not.toBe('True');
    expect(found?.status?.last?.sequence).toBe(count);
    bed.proxy.fault = () => undefined;
    bed.clock.moveTo(new Date(bed.clock.now().getTime() + 10 * minute));
    await untilStored(bed, ++count);
  });

  test('and whatever it was, nothing is missing, and nothing is there twice', isWhole);
});

test('an EvidencePack of that name that is made anew continues the chain', async () => {
  await bed.cluster.kubectl.run('delete', 'evidencepack', 'nightly', '-n', home);
  await bed.cluster.kubectl.apply(nightly);
  await untilStored(bed, count);
  const { status } = await night();
  expect(conditionOf({ status: status! }, 'ChainIntact')?.status).toBe('True');
  await isWhole();
});

test('a pack of a stranger with a great number is told, and the chain continues', async () => {
  const bundle = await bed.store.get(
    `packs/nightly/${String(count).padStart(8, '0')}.sigstore.json`,
    { maxBytes: 1 << 20 },
    signal,
  );
  const foreign = await bed.store.put(
    'packs/nightly/99999999.sigstore.json',
    bundle!,
    { contentType: 'application/json' },
    signal,
  );
  const { status } = await night();
  expect(conditionOf({ status: status! }, 'ChainIntact')).toMatchObject({ status: 'False', reason: 'PackForeign' });
  await bed.store.remove(foreign.key, foreign.versionId, signal);
  await night();
  await isWhole();
});
