/** What an image has does what the sources do, where a bundle has packages in another way than Node. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleProgram } from './bundle.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-bundle-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a bundle signs', async () => {
  await bundleProgram('test/bundled/sign.ts', folder);
  writeFileSync(join(folder, 'test/package.json'), '{"type":"module"}');
  const said = execFileSync(process.execPath, [join(folder, 'test/bundled/sign.js')], { encoding: 'utf8' });
  expect(said).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
});

// esbuild#992, #2149, #2664, #2956, #3516: names of classes became _A or A2, and whoever decides by them decided otherwise.
test('classes of a bundle have the names of their sources', async () => {
  await bundleProgram('test/bundled/names.ts', folder);
  const said = execFileSync(process.execPath, [join(folder, 'test/bundled/names.js')], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual(['StoreError', 'StoreError', 'Ready', 'Held', 'Inner', 'named', '3']);
});

test('the operator is bundled with all files that it reads', async () => {
  expect((await bundleProgram('operator/main.ts', folder)).size).toBeGreaterThan(10);
  const outputs = globSync('operator/**/*.js', { cwd: folder });
  const read = outputs.flatMap((output) => {
    const text = readFileSync(join(folder, output), 'utf8');
    const beside = [...text.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map(([, name = '']) => name);
    const joined = [...text.matchAll(/import\.meta\.dirname \+ "([^"]*)", "([^"]+)"/g)];
    const below = joined.map(([, from = '', name = '']) => join(`./${from}`, name));
    return [...beside, ...below].map((name) => join(dirname(output), name));
  });
  // The last is written by who makes an image.
  expect(read.filter((file) => !existsSync(join(folder, file)))).toEqual(['package.json']);
  expect(read).toEqual(
    expect.arrayContaining(['operator/evidence/verify/verify.sh', 'policies', 'operator/drift/host']),
  );
});

test('what would work by its sources alone is not bundled', async () => {
  await expect(bundleProgram('test/bundled/named.ts', folder)).rejects.toThrow(
    "test/bundled/named.ts: write `const { default: … } = await import('@sigstore/core')`",
  );
});
