import { describe, expect, test } from '@jest/globals';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { decidePack } from './decide.ts';
import type { MakingState, PackOrder, PackWorld } from './world.ts';
import type { ForeignBundle, Head } from './head.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

function stored(sequence: number, changes: Partial<StoredPack> = {}): StoredPack {
  const day = `2026-11-${20 + sequence}`;
  return {
    sequence,
    digest: digest(String(sequence)),
    uri: `file:///evidence/${sequence}`,
    time: `${day}T02:00:09Z`,
    periodEnd: `${day}T02:00:00Z`,
    complete: true,
    ...changes,
  };
}

function pack(status: EvidencePackStatus = {}, spec: object = {}): EvidencePack {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'EvidencePack',
    metadata: { namespace: 'audit', name: 'nightly', uid: 'u1', creationTimestamp: '2026-11-20T12:00:00Z' },
    spec: { storeRef: { name: 'nightly' }, signing: { keyRef: { name: 'key' } }, ...spec },
    status,
  };
}

const head = (one: StoredPack, missing: Head['missing'] = []): Head => ({ pack: one, missing });
const world = (newest?: Head, making?: MakingState): PackWorld => ({ is: 'read', head: newest, making });
const unready: PackWorld = { is: 'unready', reason: 'StoreNotReady', message: 'EvidenceStore nightly is not ready' };

function decided(one: EvidencePack, seen: PackWorld, now: string) {
  const plan = decidePack(one, seen, new Date(now));
  const order = plan.afterStatus?.map((action) => (action as { effect: PackOrder }).effect)[0];
  const conditions = Object.fromEntries(
    Object.entries(plan.conditions ?? {}).map(([type, { status, reason }]) => [type, `${status} ${reason}`]),
  );
  return { plan, order, conditions, is: `${plan.outcome.is} ${plan.outcome.reason}` };
}

describe('between two packs', () => {
  test('nothing is made, and it is said when the next one is due', () => {
    const { plan, order, is, conditions } = decided(
      pack({ last: stored(1) }),
      world(head(stored(1))),
      '2026-11-21T12:00:00Z',
    );
    expect([is, order]).toEqual(['ready Scheduled', undefined]);
    expect(plan.outcome.message).toBe('pack 1 is stored; the next is due 2026-11-22T02:00:00Z');
    expect(conditions).toEqual({
      Signed: 'True Signed',
      Stored: 'True Stored',
      Complete: 'True Complete',
      ChainIntact: 'True Intact',
    });
  });

  test('a steady state is the same each time', () => {
    const { plan } = decided(pack({ last: stored(1) }), world(head(stored(1))), '2026-11-21T12:00:00Z');
    const again = decided(pack(plan.status), world(head(stored(1))), '2026-11-21T13:00:00Z');
    expect(again.plan.status).toEqual(plan.status);
  });

  test.each([
    ['a few minutes behind, which is no matter', '2026-11-21T01:56:00Z', 'ready Scheduled', 'True Stored'],
    ['hours behind the last one', '2026-11-20T20:00:00Z', 'stalled ClockBehind', 'False ClockBehind'],
    ['years behind the last one', '2019-01-01T00:00:00Z', 'stalled ClockBehind', 'False ClockBehind'],
  ])('with a clock that is %s', (_, now, outcome, condition) => {
    const { is, order, conditions } = decided(pack({ last: stored(1) }), world(head(stored(1))), now);
    expect([is, order, conditions['Stored']]).toEqual([outcome, undefined, condition]);
  });

  test('before the first one nothing is known', () => {
    const { conditions, plan } = decided(pack(), world(), '2026-11-20T13:00:00Z');
    expect(conditions).toEqual({ Stored: 'Unknown NoPack', ChainIntact: 'True Intact' });
    expect(plan.outcome.message).toBe('no pack yet; the next is due 2026-11-21T02:00:00Z');
  });
});

