import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  addManifest,
  addPack,
  addSegment,
  makeStore,
  newKey,
  signedAt,
  type Made,
} from '../../../test/evidence/packs.ts';
import { folderTree } from '../verify/folderTree.ts';
import { verifyTree } from '../verify/verify.ts';
import {
  firstKeys,
  revokedKeys,
  rotatedKeys,
  signingKeys,
  whyNotAfter,
  whyNotSigned,
  type SignedKeys,
} from './keyLife.ts';
import type { KeysPredicate, ListedKey } from './types.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour));
const place = { store: { namespace: 'platform', name: 'vault' }, cluster: { id: 'c' } };
const key = (hint: string) => ({ hint, publicKey: `PEM of ${hint}` });
const signed = (list: KeysPredicate): SignedKeys => ({ ...list, digest: { sha256: `digest of ${list.sequence}` } });

const first = signed(firstKeys(place, key('a'), at(1)));
const second = signed(rotatedKeys(first, key('b'), { now: at(5), overlapUntil: at(6) }));
const third = signed(revokedKeys(second, { hint: 'a', from: at(3), reason: 'stolen' }, at(8)));

test.each<[string, SignedKeys, number, string[]]>([
  ['before the first', first, 0, []],
  ['the first, from its beginning on', first, 1, ['a']],
  ['the first, long after, where none followed', first, 1000, ['a']],
  ['before the rotation', second, 4, ['a']],
  ['both, where they overlap, the new one first', second, 5, ['b', 'a']],
  ['the new one alone, from the end of the overlap on', second, 6, ['b']],
  ['before the revocation', third, 2, ['a']],
  ['none, at the revocation', third, 3, []],
])('which may sign: %s', (_, list, hour, hints) => {
  expect(signingKeys(list, at(hour)).map(({ hint }) => hint)).toEqual(hints);
});

test('why one may not', () => {
  const [a] = third.keys as [ListedKey];
  expect(whyNotSigned(a, at(0))).toBe('its key is valid from 2026-11-01T01:00:00.000Z only');
  expect(whyNotSigned(a, at(3))).toBe('its key was revoked at 2026-11-01T03:00:00.000Z (stolen)');
  expect(whyNotSigned(a, at(7))).toBe('its key was valid until 2026-11-01T06:00:00.000Z only');
});

test('a time in whole seconds, as authorities say it, is not before the key that signed in that second', () => {
  const listed = new Date(at(5).getTime() + 666);
  for (const list of [firstKeys(place, key('a'), listed), rotatedKeys(first, key('b'), { now: listed })])
    expect(whyNotSigned(list.keys.at(-1)!, at(5))).toBeUndefined();
});

test('a list follows the one before', () => {
  expect(whyNotAfter(first, second)).toBeUndefined();
  expect(whyNotAfter(second, third)).toBeUndefined();
  expect(second.keys).toEqual([
    { ...key('a'), validFrom: at(1).toISOString(), validUntil: at(6).toISOString() },
    { ...key('b'), validFrom: at(5).toISOString() },
  ]);
});

const changed = (change: (one: ListedKey) => ListedKey | undefined): KeysPredicate => ({
  ...third,
  keys: third.keys.flatMap((one) => change(one) ?? []),
});

test.each<[string, KeysPredicate, string]>([
  ['one that leaves a number out', { ...third, sequence: 4 }, 'it is manifest 4, after manifest 2'],
  [
    'one that follows another',
    { ...third, previous: { sequence: 2, digest: { sha256: 'x' } } },
    'it does not follow manifest 2 as it is here',
  ],
  ['one that is older', { ...third, time: at(4).toISOString() }, 'it is older than manifest 2'],
  ['one that leaves a key out', changed((one) => (one.hint === 'a' ? undefined : one)), 'it leaves key a out'],
  ['one that exchanges a key', changed((one) => ({ ...one, publicKey: 'x' })), 'it changes key a'],
  ['one that dates a key back', changed((one) => ({ ...one, validFrom: at(0).toISOString() })), 'it changes key a'],
  [
    'one that extends a key',
    changed((one) => ({ ...one, validUntil: at(99).toISOString() })),
    'it extends key a beyond',
  ],
  ['one that extends a key without end', changed(({ validUntil: _, ...one }) => one), 'it extends key a beyond'],
])('%s cannot follow', (_, after, why) => {
  expect(whyNotAfter(second, after)).toContain(why);
});

