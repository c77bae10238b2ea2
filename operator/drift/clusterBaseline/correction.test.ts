import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ObjectCorrection } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { after, now } from '../../../test/builders/drift.ts';
import type { Kind } from '../../api/kind.ts';
import type { AccountWrite } from '../../runtime/feature.ts';
import { correct, type Due } from './correction.ts';

const kind: Kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };

function baseline(corrections: ObjectCorrection[] = [], maxDeletions?: number): ClusterBaseline {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: 'b' },
    spec: { serviceAccountRef: { namespace: 'platform', name: 'writer' }, maxDeletions },
    status: { corrections },
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
const earlier = (rounds: number, secondsAgo: number): ObjectCorrection => ({
  check: 'item',
  target: 'configmap/shop/a',
  rounds,
  lastTime: after(-secondsAgo),
  manager: 'other',
});

describe('what is due is corrected with the rights of the account', () => {
  test('and recorded with who wrote it', () => {
    const { actions, recorded, done } = correct(baseline(), [due('a')], now);
    expect(actions).toMatchObject([{ do: 'writeAs', as: { namespace: 'platform', name: 'writer' }, kind }]);
    expect(recorded).toEqual([
      { check: 'item', target: 'configmap/shop/a', rounds: 1, lastTime: after(0), manager: 'kubectl' },
    ]);
    expect(done).toEqual(['configmap/shop/a']);
  });
  test('but only so many objects are deleted in one pass', () => {
    const { actions, postponed } = correct(baseline([], 2), ['a', 'b', 'c'].map(deletion), now);
    expect(actions).toHaveLength(2);
    expect(postponed).toBe(1);
  });
  test('and none where nothing may be deleted', () => {
    expect(correct(baseline([], 0), [deletion('a'), due('b')], now)).toMatchObject({
      postponed: 1,
      done: ['configmap/shop/b'],
    });
  });
});

describe('a correction that does not last', () => {
  test('is made again at once, twice, and the third names who undoes it', () => {
    const second = correct(baseline([earlier(1, 5)]), [due('a')], now);
    expect(second).toMatchObject({ recorded: [{ rounds: 2 }], contended: [], done: ['configmap/shop/a'] });
    const third = correct(baseline([earlier(2, 5)]), [due('a')], now);
    expect(third).toMatchObject({ contended: [{ rounds: 3, manager: 'kubectl' }], done: ['configmap/shop/a'] });
  });
  test.each([
    [3, 59, 0],
    [3, 60, 1],
    [4, 119, 0],
    [4, 120, 1],
    [12, 3599, 0],
    [12, 3600, 1],
  ])('after %d rounds, %d s later, is made %d times', (rounds, secondsAgo, times) => {
    const { actions, contended } = correct(baseline([earlier(rounds, secondsAgo)]), [due('a')], now);
    expect(actions).toHaveLength(times);
    expect(contended).toHaveLength(1);
  });
  test('does not hold up others', () => {
    expect(correct(baseline([earlier(3, 5)]), [due('a'), due('b')], now).done).toEqual(['configmap/shop/b']);
  });
  test('is looked at again when its pause ends', () => {
    expect(correct(baseline([earlier(3, 20)]), [due('a')], now).next).toEqual(new Date(after(40)));
  });
});

test('a correction that has lasted for ten minutes is forgotten', () => {
  expect(correct(baseline([earlier(2, 599)]), [], now).recorded).toHaveLength(1);
  expect(correct(baseline([earlier(2, 600)]), [], now).recorded).toEqual([]);
});