describe('when one is due', () => {
  test('it is recorded, and then made', () => {
    const { plan, order, is } = decided(pack({ last: stored(1) }), world(head(stored(1))), '2026-11-22T02:00:01Z');
    expect(is).toBe('progressing Making');
    expect(plan.status.making).toEqual({
      sequence: 2,
      periodStart: '2026-11-21T02:00:00Z',
      periodEnd: '2026-11-22T02:00:00Z',
      startTime: '2026-11-22T02:00:01Z',
      attempts: 1,
    });
    expect(order).toMatchObject({ sequence: 2, previous: { sequence: 1, digest: digest('1') }, missed: 0 });
    expect(order?.schedule).toEqual({ cron: '0 2 * * *', timeZone: 'Etc/UTC', seconds: 86_400 });
  });

  test('while it is made, nothing is begun', () => {
    const making = { sequence: 2, periodStart: '', periodEnd: '', startTime: '', attempts: 1 };
    const { order, plan } = decided(
      pack({ last: stored(1), making }),
      world(head(stored(1)), { is: 'running', sequence: 2 }),
      '2026-11-22T02:00:03Z',
    );
    expect([order, plan.status.making]).toEqual([undefined, making]);
  });

  test('after a restart, of which nothing is known, it is begun again', () => {
    const making = { sequence: 2, periodStart: '', periodEnd: '', startTime: '', attempts: 1 };
    const { order, plan } = decided(pack({ last: stored(1), making }), world(head(stored(1))), '2026-11-22T02:00:03Z');
    expect([order?.sequence, plan.status.making?.attempts]).toEqual([2, 2]);
  });

  test('once it is stored, it is told, and the one before is remembered', () => {
    const missing = [{ what: 'section Slo', reason: 'prometheus does not respond' }];
    const second = stored(2, { complete: false });
    const making = { sequence: 2, periodStart: '', periodEnd: '', startTime: '', attempts: 1 };
    const { plan, conditions } = decided(
      pack({ last: stored(1), making }),
      world(head(second, missing)),
      '2026-11-22T02:00:09Z',
    );
    expect(plan.status).toEqual({ last: second, packs: [stored(1)], missing, nextTime: '2026-11-23T02:00:00Z' });
    const store = { namespace: 'audit', name: 'nightly' };
    const effect = { store, pack: { name: 'nightly', uid: 'u1' }, stored: second };
    expect(plan.actions).toEqual([{ do: 'perform', effect }]);
    expect(decided(pack(plan.status), world(head(second)), '2026-11-22T02:00:11Z').plan.actions).toEqual([]);
    expect(conditions['Complete']).toBe('False Partial');
    expect(plan.conditions?.['Complete']?.message).toBe('pack 2 lacks section Slo (prometheus does not respond)');
  });

  test('nights that were missed are made up once, and told', () => {
    const { plan, order } = decided(pack({ last: stored(1) }), world(head(stored(1))), '2026-11-25T08:00:00Z');
    expect(order).toMatchObject({
      sequence: 2,
      missed: 3,
      period: { start: '2026-11-21T02:00:00Z', end: '2026-11-25T02:00:00Z' },
    });
    expect(plan.notes?.map(({ message }) => message)).toEqual([
      '3 scheduled packs could not be made in time; pack 2 covers that time too',
    ]);
  });
});

