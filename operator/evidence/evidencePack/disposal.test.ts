/** What is deleted after a pack, and what prevents it: by holds, locks, other packs, and by who may write to the bucket, to the spec, or holds the clock. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin, day, newKey, nights, place, type Nights } from '../../../test/evidence/packKit.ts';
import type { EvidenceStoreSpec } from '../../api/v1alpha1/evidenceStore.ts';
import { storeTree } from '../verify/storeTree.ts';
import { verifyTree } from '../verify/verify.ts';
import { signStatement } from '../statement/signStatement.ts';
import { dispositionIn } from '../verify/statement.ts';
import { bundleIn } from '../verify/bundle.ts';
import { decidePack } from './decide.ts';
import { readChain } from './readChain.ts';
import type { PackStatement } from '../statement/types.ts';
import { packIn } from '../verify/statement.ts';

let folder: string;
const { signal } = new AbortController();
const time = (days: number): string => new Date(begin + days * day).toISOString();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-disposal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Packs of three nights, and of two more, 100 days later. */
async function aged(spec: Partial<EvidenceStoreSpec> = {}, wait = 100): Promise<Nights> {
  const made = nights(folder, spec);
  for (let night = 0; night < 3; night++) await made.night();
  made.day += wait;
  for (let night = 0; night < 2; night++) await made.night();
  return made;
}

const bundles = ({ store }: Nights, name = 'nightly'): number[] =>
  [...store.objects.keys()]
    .flatMap((key) => new RegExp(`^packs/${name}/(\\d+)\\.sigstore`).exec(key)?.slice(1) ?? [])
    .map(Number)
    .sort((a, b) => a - b);
const removed = ({ store }: Nights): string[] => store.log.filter((line) => line.startsWith('remove'));

async function verdictOf({ store, key }: Nights) {
  return verifyTree(storeTree(store, signal), { keys: [createPublicKey(key.publicKey)] });
}

test('what is over is deleted with a record, and the rest is verified', async () => {
  const made = await aged();
  const done = await made.dispose();
  expect(done).toMatchObject({ deleted: ['packs 1 to 3'], notes: [], isMore: false, oldest: { sequence: 4 } });
  expect(bundles(made)).toEqual([4, 5]);
  const { is, checks } = await verdictOf(made);
  expect(checks.flatMap(({ problems }) => problems).filter((one) => one.is !== 'Partial')).toEqual([]);
  expect(['Verified', 'Partial']).toContain(is);
  expect(made.appended).toMatchObject([
    { event: 'Disposed', object: { kind: 'EvidencePack', name: 'nightly' }, facts: { from: 1, to: 3 } },
  ]);
  // Nothing more, however often it is looked.
  made.store.log.length = 0;
  expect((await made.dispose()).deleted).toEqual([]);
  expect(made.store.log).toEqual([]);
});

// bernstein #1835: what deletes the beginning and what reads the chain must agree; agent-governance-toolkit #3572: so must who signs what it begins with.
test('the operator finds the chain again, whatever became of the status', async () => {
  const made = await aged();
  await made.dispose();
  const { signing, pack } = made.kit();
  const chain = async (status: object) => {
    const { keys, ...packs } = await readChain(made.store, { metadata: pack.metadata, status }, signing, signal);
    expect(keys?.foreign).toEqual([]);
    return packs;
  };
  for (const status of [{}, { last: { sequence: 2 } }, { last: { sequence: 4 } }, { last: made.head!.pack }])
    expect(await chain(status)).toEqual({
      head: expect.objectContaining({ pack: expect.objectContaining({ sequence: 5 }) }),
    });
  await made.night();
  await made.night();
  expect((await chain({})).head?.pack.sequence).toBe(7);
  // Without the record, or with that of another key, it is as if someone had deleted the beginning.
  const record = 'packs/nightly/disposition-00000001.sigstore.json';
  const [version] = made.store.objects.get(record)!;
  made.store.objects.delete(record);
  const loose = { head: undefined, foreign: [4, 5, 6, 7].map((sequence) => ({ sequence, isSigned: true })) };
  expect(await chain({})).toMatchObject(loose);
  const { bundle } = await signStatement(dispositionIn(bundleIn(version!.body).payload), newKey());
  await made.store.put(record, bundle, { contentType: 'a' }, signal);
  expect(await chain({})).toMatchObject(loose);
  const world = { is: 'read', making: undefined, ...(await chain({})) } as const;
  const plan = decidePack(
    { ...pack, metadata: { ...pack.metadata, creationTimestamp: time(0) }, status: {} },
    world,
    made.store.now,
  );
  expect(plan).toMatchObject({ outcome: { is: 'stalled', reason: 'ChainBroken' }, actions: [] });
  expect(plan.afterStatus).toBeUndefined();
});

