/** The object store on S3: what it does alike on a folder, and what a server and the network before it may do wrong. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openS3 } from '../../operator/connect/objectStore/s3.ts';
import type { StoreServer } from '../../operator/connect/objectStore/server.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { contractOf, keysOf, readAll, reasonOf, sha256 } from '../objectStore/contract.ts';
import { first, startFaultProxy, type Fault, type FaultProxy } from '../objectStore/faultProxy.ts';
import { gatewayCredentials, serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';

const signal = new AbortController().signal;
const contentType = 'application/json';
const until = new Date(Date.now() + 86_400_000);
const retention = { mode: 'Governance', until } as const;
const body = Buffer.from('{"a":1}');
const root = 'audit/holdfast.dev/team-a/main';

let gateway: Gateway;
let proxy: FaultProxy;
let folder = '';
let number = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  gateway = await startGateway();
  await Promise.all([gateway.createBucket('locked', 'locked'), gateway.createBucket('plain', 'plain')]);
  proxy = await startFaultProxy(gateway.url);
}, 900_000);
afterAll(async () => {
  await proxy.stop();
  await gateway.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  proxy.fault = () => undefined;
  proxy.seen.length = 0;
});

function open(
  bucket: string,
  more: Partial<StoreServer> = {},
  other: Partial<typeof gatewayCredentials> = {},
): ObjectStore {
  const credentials = { ...gatewayCredentials, ...other };
  return openS3({ server: serverAt(proxy.url, more), bucket, root, credentials, backOffMilliseconds: 1 });
}

const freshKey = (): string => `fresh/${++number}`;
const requests = (method: string) => proxy.seen.filter((one) => one.method === method);

describe.each([
  ['a bucket with object lock', 'locked', 'Sha256'],
  ['a bucket without versions', 'plain', 'Sha256'],
] as const)('%s', (_, bucket, checksums) => contractOf(() => ({ store: open(bucket, { checksums }), folder })));

test('each write says its digest and lock, and is read back', async () => {
  const key = freshKey();
  const stored = await open('locked').put(key, body, { contentType, retention, ifAbsent: true }, signal);
  const [put] = requests('PUT');
  expect(put?.headers).toMatchObject({
    'x-amz-checksum-sha256': Buffer.from(sha256(body), 'hex').toString('base64'),
    'x-amz-content-sha256': sha256(body),
    'x-amz-object-lock-mode': 'GOVERNANCE',
    'x-amz-object-lock-retain-until-date': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    'if-none-match': '*',
    'content-length': '7',
  });
  // Many stores refuse the checksum that is the default of the library, and bodies in chunks.
  for (const name of [
    'x-amz-checksum-crc32',
    'x-amz-sdk-checksum-algorithm',
    'x-amz-trailer',
    'content-encoding',
    'expect',
  ])
    expect(put?.headers).not.toHaveProperty([name]);
  expect(stored.retention?.mode).toBe('Governance');
  expect(stored.uri).toBe(`s3://locked/${root}/${key}?versionId=${stored.versionId ?? ''}`);
  expect(requests('HEAD')[0]?.path).toContain(`versionId=${stored.versionId ?? '?'}`);
});

test('of a file, the digest is known beforehand, and signed', async () => {
  const bytes = Buffer.alloc(1_000_000, 'x');
  const path = join(folder, 'signed');
  writeFileSync(path, bytes);
  await open('locked').put(
    freshKey(),
    { path, size: bytes.length, sha256: sha256(bytes) },
    { contentType, retention },
    signal,
  );
  expect(requests('PUT')[0]?.headers).toMatchObject({
    'x-amz-content-sha256': sha256(bytes),
    'x-amz-checksum-sha256': Buffer.from(sha256(bytes), 'hex').toString('base64'),
    'content-length': '1000000',
  });
});

test('a store that knows no such checksum gets one that it knows, and what it has is read', async () => {
  const key = freshKey();
  await open('locked', { checksums: 'Md5' }).put(key, body, { contentType, retention }, signal);
  const [put] = requests('PUT');
  expect(put?.headers).toHaveProperty(['content-md5']);
  expect(Object.keys(put?.headers ?? {}).filter((name) => name.startsWith('x-amz-checksum'))).toEqual([]);
  expect(requests('GET')).toHaveLength(1);
});

test('what is locked cannot be removed, and a legal hold is set and ended', async () => {
  const store = open('locked');
  const key = freshKey();
  const { versionId } = await store.put(key, body, { contentType, retention }, signal);
  expect(await reasonOf(store.remove(key, versionId, signal))).toBe('Denied');
  expect(await reasonOf(store.remove(key, undefined, signal))).toBe('Invalid');
  await store.hold(key, versionId, true, signal);
  expect(await store.head(key, {}, signal)).toMatchObject({ isHeld: true, retention: { mode: 'Governance' } });
  expect(requests('PUT').at(-1)?.headers).toHaveProperty(['x-amz-checksum-sha256']);
  await store.hold(key, versionId, false, signal);
  expect(await store.head(key, {}, signal)).toMatchObject({ isHeld: false });
});

test('what is not locked is removed, and each version is read as it is', async () => {
  const store = open('locked');
  const key = freshKey();
  const one = await store.put(key, body, { contentType }, signal);
  const two = await store.put(key, Buffer.from('{}'), { contentType }, signal);
  expect(one.versionId).not.toBe(two.versionId);
  expect(await store.get(key, { versionId: one.versionId ?? '', maxBytes: 10 }, signal)).toEqual(body);
  await store.remove(key, two.versionId, signal);
  expect(await store.get(key, { maxBytes: 10 }, signal)).toEqual(body);
  expect(await store.get(key, { versionId: two.versionId ?? '', maxBytes: 10 }, signal)).toBeUndefined();
});

const refused: readonly (readonly [string, Fault, string])[] = [
  ['denied', { do: 'answer', status: 403, code: 'AccessDenied' }, 'Denied'],
  ['full', { do: 'answer', status: 507, code: 'InsufficientStorage' }, 'Full'],
  ['over its quota', { do: 'answer', status: 403, code: 'QuotaExceeded' }, 'Full'],
  ['of another time', { do: 'answer', status: 403, code: 'RequestTimeTooSkewed' }, 'Unavailable'],
  ['down', { do: 'answer', status: 503, code: 'SlowDown' }, 'Unavailable'],
  ['broken', { do: 'answer', status: 500, code: 'InternalError' }, 'Unavailable'],
  ['behind a proxy that answers HTML', { do: 'answer', status: 502, body: '<html>' }, 'Unavailable'],
  ['cut in the middle of an upload', { do: 'cut', afterBytes: 100_000 }, 'Unavailable'],
  ['elsewhere', { do: 'answer', status: 307, headers: { location: 'http://169.254.169.254/' } }, 'Invalid'],
  ['without object lock', { do: 'answer', status: 501, code: 'NotImplemented' }, 'LockRefused'],
  ['without digests', { do: 'answer', status: 400, code: 'InvalidArgument' }, 'Invalid'],
  ['wrong in what it confirms', { do: 'answer', status: 200, code: 'InternalError' }, 'Unavailable'],
  ['endless in what it answers', { do: 'endless' }, 'Invalid'],
];
test.each(refused)('a store that is %s stores nothing, and says so', async (_, fault, reason) => {
  proxy.fault = ({ method }) => (method === 'PUT' ? fault : undefined);
  const store = open('plain');
  const key = freshKey();
  const large = Buffer.alloc(500_000, 'x');
  const lock = reason === 'LockRefused' ? { retention } : {};
  const error = await store
    .put(key, large, { contentType, ifAbsent: true, ...lock }, signal)
    .catch((one: Error) => one);
  expect(error).toMatchObject({ reason });
  const { message } = error as Error;
  expect(message).toMatch(/; /);
  for (const secret of Object.values(gatewayCredentials)) expect(message).not.toContain(secret);
  expect(message).not.toContain('169.254');
  proxy.fault = () => undefined;
  expect(await store.head(key, {}, signal)).toBeUndefined();
});

test.each<[string, Fault]>([
  ['busy', { do: 'answer', status: 503, code: 'SlowDown' }],
  ['cut', { do: 'cut', afterBytes: 100_000 }],
  ['of another time', { do: 'answer', status: 403, code: 'RequestTimeTooSkewed' }],
  ['given other bytes', { do: 'answer', status: 400, code: 'BadDigest' }],
  ['in a conflict', { do: 'answer', status: 409, code: 'ConditionalRequestConflict' }],
])('a file is read again for the next attempt when the store was %s', async (_, fault) => {
  const bytes = Buffer.alloc(500_000, 'y');
  const path = join(folder, `again-${++number}`);
  writeFileSync(path, bytes);
  proxy.fault = first('PUT', fault, 2);
  const store = open('locked');
  const key = freshKey();
  await store.put(
    key,
    { path, size: bytes.length, sha256: sha256(bytes) },
    { contentType, ifAbsent: true, retention },
    signal,
  );
  expect(requests('PUT')).toHaveLength(3);
  expect((await readAll(await store.stream(key, {}, signal))).equals(bytes)).toBe(true);
});

test.each<[string, Fault]>([
  ['is lost', { do: 'loseReply' }],
  ['is replaced by a gateway', { do: 'replaceReply', status: 504 }],
])('a write whose answer %s is known again, and is not done twice', async (_, fault) => {
  proxy.fault = first('PUT', fault);
  const key = freshKey();
  const stored = await open('locked').put(key, body, { contentType, ifAbsent: true, retention }, signal);
  expect(stored).toMatchObject({ sha256: sha256(body), retention: { mode: 'Governance' } });
  expect(requests('PUT')).toHaveLength(1);
});

test('a write whose answer was lost is known again when the next one finds the key taken', async () => {
  let heads = 0;
  proxy.fault = ({ method }) => {
    if (method === 'PUT' && requests('PUT').length === 1) return { do: 'loseReply' };
    // The first look comes too early: it is not there yet.
    return method !== 'PUT' && heads++ < 2 ? { do: 'answer', status: 404, code: 'NoSuchKey' } : undefined;
  };
  const stored = await open('locked').put(freshKey(), body, { contentType, ifAbsent: true, retention }, signal);
  expect(stored.sha256).toBe(sha256(body));
  expect(requests('PUT')).toHaveLength(2);
});

test('the same bytes of another, stored while the own answer was lost, are not taken for the own', async () => {
  const key = freshKey();
  await open('locked').put(key, body, { contentType }, signal);
  proxy.fault = first('PUT', { do: 'cut', afterBytes: 1 });
  expect(await reasonOf(open('locked').put(key, body, { contentType, ifAbsent: true }, signal))).toBe('Exists');
});

test('a store that confirms a lock and has none is refused', async () => {
  for (const headers of [
    { 'x-amz-object-lock-mode': undefined, 'x-amz-object-lock-retain-until-date': undefined },
    { 'x-amz-object-lock-retain-until-date': undefined },
    { 'x-amz-object-lock-mode': 'COMPLIANCE' },
    { 'x-amz-object-lock-retain-until-date': new Date(until.getTime() - 60_000).toISOString() },
  ]) {
    proxy.fault = ({ method }) => (method === 'HEAD' ? { do: 'alter', headers } : undefined);
    expect(await reasonOf(open('locked').put(freshKey(), body, { contentType, retention }, signal))).toBe(
      'LockRefused',
    );
  }
  proxy.fault = () => undefined;
  expect(await reasonOf(open('plain').put(freshKey(), body, { contentType, retention }, signal))).toBe('LockRefused');
});

test('a store that has other bytes than were stored is found out', async () => {
  const other = Buffer.from(sha256(Buffer.from('other')), 'hex').toString('base64');
  proxy.fault = ({ method }) =>
    method === 'HEAD' ? { do: 'alter', headers: { 'x-amz-checksum-sha256': other } } : undefined;
  expect(await reasonOf(open('locked').put(freshKey(), body, { contentType }, signal))).toBe('Altered');
  // One that says no digest is asked for the bytes themselves.
  proxy.fault = ({ method }) =>
    method === 'HEAD' ? { do: 'alter', headers: { 'x-amz-checksum-sha256': undefined } } : undefined;
  const stored = await open('locked').put(freshKey(), body, { contentType }, signal);
  expect(stored.sha256).toBe(sha256(body));
  expect(requests('GET')).toHaveLength(1);
});

test.each<[string, Fault]>([
  ['never answers', { do: 'hang' }],
  ['begins an answer and stops', { do: 'stall' }],
  ['sends a byte at a time', { do: 'drip' }],
])('a store that %s is given up', async (_, fault) => {
  const key = freshKey();
  await open('locked').put(key, body, { contentType }, signal);
  const store = open('locked', { silenceSeconds: 1, requestSeconds: 1 });
  proxy.fault = ({ method }) => (method === 'GET' ? fault : undefined);
  expect(await reasonOf(store.get(key, { maxBytes: 2_000_000 }, signal))).toBe('Slow');
  if (fault.do === 'drip') return;
  proxy.fault = ({ method }) => (method === 'PUT' ? fault : undefined);
  if (fault.do === 'hang')
    expect(await reasonOf(store.put(freshKey(), body, { contentType, ifAbsent: true }, signal))).toBe('Slow');
});

test('a stream that stops in the middle ends with an error, and not as a shorter object', async () => {
  const key = freshKey();
  await open('locked').put(key, Buffer.alloc(1_000_000), { contentType }, signal);
  for (const fault of [{ do: 'cutReply', afterBytes: 500_000 }, { do: 'stall' }] as const) {
    proxy.fault = ({ method }) => (method === 'GET' ? fault : undefined);
    const stream = await open('locked', { silenceSeconds: 1 }).stream(key, {}, signal);
    await expect(readAll(stream)).rejects.toThrow();
  }
});

test('an answer without end is cut off', async () => {
  proxy.fault = ({ method }) => (method === 'GET' ? { do: 'endless' } : undefined);
  const store = open('locked');
  expect(await reasonOf(store.get('any', { maxBytes: 1000 }, signal))).toBe('Invalid');
  expect(await reasonOf(keysOf(store.list('', {}, signal)))).toBe('Invalid');
});

test('a list that repeats itself, or has keys of others, is refused', async () => {
  for (const key of [`${root}/b`, `${root}/a`, 'elsewhere']) {
    const contents = [`${root}/b`, key].map((one) => `<Contents><Key>${one}</Key><Size>1</Size></Contents>`).join('');
    const text = `<ListBucketResult><IsTruncated>true</IsTruncated>${contents}</ListBucketResult>`;
    proxy.fault = ({ method }) => (method === 'GET' ? { do: 'answer', status: 200, body: text } : undefined);
    expect(await reasonOf(keysOf(open('locked').list('', {}, signal)))).toBe('Altered');
  }
});

test('more than a thousand keys are listed, each once', async () => {
  let page = 0;
  proxy.fault = ({ path }) => {
    if (!path.includes('list-type=2')) return undefined;
    const after = /start-after=[^&]*?(\d+)(&|$)/.exec(path)?.[1] ?? '-1';
    const keys = Array.from({ length: 1000 }, (_, at) => String(Number(after) + 1 + at).padStart(6, '0'));
    const contents = keys.map((key) => `<Contents><Key>${root}/n${key}</Key><Size>1</Size></Contents>`).join('');
    const more = page++ < 2;
    return {
      do: 'answer',
      status: 200,
      body: `<ListBucketResult><IsTruncated>${more}</IsTruncated>${contents}</ListBucketResult>`,
    };
  };
  const keys = await keysOf(open('locked').list('n', {}, signal));
  expect(new Set(keys).size).toBe(3000);
});

test.each<[string, Fault]>([
  ['of the bucket', { do: 'answer', status: 404, code: 'NoSuchBucket' }],
  ['of the account', { do: 'answer', status: 404, code: 'XAdminUserNotFound' }],
  ['of a proxy', { do: 'answer', status: 404, body: '<html>' }],
])('a 404 %s is not taken for a missing object', async (_, fault) => {
  proxy.fault = () => fault;
  const store = open('locked');
  const calls = [
    () => store.head('a', {}, signal),
    () => store.get('a', { maxBytes: 1 }, signal),
    () => keysOf(store.list('', {}, signal)),
  ];
  for (const call of calls) expect(await reasonOf(call())).toMatch(/^(NotFound|Denied)$/);
});

test('wrong keys, and a bucket that does not exist, are said', async () => {
  const calls = (store: ObjectStore) => [
    () => store.put('x', body, { contentType }, signal),
    () => store.head('x', {}, signal),
    () => store.get('x', { maxBytes: 1 }, signal),
  ];
  for (const call of calls(open('locked', {}, { secretAccessKey: 'wrong' })))
    expect(await reasonOf(call())).toBe('Denied');
  for (const call of calls(open('locked', {}, { accessKeyId: 'WRONG' }))) expect(await reasonOf(call())).toBe('Denied');
  for (const call of calls(open('nothing'))) expect(await reasonOf(call())).toBe('NotFound');
});

test('a server that is not there is said, and so is a wrong certificate', async () => {
  expect(await reasonOf(open('locked', { url: 'http://127.0.0.1:9' }).head('x', {}, signal))).toBe('Unavailable');
  expect(await reasonOf(open('locked', { url: 'http://store.invalid' }).head('x', {}, signal))).toBe('Unavailable');
});

test('nothing is taken from the surroundings', async () => {
  const config = join(folder, 'config');
  writeFileSync(
    config,
    '[default]\nendpoint_url = http://127.0.0.1:9\nregion = eu-west-1\naws_access_key_id = OTHER\naws_secret_access_key = other\nrequest_checksum_calculation = when_supported\nsdk_ua_app_id = other\nuse_dualstack_endpoint = true\n',
  );
  const variables = {
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: config,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'OTHER',
    AWS_SECRET_ACCESS_KEY: 'other',
    AWS_SESSION_TOKEN: 'other',
    AWS_PROFILE: 'nothing',
    AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_SUPPORTED',
    AWS_SDK_UA_APP_ID: 'other',
    AWS_MAX_ATTEMPTS: '9',
    HTTP_PROXY: 'http://127.0.0.1:9',
  };
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  try {
    await open('locked').put(freshKey(), body, { contentType, retention }, signal);
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
  const headers = requests('PUT')[0]?.headers ?? {};
  expect(headers['authorization']).toContain(`Credential=${gatewayCredentials.accessKeyId}/`);
  expect(headers['authorization']).toContain('/us-east-1/s3/');
  expect(headers).not.toHaveProperty(['x-amz-security-token']);
  expect(headers['user-agent']).not.toContain('other');
});

test('a store that hangs does not keep another waiting', async () => {
  const key = freshKey();
  await open('locked').put(key, body, { contentType }, signal);
  const given = new AbortController();
  proxy.fault = ({ path }) => (path.startsWith('/plain') ? { do: 'hang' } : undefined);
  const hanging = open('plain', { maxConnections: 2 });
  const calls = Array.from({ length: 10 }, () => reasonOf(hanging.head('x', {}, given.signal)));
  expect(await open('locked').get(key, { maxBytes: 10 }, signal)).toEqual(body);
  expect(proxy.seen.filter(({ path }) => path.startsWith('/plain')).length).toBeLessThanOrEqual(2);
  given.abort(new Error('enough'));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['enough']));
});
