/** Each tampering, done to a copy of what the operator itself stored in S3, is refused by our verifier with its sentence, and by the other two as the table has it. */
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { firstKeys } from '../../operator/evidence/statement/keyLife.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import { Chain } from '../evidence/kills.ts';
import { madeBy } from '../evidence/madeBy.ts';
import { addManifest, newKey, type Made } from '../evidence/packs.ts';
import { startProcessBed } from '../evidence/processBed.ts';
import { nextPack, tamperings, type Tampering } from '../evidence/tamperings.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { home } from '../operator/clusterOnly.ts';

let base = '';
/** The file of the first key, which the auditor has. */
let key = '';
let first = '';
/** Four packs of one key, and the same with a fifth of the key after it. */
let made: Made;
let rotated: Made;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'holdfast-tampering-'));
  const bed = await startProcessBed({ sections: ['Evidence', 'Policy'] });
  try {
    const chain = new Chain(bed);
    for (let number = 1; number <= 4; number += 1) await chain.next();
    const copy = join(base, 'made');
    await cp(await bed.download(), copy, { recursive: true });
    made = madeBy(copy, bed.key.private);
    await chain.rotate();
    await chain.next();
    const later = join(base, 'rotated');
    await cp(await bed.download(), later, { recursive: true });
    rotated = madeBy(later, chain.key.private);
    first = bed.key.public;
  } finally {
    await bed.stop();
  }
  key = join(base, 'key.pub');
  writeFileSync(key, first);
}, 900_000);

afterAll(() => rmSync(base, { recursive: true }));

async function tampered(of: Made, { act }: Pick<Tampering, 'act'>): Promise<string> {
  const folder = mkdtempSync(join(base, 'copy-'));
  await cp(of.folder, folder, { recursive: true });
  await act({ ...of, folder });
  return folder;
}

async function said(folder: string, to?: number): Promise<{ is: string; problems: string[] }> {
  const keys = [createPublicKey(first)];
  const { is, checks } = await verifyTree(folderTree(folder), { keys, ...(to !== undefined && { to }) });
  const problems = checks.flatMap(({ name, problems: all }) =>
    all.map(({ where, message }) => `${name}: ${where}: ${message}`),
  );
  return { is, problems };
}

async function assertRefused(folder: string, { check, says, to }: Tampering): Promise<void> {
  const { is, problems } = await said(folder, to);
  expect(is).toBe('Refused');
  expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${check}: [^]*(?:${says.source})`)));
}

test('what was not changed is verified', async () => {
  expect(await said(made.folder, 4)).toEqual({ is: 'Verified', problems: [] });
  expect(await said(rotated.folder, 5)).toEqual({ is: 'Verified', problems: [] });
  expect(await byScript(made.folder, key)).toMatchObject({ isVerified: true });
  expect(await byCosign(made.folder, key)).toMatchObject({ isVerified: true });
});

test.each(tamperings)('$name', async (tampering) => {
  const folder = await tampered(made, tampering);
  await assertRefused(folder, tampering);
  expect((await byScript(folder, key)).isVerified).toBe(!tampering.script);
  // It takes long for what it does not notice.
  if (tampering.cosign) expect((await byCosign(folder, key)).isVerified).toBe(false);
  rmSync(folder, { recursive: true });
});

const earlier = 'it adds a list of keys that is dated before the one of the rotation, which is refused as such';
/** What cannot be done to a store after a rotation, and why. */
const notAfterRotation: Readonly<Record<string, string>> = {
  'a pack is signed with a key that was rotated out': earlier,
  'a pack is signed with a key before it was valid': earlier,
  'a pack is signed with a key that was revoked': earlier,
  'a pack is dated back, with a key that was revoked': earlier,
  'a revocation is removed from the list of keys': earlier,
  'a list of keys adds a key, and is signed with that': earlier,
  'the newest list of keys is removed': 'it adds list 2, which is there',
  'a list of keys of another store, by who has the key':
    'it adds list 2, which is there, and is refused as none that follows',
};

describe('after a rotation', () => {
  test('each that cannot be done is one of those', () => {
    const names = tamperings.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(notAfterRotation)));
  });

  test.each(tamperings.filter(({ name }) => notAfterRotation[name] === undefined))('$name', async (tampering) => {
    const folder = await tampered(rotated, tampering);
    await assertRefused(folder, tampering);
    rmSync(folder, { recursive: true });
  });

  test.each<[string, Tampering['act'], RegExp]>([
    [
      'the list of keys of the rotation is removed',
      ({ folder }) => rm(join(folder, 'keys/manifest-00000002.sigstore.json')),
      /^Signatures: packs\/nightly\/00000005\.sigstore\.json: it was signed with key \S+, which is none of those/,
    ],
    [
      'a pack is signed with the key before, a day later',
      (of) => nextPack(of, { key: { hint: made.key.hint, manifest: 2 } }, made.key),
      /^Keys: packs\/nightly\/00000006\.sigstore\.json: it was signed at \S+, but its key was valid until \S+ only/,
    ],
    [
      'the list of keys is one that names the keys of a stranger',
      async ({ folder, key: own }) => {
        const stranger = newKey();
        const previous = { sequence: 1, digest: { sha256: '0'.repeat(64) } };
        const list = firstKeys({ store: { namespace: home, name: 'main' }, cluster: { id: 'x' } }, own, new Date());
        await addManifest(folder, { ...list, sequence: 2, previous }, stranger);
      },
      /^Keys: keys\/manifest-00000002\.sigstore\.json: it does not follow manifest 1/,
    ],
  ])('%s', async (_, act, says) => {
    const folder = await tampered(rotated, { act });
    const { is, problems } = await said(folder);
    expect(is).toBe('Refused');
    expect(problems).toContainEqual(expect.stringMatching(says));
    rmSync(folder, { recursive: true });
  });
});
