import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { GroupCheck } from '../../api/v1alpha1/accountChecks.ts';
import { group, type GroupObserved } from './group.ts';

const found = {
  is: 'present',
  gid: 10,
  isLocal: true,
  named: ['ann', 'bob'],
  byFirstGroup: ['cid'],
  byNumber: ['dee'],
  ours: 'holdfast',
  inShadow: ['ann', 'bob'],
  administrators: [],
  hasPassword: false,
} as const;

describe('comparing', () => {
  const cases: [name: string, declared: Omit<GroupCheck, 'name'>, observed: GroupObserved, expected: string][] = [
    ['a group that is there passes', {}, found, 'pass'],
    ['one that is not there is absent', { gid: 10 }, { is: 'absent' }, 'state is absent, not present'],
    ['one that must not be there is present', { state: 'Absent' }, found, 'state is present, not absent'],
    ['the number 0 is a number', { gid: 0 }, found, 'gid is 10, not 0'],
    [
      'whom newgrp lets in is one, too',
      { members: ['ann', 'bob', 'cid', 'dee'], exclusive: true },
      { ...found, inShadow: ['ann', 'eve'], hasPassword: true },
      'members is anyone who knows the password of the group, not no other member; members is eve through /etc/gshadow, not no other member',
    ],
    ['members may be more than declared', { members: ['ann', 'cid'] }, found, 'pass'],
    ['one that is lacking is told', { members: ['eve'] }, found, 'members is not a member, not eve'],
    [
      'where no other may be, each is told with how it comes to be one',
      { members: ['ann'], exclusive: true },
      found,
      'members is bob, not no other member; members is cid through its primary group, not no other member; members is dee through another group with the same GID, not no other member',
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(group.compare({ name: 'wheel', ...declared }, observed, conceal))).toBe(expected);
  });
});

test('a correction adds and removes members that lines name, and leaves others', () => {
  const observed = { ...found, byFirstGroup: [], byNumber: [] };
  expect(group.remedy({ name: 'wheel', members: ['bob', 'eve'], exclusive: true }, observed)).toEqual({
    is: 'changes',
    changes: [{ do: 'accountGroup', name: 'wheel', add: ['eve'], remove: ['ann'], seen: 'g:10:ann,bob' }],
  });
  expect(group.remedy({ name: 'wheel', members: [], exclusive: true }, found).is).toBe('manual');
  expect(group.remedy({ name: 'wheel', members: [], exclusive: true }, { ...observed, ours: 'bob' }).is).toBe('manual');
});

test('groups are found on this machine, all in one asking', async () => {
  expect(
    await compareHere('group', [{ name: 'root', gid: 0 }, { name: 'roo' }, { name: 'root', gid: 99_999 }]),
  ).toEqual(['pass', 'state is absent, not present', 'gid is 0, not 99999']);
  expect(await compareHere('group', [{ name: 'root', members: ['root'] }])).toEqual(['pass']);
});

test('a name service that fails makes no group absent', async () => {
  const instead = `getent() { echo 'getent: no such thing' >&2; return 1; }`;
  expect(await compareHere('group', [{ name: 'root', state: 'Absent' }], { instead })).toEqual([
    'unknown: getent failed with exit code 1: getent: no such thing',
  ]);
});
