/** EvidenceStores on a real apiserver and a real S3 server: what is Ready, what is not and why, and what the apiserver refuses. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceStore, EvidenceStoreSpec } from '../../operator/api/v1alpha1/evidenceStore.ts';
import { openStores } from '../../operator/connect/objectStore/openStores.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { evidenceStore } from '../../operator/evidence/evidenceStore/index.ts';
import { keyedDigest } from '../../operator/lib/digest.ts';
import { notifiers } from '../../operator/notifiers.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { keysOf } from '../objectStore/contract.ts';
import { startFaultProxy, type FaultProxy } from '../objectStore/faultProxy.ts';
import { gatewayCredentials, serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';
import { apiVersion, binding, conditionOf, crds, namespace, operatorAccount, role } from '../operator/bed.ts';
import { grantedIn, grantsFile } from '../operator/grants.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';

const signal = new AbortController().signal;
const contentType = 'application/json';
let cluster: Cluster;
let gateway: Gateway;
let proxy: FaultProxy;
let kubectl: Kubectl;
let client: Client;
let runtime: Runtime;
let folder = '';
let open: ReturnType<typeof openStores>;
let nonce = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-evidence-'));
  [cluster, gateway] = await Promise.all([
    startCluster({ controllerManager: false, manifests: [crds] }),
    startGateway(),
  ]);
  proxy = await startFaultProxy(gateway.url);
  await Promise.all([gateway.createBucket('locked', 'locked'), gateway.createBucket('plain', 'plain')]);
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--server-side', '--filename', role, '--filename', grantsFile);
  const namespaces = [namespace, 'ungranted'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  await kubectl.apply(...namespaces, binding, ...grantedIn(namespace, operatorAccount));
  await kubectl.apply(
    secret('keys'),
    secret('wrong', { secretAccessKey: 'wrong' }),
    secret('odd', { accessKeyId: 'a\nb' }),
  );
  open = openStores({
    servers: [serverAt(gateway.url), serverAt(proxy.url, { name: 'faulty' })],
    quota: Infinity,
    folder: join(folder, 'evidence'),
  });
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }));
  const features = openAll([evidenceStore], {
    seal: (text) => keyedDigest(Buffer.from('key'), text),
    conceal: (text) => keyedDigest(Buffer.from('other'), text),
    nonce: () => `n${++nonce}`,
    openStore: open,
  });
  runtime = await startRuntime({ client, features, notifiers, log: createLog('silent') });
  await runtime.synced;
}, 1_200_000);

afterAll(async () => {
  await runtime.stop();
  await client.close();
  await Promise.all([cluster.stop(), proxy.stop(), gateway.stop()]);
  rmSync(folder, { recursive: true });
}, 60_000);

function secret(name: string, other: object = {}, home = namespace): object {
  const stringData = { ...gatewayCredentials, ...other };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: home }, stringData };
}

const s3 = (other: Partial<NonNullable<EvidenceStoreSpec['s3']>> = {}): EvidenceStoreSpec => ({
  s3: {
    endpoint: 'main',
    bucket: 'locked',
    prefix: 'audit',
    credentialsRef: { name: 'keys' },
    objectLock: { mode: 'Governance', retentionDays: 30 },
    ...other,
  },
});
const object = (name: string, spec: object, home = namespace): object => ({
  apiVersion,
  kind: 'EvidenceStore',
  metadata: { name, namespace: home },
  spec,
});

async function untilReady(name: string, reason: string, home = namespace): Promise<EvidenceStore> {
  let last: EvidenceStore | undefined;
  const look = async () => {
    last = await kubectl.get<EvidenceStore>('evidencestore', name, home);
    const ready = conditionOf(last, 'Ready');
    return ready?.reason === reason && ready.observedGeneration === last?.metadata.generation ? last : undefined;
  };
  return until(`${name} is ${reason}`, look, { seen: () => last?.status });
}

async function inStore(bucket: string, root: string, use: (store: ObjectStore) => Promise<void>): Promise<void> {
  const store = await open({ is: 's3', endpoint: 'main', bucket, root, credentials: gatewayCredentials }, new Date());
  await use(store).finally(() => store.close());
}

test('a bucket with object lock is Ready, and its probe is what was locked and read back', async () => {
  await kubectl.apply(object('main', s3()));
  const store = await untilReady('main', 'Probed');
  expect(conditionOf(store, 'Locked')).toMatchObject({ status: 'True', reason: 'ReadBack' });
  const root = `audit/holdfast.dev/${namespace}/main`;
  const probe = store.status?.probe;
  expect(store.status).toMatchObject({
    uri: `s3://locked/${root}`,
    probe: { key: expect.stringMatching(/^probes\//) },
  });
  await inStore('locked', root, async (opened) => {
    const facts = await opened.head(probe?.key ?? '', { versionId: probe?.versionId ?? '' }, signal);
    expect(facts?.retention).toEqual({ mode: 'Governance', until: new Date(probe?.lockedUntil ?? '') });
    const identity = await opened.get('store.json', { maxBytes: 1000 }, signal);
    const system = await kubectl.get<{ metadata: { uid: string } }>('namespace', 'kube-system', '');
    expect(JSON.parse(identity?.toString() ?? '')).toMatchObject({
      cluster: { id: system?.metadata.uid },
      namespace,
      name: 'main',
    });
    // All of the retention that is declared is accepted, not only that of a probe.
    const days = ((await opened.head('store.json', {}, signal))?.retention?.until.getTime() ?? 0) - Date.now();
    expect(Math.round(days / 86_400_000)).toBe(30);
  });
});

test('what is steady writes no status and no probe; another lock, or other keys, write one', async () => {
  await kubectl.apply(secret('changing'), object('steady', s3({ credentialsRef: { name: 'changing' } })));
  const first = await untilReady('steady', 'Probed');
  await kubectl.run('annotate', 'evidencestore', 'steady', 'look=again');
  await kubectl.apply(object('other', s3()));
  await untilReady('other', 'Probed');
  const again = await kubectl.get<EvidenceStore>('evidencestore', 'steady');
  expect(again?.status).toEqual(first.status);
  await kubectl.merge('evidencestore', 'steady', { spec: { s3: { objectLock: { retentionDays: 31 } } } });
  const changed = await untilReady('steady', 'Probed');
  expect(changed.status?.probe?.revision).not.toBe(first.status?.probe?.revision);
});

test('a probe that another wrote into the status is not believed', async () => {
  await kubectl.apply(object('forged', s3()));
  const before = await untilReady('forged', 'Probed');
  const probe = { ...before.status?.probe, key: 'probes/forged.json' };
  await kubectl.merge('evidencestore', 'forged', { status: { probe } }, { subresource: 'status' });
  const after = await until('the probe is written again', async () => {
    const now = await kubectl.get<EvidenceStore>('evidencestore', 'forged');
    return now?.status?.probe?.key.startsWith('probes/n') && now.status.seal ? now : undefined;
  });
  expect(after.status?.probe?.key).not.toBe(before.status?.probe?.key);
});

test('a directory of the operator is Ready, and says that it locks nothing', async () => {
  await kubectl.apply(object('local', { filesystem: {} }));
  const store = await untilReady('local', 'Probed');
  expect(conditionOf(store, 'Locked')).toMatchObject({ status: 'False', reason: 'NotSupported' });
  expect(existsSync(join(folder, 'evidence', 'holdfast.dev', namespace, 'local', 'store.json'))).toBe(true);
});

test('a bucket without a declared lock is Ready, and says so', async () => {
  const { objectLock, ...spec } = s3({ bucket: 'plain' }).s3 ?? {};
  expect(objectLock).toBeDefined();
  await kubectl.apply(object('unlocked', { s3: spec }));
  expect(conditionOf(await untilReady('unlocked', 'Probed'), 'Locked')).toMatchObject({ reason: 'NotDeclared' });
});

test.each<[string, Partial<NonNullable<EvidenceStoreSpec['s3']>>, string, string, RegExp]>([
  ['wrong-keys', { credentialsRef: { name: 'wrong' } }, 'Denied', 'Unknown', /secretAccessKey/],
  [
    'no-secret',
    { credentialsRef: { name: 'nothing' } },
    'CredentialsMissing',
    'Unknown',
    /create secret generic nothing/,
  ],
  ['odd-keys', { credentialsRef: { name: 'odd' } }, 'CredentialsMissing', 'Unknown', /accessKeyId/],
  ['no-bucket', { bucket: 'nothing' }, 'NotFound', 'Unknown', /does not exist; create it/],
  ['no-lock', { bucket: 'plain' }, 'LockRefused', 'False', /object lock/],
  ['no-endpoint', { endpoint: 'nowhere' }, 'Invalid', 'Unknown', /--object-stores/],
])('%s is not Ready', async (name, spec, reason, locked, message) => {
  await kubectl.apply(object(name, s3(spec)));
  const store = await untilReady(name, reason);
  expect(conditionOf(store, 'Ready')).toMatchObject({ status: 'False', message: expect.stringMatching(message) });
  expect(conditionOf(store, 'Locked')).toMatchObject({ status: locked });
  expect(store.status?.probe).toBeUndefined();
  const { accessKeyId, secretAccessKey } = gatewayCredentials;
  for (const hidden of [accessKeyId, secretAccessKey, gateway.url]) expect(JSON.stringify(store)).not.toContain(hidden);
});

test('a Secret is read only where that is granted, and the condition has the command', async () => {
  await kubectl.apply(secret('keys', {}, 'ungranted'), object('main', s3(), 'ungranted'));
  const waiting = await untilReady('main', 'CredentialsMissing', 'ungranted');
  expect(conditionOf(waiting, 'Ready')?.message).toContain('kubectl -n ungranted create role');
  await kubectl.apply(...grantedIn('ungranted', operatorAccount));
  await kubectl.run('--namespace', 'ungranted', 'annotate', 'evidencestore', 'main', 'look=again');
  await untilReady('main', 'Probed', 'ungranted');
});

test.each([
  ['another cluster', { cluster: { id: 'other' }, namespace, name: 'taken' }],
  ['another store', { cluster: { id: 'other' }, namespace: 'x', name: 'taken' }],
  ['nobody', {}],
  ['none that can be read', 'x'],
])('a place of %s is refused, and nothing is written there', async (_, identity) => {
  const name = `taken-${++nonce}`;
  const root = `audit/holdfast.dev/${namespace}/${name}`;
  await inStore('locked', root, async (store) => {
    await store.put('store.json', Buffer.from(JSON.stringify(identity)), { contentType }, signal);
    await kubectl.apply(object(name, s3()));
    const refused = await untilReady(name, 'PrefixInUse');
    expect(conditionOf(refused, 'Locked')?.status).toBe('Unknown');
    expect(await keysOf(store.list('', {}, signal))).toEqual(['store.json']);
  });
});

test.each([
  ['shows no lock', { do: 'alter', headers: { 'x-amz-object-lock-mode': undefined } } as const, 'HEAD', 'LockRefused'],
  ['removes what is locked', { do: 'answer', status: 204, body: '' } as const, 'DELETE', 'LockRefused'],
  ['is down', { do: 'answer', status: 503, code: 'SlowDown' } as const, 'PUT', 'Unavailable'],
])('a store that %s is not Ready', async (_, fault, method, reason) => {
  const name = `faulty-${++nonce}`;
  proxy.fault = (request) => (request.method === method && request.path.includes(name) ? fault : undefined);
  await kubectl.apply(object(name, s3({ endpoint: 'faulty' })));
  const store = await untilReady(name, reason);
  expect(conditionOf(store, 'Locked')?.status).not.toBe('True');
});

test('a store that replaces what must not be replaced is not Ready', async () => {
  let puts = 0;
  proxy.fault = ({ method, path }) =>
    method === 'PUT' && path.includes('replacing/probes') && ++puts > 1
      ? { do: 'answer', status: 200, body: '' }
      : undefined;
  const { objectLock, ...spec } = s3({ endpoint: 'faulty' }).s3 ?? {};
  expect(objectLock).toBeDefined();
  await kubectl.apply(object('replacing', { s3: spec }));
  expect(conditionOf(await untilReady('replacing', 'Invalid'), 'Ready')?.message).toContain('If-None-Match');
});

test('a suspended store is not asked', async () => {
  proxy.seen.length = 0;
  await kubectl.apply(
    object('paused', { ...s3({ endpoint: 'faulty', prefix: 'paused' }), suspend: { reason: 'moving' } }),
  );
  const store = await untilReady('paused', 'Suspended');
  expect(conditionOf(store, 'Locked')?.status).toBe('Unknown');
  expect(proxy.seen.filter(({ path }) => path.includes('paused'))).toEqual([]);
});

describe('the apiserver refuses', () => {
  const refused = (spec: object) => kubectl.tryApply(object('refused', spec));
  test.each<[string, object, RegExp]>([
    ['no place', {}, /exactly one of `s3` and `filesystem`/],
    ['two places', { ...s3(), filesystem: {} }, /exactly one of `s3` and `filesystem`/],
    [
      'a path in the file system',
      { filesystem: { path: '/etc' } },
      /must have at most 0|Too many|unknown field|more than 0/i,
    ],
    ['the prefix of another store', s3({ prefix: 'holdfast.dev/other/main' }), /no segment of a prefix can be/],
    ['that below another', s3({ prefix: 'a/holdfast.dev/b' }), /no segment of a prefix can be/],
    ['a way up', s3({ prefix: '../other' }), /a prefix consists of/],
    ['a way up in the middle', s3({ prefix: 'a/../b' }), /a prefix consists of/],
    ['a slash at its start', s3({ prefix: '/a' }), /a prefix consists of/],
    ['a slash at its end', s3({ prefix: 'a/' }), /a prefix consists of/],
    ['two slashes', s3({ prefix: 'a//b' }), /a prefix consists of/],
    ['an address as an endpoint', s3({ endpoint: 'http://169.254.169.254' }), /endpoint/],
    ['an ARN as a bucket', s3({ bucket: 'arn:aws:s3:::x' }), /a bucket is named/],
    ['a way up as a bucket', s3({ bucket: 'a..b' }), /general purpose bucket/],
    ['a directory bucket', s3({ bucket: 'a--usw2-az1--x-s3' }), /general purpose bucket/],
    ['no retention', s3({ objectLock: { mode: 'Compliance', retentionDays: 0 } }), /greater than or equal to 1/],
  ])('%s', async (_, spec, message) => {
    const { code, stderr } = await refused(spec);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
  });

  test.each<[string, object]>([
    ['another bucket', s3({ bucket: 'plain' })],
    ['another prefix', s3({ prefix: 'other' })],
    ['another endpoint', s3({ endpoint: 'faulty' })],
    ['the file system', { filesystem: {} }],
  ])('%s for a store that is there', async (_, spec) => {
    await kubectl.apply(object('fixed', s3()));
    const { code, stderr } = await kubectl.tryApply({ ...object('fixed', spec) });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/the place of a store cannot be changed|exactly one/),
    });
  });

  test('no prefix where there was one', async () => {
    await kubectl.apply(object('fixed', s3()));
    const { code, stderr } = await kubectl.try([
      'patch',
      'evidencestore',
      'fixed',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/spec/s3/prefix"}]',
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/cannot be changed/) });
  });
});
