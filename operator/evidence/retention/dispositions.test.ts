import { describe, expect, test } from '@jest/globals';
import { LockedStore } from '../../../test/evidence/lockedStore.ts';
import { sha256 } from '../../lib/digest.ts';
import { rfc8785Bytes } from '../../lib/rfc8785.ts';
import type { DispositionStatement, Previous } from '../statement/types.ts';
import { anchorOf, whyNotAnchored, type SignedDisposition } from './anchor.ts';
import { dispose } from './dispose.ts';
import { dispositions, type Chain, type ChainPart, type RetentionFacts } from './plan.ts';

const DAY = 86_400_000;
const signal = new AbortController().signal;
const start = Date.UTC(2026, 0, 1, 2);
const store = { namespace: 'audit', name: 'vault' };
const cluster = { id: 'c1' };
const nightly = { kind: 'Pack', name: 'nightly' } as const;
const place = { chain: nightly, store, cluster };
const at = (days: number): Date => new Date(start + days * DAY);
const facts = (now: Date, more: Partial<RetentionFacts> = {}): RetentionFacts => ({
  store,
  cluster,
  holds: [],
  version: '1',
  hint: 'h',
  now,
  ...more,
});
const digest = (sequence: number): string => sha256(`pack ${sequence}`);
const following = (sequence: number): { sequence: number; previous: Previous } => ({
  sequence,
  previous: { sequence: sequence - 1, digest: { sha256: digest(sequence - 1) } },
});

function part(sequence: number, more: Partial<ChainPart> = {}): ChainPart {
  const number = String(sequence).padStart(8, '0');
  const keys = [
    `packs/nightly/${number}-0123456789ab/evidence.json`,
    `packs/nightly/${number}-0123456789ab/slo.json`,
    `packs/nightly/${number}.sigstore.json`,
  ];
  return {
    sequence,
    sha256: digest(sequence),
    time: at(sequence),
    start: at(sequence - 1),
    end: at(sequence),
    class: 'Telemetry',
    objects: keys.map((key) => ({ key, sha256: sha256(key) })),
    ...more,
  };
}

const chainOf = (parts: readonly ChainPart[], records: readonly SignedDisposition[] = []): Chain => ({
  chain: nightly,
  parts,
  records,
});
const parts = (from: number, to: number): ChainPart[] =>
  Array.from({ length: to - from + 1 }, (_, index) => part(from + index));
const signed = (statement: DispositionStatement, where = 'record'): SignedDisposition => ({
  statement,
  where,
  digest: sha256(rfc8785Bytes(statement)),
});

