import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ioWith } from '../../../test/builders/io.ts';
import { addPack, makeStore, pemOf, write, type Made } from '../../../test/evidence/packs.ts';
import type { Verdict } from '../../evidence/verify/verdict.ts';
import type { Io } from '../command.ts';
import { commands } from '../commands.ts';
import { dispatch } from '../dispatch.ts';
import { processIo } from '../processIo.ts';

let base = '';
let made: Made;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'holdfast-verify-'));
  made = await makeStore(join(base, 'store'), 3);
  writeFileSync(join(base, 'key.pub'), made.key.publicKey);
});

afterAll(() => rmSync(base, { recursive: true }));

/** `KEY` and `STORE` stand for those of the test. */
async function run(...args: string[]) {
  const recorded = ioWith({});
  const io: Io = { ...processIo(), stdout: (text) => recorded.stdout(text), stderr: (text) => recorded.stderr(text) };
  const named = args.map((one) => one.replace('KEY', join(base, 'key.pub')).replace('STORE', made.folder));
  const code = await dispatch(['evidence', 'verify', ...named], commands, io);
  return { code, out: recorded.out, err: recorded.err };
}

test('what is complete: a line for each check, none longer than the terminal, and 0', async () => {
  const { code, out, err } = await run('STORE', '--key', 'KEY');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(out).toMatch(/^ok {7}Found {8}3 packs of 1 EvidencePack\n/);
  expect(out).toMatch(/\nVerified: 3 packs verified, complete\.\n$/);
});

test('without a key nothing is verified', async () => {
  const { code, out } = await run('STORE');
  expect(code).toBe(1);
  expect(out.replaceAll(/\n {2,}/g, ' ')).toContain(
    `packs/nightly/00000001.sigstore.json and 2 more: it was signed with key ${made.key.hint}; give its file with --key`,
  );
  expect(out).toContain('Unverifiable: It was not verified');
});

test('one pack', async () => {
  const { code, out } = await run('STORE/packs/nightly/00000002.sigstore.json', '--key', 'KEY');
  expect(code).toBe(0);
  expect(out).toContain('-        Chain        one pack was given');
});

test('a directory below the root, and a list of keys that is believed', async () => {
  const list = join(made.folder, 'keys/manifest-00000001.sigstore.json');
  expect(await run('STORE/packs/nightly', '--keys-manifest', list)).toMatchObject({ code: 0 });
  expect(await run('STORE', '--keys-manifest', list)).toMatchObject({ code: 0 });
  expect(
    await run('STORE/packs', '--keys-manifest', join(made.folder, 'packs/nightly/00000001.sigstore.json')),
  ).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot be used: its `predicateType` is'),
  });
});

test('the newest packs are missing: --to says so, by number and by day', async () => {
  expect(await run('STORE', '--key', 'KEY', '--to', '3')).toMatchObject({ code: 0 });
  expect(await run('STORE', '--key', 'KEY', '--to', '4')).toMatchObject({
    code: 1,
    out: expect.stringContaining('pack 4 is missing'),
  });
  const late = await run('STORE', '--key', 'KEY', '--to', '2026-11-30');
  expect(late.code).toBe(2);
  expect(late.out.replaceAll(/\n {2,}/g, ' ')).toContain('nothing covers the time after 2026-11-04T02:00:00.000Z');
});

test('a pack that is partial, and a run that was missed: 3, and it is said', async () => {
  const folder = join(base, 'partial');
  const { key, packs, segments } = await makeStore(folder, 1);
  const missing = [{ what: 'Device db-01', reason: 'it did not respond\u001b[2J\u202e' }];
  await addPack(folder, {
    number: 2,
    previous: packs[0]!,
    signer: key,
    segment: segments[0]!,
    facts: {
      missing,
      time: '2026-11-06T02:01:00.000Z',
      period: { start: '2026-11-02T02:00:00Z', end: '2026-11-06T02:00:00Z' },
      journal: { first: 1, last: 1, entries: 2, digest: { sha256: segments[0]! } },
    },
  });
  writeFileSync(join(base, 'partial.pub'), key.publicKey);
  const { code, out } = await run(folder, '--key', join(base, 'partial.pub'));
  expect(code).toBe(2);
  const text = out.replaceAll(/\n {2,}/g, ' ');
  expect(text).toContain('pack 2 is partial: it lacks Device db-01 (it did not respond\\u{1b}[2J\\u{202e})');
  expect(text).toContain(
    '3 runs before it were missed: 2026-11-03T02:00, 2026-11-04T02:00, 2026-11-05T02:00; this pack covers their time',
  );
  expect(out).not.toMatch(/[\u001b\u202e]/);
});

