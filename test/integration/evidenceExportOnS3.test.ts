/**
 * Exports in a real S3 with versions, with time moved over them: links that only the holder of a key can read, archives that go when their time is over, and
 * an operator that ends, a store that fails, and others that write there at each step.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { EvidenceExport, EvidenceExportSpec } from '../../operator/api/v1alpha1/evidenceExport.ts';
import { linkContext, renewAnnotation } from '../../operator/evidence/evidenceExport/link.ts';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { readSegment } from '../../operator/evidence/journal/segment.ts';
import { openSealed } from '../../operator/lib/sealedBox.ts';
import { bucket, nextNight, startNightlyBed, untilStored, type NightlyBed } from '../evidence/nightlyBed.ts';
import { keysOf } from '../objectStore/contract.ts';
import { gatewayCredentials } from '../objectStore/gateway.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

let bed: NightlyBed;
interface Whoami {
  readonly status: { readonly userInfo: { readonly username: string } };
}

let count = 0;
const { signal } = new AbortController();
const admin = 'kubernetes-admin';
let user = admin;

const secret = (name: string, stringData: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: home },
  stringData,
});

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
    {
      apiVersion,
      kind: 'EvidencePack',
      metadata: { name: 'nightly', namespace: home },
      spec: { storeRef: { name: 'main' }, signing: { keyRef: { name: 'evidence-key' } } },
    },
  );
  const review = JSON.parse(await kubectl.run('auth', 'whoami', '--output=json')) as Whoami;
  user = review.status.userInfo.username;
  bed.clock.moveTo(nextNight(bed.clock.now()));
  await untilStored(bed, 1);
}, 900_000);

afterAll(() => bed.stop(), 60_000);

async function created(spec: Partial<EvidenceExportSpec> = {}): Promise<string> {
  const name = `audit-${++count}`;
  await bed.cluster.kubectl.apply({
    apiVersion,
    kind: 'EvidenceExport',
    metadata: { name, namespace: home },
    spec: { storeRef: { name: 'main' }, requestedBy: user, reason: 'Audit of Q4 2026', ...spec },
  });
  return name;
}

const seen = (name: string) => bed.cluster.kubectl.get<EvidenceExport>('evidenceexport', name, home);

async function untilSeen(name: string, what: string, is: (one: EvidenceExport) => unknown): Promise<EvidenceExport> {
  let last: EvidenceExport | undefined;
  return until(
    `${name}: ${what}`,
    async () => {
      last = await seen(name);
      return last && is(last) ? last : undefined;
    },
    { seconds: 60, seen: () => last?.status },
  );
}

const untilIs = (name: string, type: string, reason: string): Promise<EvidenceExport> =>
  untilSeen(name, `${type} is ${reason}`, (one) => conditionOf(one, type)?.reason === reason);

const archives = (): Promise<string[]> => keysOf(bed.store.list('exports/', {}, signal));

async function recorded(name: string): Promise<JournalEntry[]> {
  const keys = (await keysOf(bed.store.list('journal/', {}, signal))).filter((key) => /\/\d{12}\.ndjson$/.test(key));
  const found: JournalEntry[] = [];
  for (const [at, key] of keys.entries()) {
    const bytes = await bed.store.get(key, { maxBytes: 1 << 26 }, signal);
    found.push(...readSegment(at + 1, bytes!).entries);
  }
  return found.filter(({ event, object }) => event === 'Exported' && object.name === name);
}

const remove = (name: string) => bed.cluster.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--timeout=60s');

function linkIn(one: EvidenceExport, key: KeyObject): string {
  const { link, archive } = one.status!;
  return openSealed(key, link!, linkContext(one, archive!.digest, link!.expiryTime));
}

const kinds = {
  X25519: () => generateKeyPairSync('x25519'),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

describe.each(Object.entries(kinds))('with a key of %s', (_, pair) => {
  const { privateKey, publicKey } = pair();
  let name: string;

  test('there is a link, which that key alone can read, and which gives the archive', async () => {
    name = await created({ recipientKey: publicKey.export({ type: 'spki', format: 'pem' }) as string });
    const one = await untilSeen(name, 'there is a link', ({ status }) => status?.link);
    expect(JSON.stringify(one)).not.toMatch(/X-Amz|Signature/i);
    const url = new URL(linkIn(one, privateKey));
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(url.searchParams.get('versionId')).toBe(one.status?.archive?.versionId);
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(one.status?.archive?.digest);
    expect(() => linkIn(one, pair().privateKey)).toThrow();
    expect(() => linkIn({ ...one, metadata: { ...one.metadata, name: 'another' } }, privateKey)).toThrow();
  });

  test('the link reads nothing else', async () => {
    const url = new URL(linkIn((await seen(name))!, privateKey));
    url.pathname = url.pathname.replace(/exports\/.*/, 'store.json');
    expect((await fetch(url)).status).toBe(403);
    const removal = await fetch(linkIn((await seen(name))!, privateKey), { method: 'DELETE' });
    expect(removal.status).toBe(403);
  });

  test('another one is made when it is asked for, once', async () => {
    const before = (await seen(name))!.status!.link!;
    await bed.cluster.kubectl.run('annotate', 'evidenceexport', name, '-n', home, `${renewAnnotation}=2`);
    bed.clock.moveTo(new Date(bed.clock.now().getTime() + 31_000));
    const one = await untilSeen(name, 'there is another link', ({ status }) => status?.link?.count === 2);
    expect(one.status?.link?.ciphertext).not.toBe(before.ciphertext);
    expect((await fetch(linkIn(one, privateKey))).status).toBe(200);
    await remove(name);
    expect(await archives()).toEqual([]);
  });
});

