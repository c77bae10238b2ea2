import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { newFile } from './newFile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-new-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function written(path: string, replaces: boolean) {
  const file = await newFile(path, replaces);
  file.stream.end('new');
  await finished(file.stream);
  return file;
}

test('has its name only when it is complete, and only its owner may read it', async () => {
  const path = join(folder, 'a');
  const file = await written(path, false);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
  await file.keep();
  expect(readdirSync(folder)).toEqual(['a']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('leaves nothing when it is discarded', async () => {
  const file = await newFile(join(folder, 'a'), false);
  file.stream.write('half');
  file.stream.destroy();
  await file.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test('replaces no file, neither one that is there nor one that comes meanwhile, unless it is to', async () => {
  const path = join(folder, 'a');
  const meanwhile = await written(path, false);
  writeFileSync(path, 'old');
  await expect(meanwhile.keep()).rejects.toThrow('exists already; choose another name with --output, or add --force.');
  await meanwhile.discard();
  await expect(newFile(path, false)).rejects.toThrow('exists already');
  expect(readFileSync(path, 'utf8')).toBe('old');
  await (await written(path, true)).keep();
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a']);
});
