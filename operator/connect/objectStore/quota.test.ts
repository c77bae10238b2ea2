/** No namespace fills the disk of all others: what is stored is counted, and what is there is counted again before anything is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStores } from './openStores.ts';
import type { ObjectStore } from './types.ts';

const { signal } = new AbortController();
const now = new Date('2026-11-27T02:00:00Z');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-quota-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(97);
const put = (store: ObjectStore, key: string, count: number) =>
  store.put(key, bytes(count), { contentType: 'text/plain', ifAbsent: true }, signal);

function opener(quota = 1000) {
  const open = openStores({ servers: [], folder, quota });
  return (name: string) => open({ is: 'filesystem', root: `holdfast.dev/${name}` }, now);
}

describe('the stores of a namespace', () => {
  test('have one quota together, which says what to do; those of others are not affected', async () => {
    const open = opener();
    const [one, two, other] = [await open('team/a'), await open('team/b'), await open('others/a')];
    await put(one, 'x', 600);
    await put(two, 'x', 300);
    await expect(put(two, 'y', 200)).rejects.toMatchObject({
      reason: 'Full',
      message: expect.stringMatching(/^the EvidenceStores of namespace team have .* use a bucket, or ask whoever/),
    });
    expect(await two.head('y', {}, signal)).toBeUndefined();
    await put(other, 'x', 900);
  });

  test('can use what was removed, and what was refused takes nothing', async () => {
    const store = await opener()('team/a');
    await put(store, 'x', 900);
    for (let tries = 0; tries < 3; tries += 1)
      await expect(put(store, 'y', 200)).rejects.toMatchObject({ reason: 'Full' });
    await store.remove('x', undefined, signal);
    await put(store, 'y', 900);
  });

  test('are counted as they are there when the operator starts', async () => {
    await put(await opener()('team/a'), 'x', 900);
    const again = await opener()('team/b');
    await expect(put(again, 'x', 200)).rejects.toMatchObject({ reason: 'Full' });
    await put(again, 'x', 100);
  });

  test('of a name that begins like that of another have a quota of their own', async () => {
    const open = opener();
    await put(await open('team/a'), 'x', 900);
    await put(await open('team-b/a'), 'x', 900);
  });

  test('do not lose room by an object that was there already', async () => {
    const store = await opener()('team/a');
    await put(store, 'x', 400);
    for (let tries = 0; tries < 5; tries += 1)
      await expect(put(store, 'x', 400)).rejects.toMatchObject({ reason: 'Exists' });
    await put(store, 'y', 500);
  });
});