test('an archive is not locked, and goes when its time is over; what was recorded stays', async () => {
  const name = await created({ ttlSeconds: 3600 });
  const one = await untilIs(name, 'Available', 'Stored');
  const { key, versionId } = one.status!.archive!;
  expect((await bed.store.head(key, versionId === undefined ? {} : { versionId }, signal))?.retention).toBeUndefined();
  bed.clock.moveTo(new Date(Date.parse(one.status!.expiryTime!) + 1000));
  const over = await untilIs(name, 'Available', 'Removed');
  expect(over.status?.link).toBeUndefined();
  expect(await archives()).toEqual([]);
  expect(await recorded(name)).toHaveLength(1);
  await remove(name);
});

describe('the command', () => {
  const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');

  async function run(...flags: string[]): Promise<{ code: number; text: string }> {
    const kubeconfig = flags.includes('--kubeconfig') ? [] : ['--kubeconfig', bed.cluster.cluster.kubeconfig];
    const args = ['evidence', 'export', '--store', 'main', '-n', home, ...kubeconfig, ...flags];
    try {
      const { stdout, stderr } = await promisify(execFile)(plugin, args);
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: stdout + stderr };
    }
  }

  const file = (): string => join(bed.folder, 'evidence.tar');
  const audit = (): string[] => ['--reason', 'Audit of Q4', '-o', file(), '--force'];

  test('downloads the archive, verifies it here, and leaves nothing behind', async () => {
    const key = join(bed.folder, 'evidence.pub');
    writeFileSync(key, bed.key.public);
    const { code, text } = await run(...audit(), '--s3-endpoint', bed.proxy.url, '--key', key);
    expect({ code, text }).toMatchObject({
      code: 0,
      text: expect.stringMatching(/Verified: 1 pack verified/) as unknown,
    });
    const digest = createHash('sha256').update(readFileSync(file())).digest('hex');
    expect(text).toContain(`sha256 ${digest}`);
    await until('it is deleted', async () => ((await archives()).length === 0 ? true : undefined));
  });

  test('asks no service that was not named', async () => {
    rmSync(file());
    const { code, text } = await run(...audit());
    expect(code).toBe(1);
    expect(text).toContain(`run the command again with --s3-endpoint ${bed.proxy.url}`);
    expect(existsSync(file())).toBe(false);
    await until('it is deleted', async () => ((await archives()).length === 0 ? true : undefined));
  });

  test('says with which verb it can be done', async () => {
    await bed.cluster.kubectl.apply(...mayCreate('mia'));
    const kubeconfig = await bed.cluster.cluster.kubeconfigFor('mia');
    const { code, text } = await run(...audit(), '--kubeconfig', kubeconfig);
    expect(code).toBe(1);
    expect(text).toMatch(/you need the verb `export` on evidencestores.holdfast.dev\/main in namespace platform/);
  });

  test('says what to do when the store refuses the link', async () => {
    bed.proxy.fault = ({ method, path }) =>
      method === 'GET' && path.includes('/exports/') ? { do: 'answer', status: 403, code: 'AccessDenied' } : undefined;
    const { code, text } = await run(...audit(), '--s3-endpoint', bed.proxy.url);
    bed.proxy.fault = () => undefined;
    expect(code).toBe(1);
    expect(text).toMatch(/refuses the link \(403\): its time may be over, the clocks .* may differ, or a proxy/);
    expect(existsSync(file())).toBe(false);
  });
});

function mayCreate(name: string): object[] {
  const group = 'rbac.authorization.k8s.io';
  const rules = [{ apiGroups: ['holdfast.dev'], resources: ['evidenceexports'], verbs: ['create', 'get', 'delete'] }];
  return [
    { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name, namespace: home }, rules },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name, namespace: home },
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ kind: 'User', apiGroup: group, name }],
    },
  ];
}

