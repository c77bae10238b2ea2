/** What the real cosign says of a signed release, and of one that was changed afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sign, writeChecksums } from '../../operator/tools/release/sign.ts';
import { setUp } from '../cluster/setUp.ts';
import { mustRun, runCommand } from '../fleet/command.ts';

let cosign: string;
let folder: string;
let keys: string;

beforeAll(async () => {
  cosign = join(await setUp('cosign'), 'cosign');
  folder = mkdtempSync(join(tmpdir(), 'holdfast-release-'));
  keys = mkdtempSync(join(tmpdir(), 'holdfast-keys-'));
  process.env['COSIGN_PASSWORD'] = '';
  for (const name of ['ours', 'other'])
    await mustRun([cosign, 'generate-key-pair', '--output-key-prefix', join(keys, name)]);
  writeFileSync(join(folder, 'install.yaml'), 'a: 1\n');
  writeChecksums(folder);
}, 900_000);

afterAll(() => {
  delete process.env['COSIGN_PASSWORD'];
  for (const place of [folder, keys]) rmSync(place, { recursive: true });
});

/** As docs/install.md says, for a signature that is not in the log. */
const verify = (key: string, file = 'checksums.txt') => {
  const bundle = join(folder, 'checksums.txt.sigstore.json');
  const flags = ['--key', join(keys, `${key}.pub`), '--bundle', bundle, '--insecure-ignore-tlog=true'];
  return runCommand([cosign, 'verify-blob', ...flags, join(folder, file)]);
};

test('nothing is signed where that was asked for, and the sentence says so', () => {
  expect(sign(folder, { by: 'no one' }, cosign)).toMatch(/^Nothing was signed, as SIGN=no asks/);
});

describe('what a key has signed', () => {
  test('is verified without a network', async () => {
    const key = join(keys, 'ours.key');
    expect(sign(folder, { by: 'key', key, isPublic: false }, cosign)).toBe(
      `checksums.txt was signed by ${key}; the transparency log does not have it.`,
    );
    expect(await verify('ours')).toMatchObject({ code: 0, stderr: expect.stringContaining('Verified OK') });
  });

  test('is not of another key', async () => {
    expect(await verify('other')).toMatchObject({ code: 1, stderr: expect.stringContaining('invalid signature') });
  });

  test('is not another list of digests, nor a file that was changed', async () => {
    writeFileSync(join(folder, 'changed.txt'), `${'0'.repeat(64)}  install.yaml\n`);
    const refused = { code: 1, stderr: expect.stringContaining('invalid signature') };
    expect(await verify('ours', 'changed.txt')).toMatchObject(refused);
    writeFileSync(join(folder, 'install.yaml'), 'a: 2\n');
    const list = ['sha256sum', '--check', 'checksums.txt'] as const;
    const { code, stdout } = await runCommand(['env', '-C', folder, ...list]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'install.yaml: FAILED\n' });
  });
});
