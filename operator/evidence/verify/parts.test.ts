/** Chains whose beginning was deleted, and parts that were exported. The script: test/integration/evidenceVerifiers.test.ts. */
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeStore } from '../../../test/evidence/packs.ts';
import { deletions, parts, skips, tableOfParts, type PartTampering } from '../../../test/evidence/parts.ts';
import { folderTree } from './folderTree.ts';
import { verifyTree } from './verify.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-parts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function isAsItShould({ begin, act, ours, check, says }: PartTampering): Promise<void> {
  const made = await makeStore(folder);
  await begin(made);
  await act(made);
  const { is, checks } = await verifyTree(folderTree(folder), { keys: [createPublicKey(made.key.publicKey)] });
  const problems = checks.flatMap(({ name, problems: all }) =>
    all.map(({ where, message }) => `${name}: ${where}: ${message}`),
  );
  expect({ is, problems: is === 'Verified' ? problems : [] }).toEqual({ is: ours, problems: [] });
  if (check && says)
    expect(problems.filter((problem) => problem.startsWith(`${check}: `) && says.test(problem))).not.toEqual([]);
}

describe('after the oldest packs were deleted', () => {
  test.each(deletions)('$name', isAsItShould);
});

describe('a part', () => {
  test.each(parts)('$name', isAsItShould);
});

describe('a number that is skipped', () => {
  test.each(skips)('$name', isAsItShould);
});

test('the page has these tables', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/evidence-verification.md'), 'utf8');
  expect(page).toContain(tableOfParts(deletions));
  expect(page).toContain(tableOfParts(parts));
  expect(page).toContain(tableOfParts(skips));
});
