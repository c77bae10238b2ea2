import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractOf, keysOf, reasonOf } from '../../../test/objectStore/contract.ts';
import { sha256 } from '../../lib/digest.ts';
import { openFilesystem } from './filesystem.ts';
import type { ObjectStore } from './types.ts';

const signal = new AbortController().signal;
const contentType = 'application/json';
const now = new Date('2026-11-27T02:00:00Z');
const root = 'holdfast.dev/team-a/audit';
let folder = '';
let store: ObjectStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  store = await openFilesystem({ folder: join(folder, 'evidence'), root, now });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder as a store', () => contractOf(() => ({ store, folder })));

function inRoot(...path: string[]): string {
  return join(folder, 'evidence', root, ...path);
}

test('files can be read by their owner only, written by nobody, and no draft stays', async () => {
  await store.put('modes/a', Buffer.from('a'), { contentType }, signal);
  expect(statSync(inRoot('modes/a')).mode & 0o777).toBe(0o400);
  expect(statSync(inRoot('modes')).mode & 0o777).toBe(0o700);
  expect(statSync(inRoot('modes/a')).nlink).toBe(1);
  expect(readdirSync(inRoot('.drafts'))).toEqual([]);
});

test('the same bytes again are no error where the key may be taken; others are', async () => {
  const first = await store.put('again', Buffer.from('a'), { contentType }, signal);
  expect(await store.put('again', Buffer.from('a'), { contentType }, signal)).toEqual(first);
  expect(await reasonOf(store.put('again', Buffer.from('b'), { contentType }, signal))).toBe('Exists');
});

test('nothing is locked or held, and there are no versions', async () => {
  const retention = { mode: 'Governance', until: new Date('2030-01-01T00:00:00Z') } as const;
  expect(await reasonOf(store.put('locked', Buffer.from('a'), { contentType, retention }, signal))).toBe('LockRefused');
  expect(await store.head('locked', {}, signal)).toBeUndefined();
  expect(await reasonOf(store.hold('again', undefined, true, signal))).toBe('LockRefused');
  expect(await reasonOf(store.get('again', { versionId: '1', maxBytes: 1 }, signal))).toBe('Invalid');
  expect(await reasonOf(store.remove('again', '1', signal))).toBe('Invalid');
});

test('an object that is removed is gone', async () => {
  await store.put('gone/a', Buffer.from('a'), { contentType }, signal);
  await store.remove('gone/a', undefined, signal);
  expect(await store.head('gone/a', {}, signal)).toBeUndefined();
  expect(await keysOf(store.list('gone/', {}, signal))).toEqual([]);
});

test('nothing is read, written, listed or removed through a symbolic link', async () => {
  const outside = join(folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), 'secret');
  mkdirSync(inRoot('links'));
  symlinkSync(outside, inRoot('links', 'folder'));
  symlinkSync(join(outside, 'secret'), inRoot('links', 'file'));
  for (const key of ['links/folder/secret', 'links/file']) {
    expect(await reasonOf(store.get(key, { maxBytes: 100 }, signal))).toBe('Altered');
    expect(await reasonOf(store.head(key, {}, signal))).toBe('Altered');
    expect(await reasonOf(store.stream(key, {}, signal))).toBe('Altered');
    expect(await reasonOf(store.put(key, Buffer.from('x'), { contentType }, signal))).toBe('Altered');
    expect(await reasonOf(store.remove(key, undefined, signal))).toBe('Altered');
  }
  expect(await reasonOf(store.put('links/folder/new', Buffer.from('x'), { contentType }, signal))).toBe('Altered');
  expect(await reasonOf(keysOf(store.list('links/', {}, signal)))).toBe('Altered');
  expect(readdirSync(outside)).toEqual(['secret']);
  rmSync(inRoot('links'), { recursive: true });
});

test('a root of which a part is a symbolic link is not opened', async () => {
  symlinkSync(join(folder, 'evidence', 'holdfast.dev', 'team-a'), join(folder, 'evidence', 'holdfast.dev', 'team-b'));
  const other = openFilesystem({ folder: join(folder, 'evidence'), root: 'holdfast.dev/team-b/audit', now });
  expect(await reasonOf(other)).toBe('Altered');
});

test('a key cannot continue below an object, nor be that of a folder', async () => {
  await store.put('flat/a', Buffer.from('a'), { contentType }, signal);
  expect(await reasonOf(store.put('flat/a/b', Buffer.from('b'), { contentType }, signal))).toBe('Invalid');
  expect(await store.head('flat/a/b', {}, signal)).toBeUndefined();
  expect(await store.head('flat', {}, signal)).toBeUndefined();
  expect(await reasonOf(store.put('flat', Buffer.from('b'), { contentType }, signal))).toBe('Exists');
});

test('drafts of another operator stay for a day', async () => {
  for (const name of ['young', 'old']) writeFileSync(inRoot('.drafts', name), 'half');
  utimesSync(inRoot('.drafts', 'young'), now, new Date(now.getTime() - 3_600_000));
  utimesSync(inRoot('.drafts', 'old'), now, new Date(now.getTime() - 90_000_000));
  await openFilesystem({ folder: join(folder, 'evidence'), root, now });
  expect(readdirSync(inRoot('.drafts'))).toEqual(['young']);
  expect(await keysOf(store.list('', {}, signal))).not.toContain('.drafts/young');
});

test('a file that changed after its digest was computed gets no place', async () => {
  const path = join(folder, 'staged');
  writeFileSync(path, 'as it was', { mode: 0o400 });
  const body = { path, size: 9, sha256: sha256('as it was') };
  const before = readdirSync(inRoot('.drafts'));
  await store.put('staged/same', body, { contentType }, signal);
  expect(statSync(inRoot('staged/same')).mode & 0o777).toBe(0o400);
  for (const other of ['as it is!', 'as it was, and more', '']) {
    rmSync(path);
    writeFileSync(path, other);
    await expect(store.put('staged/other', body, { contentType }, signal)).rejects.toThrow(
      `${path} changed after its digest was computed; make it again`,
    );
    expect(await store.head('staged/other', {}, signal)).toBeUndefined();
  }
  expect(readdirSync(inRoot('.drafts'))).toEqual(before);
});

test('what fits is read into memory that is given, and nothing else of that is shown', async () => {
  await store.put('into/a', Buffer.from('short'), { contentType }, signal);
  const into = Buffer.alloc(8, 'x');
  const read = await store.get('into/a', { maxBytes: 100, into }, signal);
  expect(read?.toString()).toBe('short');
  expect(read?.buffer).toBe(into.buffer);
  const longer = await store.get('into/a', { maxBytes: 100, into: Buffer.alloc(4) }, signal);
  expect(longer?.toString()).toBe('short');
});
