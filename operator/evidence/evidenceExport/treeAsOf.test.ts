/** What of a store is exported, and that its chains lead from what the operator stored: whoever has the key can sign others. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPack, makeStore, signedAt, write, type Made } from '../../../test/evidence/packs.ts';
import { prepareExport } from '../export/prepare.ts';
import { folderTree } from '../verify/folderTree.ts';
import type { Believed } from './kit.ts';
import { treeAsOf } from './treeAsOf.ts';

let folder: string;
let made: Made;
const late = new Date('2027-01-01T00:00:00Z');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-as-of-'));
  made = await makeStore(folder, 4);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lastIs(number: number, name = 'nightly'): Believed['lasts'] {
  return new Map([[name, { sequence: number, digest: `sha256:${made.packs[number - 1]!.digest}` }]]);
}

const wish = { packs: [], sections: [], frameworks: [] };

async function exported(lasts: Believed['lasts'], start = late, packs?: readonly string[]) {
  const tree = await treeAsOf(folderTree(folder), { start, packs, lasts });
  const trust = { keys: [createPublicKey(made.key.publicKey)] };
  return prepareExport({ tree, trust, wish, evenIfBroken: false });
}

async function filesOf(...given: Parameters<typeof exported>): Promise<readonly string[]> {
  const prepared = await exported(...given);
  if (prepared.is !== 'selected') throw new Error(prepared.verdict.message);
  return prepared.files.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
}

test('all packs that were signed by then, and the journal that they cover', async () => {
  const files = await filesOf(lastIs(4), signedAt(2));
  const bundles = files.filter((path) => /sigstore\.json/.test(path) && path.startsWith('packs/'));
  expect(bundles).toHaveLength(2);
  expect(files.filter((path) => path.startsWith('journal/'))).toHaveLength(2);
});

test('the same is made again when more was stored meanwhile, whatever it is', async () => {
  const before = await filesOf(lastIs(2), signedAt(2));
  const previous = made.packs[3]!;
  await addPack(folder, { number: 5, signer: made.key, previous, segment: made.segments[3]! });
  await write(folder, 'exports/a.tar', 'an archive of another export');
  await write(folder, 'exports/packs/nightly/00000009.sigstore.json', '{}');
  await write(folder, 'probes/n1.json', '{}');
  await write(folder, 'journal/state-1.json', '{}');
  expect(await filesOf(lastIs(4), signedAt(2))).toEqual(before);
});

describe('with the key of the store', () => {
  test.each([
    ['the last pack', 4, 4],
    ['one before it', 3, 4],
    ['one before what is exported', 3, 2],
  ])('%s is signed anew: it is not exported', async (_, number, until) => {
    const lasts = lastIs(4);
    const previous = made.packs[number - 2]!;
    const segment = made.segments[number - 1]!;
    await addPack(folder, { number, signer: made.key, previous, segment, contents: { evidence: '{"findings":[]}' } });
    await expect(
      exported(lasts, until === 2 ? signedAt(2) : late).then(({ is }) =>
        is === 'refused' ? Promise.reject(new Error('refused')) : is,
      ),
    ).rejects.toThrow(/is not the one that was stored|refused/);
  });

  test('packs at the end are removed: nothing is exported', async () => {
    rmSync(join(folder, 'packs/nightly/00000004.sigstore.json'));
    await expect(exported(lastIs(4))).rejects.toMatchObject({
      reason: 'EvidenceBroken',
      message: expect.stringMatching(/^pack 4 of EvidencePack nightly is no longer in the store/) as unknown,
    });
  });

  test('all packs are removed: nothing is exported', async () => {
    rmSync(join(folder, 'packs'), { recursive: true });
    await expect(exported(lastIs(4))).rejects.toMatchObject({ reason: 'EvidenceBroken' });
  });
});

test('what is wrong with another chain keeps none from being exported', async () => {
  await write(folder, 'packs/other/00000001.sigstore.json', 'nothing');
  const { is } = await exported(lastIs(4), late, ['nightly']);
  expect(is).toBe('selected');
  await expect(exported(lastIs(1, 'other'), late, ['nightly'])).resolves.toMatchObject({ is: 'selected' });
  expect((await exported(lastIs(4))).is).toBe('refused');
});

test('a file that changes between two reads is noticed', async () => {
  const path = 'packs/nightly/00000001.sigstore.json';
  const tree = await treeAsOf(folderTree(folder), { start: late, packs: undefined, lasts: lastIs(4) });
  writeFileSync(join(folder, path), `${readFileSync(join(folder, path), 'utf8')} `);
  await expect(tree.read(path, 1 << 20)).rejects.toThrow(/was changed while it was read/);
});