describe('what is deleted', () => {
  const all = parts(1, 100);
  const due = (now: Date, more: Partial<RetentionFacts> = {}, chain = chainOf(all)) =>
    dispositions([chain], facts(now, more)).steps.map(({ statement }) => [
      statement?.predicate.from,
      statement?.predicate.to,
    ]);

  test.each<[number, unknown[]]>([
    [90, []],
    [91, [[1, 1]]],
    [95, [[1, 5]]],
    [101, [[1, 11]]],
  ])('after %d days', (days, expected) => {
    expect(due(at(days))).toEqual(expected);
  });

  test('the record says what, why and by which class; bundles go last', () => {
    const [step] = dispositions([chainOf(all)], facts(at(92))).steps;
    expect(step!.record).toBe('packs/nightly/disposition-00000001.sigstore.json');
    expect(step!.objects.map(({ key }) => key)).toEqual([...all[0]!.objects, ...all[1]!.objects].map(({ key }) => key));
    expect(step!.statement).toMatchObject({
      predicateType: 'https://holdfast.dev/attestation/disposition/v1',
      predicate: { from: 1, to: 2, anchor: { sequence: 2, digest: { sha256: digest(2) } }, time: at(92).toISOString() },
    });
    expect(step!.statement!.subject).toHaveLength(6);
    expect(step!.statement!.predicate.disposed[0]).toEqual({
      sequence: 1,
      digest: { sha256: digest(1) },
      class: 'Telemetry',
      retainedUntil: at(91).toISOString(),
      basis: expect.stringMatching(/PCI DSS/),
    });
  });

  const at95 = (change: (sequence: number) => Partial<ChainPart>) =>
    due(at(95), {}, chainOf(all.map((one) => ({ ...one, ...change(one.sequence) }))));
  const object = { key: 'packs/nightly/00000003.sigstore.json', sha256: digest(3) };

  // provena #40: what is in the middle is never deleted, for what follows could not be verified.
  test.each<[string, Partial<ChainPart>, unknown[]]>([
    ['is locked', { objects: [{ ...object, lockedUntil: at(96) }] }, [[1, 2]]],
    // s3gw #419, versitygw #579: a store may delete what is held, so it is not asked to.
    ['is held in the store', { objects: [{ ...object, isHeld: true }] }, [[1, 2]]],
    ['has a longer class', { class: 'Audit' }, [[1, 2]]],
    ['has a class that is not known', { class: 'Forever' }, [[1, 2]]],
    ['promised a later time', { until: at(96) }, [[1, 2]]],
    ['has an object that is none of a pack', { objects: [{ key: 'keys/a.pub', sha256: digest(3) }] }, [[1, 2]]],
    ['was due earlier by its class', { time: at(2), end: at(2) }, [[1, 5]]],
  ])('what is after a part that %s stays', (_, change, expected) => {
    expect(at95((sequence) => (sequence === 3 ? change : {}))).toEqual(expected);
  });

  test('a hold keeps what it covers, and what follows', () => {
    const hold = { name: 'a', reason: 'b', from: at(2).toISOString(), to: at(3).toISOString() };
    expect(due(at(95), { holds: [hold] })).toEqual([[1, 2]]);
    expect(due(at(95), { holds: [{ ...hold, until: at(95).toISOString() }] })).toEqual([[1, 5]]);
    expect(due(at(95), { holds: [{ ...hold, packs: ['weekly'] }] })).toEqual([[1, 5]]);
  });

  test('the head stays', () => {
    expect(due(at(95), {}, chainOf(parts(1, 1)))).toEqual([]);
  });

  test('a clock that is far beyond all evidence is not believed', () => {
    const { steps, notes } = dispositions([chainOf(all)], facts(at(4000)));
    expect(steps).toEqual([]);
    expect(notes[0]).toMatch(
      /^Nothing is deleted: the evidence before the newest is of 2026-04-10T02:00:00.000Z, .* check .* the clock/,
    );
  });

  test('a gap in the chain stops it', () => {
    expect(due(at(99), {}, chainOf(all.filter(({ sequence }) => sequence !== 3)))).toEqual([[1, 2]]);
    expect(due(at(99), {}, chainOf(parts(2, 100)))).toEqual([]);
  });

  test('a record has no more subjects than verifiers read', () => {
    const long = Array.from({ length: 600 }, (_, index) => part(index + 1));
    const [step] = dispositions([chainOf(long)], facts(at(600))).steps;
    expect(step!.statement!.subject.length).toBeLessThanOrEqual(1024);
    expect(step!.statement!.predicate.to).toBe(341);
  });

  test('segments that a pack refers to stay', () => {
    const segments = Array.from({ length: 100 }, (_, index) =>
      part(index + 1, {
        objects: [{ key: `journal/${String(index + 1).padStart(12, '0')}.ndjson`, sha256: digest(index + 1) }],
      }),
    );
    const journal: Chain = { chain: { kind: 'Journal' }, parts: segments, records: [] };
    const pack = chainOf([part(1, { class: 'Audit', firstSegment: 4 }), part(2, { firstSegment: 30 })]);
    const steps = (chains: Chain[]) =>
      dispositions(chains, facts(at(99))).steps.map(({ record, objects }) => [record, objects.length]);
    const record = 'journal/disposition-000000000001.sigstore.json';
    expect(steps([journal])).toEqual([[record, 9]]);
    const later = { time: at(97) };
    expect(steps([journal, { ...pack, parts: pack.parts.map((one) => ({ ...one, ...later })) }])).toEqual([
      [record, 3],
    ]);
  });
});

