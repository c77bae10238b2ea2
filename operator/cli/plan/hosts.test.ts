import { describe, expect, test } from '@jest/globals';
import { makeDevice } from '../../../test/builders/drift.ts';
import type { Change } from '../../drift/checks/change.ts';
import { destinationOf } from './hosts.ts';
import { remedyInWords } from './remedyWords.ts';

const { ssh } = makeDevice().spec;
const to = (host: string, port?: number) =>
  destinationOf(makeDevice('web-01', { ssh: { ...ssh, host, ...(port !== undefined && { port }) } }));

test.each([
  ['web-01.example.com', undefined, 'web-01.example.com'],
  ['web-01', 22, 'web-01'],
  ['web-01', 2222, 'ssh://web-01:2222'],
  ['2001:db8::1', 2222, 'ssh://[2001:db8::1]:2222'],
  // What a Device says is never an option, a command, or another user.
  ['-oProxyCommand=touch', undefined, undefined],
  ['root@web-01', undefined, undefined],
  ['web-01 -oProxyCommand=x', undefined, undefined],
  ['ssh://root@web-01', undefined, undefined],
  ['$(x)', undefined, undefined],
  ['%h', undefined, undefined],
])('ssh is given %j port %s as %j', (host, port, destination) => expect(to(host, port)).toBe(destination));

const seen = 'f:644:0:0:';
describe('a remedy in words', () => {
  test.each<[string, Change]>([
    ['change content, mode 0640 of /etc/x', { do: 'file', path: '/etc/x', content: 'hunter2', mode: '0640', seen }],
    [
      'change 2 lines of /etc/x',
      {
        do: 'file',
        path: '/etc/x',
        edits: [
          { line: 1, put: ['hunter2'] },
          { line: 2, drop: true },
        ],
        seen,
      },
    ],
    ['create file /etc/x', { do: 'file', path: '/etc/x', content: 'hunter2', seen: 'absent' }],
    ['remove file /etc/x', { do: 'file', path: '/etc/x', state: 'Absent', seen }],
    ['set owner root of directory /etc/x', { do: 'folder', path: '/etc/x', owner: 'root', seen: 'd:755:1:1:' }],
    ['install package chrony 4.0 or later', { do: 'package', name: 'chrony', minVersion: '4.0', seen: 'absent' }],
    [
      'remove package telnet (telnet-1:0.17-1.x86_64)',
      { do: 'package', name: 'telnet', state: 'Absent', seen: 'telnet-1:0.17-1.x86_64' },
    ],
    ['enable and start crond.service', { do: 'unit', unit: 'crond.service', enabled: true, active: true, seen: '' }],
    [
      'create user auditor with shell /sbin/nologin',
      { do: 'account', name: 'auditor', shell: '/sbin/nologin', seen: 'absent' },
    ],
    [
      'change group wheel: add a; remove b',
      { do: 'accountGroup', name: 'wheel', add: ['a'], remove: ['b'], seen: 'g:10:b' },
    ],
    ['set /proc/sys/net/x to 0', { do: 'kernel', path: '/proc/sys/net/x', value: '0', seen: '1' }],
    ['unload kernel module cramfs', { do: 'module', name: 'cramfs', seen: 'loaded' }],
    ['remount /tmp with nodev, no exec', { do: 'mount', path: '/tmp', set: ['nodev'], clear: ['exec'], seen: '' }],
    ['reload sshd.service', { do: 'reload', unit: 'sshd.service', seen: '1' }],
    ['change mode 0644 of /etc/\\u{1b}[31m', { do: 'file', path: '/etc/\x1b[31m', mode: '0644', seen }],
  ])('%s', (words, change) => expect(remedyInWords({ is: 'changes', changes: [change] })).toEqual([words]));

  test('of what a person has to do says so', () => {
    expect(remedyInWords({ is: 'manual', message: 'run visudo' })).toEqual(['left for a person: run visudo']);
  });
});