describe('when it fails', () => {
  const making = { sequence: 2, periodStart: '', periodEnd: '', startTime: '', attempts: 1 };
  const failure = (needsPerson: boolean): MakingState => ({
    is: 'failed',
    sequence: 2,
    time: new Date('2026-11-22T02:00:10Z'),
    reason: 'StoreSlow',
    message: 'the store does not respond',
    needsPerson,
  });

  test('it is tried again after a pause', () => {
    const one = pack({ last: stored(1), making });
    const soon = decided(one, world(head(stored(1)), failure(false)), '2026-11-22T02:00:11Z');
    expect([soon.is, soon.order, soon.conditions['Stored']]).toEqual([
      'waiting StoreSlow',
      undefined,
      'False StoreSlow',
    ]);
    expect(soon.plan.outcome.message).toBe(
      'pack 2 was not stored: the store does not respond; it will be retried at 2026-11-22T02:00:40Z',
    );
    const later = decided(one, world(head(stored(1)), failure(false)), '2026-11-22T02:00:41Z');
    expect([later.order?.sequence, later.plan.status.making?.attempts]).toEqual([2, 2]);
  });

  test('the pause grows to an hour', () => {
    const often = pack({ last: stored(1), making: { ...making, attempts: 50 } });
    const { plan } = decided(often, world(head(stored(1)), failure(false)), '2026-11-22T02:00:11Z');
    expect(plan.outcome.message).toContain('2026-11-22T03:00:10Z');
  });

  test('what a person must change is stalled, and looked at again nevertheless', () => {
    const { plan, is } = decided(
      pack({ last: stored(1), making }),
      world(head(stored(1)), failure(true)),
      '2026-11-22T02:00:11Z',
    );
    expect(is).toBe('stalled StoreSlow');
    expect((plan.outcome as { recheckAfter: number }).recheckAfter).toBeGreaterThan(0);
  });

  test('a store that is not ready is said to be the reason that a pack is overdue', () => {
    const due = decided(pack({ last: stored(1) }), unready, '2026-11-22T03:00:00Z');
    expect(due.conditions['Stored']).toBe('False Overdue');
    expect(due.plan.status.last).toEqual(stored(1));
    const early = decided(pack({ last: stored(1) }), unready, '2026-11-21T03:00:00Z');
    expect(early.conditions['Stored']).toBe('True Stored');
  });
});

test('an attempt that failed by a clock that was ahead is made again once it is set back', () => {
  const making = { sequence: 2, periodStart: '', periodEnd: '', startTime: '', attempts: 1 };
  const failed = {
    is: 'failed',
    sequence: 2,
    reason: 'StoreFull',
    message: 'the store is full',
    needsPerson: false,
  } as const;
  const one = pack({ last: stored(1), making });
  const at = (time: string) =>
    decided(one, world(head(stored(1)), { ...failed, time: new Date(time) }), '2026-11-22T02:00:20Z').is;
  expect(at('2026-11-22T02:00:10Z')).toBe('waiting StoreFull');
  expect(at('2027-11-22T02:00:10Z')).toBe('progressing Making');
});

