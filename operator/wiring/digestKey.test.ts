import { chownSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { digestKey } from './digestKey.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-key-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a key is made once, for its owner only', () => {
  const file = join(folder, 'new/key');
  const key = digestKey(file);
  expect(key).toHaveLength(32);
  expect(digestKey(file)).toEqual(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a key that is too short is none', () => {
  writeFileSync(join(folder, 'key'), 'short');
  expect(() => digestKey(join(folder, 'key'))).toThrow(/contains fewer than 32 bytes/);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('a key of another user is refused, behind a link too', () => {
  writeFileSync(join(folder, 'theirs'), 'x'.repeat(32));
  chownSync(join(folder, 'theirs'), 65_534, 65_534);
  symlinkSync(join(folder, 'theirs'), join(folder, 'key'));
  expect(() => digestKey(join(folder, 'key'))).toThrow(/key belongs to user 65534, who knows the key/);
});