describe('nothing is deleted', () => {
  test.each<[string, (made: Nights) => void | Promise<void>, RegExp]>([
    ['without the declaration', (made) => void (made.declared!.spec.disposal = 'Never'), /EvidenceStore vault says so/],
    ['when there is no such store any longer', (made) => void (made.declared = undefined), /does not exist/],
    [
      'when the store is being deleted',
      (made) => void (made.declared!.metadata.deletionTimestamp = time(0)),
      /does not exist/,
    ],
    [
      'after a bundle was replaced by a forged one',
      async ({ store }) => {
        const [bundle] = store.objects.get('packs/nightly/00000001.sigstore.json')!;
        const statement = packIn(bundleIn(bundle!.body).payload);
        const { bundle: forged } = await signStatement(statement, newKey());
        await store.put('packs/nightly/00000001.sigstore.json', forged, { contentType: 'a' }, signal);
      },
      /00000001.sigstore.json: it was signed with key .*, which is none of those that are believed/,
    ],
    [
      'when a forged pack is before the oldest',
      async (made) => {
        await made.dispose();
        made.store.log.length = 0;
        const { predicate, ...rest } = packIn(
          bundleIn(made.store.objects.get('packs/nightly/00000004.sigstore.json')![0]!.body).payload,
        );
        const older: PackStatement = { ...rest, predicate: { ...predicate, sequence: 3 } };
        const { bundle } = await signStatement(older, newKey());
        await made.store.put('packs/nightly/00000003.sigstore.json', bundle, { contentType: 'a' }, signal);
        await made.store.put('packs/nightly/00000001.sigstore.json', bundle, { contentType: 'a' }, signal);
      },
      /0000000[13].sigstore.json: a record says that it was deleted, and something else is there/,
    ],
    [
      'when a file was changed',
      async ({ store }) => {
        const key = [...store.objects.keys()].find((one) => /00000002-.*evidence/.test(one))!;
        await store.put(key, Buffer.from('{}'), { contentType: 'a' }, signal);
      },
      /evidence-\d+.json: it has 2 bytes, and \d+ were signed/,
    ],
    [
      'when a file is beside those that were signed',
      async ({ store }) => {
        const key = [...store.objects.keys()].find((one) => /00000002-.*evidence/.test(one))!;
        await store.put(key.replace('evidence', 'other'), Buffer.from('{}'), { contentType: 'a' }, signal);
      },
      /it is beside the files of pack 2/,
    ],
    [
      'when a pack in the middle is gone',
      ({ store }) => void store.objects.delete('packs/nightly/00000004.sigstore.json'),
      /pack 4 is missing/,
    ],
    [
      // versitygw #1750, #1766: a deletion without a version hides an object, and is none.
      'when the first pack is hidden by a marker',
      ({ store }) => void store.marked.add('packs/nightly/00000001.sigstore.json'),
      /pack 1 is missing/,
    ],
    [
      'when the first pack is gone, without a record',
      ({ store }) => void store.objects.delete('packs/nightly/00000001.sigstore.json'),
      /pack 1 is missing/,
    ],
    [
      'when someone stored a pack with a great number',
      async ({ store }) => {
        const [last] = store.objects.get('packs/nightly/00000005.sigstore.json')!;
        await store.put('packs/nightly/99999999.sigstore.json', last!.body, { contentType: 'a' }, signal);
      },
      /it is pack 5 under the name of pack 99999999/,
    ],
    [
      'with a forged record',
      async (made) => {
        const copy = nights(folder);
        for (let night = 0; night < 2; night++) await copy.night();
        copy.day += 100;
        for (let night = 0; night < 2; night++) await copy.night();
        await copy.dispose();
        const record = 'packs/nightly/disposition-00000001.sigstore.json';
        await made.store.put(record, copy.store.objects.get(record)![0]!.body, { contentType: 'a' }, signal);
      },
      /disposition-00000001.sigstore.json: it was signed with key .*, which is none/,
    ],
    [
      'with a forged list of keys',
      async (made) => {
        const copy = nights(folder);
        await copy.night();
        const list = 'keys/manifest-00000001.sigstore.json';
        const [body] = copy.store.objects.get(list)!;
        await made.store.put('keys/manifest-00000002.sigstore.json', body!.body, { contentType: 'a' }, signal);
      },
      /.*/,
    ],
    [
      'with a list of keys that took the place of ours',
      async (made) => {
        const copy = nights(folder);
        await copy.night();
        const list = 'keys/manifest-00000001.sigstore.json';
        await made.store.put(list, copy.store.objects.get(list)![0]!.body, { contentType: 'a' }, signal);
      },
      /.*/,
    ],
  ])('%s', async (_, change, message) => {
    const made = await aged();
    await change(made);
    const before = removed(made);
    const result = await made.dispose().catch((error: Error) => ({ deleted: [], notes: [error.message] }));
    expect(result.deleted).toEqual([]);
    expect(result.notes.join()).toMatch(message);
    expect(removed(made)).toEqual(before);
  });

  test('of what was signed without a key', async () => {
    const made = await aged();
    const { publicKey, ...keyless } = made.kit().signing;
    expect(publicKey).toBeDefined();
    expect((await made.dispose({ signing: keyless })).notes.join()).toMatch(/signed without a key/);
    expect(removed(made)).toEqual([]);
  });

  // With the clock of a machine that is years ahead, everything is over.
  test('by the first pack after a jump of the clock, but by the next one', async () => {
    const made = nights(folder);
    for (let night = 0; night < 3; night++) await made.night();
    made.day += 4000;
    await made.night();
    expect((await made.dispose()).notes.join()).toMatch(/check why no evidence was stored, and the clock/);
    expect(removed(made)).toEqual([]);
    await made.night();
    expect((await made.dispose()).deleted).toEqual(['packs 1 to 3', 'segments 1 to 3 of the journal']);
  });

  test('that is locked, and what follows it', async () => {
    const made = await aged();
    for (const [version] of made.store.objects.values())
      if (version!.body.includes('sigstore'))
        Object.assign(version!, { retention: { mode: 'Compliance', until: new Date(begin + 400 * day) } });
    expect(await made.dispose()).toMatchObject({
      deleted: [],
      oldest: { sequence: 1, until: new Date(begin + 400 * day) },
    });
    expect(removed(made)).toEqual([]);
  });
});

