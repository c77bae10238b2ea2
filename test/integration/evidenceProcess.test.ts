/** Evidence of the operator as a process of its own, in a real S3 with object lock: however it falls, each pack is there once, and is verified. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Chain, nameOf, type Kill } from '../evidence/kills.ts';
import { startProcessBed, type ProcessBed } from '../evidence/processBed.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { problemsOf } from '../evidence/wholeness.ts';

let bed: ProcessBed;
let chain: Chain;

beforeAll(async () => {
  bed = await startProcessBed();
  chain = new Chain(bed);
}, 900_000);

afterAll(() => bed.stop(), 60_000);

test('packs follow one another, and three verifiers verify a copy of the store', async () => {
  await chain.next();
  await chain.next();
  const folder = await bed.download();
  const key = join(bed.folder, 'evidence.pub');
  writeFileSync(key, bed.key.public);
  expect(await byScript(folder, key)).toMatchObject({ isVerified: true });
  expect(await byCosign(folder, key)).toMatchObject({ isVerified: true });
  expect(readdirSync(join(folder, 'keys'))).toHaveLength(2);
});

// All of them: `make faults NAME=evidence`.
const kills: readonly Kill[] = [
  { write: 'journal/*.ndjson', nth: 1, when: 'before' },
  { write: 'keys/manifest-*.sigstore.json', nth: 1, when: 'after' },
  { write: 'packs/nightly/*/policy-*.json', nth: 1, when: 'after' },
  { write: 'packs/nightly/*.sigstore.json', nth: 1, when: 'after', isDiskLost: true },
];

test.each(kills.map((kill) => [nameOf(kill), kill] as const))('killed %s, it makes the pack once', async (_, kill) => {
  if (kill.write.startsWith('keys/')) await chain.rotate();
  expect(await chain.killedAt(kill)).toBe(true);
});

test('nothing is missing then, and nothing is there twice', async () => {
  const folder = await bed.download();
  const packs = { nightly: chain.count };
  // The last one was killed before the journal had that the one before is stored.
  const unrecorded = [chain.count - 1];
  const wanted = { bucket: bed.bucket, folder, key: bed.key.public, packs, turns: bed.turns, unrecorded };
  expect(await problemsOf(wanted)).toEqual([]);
});
