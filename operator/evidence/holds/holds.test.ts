/** Legal holds on the objects of a store: which are placed, which are released, and what is told and journaled. */
import { describe, expect, test } from '@jest/globals';
import { nights, begin, day, type Nights } from '../../../test/evidence/packKit.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidenceStore, EvidenceStoreSpec, LegalHold } from '../../api/v1alpha1/evidenceStore.ts';
import { digestOf, keyedDigest } from '../../lib/digest.ts';
import type { Plan } from '../../runtime/feature.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withHolds, type HoldEffect, type HoldingState, type HoldWorld } from './decide.ts';
import { readHoldLog } from './holdLog.ts';
import { Periods } from './periods.ts';
import { placeHolds, type Placing } from './placeHolds.ts';

const { signal } = new AbortController();
const at = (days: number): string => new Date(begin + days * day).toISOString();
const hold = (more: Partial<LegalHold> = {}): LegalHold => ({
  name: 'case-7',
  reason: 'Case 7',
  placedBy: 'alice',
  ...more,
});

async function filled(): Promise<Nights> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-holds-'));
  const made = nights(folder);
  for (let night = 0; night < 3; night++) await made.night();
  await made.night({}, 'weekly');
  rmSync(folder, { recursive: true, force: true });
  return made;
}

function placing({ store }: Nights, holds: readonly LegalHold[], more: Partial<Placing> = {}): Placing {
  return {
    ...{ store, holds, lock: {}, now: new Date(begin + 10 * day), about: 'holds c1/audit/vault' },
    seal: (text) => keyedDigest(Buffer.from('key'), text),
    settled: new Set(),
    periods: new Periods(),
    ...more,
  };
}

const heldIn = ({ store }: Nights): string[] =>
  [...store.objects].filter(([, [version]]) => version!.isHeld).map(([key]) => key);
const shape = (keys: readonly string[]): string[] =>
  keys
    .map((key) =>
      key
        .replace(/-[0-9a-f]{12}.*/, '-')
        .replace('.sigstore.json', '')
        .replace('.ndjson', ''),
    )
    .sort();

