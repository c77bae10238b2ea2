/** When it is looked for what is due, and what is told of it. */
import { describe, expect, test } from '@jest/globals';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus } from '../../api/v1alpha1/evidencePackStatus.ts';
import type { Plan } from '../../runtime/feature.ts';
import { withDisposal, type DisposalOrder, type DisposalState } from './disposing.ts';

const now = new Date('2026-11-27T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const last = {
  sequence: 5,
  digest: `sha256:${'0'.repeat(64)}`,
  uri: 'x',
  time: '2026-11-27T02:00:09Z',
  periodEnd: '2026-11-27T02:00:00Z',
  complete: true,
};
const intact = { is: 'intact', since: '2026-01-01T00:00:00Z', policies: 'sha256:1' } as const;
const ready: Plan<EvidencePack> = {
  outcome: { is: 'ready', reason: 'Scheduled', message: '', recheckAfter: 50_000 },
  status: { last },
  actions: [],
};
const pack = (status: EvidencePackStatus = {}): EvidencePack => ({
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'EvidencePack',
  metadata: { namespace: 'audit', name: 'nightly', uid: 'u1' },
  spec: { storeRef: { name: 'vault' }, signing: {} },
  status,
});
const done = (more: object = {}): DisposalState => ({
  ...{ is: 'done', sequence: 5, time: before(60), deleted: [], notes: [], isMore: false },
  ...more,
});
const failed = (seconds: number): DisposalState => ({
  ...{ is: 'failed', sequence: 5, time: before(seconds), message: 'the store is away' },
});
const until = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function decided(state: DisposalState | undefined, plan = ready, object = pack()) {
  const made = withDisposal({ pack: object, plan, world: { state, guard: intact }, now });
  const orders = (made.afterStatus ?? []) as unknown as { effect: DisposalOrder }[];
  return { made, orders: orders.map(({ effect }) => effect), condition: made.conditions?.['Disposed'] };
}

test.each<[string, DisposalState | undefined, boolean]>([
  ['at first', undefined, true],
  ['not while it is done', { is: 'running' }, false],
  ['not again at once', done(), false],
  ['after a newer pack', done({ sequence: 4 }), true],
  ['when there is more', done({ isMore: true }), true],
  ['not when there is more, at once', done({ isMore: true, time: before(10) }), false],
  // elasticsearch #35397: what failed is not stuck until someone comes.
  ['after a failure, later', failed(1000), true],
  ['not after a failure, at once', failed(100), false],
  ['each day, without a new pack', done({ time: before(90_000) }), true],
  ['when the oldest is over', done({ oldest: { sequence: 1, until: before(10), holds: [], isHeld: false } }), true],
  ['not before', done({ oldest: { sequence: 1, until: until(10), holds: [], isHeld: false } }), false],
  ['not for what is held', done({ oldest: { sequence: 1, until: before(10), holds: ['a'], isHeld: false } }), false],
  ['when the clock was put back', done({ time: until(60) }), true],
])('it is looked: %s', (_, state, expected) => {
  expect(decided(state).orders).toEqual(expected ? [{ dispose: 'u1', sequence: 5 }] : []);
});

test('while it is being done, it is asked soon how it stands', () => {
  expect(decided({ is: 'running' }).made.outcome.recheckAfter).toBe(2);
  expect(decided(done()).made.outcome.recheckAfter).toBeGreaterThan(60);
});

test('not while a pack is made, is due or fails, nor before the first one, nor without the policies', () => {
  const making = { ...ready, outcome: { is: 'progressing', reason: 'Making', message: '', recheckAfter: 2 } as const };
  expect(decided(undefined, making).orders).toEqual([]);
  const order = { ...ready, afterStatus: [{ do: 'perform', effect: 'pack' as never }] as const };
  expect(decided(undefined, order).orders).toEqual(['pack']);
  expect(decided(undefined, { ...ready, status: {} }).orders).toEqual([]);
  const guard = { is: 'broken', message: 'nothing is deleted until …' } as const;
  const made = withDisposal({ pack: pack(), plan: ready, world: { state: undefined, guard }, now });
  expect([made.afterStatus, made.conditions?.['Disposed']?.reason]).toEqual([undefined, 'Unguarded']);
  expect(withDisposal({ pack: pack(), plan: ready, world: 'off', now })).toBe(ready);
});

const oldest = { sequence: 1, until: until(-100), holds: [] as string[], isHeld: false };
test.each<[string, DisposalState | undefined, string, RegExp]>([
  ['nothing known', undefined, 'Unknown NotChecked', /not looked/],
  ['a failure', failed(10), 'False Failed', /could not be deleted: the store is away; it will be retried/],
  ['a doubt', done({ notes: ['one', 'two', 'three'], oldest }), 'False InDoubt', /^one; two$/],
  [
    'a hold',
    done({ oldest: { ...oldest, holds: ['a', 'b'] } }),
    'False Held',
    /kept by legal holds a, b; without, it can be/,
  ],
  [
    'a hold on what is not over',
    done({ oldest: { ...oldest, until: until(9), holds: ['a'] } }),
    'True Held',
    /hold a;/,
  ],
  [
    'a hold of the store',
    done({ oldest: { ...oldest, isHeld: true } }),
    'False HeldInStore',
    /none that is declared covers it/,
  ],
  ['something due', done({ oldest }), 'False Due', /is due since/],
  [
    'nothing due',
    done({ oldest: { ...oldest, until: until(9) } }),
    'True UpToDate',
    /pack 1, the oldest, can be deleted/,
  ],
  [
    'the last one',
    done({ oldest: { sequence: 5, holds: [], isHeld: false } }),
    'True UpToDate',
    /pack 5, the oldest, stays/,
  ],
])('told: %s', (_, state, is, message) => {
  const { condition } = decided(state);
  expect(`${condition?.status} ${condition?.reason}`).toBe(is);
  expect(condition?.message).toMatch(message);
});

describe('what was deleted', () => {
  const state = done({ deleted: ['packs 1 to 3'], oldest: { ...oldest, sequence: 4 } });
  test('is an event, once', () => {
    const { made } = decided(state);
    expect(made.notes).toEqual([
      { type: 'Normal', reason: 'Disposed', message: expect.stringMatching(/^deleted packs 1 to 3, because/) },
    ]);
    expect(made.status.retention).toMatchObject({ oldest: 4 });
    const later = decided(state, ready, pack({ retention: made.status.retention! })).made;
    expect(later.notes).toBeUndefined();
  });

  test('is remembered while the store cannot be read, and over a start', () => {
    const retention = { checkTime: '2026-11-27T02:00:20Z', oldest: 4 };
    const conditions = [
      { type: 'Disposed', status: 'True', reason: 'UpToDate', message: 'nothing is due', lastTransitionTime: '' },
    ] as never;
    const known = pack({ retention, conditions });
    const away = withDisposal({ pack: known, plan: ready, world: undefined, now });
    expect([away.status.retention, away.conditions?.['Disposed']?.reason]).toEqual([retention, 'UpToDate']);
    expect(decided(undefined, ready, known).condition?.reason).toBe('UpToDate');
  });
});
