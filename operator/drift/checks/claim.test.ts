import { expect, test } from '@jest/globals';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { makeBaseline } from '../../../test/builders/drift.ts';
import { contradictionsAmong } from '../contradictions.ts';

type Declared = Partial<DeviceCheck>;

/** What two checks of one baseline exclude each other by; nothing when both can hold. */
function between(first: Declared, second: Declared): string | undefined {
  const checks = [first, second].map((one, index): DeviceCheck => ({ name: `c${index}`, severity: 'Low', ...one }));
  const found = [...contradictionsAmong([makeBaseline({ checks })]).values()];
  expect(found.map(({ check, other }) => [check, other.check])).toEqual(
    found.length
      ? [
          ['c0', 'c1'],
          ['c1', 'c0'],
        ]
      : [],
  );
  return found[0]?.what;
}

const faillock = (more: object): Declared => ({
  setting: { path: '/etc/security/faillock.conf', key: 'deny', ...more },
});
const umask = (more: object): Declared => ({ setting: { path: '/etc/login.defs', key: 'UMASK', ...more } });
const file = (more: object): Declared => ({ file: { path: '/etc/x', ...more } });
const sshd = (option: string, more: object): Declared => ({ sshd: { option, ...more } });
const httpd = (more: object): Declared => ({ package: { name: 'httpd', ...more } });
const keys = ['1', '2'].map(
  (digit) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILaA7CAY1bUxHx8s2w5JSf4rf35rOWFmvb3n2d1CgGH${digit}`,
) as [string, string];
const deny = 'setting deny of /etc/security/faillock.conf';
const ipForward = (value: string, name = 'net.ipv4.ip_forward'): Declared => ({ sysctl: { name, value } });

test.each<[string, Declared, Declared, string | undefined]>([
  ['a value and a smaller bound', faillock({ value: '5' }), faillock({ value: '3', compare: 'AtMost' }), deny],
  ['a value on its bound', faillock({ value: '3' }), faillock({ value: '3', compare: 'AtMost' }), undefined],
  ['in another spelling too', faillock({ value: ' 3' }), faillock({ value: '3' }), undefined],
  [
    'bounds that leave nothing',
    faillock({ value: '10', compare: 'AtLeast' }),
    faillock({ value: '5', compare: 'AtMost' }),
    deny,
  ],
  [
    'bounds that leave one value',
    faillock({ value: '5', compare: 'AtLeast' }),
    faillock({ value: '5', compare: 'AtMost' }),
    undefined,
  ],
  ['no limit and a bound', faillock({ value: '0' }), faillock({ value: '5', compare: 'AtMost' }), deny],
  ['no limit and a least number', faillock({ value: '0' }), faillock({ value: '5', compare: 'AtLeast' }), undefined],
  ['no number and a bound', faillock({ value: 'x' }), faillock({ value: '5', compare: 'AtMost' }), deny],
  ['absent and a bound', faillock({ state: 'Absent' }), faillock({ value: '5', compare: 'AtMost' }), deny],
  ['absent and set to anything', faillock({ state: 'Absent' }), faillock({}), deny],
  ['absent twice', faillock({ state: 'Absent' }), faillock({ state: 'Absent' }), undefined],
  ['a secret and the same in the open', faillock({ value: '5', sensitive: true }), faillock({ value: '5' }), undefined],
  ['words in another order', faillock({ value: 'a, b', compare: 'SameWords' }), faillock({ value: 'b a' }), undefined],
  ['other words', faillock({ value: 'a b', compare: 'SameWords' }), faillock({ value: 'a' }), deny],
  [
    'bits that must be there and may not',
    umask({ value: '077', compare: 'AtLeast' }),
    umask({ value: '027', compare: 'AtMost' }),
    'setting UMASK of /etc/login.defs',
  ],
  ['bits of another value', umask({ value: '037' }), umask({ value: '027', compare: 'AtLeast' }), undefined],
  [
    'and one without them',
    umask({ value: '022' }),
    umask({ value: '027', compare: 'AtLeast' }),
    'setting UMASK of /etc/login.defs',
  ],
  [
    'a line that is a setting',
    { line: { path: '/etc/login.defs', line: 'UMASK\t0027' } },
    umask({ value: '022' }),
    'setting UMASK of /etc/login.defs',
  ],
  [
    'a line that says the same',
    { line: { path: '/etc/login.defs', line: 'UMASK\t0027' } },
    umask({ value: '027' }),
    undefined,
  ],
  [
    'keys of another case',
    { setting: { path: '/etc/security/pwquality.conf', key: 'minlen', value: '8' } },
    { setting: { path: '/etc/security/pwquality.conf', key: 'MINLEN', value: '14', compare: 'AtLeast' } },
    'setting minlen of /etc/security/pwquality.conf',
  ],
  [
    'what adds up',
    { setting: { path: '/etc/chrony.conf', key: 'server', value: 'a' } },
    { setting: { path: '/etc/chrony.conf', key: 'server', value: 'b' } },
    undefined,
  ],
  [
    'a key beside others alone',
    { authorizedKeys: { user: 'app', keys: [keys[0]], exclusive: false } },
    { authorizedKeys: { user: 'app', keys: [keys[1]] } },
    'keys of app',
  ],
  [
    'an account in a group of others',
    { user: { name: 'bob', groups: ['wheel'] } },
    { group: { name: 'wheel', members: ['alice'], exclusive: true } },
    'members of group wheel',
  ],
  ['a mode beyond the largest', file({ mode: '0644' }), file({ maxMode: '0600' }), 'mode of /etc/x'],
  ['a larger number that is stricter by its bits', file({ mode: '0440' }), file({ maxMode: '0600' }), 'mode of /etc/x'],
  ['a mode within the largest', file({ mode: '0600' }), file({ maxMode: '0640' }), undefined],
  ['two largest modes', file({ maxMode: '0600' }), file({ maxMode: '0060' }), undefined],
  ['a mode written otherwise', file({ mode: '644' }), file({ mode: '0644' }), undefined],
  ['a file and a directory', file({}), file({ type: 'Directory' }), 'type of /etc/x'],
  ['a file with content and none', file({ content: 'x' }), file({ state: 'Absent' }), 'state of /etc/x'],
  [
    'a line of a file that is not to be',
    { line: { path: '/etc/x', line: 'a' } },
    file({ state: 'Absent' }),
    'state of /etc/x',
  ],
  ['an owner by name and by number', file({ owner: 'app' }), file({ owner: '1000' }), undefined],
  ['root by its number', file({ owner: 'root' }), file({ owner: '0' }), undefined],
  ['root and another number', file({ owner: 'root' }), file({ owner: '7' }), 'number of the owner of /etc/x'],
  ['two owners', file({ owner: 'root' }), file({ owner: 'app' }), 'owner of /etc/x'],
  [
    'a value of sshd and a bound',
    sshd('ClientAliveInterval', { value: '15m' }),
    sshd('clientaliveinterval', { atMost: 300 }),
    'sshd option clientaliveinterval',
  ],
  [
    'a value of sshd within its bounds',
    sshd('MaxAuthTries', { value: '4' }),
    sshd('MaxAuthTries', { atMost: 4 }),
    undefined,
  ],
  [
    'bounds of sshd',
    sshd('MaxAuthTries', { atLeast: 5 }),
    sshd('MaxAuthTries', { atMost: 4 }),
    'sshd option maxauthtries',
  ],
  [
    'no bound at all',
    sshd('LoginGraceTime', { value: '0' }),
    sshd('LoginGraceTime', { atMost: 60 }),
    'sshd option logingracetime',
  ],
  [
    'a cipher that must not be',
    sshd('Ciphers', { value: 'aes256-ctr,aes128-cbc' }),
    sshd('Ciphers', { excludes: ['*-cbc'] }),
    'sshd option ciphers',
  ],
  ['a list without it', sshd('Ciphers', { value: 'aes256-ctr' }), sshd('Ciphers', { excludes: ['*-cbc'] }), undefined],
  [
    'one parameter by two names',
    ipForward('1'),
    ipForward('0', 'net.ipv4.conf.all.forwarding'),
    'live sysctl net.ipv4.ip_forward',
  ],
  [
    'an old version and a newer one',
    httpd({ version: '2.4.57' }),
    httpd({ minVersion: '2.4.62' }),
    'version of package httpd',
  ],
  ['a version with its release', httpd({ version: '2.4.62' }), httpd({ version: '2.4.62-1.el9' }), undefined],
  ['an epoch that only one has', httpd({ version: '1:2.4.62' }), httpd({ minVersion: '2.4.57' }), undefined],
  ['two releases', httpd({ version: '2-1' }), httpd({ version: '2-2' }), 'version of package httpd'],
  [
    'a member of a group that has others',
    { group: { name: 'wheel', members: ['bob'] } },
    { group: { name: 'wheel', members: ['alice'], exclusive: true } },
    'members of group wheel',
  ],
  [
    'two members',
    { group: { name: 'wheel', members: ['bob'] } },
    { group: { name: 'wheel', members: ['alice'] } },
    undefined,
  ],
  [
    'a module that must not be loaded and may be loadable',
    { kernelModule: { name: 'usb-storage', scope: 'Live' } },
    { kernelModule: { name: 'usb_storage', state: 'Loadable', scope: 'Persisted' } },
    undefined,
  ],
])('%s', (_, first, second, what) => {
  expect(between(first, second)).toBe(what);
  expect(between(second, first)).toBe(what);
});
