import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WireApiserver } from '../../test/wire/apiserver.ts';
import { DROP } from '../../test/wire/valves.ts';
import { Cache } from './cache.ts';
import { Caches } from './caches.ts';
import { Client } from './client.ts';
import type { Change } from './feature.ts';

let apiserver: WireApiserver;
let client: Client;
let caches: Caches;
const { signal } = new AbortController();

beforeEach(async () => {
  apiserver = await WireApiserver.start(DROP);
  client = new Client({ server: apiserver.url });
  // More than a page.
  for (const name of ['a', 'b', 'c', 'd', 'e']) apiserver.put(name, { spec: { level: 1 } });
  const cache = new Cache(DROP, { onFault: () => undefined });
  cache.beginList(0);
  for (const name of ['a', 'b', 'c', 'd', 'e']) cache.listed(structuredClone(apiserver.get(name)!));
  cache.endList(String(apiserver.version));
  caches = new Caches(client, [cache]);
});

afterEach(async () => {
  await client.close();
  await apiserver.stop();
});

const isCurrent = (change: Change) => caches.isCurrent(DROP, change, '', signal);

describe('a cache is current', () => {
  test('while nothing has changed', async () => {
    expect([await isCurrent('any'), await isCurrent('declaration')]).toEqual([true, true]);
  });
  test.each<[string, () => unknown, boolean, boolean]>([
    ['a status was written', () => apiserver.put('e', { status: { conditions: [] } }), false, true],
    ['a spec was written', () => apiserver.put('e', { spec: { level: 2 } }), false, false],
    ['a label was set', () => apiserver.put('e', { metadata: { labels: { a: 'b' } } }), false, false],
    [
      'one is being deleted',
      () => apiserver.put('e', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      false,
      false,
    ],
    ['one was made', () => apiserver.put('f'), false, false],
    ['one went', () => apiserver.remove('a'), false, false],
    [
      'one was made again',
      () => {
        apiserver.remove('a');
        apiserver.put('a', { spec: { level: 1 } });
      },
      false,
      false,
    ],
  ])('%s: not in full, or as declared', async (_, change, any, declared) => {
    change();
    expect([await isCurrent('any'), await isCurrent('declaration')]).toEqual([any, declared]);
  });
  test('never when that cannot be read', async () => {
    apiserver.fault = () => ({ answer: 503 });
    await expect(isCurrent('any')).rejects.toMatchObject({ status: 503 });
  });
});
