import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ObjectCorrection } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { after, now } from '../../../test/builders/drift.ts';
import type { Kind } from '../../api/kind.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import type { AccountWrite, WriteOutcome } from '../../runtime/feature.ts';
import { correct, type Due } from './correction.ts';

const kind: Kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };

function baseline(maxDeletions?: number): ClusterBaseline {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: 'b' },
    spec: { serviceAccountRef: { namespace: 'platform', name: 'writer' }, maxDeletions },
  };
}

function due(
  name: string,
  write: AccountWrite = { apply: {} as never, manager: 'holdfast:b' },
  manager = 'kubectl',
): Due {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name };
  return { check: 'item', findings: [{ object, manager: { name: manager } } as Finding], fix: { kind, write } };
}

const deletion = (name: string) => due(name, { delete: { namespace: 'shop', name }, uid: 'u' });
const earlier = (secondsAgo: number, what: Partial<ObjectCorrection> = {}): ObjectCorrection => ({
  check: 'item',
  target: 'configmap/shop/a',
  rounds: 1,
  lastTime: after(-secondsAgo),
  manager: 'other',
  ...what,
});
const recurred = (times: number, secondsAgo = 5) =>
  earlier(secondsAgo, { outcome: 'Recurred', rounds: times, recurred: times });
/** One that failed so many times in a row: the last of them is not counted yet. */
const failed = (times: number, secondsAgo: number) =>
  earlier(secondsAgo, { rounds: times, ...(times > 1 && { failed: times - 1 }) });

describe('what is due is corrected with the rights of the account', () => {
  test('and recorded with who wrote it', () => {
    const { actions, recorded, done } = correct(baseline(), [], [due('a')], now);
    expect(actions).toMatchObject([{ do: 'writeAs', as: { namespace: 'platform', name: 'writer' }, kind }]);
    expect(recorded).toEqual([
      { check: 'item', target: 'configmap/shop/a', rounds: 1, lastTime: after(0), manager: 'kubectl' },
    ]);
    expect(done).toEqual(['configmap/shop/a']);
  });
  test('but only so many objects are deleted in one pass', () => {
    const { actions, postponed } = correct(baseline(2), [], ['a', 'b', 'c'].map(deletion), now);
    expect(actions).toHaveLength(2);
    expect(postponed).toBe(1);
  });
  test('and none where nothing may be deleted', () => {
    expect(correct(baseline(0), [], [deletion('a'), due('b')], now)).toMatchObject({
      postponed: 1,
      done: ['configmap/shop/b'],
    });
  });
});

describe('more than is written in one pass', () => {
  const many = Array.from({ length: 120 }, (_, at) => due(`f-${String(at).padStart(3, '0')}`));
  /** Passes a second apart, in which all but `z` are refused: how often each was tried before `z` was. */
  test('what refuses, in whatever number, keeps nothing from its turn', () => {
    const tried = new Map<string, WriteOutcome>();
    let recorded: readonly ObjectCorrection[] = [];
    let passes = 0;
    const targetOf = ({ findings }: Due) => targetId({ object: findings[0]!.object! });
    for (let isDone = false; !isDone; passes += 1) {
      const time = new Date(now.getTime() + passes * 1000);
      const all = [...many, due('z')].map((one) => ({ ...one, written: tried.get(targetOf(one)) }));
      const made = correct(baseline(), recorded, all, time);
      recorded = made.recorded;
      expect(made.left > 0).toBe(passes < 2);
      for (const target of made.done) tried.set(target, { is: 'refused', status: 403, message: 'no', time });
      isDone = made.done.includes('configmap/shop/z');
    }
    expect(passes).toBe(3);
  });
  test('of two writes to one object the second waits for the next pass, and counts as nothing', () => {
    const { done, recorded, left } = correct(
      baseline(),
      [],
      [due('a'), { ...due('a'), check: 'other' }, due('b')],
      now,
    );
    expect(done).toEqual(['configmap/shop/a', 'configmap/shop/b']);
    expect(recorded.map(({ check }) => check)).toEqual(['item', 'item']);
    expect(left).toBe(1);
  });
  test('what has no room in the record is not tried again before the others', () => {
    const tried = (at: number): WriteOutcome => ({
      is: 'refused',
      status: 403,
      message: 'no',
      time: new Date(after(at)),
    });
    const all = [...many.slice(0, 60).map((one, at) => ({ ...one, written: tried(-at) })), due('z')];
    const { done } = correct(baseline(), [], all, now);
    expect(done[0]).toBe('configmap/shop/z');
    expect(done[1]).toBe('configmap/shop/f-059');
  });
});

describe('a correction that does not last', () => {
  test('is made again at once, and remembers that drift recurred', () => {
    expect(correct(baseline(), [recurred(1)], [due('a')], now)).toMatchObject({
      done: ['configmap/shop/a'],
      contended: [],
      recorded: [{ rounds: 2, recurred: 1, lastTime: after(0) }],
    });
  });
  test.each([5, 100_000])('is not made a third time, also %d s later, and names who undoes it', (secondsAgo) => {
    const before = recurred(2, secondsAgo);
    expect(correct(baseline(), [before], [due('a')], now)).toMatchObject({
      done: [],
      contended: [{ check: 'item', target: 'configmap/shop/a', manager: 'kubectl' }],
      recorded: [before],
    });
  });
  test('does not hold up others', () => {
    expect(correct(baseline(), [recurred(2)], [due('a'), due('b')], now).done).toEqual(['configmap/shop/b']);
  });
  test('is remembered longer than those that last', () => {
    const lasting = Array.from({ length: 120 }, (_, at) => earlier(5, { target: `configmap/shop/s-${at}` }));
    const { recorded } = correct(baseline(), [recurred(2), ...lasting], [due('a')], now);
    expect(recorded).toHaveLength(100);
    expect(recorded.at(-1)).toEqual(recurred(2));
  });
});

describe('a correction after which the object did not comply', () => {
  const dueAgain = (name: string, secondsAgo: number): Due => ({
    ...due(name),
    written: { is: 'refused', status: 403, message: 'no', time: new Date(after(-secondsAgo)) },
  });
  test.each([
    [1, 29, 0],
    [1, 30, 1],
    [2, 299, 0],
    [2, 300, 1],
    [3, 3599, 0],
    [3, 3600, 1],
    [12, 3599, 0],
    [12, 3600, 1],
  ])('%d times, is %d s later made %d times, and is no contention', (times, secondsAgo, made) => {
    const corrected = correct(baseline(), [failed(times, secondsAgo)], [dueAgain('a', secondsAgo)], now);
    expect(corrected.actions).toHaveLength(made);
    expect(corrected.contended).toEqual([]);
    expect(corrected.exhausted).toHaveLength(times < 3 ? 0 : 1);
    if (made) expect(corrected.recorded).toMatchObject([{ failed: times, rounds: times + 1 }]);
  });
  test('is made again when its time has come', () => {
    expect(correct(baseline(), [failed(2, 20)], [dueAgain('a', 20)], now)).toMatchObject({
      waiting: [{ target: 'configmap/shop/a', until: new Date(after(280)) }],
      next: new Date(after(280)),
    });
  });
});
