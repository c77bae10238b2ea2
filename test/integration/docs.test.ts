/** The pages that readers follow, on a real control plane, real hosts and a real bucket: each command is typed as it is written, in its order. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDocsBed, type DocsBed } from '../docs/bed.ts';
import { objectsIn } from '../docs/manifests.ts';
import { blocksToRun, pages, read, runs } from '../docs/pages.ts';
import { typeBlock } from '../docs/session.ts';

let bed: DocsBed;

beforeAll(async () => {
  bed = await startDocsBed();
}, 900_000);

afterAll(() => bed.stop(), 120_000);

describe('each command does what the page shows:', () => {
  test.each(runs['test/integration/docs.test.ts']!)(
    '%s',
    async (page) => {
      await bed.reset(page !== 'README.md');
      const blocks = blocksToRun(page);
      expect(blocks.length).toBeGreaterThan(0);
      const faults: string[] = [];
      for (const block of blocks)
        await typeBlock(block, bed.terminal).catch((error: unknown) => faults.push(String(error)));
      expect(faults.join('\n\n')).toBe('');
    },
    300_000,
  );
});

test('the apiserver accepts each object that a page shows', async () => {
  await bed.reset(false);
  const shown = pages
    .filter((page) => !/^(CHANGELOG|docs\/adr\/|docs\/adding)/.test(page))
    .flatMap((page) => objectsIn(page, read(page)));
  expect(shown.length).toBeGreaterThan(20);
  const refusals: string[] = [];
  for (const { page, line, object } of shown) {
    const why = await bed.refusal(object);
    if (why !== undefined) refusals.push(`${page}:${line}: ${why}`);
  }
  expect(refusals).toEqual([]);
}, 120_000);
