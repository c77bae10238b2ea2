import { expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf } from '../../../test/builders/sections.ts';
import { keepFiles } from './keepFiles.ts';

const content = Buffer.from(Array.from({ length: 30_000 }, (_, at) => `line ${at} é\n`).join(''));

test('what is kept is read as it was added, or not at all, and removed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-kept-'));
  try {
    const keep = keepFiles(folder, 'kept');
    const [one, other, none] = [keep.make(), keep.make(), keep.make()];
    for (let at = 0; at < content.length; at += 70_001) await one.add(content.subarray(at, at + 70_001));
    await other.add(content.subarray(0, 999));
    expect((await bytesOf(one.read())).equals(content)).toBe(true);
    expect((await bytesOf(none.read())).length).toBe(0);
    const path = join(folder, '.kept-2');
    const before = readFileSync(path);
    for (const altered of [
      before.subarray(1),
      Buffer.concat([before.subarray(0, 500), Buffer.from('x'), before.subarray(501)]),
    ]) {
      writeFileSync(path, altered);
      await expect(bytesOf(other.read())).rejects.toThrow(
        `${path} changed while the section was made; find out who writes there`,
      );
    }
    await keep.close();
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