test('a name that moves the cursor is shown as what it is', async () => {
  const folder = join(base, 'names');
  const { key } = await makeStore(folder, 1);
  writeFileSync(join(base, 'names.pub'), key.publicKey);
  await write(folder, 'packs/nightly/\u001b]0;x\u0007\u202e00000009.sigstore.json', '{}');
  await rename(join(folder, 'store.json'), join(folder, 'store\u001b[31m'));
  const { out } = await run(folder, '--key', join(base, 'names.pub'));
  expect(out).not.toMatch(/[\u001b\u0007\u202e]/);
});

test('as data', async () => {
  const { code, out } = await run('STORE', '--key', 'KEY', '--output', 'json');
  const verdict = JSON.parse(out) as Verdict;
  expect(code).toBe(0);
  expect(verdict).toMatchObject({
    is: 'Verified',
    packs: [{ pack: 'nightly', sequence: 1, isComplete: true }, {}, {}],
  });
  expect(verdict.checks.map(({ name, is }) => `${name} ${is}`)).toEqual([
    'Found Passed',
    'Bundles Passed',
    'Signatures Passed',
    'Keys Passed',
    'Witnesses NotChecked',
    'Files Passed',
    'Chain Passed',
    'Journal Passed',
    'Origin Passed',
    'Completeness Passed',
  ]);
});

test.each<[string, string[], number, string]>([
  ['no operand', [], 1, 'evidence verify takes one directory'],
  ['two operands', ['a', 'b'], 1, 'evidence verify takes one directory'],
  ['a form that there is not', ['STORE', '-o', 'xml'], 1, 'takes json or yaml, not'],
  ['an identity without its issuer', ['STORE', '--identity', 'a'], 1, 'belong together'],
  ['a day that there is not', ['STORE', '--from', '2026-13-01'], 1, '--from must be the number of a pack, a day'],
  ['a time without a zone', ['STORE', '--to', '2026-11-01T00:00:00'], 1, '--to must be the number of a pack, a day'],
  ['number 0', ['STORE', '--from', '0'], 1, '--from must be the number of a pack'],
  ['a place that is not there', ['STORE/none'], 1, 'does not exist'],
  ['a file that is no bundle', ['STORE/store.json'], 1, 'is neither a directory nor the bundle of a pack'],
  ['a key that is not there', ['STORE', '--key', 'none.pub'], 1, 'none.pub cannot be read'],
  ['no key', ['STORE', '--key', 'STORE/store.json'], 1, 'store.json cannot be used: it is not one public key in PEM'],
  [
    'no trusted root',
    ['STORE', '--key', 'KEY', '--trusted-root', 'KEY'],
    1,
    'cannot be used: it is not a trusted root of sigstore',
  ],
])('%s', async (_, args, code, says) => {
  const answer = await run(...args);
  expect(answer.code).toBe(code);
  expect(answer.err).toContain(says);
});

test.each<[string, string]>([
  ['P-384', 'it is not a key of P-256'],
  ['P-521', 'it is not a key of P-256'],
])('a key of %s is not believed', async (namedCurve, says) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve });
  writeFileSync(join(base, 'other.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  expect(await run('STORE', '--key', join(base, 'other.pub'))).toMatchObject({
    code: 1,
    err: expect.stringContaining(says),
  });
});

test('a private key is not taken for a public one', async () => {
  writeFileSync(join(base, 'private.pem'), pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey));
  const { err } = await run('STORE', '--key', join(base, 'private.pem'));
  expect(err).toContain('it is a private key; give the public one');
  expect(err).not.toContain((await readFile(join(base, 'private.pem'), 'utf8')).split('\n')[1]);
});