describe('when the operator ends', () => {
  test.each<[string, RegExp, boolean]>([
    ['before the record is stored', /\/journal\/\d+\.ndjson/, false],
    ['after the record is stored', /\/journal\/\d+\.ndjson/, true],
    ['before the archive is stored', /\/exports\//, false],
    ['after the archive is stored', /\/exports\//, true],
  ])('%s, there is one archive, and it is recorded once', async (_, place, isDone) => {
    const killed = new Promise<void>((resolve) => {
      let isDead = false;
      bed.proxy.fault = ({ method, path }) => {
        if (isDead) return { do: 'hang' };
        if (method !== 'PUT' || !place.test(path)) return undefined;
        isDead = true;
        setImmediate(resolve);
        return isDone ? { do: 'loseReply' } : { do: 'hang' };
      };
    });
    const name = await created();
    await killed;
    await bed.kill();
    await bed.start();
    const one = await untilIs(name, 'Ready', 'Stored');
    const entries = await recorded(name);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.facts?.['archive']).toMatchObject({ sha256: one.status?.archive?.digest.slice(7) });
    expect(await archives()).toEqual([one.status?.archive?.key]);
    const versions = (await bed.versions()).filter((key) => key.startsWith('exports/'));
    expect(versions).toHaveLength(1);
    await remove(name);
    expect(await archives()).toEqual([]);
  });
});

test('an archive that was replaced before it is asked for gets no link, and only the one that was recorded is removed', async () => {
  const { privateKey, publicKey } = kinds.X25519();
  const name = await created({ recipientKey: publicKey.export({ type: 'spki', format: 'pem' }) as string });
  const one = await untilSeen(name, 'there is a link', ({ status }) => status?.link);
  const { key } = one.status!.archive!;
  const other = await bed.store.put(key, Buffer.from('another'), { contentType: 'application/x-tar' }, signal);
  // The link is of the version that was recorded.
  const bytes = Buffer.from(await (await fetch(linkIn(one, privateKey))).arrayBuffer());
  expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(one.status?.archive?.digest);
  await remove(name);
  expect((await bed.store.head(key, {}, signal))?.versionId).toBe(other.versionId);
  await bed.store.remove(key, other.versionId, signal);
});

test('while the store is away nothing is exported, and then it is', async () => {
  bed.proxy.fault = () => ({ do: 'answer', status: 503, code: 'ServiceUnavailable' });
  const name = await created();
  await untilSeen(name, 'it waits', (one) => conditionOf(one, 'Ready')?.reason === 'StoreUnavailable');
  bed.proxy.fault = () => undefined;
  bed.clock.moveTo(new Date(bed.clock.now().getTime() + 400_000));
  await untilIs(name, 'Ready', 'Stored');
  await remove(name);
});

test('an archive that cannot be deleted keeps no other from being deleted', async () => {
  const [name, other] = [await created(), await created()];
  const { status } = await untilIs(name, 'Ready', 'Stored');
  await untilIs(other, 'Ready', 'Stored');
  bed.proxy.fault = ({ method, path }) =>
    method === 'DELETE' && path.includes(`/${name}-`) ? { do: 'answer', status: 403, code: 'AccessDenied' } : undefined;
  await bed.cluster.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--wait=false');
  await untilSeen(name, 'it waits', (found) => conditionOf(found, 'Ready')?.reason === 'StoreDenied');
  await remove(other);
  expect(await archives()).toEqual([status?.archive?.key]);
  bed.proxy.fault = () => undefined;
  bed.clock.moveTo(new Date(bed.clock.now().getTime() + 61_000));
  await until('it is gone', async () => ((await seen(name)) ? undefined : true), { seconds: 60 });
  expect(await archives()).toEqual([]);
});

test('a deletion waits an hour for a store that does not let it be deleted, and then says what is left', async () => {
  const name = await created();
  const one = await untilIs(name, 'Ready', 'Stored');
  bed.proxy.fault = ({ method }) =>
    method === 'DELETE' ? { do: 'answer', status: 403, code: 'AccessDenied' } : undefined;
  await bed.cluster.kubectl.run('delete', 'evidenceexport', name, '-n', home, '--wait=false');
  const waits = await untilSeen(name, 'it waits', (found) => conditionOf(found, 'Ready')?.reason === 'StoreDenied');
  expect(waits.metadata.finalizers).toHaveLength(1);
  bed.clock.moveTo(new Date(bed.clock.now().getTime() + 3_700_000));
  await until('it is gone', async () => ((await seen(name)) ? undefined : true), { seconds: 60 });
  const events = await bed.cluster.kubectl.run('get', 'events', '-n', home, '--output=json');
  expect(events).toContain('was left in the store');
  bed.proxy.fault = () => undefined;
  const { key, versionId } = one.status!.archive!;
  await bed.store.remove(key, versionId, signal);
});
