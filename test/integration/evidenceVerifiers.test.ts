/** The tamperings, as the script and cosign see them: what docs/evidence-verification.md says of them is true. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeStore, type Made } from '../evidence/packs.ts';
import { deletions, parts, skips } from '../evidence/parts.ts';
import { tamperings } from '../evidence/tamperings.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';

let base = '';
let key = '';
let made: Made;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'holdfast-verifiers-'));
  made = await makeStore(join(base, 'made'));
  key = join(base, 'key.pub');
  writeFileSync(key, made.key.publicKey);
});

afterAll(() => rmSync(base, { recursive: true }));

test('the script and cosign verify what was not changed', async () => {
  expect(await byScript(made.folder, key)).toMatchObject({ isVerified: true });
  expect(await byScript(made.folder, key, 'bash')).toMatchObject({ isVerified: true });
  expect(await byCosign(made.folder, key)).toMatchObject({ isVerified: true });
});

test.each(tamperings)('$name', async ({ act, script, cosign }) => {
  const folder = mkdtempSync(join(base, 'copy-'));
  await cp(made.folder, folder, { recursive: true });
  await act({ ...made, folder });
  const [ofScript, ofCosign] = [await byScript(folder, key), await byCosign(folder, key)];
  rmSync(folder, { recursive: true });
  const codes = { true: 1, false: 0, partial: 2 } as const;
  expect({ script: ofScript.code, cosign: !ofCosign.isVerified }).toEqual({ script: codes[`${script}`], cosign });
});

test.each([
  ...deletions.map((one) => ({ ...one, name: `after the oldest packs were deleted: ${one.name}` })),
  ...parts.map((one) => ({ ...one, name: `a part: ${one.name}` })),
  ...skips.map((one) => ({ ...one, name: `a number that is skipped: ${one.name}` })),
])('$name', async ({ begin, act, script }) => {
  const folder = mkdtempSync(join(base, 'part-'));
  await cp(made.folder, folder, { recursive: true });
  await begin({ ...made, folder });
  await act({ ...made, folder });
  const codes = [];
  for (const shell of ['dash', 'bash']) codes.push(await byScript(folder, key, shell));
  rmSync(folder, { recursive: true });
  expect(codes).toMatchObject([{ code: script }, { code: script }]);
});