// azure-docs #42117, influxdb #24816: a shorter period is for what is signed from then on.
test('a class that is declared later does not count for what was signed before', async () => {
  const made = nights(folder);
  for (let night = 0; night < 3; night++) await made.night({ retention: { class: 'Audit' } });
  made.day += 200;
  for (let night = 0; night < 2; night++) await made.night({ retention: { class: 'Telemetry' } });
  expect(await made.dispose()).toMatchObject({ deleted: [], oldest: { sequence: 1 } });
  const { retention } = made.kit({}, {}).pack.spec;
  expect(retention).toEqual({ class: 'Telemetry' });
  expect(removed(made)).toEqual([]);
});

// borg #241, #1790: one name is the beginning of another.
test('packs whose name begins alike are another chain', async () => {
  const made = nights(folder, { holds: [{ name: 'a', reason: 'b', placedBy: 'c', packs: ['night'] }] });
  for (const name of ['night', 'nightly', 'nightly-2']) for (let at = 0; at < 2; at++) await made.night({}, name);
  made.day += 100;
  for (const name of ['night', 'nightly', 'nightly-2']) for (let at = 0; at < 2; at++) await made.night({}, name);
  expect((await made.dispose()).deleted).toEqual(['packs 1 to 2']);
  expect(['night', 'nightly', 'nightly-2'].map((name) => bundles(made, name))).toEqual([
    [1, 2, 3, 4],
    [3, 4],
    [1, 2, 3, 4],
  ]);
  const kit = made.kit();
  const ofNight = { pack: { ...kit.pack, metadata: { ...kit.pack.metadata, name: 'night' } } };
  expect(await made.dispose(ofNight)).toMatchObject({ deleted: [], oldest: { sequence: 1, holds: ['a'] } });
});

