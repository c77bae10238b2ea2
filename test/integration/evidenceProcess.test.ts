/** Evidence of the operator as a process of its own, in a real S3 with object lock: whatever happens to it, each pack is there once, and is verified. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startProcessBed, type ProcessBed } from '../evidence/processBed.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { problemsOf } from '../evidence/wholeness.ts';

let bed: ProcessBed;

beforeAll(async () => {
  bed = await startProcessBed();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

test('packs follow one another, and three verifiers verify a copy of the store', async () => {
  await bed.due();
  await bed.stored(1);
  await bed.turn();
  await bed.due();
  await bed.stored(2);
  const folder = await bed.download();
  const key = join(bed.folder, 'evidence.pub');
  writeFileSync(key, bed.key.public);
  expect(await byScript(folder, key)).toMatchObject({ isVerified: true });
  expect(await byCosign(folder, key)).toMatchObject({ isVerified: true });
  expect(readdirSync(join(folder, 'keys'))).toHaveLength(2);
  expect(
    await problemsOf({ bucket: bed.bucket, folder, key: bed.key.public, packs: { nightly: 2 }, turns: 2 }),
  ).toEqual([]);
});
