/** Links to objects, as stores verify them: what is signed, for which host, and from when until when. */
import { afterEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openS3 } from './s3.ts';
import { limits, type StoreServer } from './server.ts';
import type { ObjectStore, StoreCredentials } from './types.ts';

const now = new Date('2026-11-27T02:00:00Z');
const credentials: StoreCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-of-the-store' };
let opened: ObjectStore | undefined;
let answering: Server | undefined;

afterEach(async () => {
  opened?.close();
  const server = answering;
  answering = undefined;
  if (server) await new Promise((resolve) => server.close(resolve));
});

function storeOf(changes: Partial<StoreServer> = {}, own = credentials): ObjectStore {
  const server: StoreServer = {
    ...{ name: 'main', url: 'https://minio.storage.svc:9000', region: 'eu-central-1', pathStyle: true },
    ...{ checksums: 'Sha256', maxConnections: 1, connectSeconds: 1, silenceSeconds: 1 },
    requestSeconds: limits.requestSeconds.default,
    ...changes,
  };
  opened = openS3({ server, bucket: 'audit', root: 'holdfast.dev/platform/main', credentials: own });
  return opened;
}

async function linkOf(store: ObjectStore, versionId?: string): Promise<URL> {
  return new URL(await store.link!('exports/a.tar', versionId, { seconds: 900, now }));
}

test.each<[string, Partial<StoreServer>, string, string]>([
  ['the address of the operator', {}, 'minio.storage.svc:9000', '/audit/holdfast.dev/platform/main/exports/a.tar'],
  [
    'the one by which others reach it',
    { publicUrl: 'https://s3.example.com:9898' },
    's3.example.com:9898',
    '/audit/holdfast.dev/platform/main/exports/a.tar',
  ],
  [
    'the bucket in the name of the host',
    { url: 'https://s3.eu-central-1.amazonaws.com', pathStyle: false },
    'audit.s3.eu-central-1.amazonaws.com',
    '/holdfast.dev/platform/main/exports/a.tar',
  ],
])('a link has %s', async (_, changes, host, path) => {
  const link = await linkOf(storeOf(changes));
  expect([link.host, link.pathname]).toEqual([host, path]);
});

test('only the host is signed with it, so that a plain request is enough', async () => {
  const { searchParams } = await linkOf(storeOf());
  expect(searchParams.get('X-Amz-SignedHeaders')).toBe('host');
  expect(searchParams.get('X-Amz-Expires')).toBe('900');
  expect(
    [...searchParams.keys()].filter((name) => /checksum|sdk/i.test(name) && name !== 'x-amz-checksum-mode'),
  ).toEqual([]);
});

test('it is for that version, and saved rather than shown', async () => {
  const { searchParams } = await linkOf(storeOf(), 'v 1+/=');
  expect(searchParams.get('versionId')).toBe('v 1+/=');
  expect(searchParams.get('response-content-disposition')).toBe('attachment');
});

test('no secret is in it, and the session token is', async () => {
  const { href, searchParams } = await linkOf(storeOf({}, { ...credentials, sessionToken: 'token/+=' }));
  expect(href).not.toContain(credentials.secretAccessKey);
  expect(searchParams.get('X-Amz-Security-Token')).toBe('token/+=');
});

test('two that are made at different times differ', async () => {
  const store = storeOf();
  const first = await store.link!('exports/a.tar', undefined, { seconds: 900, now });
  const later = new Date(now.getTime() + 60_000);
  expect(await store.link!('exports/a.tar', undefined, { seconds: 900, now: later })).not.toBe(first);
});

test.each([
  ['behind', -600],
  ['ahead', 600],
])('it begins by the clock of a store that is %s', async (_, seconds) => {
  const time = new Date(now.getTime() + seconds * 1000);
  answering = createServer((__, answer) => {
    answer.sendDate = false;
    answer
      .writeHead(200, {
        date: time.toUTCString(),
        'content-length': '3',
        'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64'),
      })
      .end();
  });
  const server = answering;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store = storeOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  await store.head('exports/a.tar', {}, AbortSignal.timeout(5000));
  const { searchParams } = await linkOf(store);
  const begin = new Date(time.getTime() - 10_000).toISOString().replace(/[-:]|\.\d+/g, '');
  expect(searchParams.get('X-Amz-Date')).toBe(begin);
});

test('what is no key is signed no link for', async () => {
  await expect(async () => storeOf().link!('../other/a', undefined, { seconds: 900, now })).rejects.toThrow(
    /is not the key/,
  );
});