// kopia #5509: a bucket that locks by itself locks what nobody asked it to.
test('one object that the store does not let go keeps its pack, is named, and stops nothing else', async () => {
  const made = await aged();
  const file = [...made.store.objects.keys()].find((key) => /00000002-.*evidence/.test(key))!;
  const { remove } = made.store;
  made.store.remove = (...given) =>
    given[0] === file ? Promise.reject(Object.assign(new Error('denied'), { reason: 'Denied' })) : remove(...given);
  const { deleted, notes } = await made.dispose();
  expect(deleted).toEqual(['packs 1 to 3']);
  expect(notes.join()).toMatch(/^2 of 6 objects stay: packs\/nightly\/00000002-\w+\/evidence-\d+.json: denied$/);
  expect(bundles(made)).toEqual([2, 4, 5]);
  made.store.remove = remove;
  expect((await made.dispose()).deleted).toEqual(['what was left of EvidencePack nightly before its record']);
  expect(bundles(made)).toEqual([4, 5]);
});

describe('a hold', () => {
  const hold = (more: object = {}) => ({ name: 'case-7', reason: 'Case 7', placedBy: 'alice', ...more });
  test.each<[string, object, string[]]>([
    ['on everything', {}, []],
    ['on another EvidencePack', { packs: ['weekly'] }, ['packs 1 to 3']],
    ['on the time of the second pack', { from: time(1), to: time(2) }, ['pack 1']],
    ['that is over', { until: time(50) }, ['packs 1 to 3']],
    ['whose end is no time', { until: 'soon' }, []],
  ])('%s', async (_, more, deleted) => {
    const made = await aged({ holds: [hold(more)] });
    expect((await made.dispose()).deleted).toEqual(deleted);
  });

  // openregister #3553, areev #278: each path that deletes asks for holds, at the moment in which it deletes.
  test('that comes while something is deleted ends it, and a later pass goes on when it is lifted', async () => {
    const made = await aged();
    let count = 0;
    made.store.fault = (what) => {
      if (what.startsWith('remove') && ++count === 2) made.declared!.spec.holds = [hold()];
    };
    expect((await made.dispose()).notes.join()).toMatch(/legal holds of the EvidenceStore were changed meanwhile/);
    expect(removed(made)).toHaveLength(2);
    made.store.fault = () => undefined;
    expect((await made.dispose()).deleted).toEqual([]);
    expect(removed(made)).toHaveLength(2);
    made.declared!.spec.holds = [];
    expect((await made.dispose()).deleted).toEqual(['what was left of EvidencePack nightly before its record']);
    expect(bundles(made)).toEqual([4, 5]);
    expect((await verdictOf(made)).checks.filter(({ is }) => is === 'Failed')).toEqual([]);
  });

  test('in the store itself, which nobody declared', async () => {
    const made = await aged();
    made.store.objects.get('packs/nightly/00000002.sigstore.json')![0]!.isHeld = true;
    expect(await made.dispose()).toMatchObject({ deleted: ['pack 1'], oldest: { sequence: 2, isHeld: true } });
  });
});

test('an interruption at each write is continued, with one record', async () => {
  for (let kill = 0; kill < 8; kill++) {
    const made = await aged();
    let writes = 0;
    made.store.log.length = 0;
    made.store.fault = () => {
      if (writes++ === kill) throw new Error('killed');
    };
    await made.dispose().catch(() => undefined);
    const [first] = made.store.log;
    if (first !== undefined) expect(first).toBe('put packs/nightly/disposition-00000001.sigstore.json');
    made.store.fault = () => undefined;
    await made.dispose();
    expect(bundles(made)).toEqual([4, 5]);
    expect([...made.store.objects.keys()].filter((key) => /disposition/.test(key))).toHaveLength(1);
    expect((await verdictOf(made)).checks.filter(({ is }) => is === 'Failed')).toEqual([]);
  }
}, 60_000);

test('a backlog is worked off in steps of 50', async () => {
  const made = nights(folder);
  for (let night = 0; night < 55; night++) await made.night();
  made.day += 200;
  for (let night = 0; night < 2; night++) await made.night();
  expect(await made.dispose()).toMatchObject({ deleted: ['packs 1 to 50'], isMore: true });
  expect(await made.dispose()).toMatchObject({ deleted: ['packs 51 to 55'], isMore: false });
  expect((await verdictOf(made)).checks.filter(({ is }) => is === 'Failed')).toEqual([]);
}, 60_000);