describe('what the store has', () => {
  test('packs that are gone are told, and the chain goes on after them', () => {
    const one = pack({ last: stored(4) });
    const { plan, conditions, order } = decided(one, world(head(stored(2))), '2026-11-26T02:00:00Z');
    expect(conditions['ChainIntact']).toBe('False PacksGone');
    expect(plan.conditions?.['ChainIntact']?.message).toContain('the store lacks packs 3 to 4');
    expect(order).toMatchObject({ sequence: 5, previous: { sequence: 4, digest: digest('4') } });
  });

  test('another pack of that number is told, and the chain follows the one that was stored', () => {
    const other = stored(4, { digest: digest('a') });
    const { conditions, order } = decided(pack({ last: stored(4) }), world(head(other)), '2026-11-26T02:00:00Z');
    expect(conditions['ChainIntact']).toBe('False PackAltered');
    expect(order?.previous).toEqual({ sequence: 4, digest: digest('4') });
  });

  test('of a store that was not tried yet nothing is overdue, and then it is', () => {
    const once = { period: { startTime: '2026-11-01T00:00:00Z', endTime: '2026-11-02T00:00:00Z' } };
    const unready = (reason: string): PackWorld => ({ is: 'unready', reason, message: 'why' });
    expect(decided(pack({}, once), unready('StoreNotTried'), '2026-11-21T02:00:00Z').conditions).toEqual({
      Stored: 'Unknown NoPack',
    });
    expect(decided(pack({}, once), unready('StoreNotReady'), '2026-11-21T02:00:00Z').conditions).toEqual({
      Stored: 'False Overdue',
    });
  });

  test('a pack that someone else stored is told, and is not followed', () => {
    const seen: PackWorld = {
      is: 'read',
      head: head(stored(4)),
      making: undefined,
      foreign: [{ sequence: 5, digest: digest('f'), isSigned: false }],
    };
    const { conditions, order } = decided(pack({ last: stored(4) }), seen, '2026-11-26T02:00:00Z');
    expect(conditions['ChainIntact']).toBe('False PackForeign');
    expect(order).toMatchObject({ sequence: 5, previous: { sequence: 4 } });
  });

  test.each<[string, object[], Partial<ForeignBundle>, number, number[]]>([
    ['declared as it is: it is skipped', [{ sequence: 5, digest: digest('f') }], {}, 6, [5]],
    ['declared with another digest: it is not', [{ sequence: 5, digest: digest('e') }], {}, 5, []],
    [
      'of which the digest is not known: it is not',
      [{ sequence: 5, digest: digest('f') }],
      { digest: undefined },
      5,
      [],
    ],
    ['far beyond: it is said, and takes no number', [{ sequence: 99, digest: digest('f') }], { sequence: 99 }, 5, [99]],
    ['of a number that is declared, and elsewhere: it is not', [{ sequence: 6, digest: digest('f') }], {}, 5, []],
  ])('a bundle of another writer that is %s', (_, skips, found, sequence, skipped) => {
    const foreign = [{ sequence: 5, digest: digest('f'), isSigned: false, ...found }];
    const seen: PackWorld = { is: 'read', head: head(stored(4)), making: undefined, foreign };
    const { conditions, order } = decided(pack({ last: stored(4) }, { skips }), seen, '2026-11-26T02:00:00Z');
    expect(conditions['ChainIntact']).toBe(skipped.length > 0 ? 'True Intact' : 'False PackForeign');
    expect(order).toMatchObject({ sequence, previous: { sequence: 4 } });
    expect(order?.skipped?.map((one) => one.sequence) ?? []).toEqual(skipped);
  });

  test('a pack that is signed with our key, and follows none, is not skipped, and none is made beside it', () => {
    const foreign = [{ sequence: 5, digest: digest('f'), isSigned: true }];
    const seen: PackWorld = { is: 'read', head: head(stored(4)), making: undefined, foreign };
    const skips = [{ sequence: 5, digest: digest('f') }];
    const { conditions, order } = decided(pack({ last: stored(4) }, { skips }), seen, '2026-11-26T02:00:00Z');
    expect(conditions['Stored']).toBe('False ChainBroken');
    expect(order).toBeUndefined();
  });

  test('nothing is skipped where nothing is', () => {
    const skips = [{ sequence: 5, digest: digest('f'), reason: 'x' }];
    const { order } = decided(pack({ last: stored(4) }, { skips }), world(head(stored(4))), '2026-11-26T02:00:00Z');
    expect([order?.sequence, order?.skipped]).toEqual([5, undefined]);
  });

  test('a pack that was overwritten with nonsense is altered', () => {
    const seen: PackWorld = {
      is: 'read',
      head: undefined,
      making: undefined,
      foreign: [{ sequence: 4, isSigned: false }],
    };
    expect(decided(pack({ last: stored(4) }), seen, '2026-11-24T03:00:00Z').conditions['ChainIntact']).toBe(
      'False PackAltered',
    );
  });

  test('a status that is lost is made again from the store', () => {
    const { plan, order } = decided(pack(), world(head(stored(3))), '2026-11-23T12:00:00Z');
    expect([plan.status.last, order]).toEqual([stored(3), undefined]);
  });
});

test('a period that ends between two seconds is covered once', () => {
  const period = { startTime: '2026-11-20T00:00:00.250Z', endTime: '2026-11-21T00:00:00.750Z' };
  const { order } = decided(pack({}, { period }), world(), '2026-11-21T00:00:01Z');
  expect(order?.period).toEqual({ start: period.startTime, end: period.endTime });
  const made = stored(1, { periodEnd: order?.period.end ?? '' });
  const after = decided(pack({}, { period }), world(head(made)), '2026-11-21T00:00:05Z');
  expect([after.order, after.is]).toEqual([undefined, 'ready Stored']);
});

test('a schedule that is none is stalled, and what is known stays', () => {
  const { plan, is } = decided(
    pack({ last: stored(1) }, { schedule: '0 2 30 2 *' }),
    world(head(stored(1))),
    '2026-11-21T12:00:00Z',
  );
  expect(is).toBe('stalled InvalidSchedule');
  expect(plan.status.last).toEqual(stored(1));
});