test('a revocation is not taken back, nor moved to later', () => {
  const fourth = { ...third, sequence: 4, previous: { sequence: 3, digest: third.digest }, time: at(9).toISOString() };
  const without = fourth.keys.map(({ revokedTime: _, ...one }) => one);
  expect(whyNotAfter(third, { ...fourth, keys: without })).toContain('it extends key a beyond');
  expect(revokedKeys(third, { hint: 'a', from: at(4), reason: 'later' }, at(9)).keys[0]?.revokedTime).toBe(
    at(3).toISOString(),
  );
  expect(revokedKeys(third, { hint: 'a', from: at(2), reason: 'earlier' }, at(9)).keys[0]?.revokedTime).toBe(
    at(2).toISOString(),
  );
});

test('a rotation does not make a key valid for longer, and adds none twice', () => {
  const later = rotatedKeys(second, key('c'), { now: at(7), overlapUntil: at(20) });
  expect(later.keys[0]?.validUntil).toBe(at(6).toISOString());
  expect(() => rotatedKeys(second, key('a'), { now: at(7) })).toThrow('Key a is in the list already.');
  expect(() => revokedKeys(second, { hint: 'z', from: at(7), reason: '' }, at(7))).toThrow('Key z is not in the list.');
});

let folder = '';
let made: Made;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-keys-'));
  made = await makeStore(folder, 2);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function problems(...pinned: string[]): Promise<string[]> {
  const { checks } = await verifyTree(folderTree(folder), { keys: pinned.map((pem) => createPublicKey(pem)) });
  return checks.flatMap((check) => check.problems.map(({ message }) => message));
}

/** rubentalstra/FerroEHR#2122, slsa-verifier#757: after a rotation, what was signed before did not verify. */
test('who has the first key can follow rotations, and what was signed before stays verified', async () => {
  const next = newKey();
  const rotated = await addManifest(folder, rotatedKeys(made.manifest, next, { now: signedAt(2) }), made.key);
  const segment = await addSegment(folder, 3, made.segments[1]);
  await addPack(folder, {
    number: 3,
    previous: made.packs[1]!,
    signer: next,
    segment,
    facts: { key: { hint: next.hint, manifest: 2 } },
  });
  expect(await problems(made.key.publicKey)).toEqual([
    'it was signed at 2026-11-03T02:01:30.000Z, but its key was valid until 2026-11-03T02:01:30.000Z only',
  ]);
  rmSync(join(folder, 'keys'), { recursive: true });
  await addManifest(folder, firstKeys(rotated, made.key, new Date('2026-11-01T02:00:00Z')), made.key);
  await addManifest(
    folder,
    rotatedKeys(made.manifest, next, { now: signedAt(2), overlapUntil: signedAt(3) }),
    made.key,
  );
  expect(await problems(made.key.publicKey)).toEqual([]);
  expect(await problems(next.publicKey)).toEqual([
    'none of the lists of keys is signed by a key that was given; give the key of the first one with --key',
  ]);
});

test('what was signed before a revocation counts where a later pack, by another key, has its digest', async () => {
  const next = newKey();
  const rotated = await addManifest(
    folder,
    rotatedKeys(made.manifest, next, { now: signedAt(2), overlapUntil: signedAt(5) }),
    made.key,
  );
  await addManifest(
    folder,
    revokedKeys(rotated, { hint: made.key.hint, from: signedAt(3), reason: 'lost' }, signedAt(3)),
    next,
  );
  expect(await problems(made.key.publicKey)).toHaveLength(2);
  const segment = await addSegment(folder, 3, made.segments[1]);
  await addPack(folder, { number: 3, previous: made.packs[1]!, signer: next, segment });
  expect(await problems(made.key.publicKey)).toEqual([]);
});