describe('the journal', () => {
  const segments = ({ store }: Nights): number[] =>
    [...store.objects.keys()].flatMap((key) => /^journal\/(\d+)\.ndjson/.exec(key)?.slice(1) ?? []).map(Number);

  test('is deleted as far as no pack of any chain refers to it', async () => {
    const made = nights(folder);
    for (let night = 0; night < 3; night++) await made.night();
    await made.night({ retention: { class: 'Incidents' } }, 'weekly');
    made.day += 2600;
    await made.night();
    await made.night();
    // `weekly` covers all of the journal from its beginning on, and its only pack stays.
    expect((await made.dispose()).deleted).toEqual(['packs 1 to 3']);
    expect((await made.dispose()).deleted).toEqual([]);
    expect(segments(made)).toEqual([1, 2, 3, 4, 5, 6]);
    for (let night = 0; night < 2; night++) await made.night({}, 'weekly');
    const weekly = made.kit();
    await made.dispose({ pack: { ...weekly.pack, metadata: { ...weekly.pack.metadata, name: 'weekly' } } });
    expect(bundles(made, 'weekly')).toEqual([2, 3]);
    expect((await made.dispose()).deleted).toEqual([]);
    expect(segments(made)).toEqual([4, 5, 6, 7, 8]);
    expect(made.appended.at(-1)).toMatchObject({
      event: 'Disposed',
      object: { kind: 'EvidenceStore', name: 'vault' },
      facts: { chain: 'Journal', from: 1, to: 3 },
    });
    const { checks } = await verdictOf(made);
    expect(checks.flatMap(({ problems }) => problems).filter(({ is }) => is !== 'Partial')).toEqual([]);
  });

  // thanos #5058: what cannot be read is said, and never counts as not needed.
  test.each<[string, (made: Nights) => void | Promise<void>, RegExp]>([
    [
      'a chain that cannot be read',
      async ({ store }) =>
        void (await store.put('packs/other/00000001.sigstore.json', Buffer.from('{}'), { contentType: 'a' }, signal)),
      /packs\/other\/00000001.sigstore.json/,
    ],
    [
      'files without a pack',
      async ({ store }) =>
        void (await store.put('packs/other/00000001-0123456789ab/a.json', Buffer.of(), { contentType: 'a' }, signal)),
      /packs\/other has objects, and no pack/,
    ],
    [
      'a segment of another',
      async ({ store }) => {
        const key = 'journal/000000000002.ndjson';
        const text = store.objects.get(key)![0]!.body.toString().replace('web-01', 'web-02');
        await store.put(key, Buffer.from(text), { contentType: 'a' }, signal);
      },
      /does not follow segment 2/,
    ],
    [
      'a segment that is gone',
      ({ store }) => void store.objects.delete('journal/000000000002.ndjson'),
      /it does not follow segment 1/,
    ],
  ])('%s keeps all of it', async (_, change, message) => {
    const made = nights(folder);
    for (let night = 0; night < 3; night++) await made.night();
    made.day += 2600;
    await made.night();
    await made.night();
    await change(made);
    const before = segments(made);
    const { deleted, notes } = await made.dispose();
    expect(deleted).toEqual(['packs 1 to 3']);
    expect(notes.join()).toMatch(message);
    expect(segments(made)).toEqual(before);
  });

  test('of a time under a hold stays', async () => {
    const made = nights(folder, { holds: [{ name: 'a', reason: 'b', placedBy: 'c', packs: ['weekly'], to: time(2) }] });
    for (let night = 0; night < 3; night++) await made.night();
    made.day += 2600;
    await made.night();
    await made.night();
    expect((await made.dispose()).deleted).toEqual(['packs 1 to 3']);
    expect((await made.dispose()).deleted).toEqual([]);
    expect(segments(made)).toEqual([1, 2, 3, 4, 5]);
  });

  test('is continued by a new EvidencePack where it begins', async () => {
    const made = nights(folder);
    for (let night = 0; night < 3; night++) await made.night();
    made.day += 2600;
    await made.night();
    await made.night();
    await made.dispose();
    await made.dispose();
    expect(segments(made)).toEqual([4, 5]);
    const { missing } = await made.night({}, 'new');
    expect(missing).toEqual([]);
    const [bundle] = made.store.objects.get('packs/new/00000001.sigstore.json')!;
    expect(packIn(bundleIn(bundle!.body).payload).predicate.journal).toMatchObject({ first: 4, last: 6 });
  });
});

test('a store of another name has nothing to do with it', async () => {
  const made = await aged();
  const kit = made.kit();
  const other = { ...kit, storeName: { ...place.store, name: 'other' } };
  expect((await made.dispose(other)).notes.join()).toMatch(/keys\/manifest-00000001.*it is of another store/);
  expect(removed(made)).toEqual([]);
});