describe('placing', () => {
  test.each<[string, LegalHold, string[]]>([
    [
      'everything',
      hold(),
      [
        'journal/000000000001',
        'journal/000000000004',
        'packs/nightly/00000001',
        'packs/nightly/00000001-',
        'packs/weekly/00000001',
      ],
    ],
    [
      'one EvidencePack, and the journal',
      hold({ packs: ['weekly'] }),
      ['journal/000000000001', 'packs/weekly/00000001', 'packs/weekly/00000001-'],
    ],
    ['a time', hold({ from: at(1), to: at(2) }), ['packs/nightly/00000002', 'packs/nightly/00000002-']],
    ['a time that no evidence is of', hold({ from: at(20) }), []],
  ])('on %s', async (_, one, expected) => {
    const made = await filled();
    expect(await placeHolds(placing(made, [one]), signal)).toMatchObject({ isMore: false, released: 0 });
    expect(shape(heldIn(made))).toEqual(expect.arrayContaining(expected));
    if (one.from !== undefined) expect(shape(heldIn(made)).filter((key) => key.startsWith('packs'))).toEqual(expected);
    expect(heldIn(made).filter((key) => !/^(packs|journal)\//.test(key))).toEqual([]);
  });

  test('what cannot be read is covered', async () => {
    const made = await filled();
    await made.store.put('packs/nightly/00000001.sigstore.json', Buffer.from('{}'), { contentType: 'a' }, signal);
    await placeHolds(placing(made, [hold({ from: at(20) })]), signal);
    expect(shape(heldIn(made))).toEqual(['packs/nightly/00000001', 'packs/nightly/00000001-']);
  });

  test('some in one pass, and the rest later; what is held is not asked for again', async () => {
    const made = await filled();
    const settled = new Set<string>();
    const one = (): Placing => placing(made, [hold()], { settled, most: 4 });
    let passes = 1;
    while ((await placeHolds(one(), signal)).isMore) passes += 1;
    expect(passes).toBe(3);
    expect(heldIn(made)).toHaveLength(12);
    made.store.log.length = 0;
    expect(await placeHolds(one(), signal)).toMatchObject({ held: 0, isMore: false });
    expect(made.store.log).toEqual([]);
  });

  test('what is stored later is held by a later pass', async () => {
    const made = await filled();
    const settled = new Set<string>();
    await placeHolds(placing(made, [hold()], { settled }), signal);
    await made.night();
    expect(await placeHolds(placing(made, [hold()], { settled }), signal)).toMatchObject({ held: 3 });
  });
});

describe('releasing', () => {
  test('after a restart, what was ours', async () => {
    const made = await filled();
    await placeHolds(placing(made, [hold()]), signal);
    expect(await placeHolds(placing(made, []), signal)).toMatchObject({ released: 12, isMore: false });
    expect(heldIn(made)).toEqual([]);
    expect(await placeHolds(placing(made, []), signal)).toMatchObject({ released: 0 });
  });

  // What is held for another case survives the end of ours.
  test('not what another placed before ours, or after ours was released', async () => {
    const made = await filled();
    const [first, second] = ['packs/nightly/00000001.sigstore.json', 'packs/nightly/00000002.sigstore.json'];
    made.store.objects.get(first)![0]!.isHeld = true;
    await placeHolds(placing(made, [hold()]), signal);
    await placeHolds(placing(made, []), signal);
    expect(heldIn(made)).toEqual([first]);
    made.store.objects.get(second)![0]!.isHeld = true;
    await placeHolds(placing(made, []), signal);
    expect(heldIn(made).sort()).toEqual([first, second]);
  });

  test('not what another placed while ours were being released, although that failed in the middle', async () => {
    const made = await filled();
    await placeHolds(placing(made, [hold()]), signal);
    const all = heldIn(made);
    let left = 3;
    const failing: Nights['store'] = Object.assign(Object.create(made.store) as Nights['store'], {
      hold: (...asked: Parameters<Nights['store']['hold']>) =>
        left-- > 0 ? made.store.hold(...asked) : Promise.reject(new Error('the store is busy')),
    });
    await expect(placeHolds(placing(made, [], { store: failing }), signal)).rejects.toThrow('the store is busy');
    const freed = all.filter((key) => !heldIn(made).includes(key));
    expect(freed).toHaveLength(3);
    made.store.objects.get(freed[0]!)![0]!.isHeld = true;
    expect(await placeHolds(placing(made, []), signal)).toMatchObject({ released: 9, isMore: false });
    expect(heldIn(made)).toEqual([freed[0]]);
  });

  test('only what no other hold of ours covers', async () => {
    const made = await filled();
    await placeHolds(placing(made, [hold(), hold({ name: 'case-8', packs: ['weekly'] })]), signal);
    await placeHolds(placing(made, [hold({ name: 'case-8', packs: ['weekly'] })]), signal);
    expect(shape(heldIn(made)).filter((key) => key.startsWith('packs/nightly'))).toEqual([]);
    expect(shape(heldIn(made))).toEqual(expect.arrayContaining(['packs/weekly/00000001', 'journal/000000000001']));
  });

  test.each<[string, (made: Nights) => Promise<unknown>]>([
    [
      'an entry that another wrote',
      async ({ store }) => {
        const key = 'packs/nightly/00000001.sigstore.json';
        const [version] = store.objects.get(key)!;
        version!.isHeld = true;
        const entry = { number: 1, time: at(0), do: 'hold', objects: [{ key, versionId: version!.versionId }] };
        return store.put(
          'holds/00000001.json',
          Buffer.from(JSON.stringify({ entry, seal: '0'.repeat(64) })),
          { contentType: 'a' },
          signal,
        );
      },
    ],
    [
      'an entry of another store',
      async (made) => {
        await placeHolds(placing(made, [hold({ packs: ['nightly'] })], { about: 'holds c1/audit/other' }), signal);
      },
    ],
    [
      'an entry under another number',
      async (made) => {
        await placeHolds(placing(made, [hold()]), signal);
        const [entry] = made.store.objects.get('holds/00000001.json')!;
        made.store.objects.delete('holds/00000001.json');
        await made.store.put('holds/00000009.json', entry!.body, { contentType: 'a' }, signal);
      },
    ],
    [
      'what is no entry',
      ({ store }) => store.put('holds/00000001.json', Buffer.from('{'), { contentType: 'a' }, signal),
    ],
  ])('nothing by %s', async (_, change) => {
    const made = await filled();
    await change(made);
    const before = heldIn(made);
    const { foreign, released } = await placeHolds(placing(made, []), signal);
    expect([foreign.length, released]).toEqual([1, 0]);
    expect(heldIn(made)).toEqual(before);
    // And a hold is placed all the same, behind it.
    await placeHolds(placing(made, [hold()]), signal);
    expect(heldIn(made)).toHaveLength(12);
  });

  test('it is interrupted at each write: what is held is known to be ours', async () => {
    for (let kill = 0; kill < 14; kill++) {
      const made = await filled();
      let writes = 0;
      made.store.fault = () => {
        if (writes++ === kill) throw new Error('killed');
      };
      await placeHolds(placing(made, [hold()]), signal).catch(() => undefined);
      made.store.fault = () => undefined;
      const { ours } = await readHoldLog(placing(made, []), signal);
      for (const key of heldIn(made)) expect([...ours.values()].map((one) => one.key)).toContain(key);
      await placeHolds(placing(made, []), signal);
      expect(heldIn(made)).toEqual([]);
    }
  });
});

describe('deciding', () => {
  const now = new Date('2026-11-27T02:00:00Z');
  const s3 = { endpoint: 'main', bucket: 'evidence', credentialsRef: { name: 'keys' } };
  const locked = { s3: { ...s3, objectLock: { mode: 'Compliance', retentionDays: 30 } } } satisfies EvidenceStoreSpec;
  const plan: Plan<EvidenceStore> = {
    outcome: { is: 'ready', reason: 'Probed', message: '', recheckAfter: 300 },
    status: {},
    actions: [],
  };
  const object = (spec: Partial<EvidenceStoreSpec>, status: object = {}): EvidenceStore => ({
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'EvidenceStore',
    metadata: { namespace: 'audit', name: 'main', uid: 'u1' },
    spec: { ...locked, ...spec },
    status,
  });
  const done = (holds: readonly LegalHold[], more: object = {}): HoldingState => ({
    ...{ is: 'done', time: now, digest: digestOf(holds), held: 0, released: 0, settled: 0, isMore: false, foreign: [] },
    ...more,
  });
  const world = (state?: HoldingState, more: Partial<HoldWorld> = {}): HoldWorld => ({
    ...{ state, isJournaling: true, packs: [] },
    ...more,
  });
  const effects = (made: Plan<EvidenceStore, HoldEffect>) =>
    made.actions.flatMap((action) =>
      action.do === 'perform' && 'journal' in action.effect ? action.effect.journal.entry : [],
    );
  const begins = (made: Plan<EvidenceStore, HoldEffect>): boolean => (made.afterStatus ?? []).length > 0;

  test.each<[string, Partial<EvidenceStoreSpec>, HoldingState | undefined, string, RegExp]>([
    ['none', {}, done([]), 'False NoHold', /^no legal hold is in force$/],
    ['one that ended', { holds: [hold({ until: at(-1) })] }, done([]), 'False NoHold', /; 1 legal hold ended$/],
    ['one not placed yet', { holds: [hold()] }, undefined, 'True Placing', /case-7 \(by alice\); being placed/],
    ['one being placed', { holds: [hold()] }, { is: 'running' }, 'True Placing', /being placed/],
    ['one placed in part', { holds: [hold()] }, done([hold()], { isMore: true }), 'True Placing', /being placed/],
    [
      'one placed',
      { holds: [hold({ until: at(9) })] },
      done([hold({ until: at(9) })]),
      'True Placed',
      /until 2026-12-06T02:00:00.000Z\); placed on/,
    ],
    ['one placed, and another declared since', { holds: [hold()] }, done([]), 'True Placing', /being placed/],
    [
      'one that fails',
      { holds: [hold()] },
      { is: 'failed', time: now, digest: '', reason: 'Denied', message: 'grant it' },
      'True NotPlaced',
      /not placed on all objects in the store: grant it/,
    ],
    [
      'seven',
      { holds: Array.from({ length: 7 }, (_, index) => hold({ name: `h${index}` })) },
      undefined,
      'True Placing',
      /h4 \(by alice\) and 2 more;/,
    ],
    ['one in a file system', { s3: s3, holds: [hold()] }, undefined, 'True InForce', /only Holdfast keeps to it/],
  ])('%s', (_, spec, state, is, message) => {
    const { conditions } = withHolds(object(spec), plan, world(state), now);
    const { Held } = conditions ?? {};
    expect(`${Held?.status} ${Held?.reason}`).toBe(is);
    expect(Held?.message).toMatch(message);
  });

  test.each<[string, HoldingState | undefined, LegalHold[], boolean]>([
    ['at the start, for what a process before has left', undefined, [], true],
    ['not again without holds', done([]), [], false],
    // seq-tickets #1073: what was done for other rules does not count.
    ['when one is declared', done([]), [hold()], true],
    ['when one ended', done([hold()]), [], true],
    ['not while it is running', { is: 'running' }, [hold()], false],
    ['not again soon', done([hold()]), [hold()], false],
    ['for what was stored meanwhile', done([hold()], { time: new Date(now.getTime() - 3_600_000) }), [hold()], true],
    ['when the clock was put back', done([hold()], { time: new Date(now.getTime() + 3_600_000) }), [hold()], true],
  ])('the objects are looked at %s', (_, state, holds, expected) => {
    expect(begins(withHolds(object({ holds }), plan, world(state), now))).toBe(expected);
    const waiting = { ...plan, outcome: { is: 'waiting', reason: 'Slow', message: '', recheckAfter: 60 } as const };
    expect(begins(withHolds(object({ holds }), waiting, world(state), now))).toBe(false);
    expect(begins(withHolds(object({ holds, s3 }), plan, world(state), now))).toBe(false);
  });

  test('a hold is journaled when it is placed, changed, removed, and when it ends', () => {
    const known = (one: LegalHold) => ({ name: one.name, placedBy: one.placedBy, digest: digestOf(one) });
    const told = (holds: LegalHold[], before: LegalHold[]) =>
      effects(withHolds(object({ holds }, { holds: before.map(known) }), plan, world(), now)).map(
        ({ event, actor, facts }) =>
          `${event} ${actor} ${String(facts?.['hold'])} ${(facts?.['because'] as string | undefined) ?? ''}`.trim(),
      );
    expect(told([hold()], [])).toEqual(['Held alice case-7']);
    expect(told([hold()], [hold()])).toEqual([]);
    expect(told([], [hold()])).toEqual(['Released alice case-7 Removed']);
    const ending = hold({ until: at(-1) });
    expect(told([ending], [ending])).toEqual(['Released alice case-7 Ended']);
    expect(told([hold({ placedBy: 'bob', packs: ['a'] })], [hold()])).toEqual([
      'Released alice case-7 Changed',
      'Held bob case-7',
    ]);
  });

  test('without room in the journal nothing is forgotten', () => {
    const before = [{ name: 'old', placedBy: 'bob', digest: `sha256:${'0'.repeat(64)}` }];
    const made = withHolds(
      object({ holds: [hold()] }, { holds: before }),
      plan,
      world(undefined, { isJournaling: false }),
      now,
    );
    expect([effects(made), made.status.holds]).toEqual([[], before]);
  });

  test('when the next pack can be deleted', () => {
    const pack = (name: string, nextTime?: string): EvidencePack => ({
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'EvidencePack',
      metadata: { name: 'nightly', namespace: 'audit' },
      spec: { storeRef: { name }, signing: {} },
      status: { retention: { checkTime: at(0), ...(nextTime !== undefined && { nextTime }) } },
    });
    const packs = [pack('main', at(9)), pack('main', at(5)), pack('main'), pack('other', at(1))];
    const made = withHolds(object({ disposal: 'WhenDue' }), plan, world(done([]), { packs }), now);
    expect(made.status.nextDisposalTime).toBe(at(5));
    expect(made.conditions?.['Disposing']?.message).toMatch(/the next pack can be deleted 2026-12-02T02:00:00.000Z$/);
    const never = withHolds(object({}), plan, world(done([]), { packs }), now);
    expect(never.status.nextDisposalTime).toBeUndefined();
    expect(never.conditions?.['Disposing']).toMatchObject({ status: 'False', reason: 'Never' });
  });

  test('it is looked at again when a hold ends', () => {
    const made = withHolds(
      object({ holds: [hold({ until: '2026-11-27T02:00:20Z' })] }),
      plan,
      world({ is: 'running' }),
      now,
    );
    expect(made.outcome.recheckAfter).toBe(2);
    const later = withHolds(object({ s3, holds: [hold({ until: '2026-11-27T02:00:20Z' })] }), plan, world(), now);
    expect(later.outcome.recheckAfter).toBeLessThan(20);
  });
});