describe('where a chain begins', () => {
  const first = signed(dispositions([chainOf(parts(1, 100))], facts(at(92))).steps[0]!.statement!, 'first');
  const second = signed(dispositions([chainOf(parts(3, 100), [first])], facts(at(94))).steps[0]!.statement!, 'second');
  const changed = (record: SignedDisposition, change: object): SignedDisposition =>
    signed({ ...record.statement, predicate: { ...record.statement.predicate, ...change } }, record.where);

  test('without records, at 1', () => {
    expect(whyNotAnchored({ sequence: 1 }, anchorOf([], place))).toBeUndefined();
    // mvm #2390, rentemester #133: who deletes the beginning leaves no trace otherwise.
    expect(whyNotAnchored(following(3), anchorOf([], place))).toBe(
      'it begins at 3, and no record says that what is before was deleted',
    );
  });

  test('after the last record', () => {
    expect(whyNotAnchored(following(3), anchorOf([first], place))).toBeUndefined();
    expect(whyNotAnchored(following(5), anchorOf([second, first], place))).toBeUndefined();
  });

  test('not before it, nor after', () => {
    expect(whyNotAnchored(following(5), anchorOf([first], place))).toMatch(
      /begins at 5, and the records say .* before 3/,
    );
    expect(whyNotAnchored(following(3), anchorOf([first, second], place))).toMatch(
      /begins at 3, and the records say .* before 5/,
    );
    expect(whyNotAnchored({ sequence: 1 }, anchorOf([first], place))).toMatch(/begins at 1/);
  });

  // mvm #2412: a record may say only what the chain that is left says as well.
  test('only where the chain says the same', () => {
    const forged = { sequence: 3, previous: { sequence: 2, digest: { sha256: digest(9) } } };
    expect(whyNotAnchored(forged, anchorOf([first], place))).toBe(
      '3 does not follow what the record says was deleted before it',
    );
    expect(whyNotAnchored({ sequence: 3 }, anchorOf([first], place))).toBe(
      '3 does not follow what the record says was deleted before it',
    );
  });

  test.each<[string, SignedDisposition[], RegExp]>([
    ['the first record is missing', [second], /what is before 3 was deleted earlier, and no record says so/],
    ['it is there twice', [first, first], /begins at 1, and first already goes to 2/],
    [
      'another one took the place of the first',
      [changed(first, { time: at(93).toISOString() }), second],
      /does not follow first as it is here/,
    ],
    ['it is of another pack', [changed(first, { chain: { kind: 'Pack', name: 'weekly' } })], /of another chain/],
    ['it is of the journal', [changed(first, { chain: { kind: 'Journal' } })], /of another chain/],
    ['it is of another store', [changed(first, { store: { namespace: 'audit', name: 'other' } })], /of another store/],
    ['it is of another cluster', [changed(first, { cluster: { id: 'c2' } })], /of another store/],
    [
      'it begins in the middle',
      [changed(first, { from: 2, disposed: first.statement.predicate.disposed.slice(1) })],
      /what is before 2/,
    ],
    [
      'it lists fewer',
      [changed(first, { disposed: first.statement.predicate.disposed.slice(1) })],
      /does not list each of 1 to 2/,
    ],
    [
      'its anchor is another one',
      [changed(first, { anchor: { sequence: 2, digest: { sha256: digest(7) } } })],
      /anchor is not the last/,
    ],
    [
      'its anchor is beyond',
      [changed(first, { anchor: { sequence: 9, digest: { sha256: digest(2) } } })],
      /anchor is not the last/,
    ],
    [
      'it was made before it was due',
      [changed(first, { time: at(91).toISOString() })],
      /2 was deleted before it was due/,
    ],
    ['its times are none', [changed(first, { time: 'x' })], /was deleted before it was due/],
    ['its numbers are none', [changed(first, { to: 0 })], /numbers are none/],
    [
      'it is a statement of something else',
      [{ ...first, statement: { ...first.statement, predicateType: 'x' as never } }],
      /not a record/,
    ],
    ['it names nothing', [{ ...first, statement: { ...first.statement, subject: [] } }], /names no object/],
  ])('not when %s', (_, records, message) => {
    const anchoring = anchorOf(records, place);
    expect(anchoring.problem?.message).toMatch(message);
    expect(anchoring.anchor).toBeUndefined();
    expect(whyNotAnchored(following(3), anchoring)).toMatch(message);
    expect(dispositions([chainOf(parts(5, 100), records)], facts(at(99)))).toMatchObject({
      steps: [],
      notes: [/Nothing of EvidencePack nightly is deleted/],
    });
  });
});

