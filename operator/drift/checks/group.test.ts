import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { GroupCheck } from '../../api/v1alpha1/accountChecks.ts';
import { group, type GroupObserved } from './group.ts';

describe('comparing', () => {
  const cases: [name: string, declared: Omit<GroupCheck, 'name'>, observed: GroupObserved, expected: string][] = [
    ['a group that is there passes', {}, { gid: 10 }, 'pass'],
    ['one that is not there is absent', { gid: 10 }, {}, 'state is absent, not present'],
    ['one that must not be there is present', { state: 'Absent' }, { gid: 10 }, 'state is present, not absent'],
    ['another number is told', { gid: 10 }, { gid: 11 }, 'gid is 11, not 10'],
    ['the number 0 is a number', { gid: 0 }, { gid: 11 }, 'gid is 11, not 0'],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(group.compare({ name: 'wheel', ...declared }, observed, conceal))).toBe(expected);
  });
});

test('groups are found on this machine, all in one asking', async () => {
  expect(await judgeHere('group', [{ name: 'root', gid: 0 }, { name: 'roo' }, { name: 'root', gid: 99_999 }])).toEqual([
    'pass',
    'state is absent, not present',
    'gid is 0, not 99999',
  ]);
});

test('a name service that fails makes no group absent', async () => {
  const instead = `getent() { echo 'getent: no such thing' >&2; return 1; }`;
  expect(await judgeHere('group', [{ name: 'root', state: 'Absent' }], { instead })).toEqual([
    'unknown: getent failed: getent: no such thing',
  ]);
});
