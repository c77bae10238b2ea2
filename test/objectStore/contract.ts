/** What every object store does alike, as tests. */
import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedObject, ObjectStore, StoreReason } from '../../operator/connect/objectStore/types.ts';

const signal = new AbortController().signal;
const contentType = 'application/json';

interface Bed {
  readonly store: ObjectStore;
  /** For files of the test. */
  readonly folder: string;
}

export function contractOf(bed: () => Bed): void {
  const store = (): ObjectStore => bed().store;

  test('what was stored is read back: bytes, size and digest', async () => {
    const body = Buffer.from('{"a":1}');
    const stored = await store().put('packs/one/a.json', body, { contentType, ifAbsent: true }, signal);
    expect(stored).toMatchObject({ key: 'packs/one/a.json', sha256: sha256(body), size: 7 });
    expect(stored.uri).toContain('packs/one/a.json');
    expect(await store().get('packs/one/a.json', { maxBytes: 7 }, signal)).toEqual(body);
    expect(await store().head('packs/one/a.json', {}, signal)).toMatchObject({ sha256: sha256(body), size: 7 });
    expect(await readAll(await store().stream('packs/one/a.json', {}, signal))).toEqual(body);
  });

  test('an object without bytes is one', async () => {
    await store().put('empty', Buffer.alloc(0), { contentType, ifAbsent: true }, signal);
    expect(await store().get('empty', { maxBytes: 0 }, signal)).toEqual(Buffer.alloc(0));
    expect(await store().head('empty', {}, signal)).toMatchObject({ size: 0, sha256: sha256(Buffer.alloc(0)) });
  });

  test('what is not there is undefined, and removing it is no error', async () => {
    expect(await store().get('none', { maxBytes: 1 }, signal)).toBeUndefined();
    expect(await store().head('no/such', {}, signal)).toBeUndefined();
    expect(await store().stream('none', {}, signal)).toBeUndefined();
    expect(await keysOf(store().list('no/', {}, signal))).toEqual([]);
    await store().remove('none', undefined, signal);
  });

  test('a key that is taken is refused, with the same bytes too, and what is there stays', async () => {
    const body = Buffer.from('first');
    await store().put('taken', body, { contentType, ifAbsent: true }, signal);
    for (const other of [body, Buffer.from('other')])
      expect(await reasonOf(store().put('taken', other, { contentType, ifAbsent: true }, signal))).toBe('Exists');
    expect(await store().get('taken', { maxBytes: 10 }, signal)).toEqual(body);
  });

  test('of twenty that store the same key at once, one succeeds, and its bytes are there', async () => {
    const bodies = Array.from({ length: 20 }, (_, number) => Buffer.from(`body ${number}`.repeat(1000)));
    const answers = await Promise.all(
      bodies.map((body) =>
        store()
          .put('raced', body, { contentType, ifAbsent: true }, signal)
          .then(({ sha256: digest }) => digest, reasonIn),
      ),
    );
    const winners = answers.filter((answer) => answer !== 'Exists');
    expect(winners).toHaveLength(1);
    const there = await store().get('raced', { maxBytes: 100_000 }, signal);
    expect(sha256(there ?? Buffer.alloc(0))).toBe(winners[0]);
  });

  test('a file is streamed, and one that changed since its digest was computed is refused', async () => {
    const body = Buffer.alloc(3_000_000, 'abcdefg');
    const path = join(bed().folder, 'pack');
    writeFileSync(path, body);
    const file = { path, size: body.length, sha256: sha256(body) };
    const stored = await store().put('file', file, { contentType, ifAbsent: true }, signal);
    expect(stored).toMatchObject({ sha256: file.sha256, size: file.size });
    expect((await readAll(await store().stream('file', {}, signal))).equals(body)).toBe(true);
    writeFileSync(path, Buffer.alloc(3_000_000, 'gfedcba'));
    expect(await reasonOf(store().put('changed', file, { contentType, ifAbsent: true }, signal))).toBe('Invalid');
    expect(await store().head('changed', {}, signal)).toBeUndefined();
    writeFileSync(path, body.subarray(1));
    expect(await reasonOf(store().put('changed', file, { contentType, ifAbsent: true }, signal))).toBe('Invalid');
    expect(await store().head('changed', {}, signal)).toBeUndefined();
  });

  test('more bytes than are wanted are not read', async () => {
    await store().put('long', Buffer.alloc(1001), { contentType, ifAbsent: true }, signal);
    expect(await reasonOf(store().get('long', { maxBytes: 1000 }, signal))).toBe('Invalid');
    expect(await store().get('long', { maxBytes: 1001 }, signal)).toHaveLength(1001);
  });

  test('keys are listed in their order, from the one after, below a prefix that may end anywhere', async () => {
    const keys = ['list/a-b', 'list/a.b', 'list/a/b', 'list/a/c', 'list/a0', 'list/b/000000000001.ndjson', 'lists'];
    for (const key of [...keys].reverse())
      await store().put(key, Buffer.from(key), { contentType, ifAbsent: true }, signal);
    expect(await keysOf(store().list('list', {}, signal))).toEqual(keys);
    expect(await keysOf(store().list('list/', {}, signal))).toEqual(keys.slice(0, -1));
    expect(await keysOf(store().list('list/a', {}, signal))).toEqual(keys.slice(0, 5));
    expect(await keysOf(store().list('list/a/', {}, signal))).toEqual(['list/a/b', 'list/a/c']);
    for (const [at, key] of keys.entries())
      expect(await keysOf(store().list('list', { after: key }, signal))).toEqual(keys.slice(at + 1));
    expect(await keysOf(store().list('list', { after: 'list/a/' }, signal))).toEqual(keys.slice(2));
    for await (const { key, size } of store().list('list', {}, signal)) expect(size).toBe(key.length);
  });

  test.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/..',
    '../a',
    'a/../../b',
    './a',
    '.hidden',
    '-a',
    'a\\b',
    'a b',
    'a\0b',
    'a%2e%2e',
    'ä',
    'a?versionId=1',
    'a'.repeat(254),
    'a/'.repeat(300) + 'a',
  ])('the key %j is refused by everything that takes one', async (key) => {
    const one = store();
    const calls = [
      () => one.put(key, Buffer.from(''), { contentType }, signal),
      () => one.get(key, { maxBytes: 1 }, signal),
      () => one.head(key, {}, signal),
      () => one.stream(key, {}, signal),
      () => one.remove(key, undefined, signal),
    ];
    for (const call of calls) expect(await reasonOf(call())).toBe('Invalid');
  });

  test.each(['/', '../', 'a/../', '..', 'a//'])('nothing is listed below %j', async (prefix) => {
    expect(await reasonOf(keysOf(store().list(prefix, {}, signal)))).toBe('Invalid');
  });

  test('what was given up is not done', async () => {
    const given = AbortSignal.abort(new Error('given up'));
    await expect(store().put('given', Buffer.from('a'), { contentType }, given)).rejects.toThrow('given up');
    await expect(store().get('given', { maxBytes: 1 }, given)).rejects.toThrow('given up');
    expect(await store().head('given', {}, signal)).toBeUndefined();
  });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function reasonOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(() => undefined, reasonIn);
}

/** Anything but a StoreError is shown as it is. */
function reasonIn(error: unknown): string {
  const { reason, message } = error as { reason?: StoreReason; message: string };
  return reason ?? message;
}

export async function readAll(stream: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function keysOf(objects: AsyncIterable<ListedObject>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects) keys.push(key);
  return keys;
}
