import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeStore, type Made } from '../../../test/evidence/packs.ts';
import { tableOf, tamperings } from '../../../test/evidence/tamperings.ts';
import { folderTree } from './folderTree.ts';
import { verifyTree } from './verify.ts';

let base = '';
let made: Made;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'holdfast-tampering-'));
  made = await makeStore(join(base, 'made'));
});

afterAll(() => rmSync(base, { recursive: true }));

async function copied(): Promise<Made> {
  const folder = mkdtempSync(join(base, 'copy-'));
  await cp(made.folder, folder, { recursive: true });
  return { ...made, folder };
}

function verify(folder: string, to?: number) {
  const keys = [createPublicKey(made.key.publicKey)];
  return verifyTree(folderTree(folder), { keys, ...(to !== undefined && { to }) });
}

test('what was not changed is verified', async () => {
  const { is, checks } = await verify(made.folder, 4);
  expect(checks.flatMap(({ problems }) => problems)).toEqual([]);
  expect(is).toBe('Verified');
});

test.each(tamperings)('$name', async ({ act, check, says, to }) => {
  const copy = await copied();
  await act(copy);
  const { is, checks } = await verify(copy.folder, to);
  const problems = checks.flatMap(({ name, problems: all }) =>
    all.map(({ where, message }) => `${name}: ${where}: ${message}`),
  );
  expect(is).toBe('Refused');
  expect(problems.filter((problem) => problem.startsWith(`${check}: `) && says.test(problem))).not.toEqual([]);
});

test('the page has this table', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/evidence-verification.md'), 'utf8');
  expect(page).toContain(tableOf(tamperings));
});
