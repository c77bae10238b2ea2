import { describe, expect, test } from '@jest/globals';
import { userInfo } from 'node:os';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { UserCheck } from '../../api/v1alpha1/accountChecks.ts';
import { user, type UserObserved } from './user.ts';

const name = 'app';
const found = {
  is: 'present',
  uid: 1001,
  gid: 1001,
  home: '/home/app',
  shell: '/bin/bash',
  sameHome: false,
  sameShell: false,
  groups: ['wheel'],
  password: 'set',
  isLocal: true,
  isOurs: false,
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
    ['a home with a slash at its end is the same', { home: '/home/app' }, { ...found, home: '/home/app/' }, 'pass'],
    ['a password that is not locked is told', { locked: true }, found, 'locked is no, not yes'],
    [
      'no password at all is neither',
      { locked: false },
      { ...found, password: 'empty' },
      'locked is no, and it has no password at all, not no',
    ],
    [
      'an account of a directory may be locked there',
      { locked: true },
      { ...found, password: 'unknown', isLocal: false },
      'unknown: app does not come from /etc/passwd: its source decides whether it is locked',
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(user.compare({ name, ...declared }, observed, conceal))).toBe(expected);
  });
});

describe('correcting', () => {
  const remedy = (declared: Omit<UserCheck, 'name'>, observed: UserObserved) =>
    user.remedy({ name, ...declared }, observed);
  test('changes only what differs', () => {
    expect(remedy({ uid: 1001, shell: '/bin/sh', groups: ['wheel', 'adm'], locked: true }, found)).toEqual({
      is: 'changes',
      changes: [
        {
          do: 'account',
          name,
          shell: '/bin/sh',
          locked: true,
          groups: ['adm'],
          seen: 'p:1001:1001:/home/app:/bin/bash:set',
        },
      ],
    });
  });
  test('leaves the account that Holdfast logs in as, but for its groups', () => {
    const ours = { ...found, isOurs: true };
    for (const declared of [{ state: 'Absent' }, { locked: true }, { shell: '/bin/sh' }, { uid: 5 }] as const)
      expect(remedy(declared, ours).is).toBe('manual');
    expect(remedy({ groups: ['adm'] }, ours).is).toBe('changes');
  });
  test('leaves the accounts of a directory', () => {
    expect(remedy({ shell: '/bin/sh' }, { ...found, isLocal: false }).is).toBe('manual');
    expect(remedy({ groups: ['adm'] }, { ...found, isLocal: false }).is).toBe('changes');
  });
});

describe('on this machine', () => {
  test('accounts are found by the name service, all in one asking', async () => {
    const { username, uid, homedir } = userInfo();
    expect(
      await compareHere('user', [{ name: username, uid, home: homedir }, { name: 'no-such-user' }, { name: 'roo' }]),
    ).toEqual(['pass', 'state is absent, not present', 'state is absent, not present']);
    expect(await compareHere('user', [{ name: 'root', groups: ['root', 'no-such-group'] }])).toEqual([
      'groups is not in it, not no-such-group',
    ]);
  });
  test('without the rights to read passwords, locks are unknown', async () => {
    const [answer] = await compareHere('user', [{ name: 'root', locked: true }], { asNobody: true });
    expect(answer).toMatch('unknown: /etc/shadow');
  });
  test('an account that is spelled otherwise in a directory is there', async () => {
    const instead = `getent() { case $2$3 in Administrator) printf 'administrator@ad:*:7:7::/home/a:/bin/sh\\n' ;; *) printf 'administrator@ad:*:7:7::/home/a:/bin/sh\\n'; return 2 ;; esac; }`;
    expect(
      await compareHere('user', [{ name: 'Administrator', uid: 7 }, { name: 'other' }].slice(0, 1), { instead }),
    ).toEqual(['pass']);
  });
  test.each([
    ['fails', `echo 'getent: no such thing' >&2; return 1`],
    ['says nothing and ends well', 'return 0'],
    ['is killed', 'return 137'],
    ['breaks off', `printf 'roo'; return 2`],
  ])('a name service that %s makes nobody absent', async (_, body) => {
    const [answer] = await compareHere('user', [{ name: 'hf-none', state: 'Absent' }], {
      instead: `getent() { ${body}; }`,
    });
    expect(answer).toMatch(/^unknown: getent /);
  });
});
