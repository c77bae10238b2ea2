/** What users of other programs met on S3 and on what is compatible with it, rebuilt before a real server: each has the report that it is from. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openS3 } from '../../operator/connect/objectStore/s3.ts';
import type { StoreServer } from '../../operator/connect/objectStore/server.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { keysOf, readAll, reasonOf, sha256 } from '../objectStore/contract.ts';
import { first, startFaultProxy, type Fault, type FaultProxy } from '../objectStore/faultProxy.ts';
import { gatewayCredentials, serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';

const { signal } = new AbortController();
const contentType = 'application/json';
const retention = { mode: 'Governance', until: new Date(Date.now() + 86_400_000) } as const;
const body = Buffer.from('{"a":1}');
const root = 'audit/holdfast.dev/team-a/main';
let gateway: Gateway;
let proxy: FaultProxy;
let store: ObjectStore;
let number = 0;

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.createBucket('locked', 'locked');
  proxy = await startFaultProxy(gateway.url);
  store = open();
}, 900_000);
afterAll(async () => {
  store.close();
  await proxy.stop();
  await gateway.stop();
});
beforeEach(() => {
  proxy.fault = () => undefined;
  proxy.seen.length = 0;
});

function open(more: Partial<StoreServer> = {}): ObjectStore {
  const server = serverAt(proxy.url, more);
  return openS3({ server, bucket: 'locked', root, credentials: gatewayCredentials, backOffMilliseconds: 1 });
}
const freshKey = (): string => `reports/${++number}`;
const isList = ({ path }: { path: string }): boolean => path.includes('list-type=2');
const asked = (method: string) => proxy.seen.filter((one) => one.method === method);
const list = (contents: string, isTruncated: boolean): Fault => ({
  ...{ do: 'answer', status: 200 },
  body: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${contents}</ListBucketResult>`,
});

// thanos-io/thanos#3795, minio/minio-go#1451, seaweedfs/seaweedfs#9149
test('an answer that is shorter than it says is asked for again, and is never a shorter object', async () => {
  const key = freshKey();
  const bytes = Buffer.alloc(300_000, 'x');
  await store.put(key, bytes, { contentType }, signal);
  proxy.fault = first('GET', { do: 'cutReply', afterBytes: 1000 });
  expect((await store.get(key, { maxBytes: 1 << 20 }, signal))?.length).toBe(300_000);
  expect(asked('GET')).toHaveLength(2);
  proxy.fault = first('GET', { do: 'cutReply', afterBytes: 1000 }, 9);
  expect(await reasonOf(store.get(key, { maxBytes: 1 << 20 }, signal))).toBe('Unavailable');
  await expect(store.stream(key, {}, signal).then(readAll)).rejects.toThrow();
});

describe('a list', () => {
  test.each<[string, Fault]>([
    // boto/botocore#298, minio/minio-go#2305
    ['that is an error with a good status', { do: 'answer', status: 200, code: 'InternalError' }],
    // aws/aws-sdk-go#3291, aws/aws-sdk-js#3259
    ['without a body', { do: 'answer', status: 200, body: '' }],
    [
      'of which only the first line came',
      { do: 'answer', status: 200, body: '<?xml version="1.0" encoding="UTF-8"?>' },
    ],
    ['that is a page of a proxy', { do: 'answer', status: 200, body: '<html><body>Sign in</body></html>' }],
    ['that is the answer for an object', { do: 'answer', status: 404, code: 'NoSuchKey' }],
    // minio/minio-go#1704 (Huawei OBS)
    ['that goes on, and has nothing', list('', true)],
  ])('%s is not an empty one', async (_, fault) => {
    proxy.fault = (request) => (isList(request) ? fault : undefined);
    expect(await reasonOf(keysOf(store.list('', {}, signal)))).toMatch(/^(Altered|Unavailable)$/);
  });

  // minio/minio#21463, versity/versitygw#2007, ceph/ceph#29298
  test('is continued after the last key, and by no token, which servers mix up', async () => {
    const token = '<NextContinuationToken>wrong</NextContinuationToken>';
    const key = (name: string): string => `<Contents><Key>${root}/${name}</Key><Size>1</Size></Contents>`;
    proxy.fault = ({ path }) =>
      path.includes('start-after')
        ? list(key('b'), false)
        : isList({ path })
          ? list(key('a') + token, true)
          : undefined;
    expect(await keysOf(store.list('', {}, signal))).toEqual(['a', 'b']);
    expect(asked('GET').map(({ path }) => path.includes('continuation-token'))).toEqual([false, false]);
  });
});

describe('a write', () => {
  // earth-mover/icechunk#2099
  test.each<[string, Fault]>([
    ['is lost', { do: 'loseReply' }],
    ['is the one of a gateway', { do: 'replaceReply', status: 502 }],
    [
      'is an error with a good status',
      { do: 'replaceReply', status: 200, body: '<Error><Code>InternalError</Code></Error>' },
    ],
  ])('whose answer %s is not taken for one of another', async (_, fault) => {
    proxy.fault = first('PUT', fault);
    const stored = await store.put(freshKey(), body, { contentType, ifAbsent: true, retention }, signal);
    expect(stored).toMatchObject({ sha256: sha256(body), retention: { mode: 'Governance' } });
    expect(stored.versionId).toMatch(/./);
    expect(asked('PUT')).toHaveLength(1);
  });

  // apache/opendal#6741, apache/arrow-rs#4777, apache/arrow-rs-object-store#852
  test.each(['ConditionalRequestConflict', 'OperationAborted'])('that meets %s is tried again', async (code) => {
    proxy.fault = first('PUT', { do: 'answer', status: 409, code });
    await store.put(freshKey(), body, { contentType, ifAbsent: true, retention }, signal);
    expect(asked('PUT')).toHaveLength(2);
  });

  // cockroachdb/cockroach#115602, GaloyMoney/blink#3648, Altinity/clickhouse-backup#1363
  test.each(['Sha256', 'Md5'] as const)(
    'with a lock has the digest in a header (%s), and no trailer',
    async (checksums) => {
      const own = open({ checksums });
      await own.put(freshKey(), body, { contentType, ifAbsent: true, retention }, signal);
      own.close();
      const { headers } = asked('PUT')[0]!;
      expect(headers).toHaveProperty([checksums === 'Md5' ? 'content-md5' : 'x-amz-checksum-sha256']);
      expect(headers).not.toHaveProperty(['x-amz-trailer']);
      expect(headers['x-amz-content-sha256']).toBe(sha256(body));
    },
  );

  // home-assistant/core#143995, matrix-org/synapse-s3-storage-provider#128, ovh/public-cloud-roadmap#781
  test('has none of the headers that came into use later', async () => {
    await store.put(freshKey(), body, { contentType, retention }, signal);
    const names = proxy.seen.flatMap(({ headers }) => Object.keys(headers));
    for (const name of ['x-amz-sdk-checksum-algorithm', 'x-amz-checksum-crc32', 'x-amz-checksum-algorithm'])
      expect(names).not.toContain(name);
    expect(asked('PUT')[0]!.headers['x-amz-content-sha256']).not.toMatch(/^STREAMING|^UNSIGNED/);
  });

  // andrewrk/node-s3-client#74, aws/aws-cli#1116, haga-rak/fluxzy.core#624
  test('does not wait for a server to continue, and one that says so unasked does not confuse it', async () => {
    proxy.fault = () => ({ do: 'continue' });
    const key = freshKey();
    await store.put(key, Buffer.alloc(2_000_000, 'y'), { contentType, retention }, signal);
    expect(asked('PUT')[0]!.headers).not.toHaveProperty(['expect']);
    expect((await store.get(key, { maxBytes: 1 << 22 }, signal))?.length).toBe(2_000_000);
  });

  // aws/aws-sdk-js-v3#8005, aws/aws-sdk-js-v3#2208
  test('beside others that were refused for their time is tried again, as all of them are', async () => {
    let left = 5;
    proxy.fault = ({ method }) =>
      method === 'PUT' && left-- > 0 ? { do: 'answer', status: 403, code: 'RequestTimeTooSkewed' } : undefined;
    const keys = Array.from({ length: 5 }, freshKey);
    await Promise.all(keys.map((key) => store.put(key, body, { contentType, ifAbsent: true, retention }, signal)));
    expect(await keysOf(store.list('reports/', {}, signal))).toEqual(expect.arrayContaining(keys));
  });
});

// jschneier/django-storages#1104, NixOS/nix#1655, wellcomecollection/storage-service#957
test('what is forbidden is not what is missing', async () => {
  proxy.fault = ({ method }) => (method === 'HEAD' || method === 'GET' ? { do: 'answer', status: 403 } : undefined);
  expect(await reasonOf(store.head('none', {}, signal))).toBe('Denied');
  expect(await reasonOf(store.get('none', { maxBytes: 1 }, signal))).toBe('Denied');
});

// velero-io/velero#2789, velero-io/velero#5742 and certificates of one's own: objectStoreTls.test. s3proxy#627, pithings/mountx#19: evidenceStore.test.