describe('deleting', () => {
  const sign = (statement: DispositionStatement): Promise<Uint8Array> => Promise.resolve(rfc8785Bytes(statement));

  const proceed = (): Promise<void> => Promise.resolve();

  async function filled(now: Date): Promise<LockedStore> {
    const made = new LockedStore(now);
    for (const one of parts(1, 100))
      for (const { key } of one.objects) await made.put(key, Buffer.from(key), { contentType: 'a' }, signal);
    made.log.length = 0;
    return made;
  }

  /** The chain as it is in the store: a pack is what has a bundle. */
  function chainIn(made: LockedStore): Chain {
    const there = (key: string): boolean => made.objects.has(key);
    const records = [...made.objects]
      .filter(([key]) => key.includes('disposition-'))
      .map(([key, [version]]) => signed(JSON.parse(version!.body.toString()) as DispositionStatement, key));
    const left = parts(1, 100)
      .filter((one) => there(one.objects[2]!.key))
      .map((one) => ({
        ...one,
        objects: one.objects.flatMap((object) => {
          const [version] = made.objects.get(object.key) ?? [];
          return version ? [{ ...object, versionId: version.versionId }] : [];
        }),
      }));
    return chainOf(left, records);
  }

  async function pass(made: LockedStore): Promise<void> {
    for (const step of dispositions([chainIn(made)], facts(made.now)).steps)
      await dispose(step, { store: made, sign, proceed }, signal);
  }

  test('the record is there before anything is deleted', async () => {
    const made = await filled(at(93));
    await pass(made);
    expect(made.log[0]).toBe('put packs/nightly/disposition-00000001.sigstore.json');
    expect(made.log.slice(1)).toHaveLength(9);
    made.now = at(95);
    await pass(made);
    const chain = chainIn(made);
    expect(whyNotAnchored(following(chain.parts[0]!.sequence), anchorOf(chain.records, place))).toBeUndefined();
    expect(chain.parts[0]!.sequence).toBe(6);
    made.log.length = 0;
    await pass(made);
    expect(made.log).toEqual([]);
  });

  // noobaa #9868, openregister #2327: what is deleted without a record is as if someone had tampered with it.
  test('it is killed at every step: nothing is deleted without a record, and a later pass finishes', async () => {
    for (let kill = 0; kill < 10; kill++) {
      const made = await filled(at(93));
      let writes = 0;
      made.fault = () => {
        if (writes++ === kill) throw new Error('killed');
      };
      await expect(pass(made)).rejects.toThrow('killed');
      const removed = made.log.filter((line) => line.startsWith('remove'));
      if (removed.length > 0) expect(made.log[0]).toMatch(/^put .*disposition-/);
      made.fault = () => undefined;
      await pass(made);
      const chain = chainIn(made);
      expect(chain.parts[0]!.sequence).toBe(4);
      expect(chain.records).toHaveLength(1);
      expect([...made.objects.keys()].filter((key) => /\/0000000[123][-.]/.test(key))).toEqual([]);
      expect(whyNotAnchored(following(4), anchorOf(chain.records, place))).toBeUndefined();
    }
  });

  test('a record that was stored, but whose answer was lost, is used by the next pass', async () => {
    const made = await filled(at(93));
    const { put } = made;
    made.put = async (...given) => {
      await put(...given);
      throw new Error('no answer');
    };
    await expect(pass(made)).rejects.toThrow('no answer');
    made.put = put;
    await pass(made);
    expect(chainIn(made)).toMatchObject({ records: [{}], parts: { 0: { sequence: 4 } } });
  });

  // s3gw #590: the deletion of one version is none of another.
  test('a version that was not read stays, and so does its bundle', async () => {
    const made = await filled(at(91));
    const key = 'packs/nightly/00000001-0123456789ab/slo.json';
    const [step] = dispositions([chainIn(made)], facts(made.now)).steps;
    await made.put(key, Buffer.from('forged'), { contentType: 'a' }, signal);
    const { kept } = await dispose(step!, { store: made, sign, proceed }, signal);
    expect(kept).toEqual([
      { key, reason: 'the store has another version of it, which was not read; find out who wrote it' },
      { key: 'packs/nightly/00000001.sigstore.json', reason: 'files of it are kept' },
    ]);
    expect(made.objects.get(key)).toHaveLength(2);
  });

  test('a version under the one that was read stays, and is named', async () => {
    const made = await filled(at(91));
    const key = 'packs/nightly/00000001.sigstore.json';
    await made.put(key, Buffer.from(key), { contentType: 'a' }, signal);
    const [step] = dispositions([chainIn(made)], facts(made.now)).steps;
    const { kept } = await dispose(step!, { store: made, sign, proceed }, signal);
    expect(kept.map((one) => one.key)).toEqual([key]);
    expect(made.objects.get(key)).toHaveLength(1);
  });

  test('a hold that comes in the middle ends it', async () => {
    const made = await filled(at(91));
    let asked = 0;
    const held = () => (++asked > 2 ? Promise.reject(new Error('held')) : Promise.resolve());
    const [step] = dispositions([chainIn(made)], facts(made.now)).steps;
    await expect(dispose(step!, { store: made, sign, proceed: held }, signal)).rejects.toThrow('held');
    expect(made.log.filter((line) => line.startsWith('remove'))).toHaveLength(1);
  });

  test('what the store keeps is named, and its bundle stays', async () => {
    const made = await filled(at(91));
    const key = 'packs/nightly/00000001-0123456789ab/slo.json';
    made.objects.get(key)![0]!.isHeld = true;
    const [step] = dispositions([chainIn(made)], facts(made.now)).steps;
    const { removed, kept } = await dispose(step!, { store: made, sign, proceed }, signal);
    expect(removed).toBe(1);
    expect(kept).toEqual([
      { key, reason: 'the store has a legal hold on it' },
      { key: 'packs/nightly/00000001.sigstore.json', reason: 'files of it are kept' },
    ]);
  });

  test('nothing is deleted when the record is read back other than it was written', async () => {
    const made = await filled(at(91));
    made.get = () => Promise.resolve(Buffer.from('{}'));
    await expect(pass(made)).rejects.toThrow(/was read back other than it was written: nothing is deleted/);
    expect(made.log.filter((line) => line.startsWith('remove'))).toEqual([]);
  });

  test('nor when the record of an interrupted deletion is gone', async () => {
    const made = await filled(at(91));
    const [step] = dispositions([chainIn(made)], facts(made.now)).steps;
    const { statement, ...resumed } = step!;
    expect(statement).toBeDefined();
    await expect(dispose(resumed, { store: made, sign, proceed }, signal)).rejects.toThrow(
      /is gone: nothing is deleted without it/,
    );
    expect(made.log).toEqual([]);
  });
});
