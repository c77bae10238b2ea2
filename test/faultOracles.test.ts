/** What is compared when something happens to the whole finds what it is there for. */
import { describe, expect, test } from '@jest/globals';
import { Leadership } from './faults/wire/leadership.ts';
import { Sight } from './faults/wire/sight.ts';

const lease = 'PATCH /apis/coordination.k8s.io/v1/namespaces/holdfast/leases/holdfast-operator';
const status = 'PATCH /apis/holdfast.dev/v1alpha1/clusterbaselines/case-1/status';
const done = (what: string, arrivedAt: number) => ({ id: undefined, what, arrivedAt, status: 200 });

describe('who writes', () => {
  const told = (...writes: readonly (readonly [who: number, what: string, arrivedAt: number])[]) => {
    const leadership = new Leadership();
    for (const [who, what, arrivedAt] of writes) leadership.passes(who, done(what, arrivedAt));
    return [leadership.changes, leadership.problems().length];
  };

  test.each([
    ['the leader alone', [[0, lease, 1], [0, status, 2]], [1, 0]], // prettier-ignore
    ['the former one until the next writes', [[0, lease, 1], [0, status, 2], [1, lease, 3], [0, status, 4], [1, status, 5]], [2, 0]], // prettier-ignore
    ['the former one, late on the wire', [[0, lease, 1], [0, status, 2], [1, lease, 3], [1, status, 5], [0, status, 4]], [2, 0]], // prettier-ignore
    ['the former one after the next', [[0, lease, 1], [0, status, 2], [1, lease, 3], [1, status, 4], [0, status, 5]], [2, 1]], // prettier-ignore
    ['one that never led', [[0, lease, 1], [1, status, 2]], [1, 1]], // prettier-ignore
  ] as const)('%s', (_, writes, found) => {
    expect(told(...writes)).toEqual(found);
  });
});

describe('what was listed again after a restore', () => {
  const told = (act: (sight: Sight) => void): string[] => {
    const sight = new Sight();
    sight.read('/apis/holdfast.dev/v1alpha1/clusterbaselines?limit=500');
    sight.forget();
    act(sight);
    return sight.problems();
  };
  const later = () => performance.now() + 1;

  test('a write of a kind that was not', () => {
    expect(told((sight) => sight.written(done(status, later())))).toEqual([
      expect.stringContaining('before clusterbaselines were listed again'),
    ]);
  });

  test('none of a kind that was, of one on its way, and of Leases and events', () => {
    const events = 'POST /apis/events.k8s.io/v1/namespaces/case-1/events';
    const found = told((sight) => {
      sight.written(done(status, 0));
      for (const what of [lease, events]) sight.written(done(what, later()));
      sight.read('/apis/holdfast.dev/v1alpha1/clusterbaselines?limit=500');
      sight.written(done(status, later()));
    });
    expect(found).toEqual([]);
  });
});
