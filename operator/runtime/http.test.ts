import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WireApiserver } from '../../test/wire/apiserver.ts';
import { VALVE } from '../../test/wire/valves.ts';
import { ApiError, NoResponse } from './apiError.ts';
import { Client } from './client.ts';

const key = { namespace: 'default', name: 'a' };
let apiserver: WireApiserver;
let client: Client;
let told: string[];

beforeEach(async () => {
  apiserver = await WireApiserver.start(VALVE);
  told = [];
  client = new Client(
    { server: apiserver.url, token: () => 'abc' },
    { timeoutSeconds: 1, onRequest: (verb, code) => told.push(`${verb} ${code}`) },
  );
});

afterEach(async () => {
  await client.close();
  await apiserver.stop();
});

test('an answer of no carries its status, its reason, its sentence and when to come again', async () => {
  apiserver.fault = () => ({ answer: 429, reason: 'TooManyRequests', headers: { 'retry-after': '7' } });
  const error = await client.get(VALVE, key).catch((thrown: unknown) => thrown as ApiError);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 429, reason: 'TooManyRequests', retryAfterSeconds: 7 });
  expect((error as ApiError).message).toBe(
    'get /apis/wire.holdfast.dev/v1/namespaces/default/valves/a: TooManyRequests (429) (429 TooManyRequests)',
  );
});

// linkerd/linkerd2#2304, replicatedhq/kots#5237
test.each(['/k8s/clusters/c-m-1', '/k8s/clusters/c-m-1/'])('a server at %s is asked there', async (path) => {
  const there = new Client({ server: `${apiserver.url}${path}` }, { timeoutSeconds: 1 });
  await there.get(VALVE, key);
  await there.close();
  expect(apiserver.seen.map((seen) => seen.path)).toEqual([
    '/k8s/clusters/c-m-1/apis/wire.holdfast.dev/v1/namespaces/default/valves/a',
  ]);
});

test('an object that is not there is undefined, and its deletion no error', async () => {
  expect(await client.get(VALVE, key)).toBeUndefined();
  expect(await client.delete(VALVE, key, 'u')).toBe(false);
  expect(told).toEqual(['get 404', 'delete 404']);
});

test.each<[string, () => void, RegExp]>([
  ['breaks the connection', () => (apiserver.fault = () => 'drop'), /no response from http:/],
  ['answers with nonsense', () => (apiserver.fault = () => ({ answer: 200, text: '<html>' })), /is not JSON: <html>/],
  [
    'does not answer in time',
    () => (apiserver.fault = () => new Promise(() => undefined)),
    /no response from http:.*Timeout/i,
  ],
])('an apiserver that %s is a NoResponse', async (_what, happens, message) => {
  happens();
  const error = await client.get(VALVE, key).catch((thrown: unknown) => thrown as Error);
  expect(error).toBeInstanceOf(NoResponse);
  expect((error as Error).message).toMatch(message);
});

test('a request that was called off ends with the reason of that', async () => {
  apiserver.fault = () => new Promise(() => undefined);
  const abort = new AbortController();
  const asked = client.get(VALVE, key, abort.signal);
  abort.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});

// Each waited for a connection to fail, one after the other: nine lists took a minute and a half.
test('requests that wait for a connection end all at once when they are called off', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((settle) => mute.listen(0, '127.0.0.1', settle));
  const { port } = mute.address() as AddressInfo;
  const waiting = new Client({ server: `https://127.0.0.1:${port}` }, { connections: 10 });
  const abort = new AbortController();
  const asked = Array.from({ length: 9 }, () => waiting.list(VALVE, '', '', { signal: abort.signal }));
  abort.abort(new Error('enough'));
  const ends = await Promise.allSettled(asked);
  expect(ends.map((end) => (end.status === 'rejected' ? (end.reason as Error).message : ''))).toEqual(
    Array(9).fill('enough'),
  );
  await waiting.close();
  mute.close();
});

test('a list in plain text of a proxy is told with its beginning', async () => {
  apiserver.fault = () => ({ answer: 503, text: 'upstream connect error' });
  await expect(client.list(VALVE, '', '')).rejects.toThrow(
    'list /apis/wire.holdfast.dev/v1/valves: upstream connect error (503)',
  );
});
