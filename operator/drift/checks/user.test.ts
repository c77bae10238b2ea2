import { describe, expect, test } from '@jest/globals';
import { userInfo } from 'node:os';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { UserCheck } from '../../api/v1alpha1/accountChecks.ts';
import { user, type UserObserved } from './user.ts';

const name = 'app';
const found = {
  is: 'present',
  uid: 1001,
  home: '/home/app',
  shell: '/bin/bash',
  groups: ['app', 'wheel'],
  locked: false,
} as const;

describe('comparing', () => {
  const cases: [name: string, declared: Omit<UserCheck, 'name'>, observed: UserObserved, expected: string][] = [
    [
      'an account as declared passes',
      { uid: 1001, shell: '/bin/bash', home: '/home/app', groups: ['wheel'], locked: false },
      found,
      'pass',
    ],
    ['an account that is not there is absent', {}, { is: 'absent' }, 'state is absent, not present'],
    ['one that must not be there is present', { state: 'Absent' }, found, 'state is present, not absent'],
    [
      'each property is told',
      { uid: 5, shell: '/sbin/nologin', home: '/srv' },
      found,
      'uid is 1001, not 5; shell is /bin/bash, not /sbin/nologin; home is /home/app, not /srv',
    ],
    [
      'each group that it lacks is told',
      { groups: ['wheel', 'adm', 'disk'] },
      found,
      'groups is not in it, not adm; groups is not in it, not disk',
    ],
    ['a password that is not locked is told', { locked: true }, found, 'locked is no, not yes'],
    [
      'without the rights to see the password nothing is known',
      { locked: true, uid: 1001 },
      { ...found, locked: undefined },
      'unknown: /etc/shadow does not tell whether app is locked: it cannot be read, or has no such entry',
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(user.compare({ name, ...declared }, observed, conceal))).toBe(expected);
  });
});

describe('what was found', () => {
  test('is told for what was declared only', () => {
    expect(user.asFound({ name, shell: '/bin/sh' }, found)).toEqual({ name, shell: '/bin/bash' });
  });
  test('is an absence, which removes the account and leaves its home', () => {
    expect(user.asFound({ name }, { is: 'absent' })).toEqual({ name, state: 'Absent' });
    expect(user.correct({ name, state: 'Absent' })[0]).toMatchObject({ 'ansible.builtin.user': { remove: false } });
  });
  test('cannot be put back where it takes leaving a group', () => {
    expect(user.asFound({ name, groups: ['adm'] }, found)).toBeUndefined();
  });
});

describe('on this machine', () => {
  test('accounts are found by the name service, all in one asking', async () => {
    const { username, uid, homedir } = userInfo();
    expect(
      await judgeHere('user', [{ name: username, uid, home: homedir }, { name: 'no-such-user' }, { name: 'roo' }]),
    ).toEqual(['pass', 'state is absent, not present', 'state is absent, not present']);
    expect(await judgeHere('user', [{ name: 'root', groups: ['root', 'no-such-group'] }])).toEqual([
      'groups is not in it, not no-such-group',
    ]);
  });
  test('of a password only whether it is locked leaves the host', async () => {
    const instead = `getent() { [ "$1" = shadow ] && printf 'a:!$6$x:1\\nb:$6$secret:1\\nc:*:1\\nd::1\\n' || printf 'a:x:1:1::/:/\\nb:x:1:1::/:/\\nc:x:1:1::/:/\\nd:x:1:1::/:/\\n'; }`;
    const asked = ['a', 'b', 'c', 'd'].map((one) => ({ name: one, locked: true }));
    const answers = await judgeHere('user', asked, { instead });
    if (process.getuid?.() === 0)
      expect(answers).toEqual(['pass', 'locked is no, not yes', 'pass', 'locked is no, not yes']);
    expect(answers.join()).not.toContain('secret');
  });
  test('without the rights to read passwords, locks are unknown', async () => {
    const [answer] = await judgeHere('user', [{ name: 'root', locked: true }], { asNobody: true });
    expect(answer).toMatch('unknown: /etc/shadow');
  });
  test('a name service that fails makes nobody absent', async () => {
    const instead = `getent() { echo 'getent: no such thing' >&2; return 1; }`;
    expect(await judgeHere('user', [{ name: 'root', state: 'Absent' }], { instead })).toEqual([
      'unknown: getent failed: getent: no such thing',
    ]);
  });
});
