import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import { mount } from './mount.ts';

const line = (options: string, superOptions: string, source = 'tmpfs', type = 'tmpfs') =>
  `${options} shared:5 master:1 - ${type} ${source} ${superOptions}\x1fno`;
const tmp = line('rw,nosuid,nodev,relatime', 'rw,size=1048576k,mode=755');

describe('comparing', () => {
  const cases: [name: string, declared: Omit<MountCheck, 'path'>, answer: string, expected: string][] = [
    ['a mount with the options passes', { options: ['nodev', 'nosuid'] }, tmp, 'pass'],
    ['what is not mounted is absent', {}, 'absent', 'state is absent, not mounted'],
    ['an option that lacks is told', { options: ['nodev', 'noexec'] }, tmp, 'options is not set, not noexec'],
    ['an option that the kernel shows by silence holds', { options: ['exec', 'rw', 'async', 'defaults'] }, tmp, 'pass'],
    ['until the kernel speaks', { options: ['dev'] }, tmp, 'options is nodev, not dev'],
    ['read-only in either place is read-only', { options: ['ro'] }, line('ro,relatime', 'rw'), 'pass'],
    ['and not writable', { options: ['rw'] }, line('ro,relatime', 'rw'), 'options is ro, not rw'],
    ['options of fstab alone always hold', { options: ['nofail', 'x-systemd.automount', '_netdev'] }, tmp, 'pass'],
    ['sizes and modes are compared by value', { options: ['size=1G', 'mode=0755'] }, tmp, 'pass'],
    ['and told as the kernel has them', { options: ['size=2G'] }, tmp, 'options is size=1048576k, not size=2G'],
    ['the mode that tmpfs has by itself need not be shown', { options: ['mode=1777'] }, line('rw', 'rw'), 'pass'],
    [
      'another source or type is told',
      { source: '/dev/sdb1', type: 'xfs' },
      tmp,
      'source is tmpfs, not /dev/sdb1; type is tmpfs, not xfs',
    ],
    [
      'a device under another name is the same',
      { source: 'UUID=ab' },
      line('rw', 'rw', '/dev/dm-0', 'xfs').replace('\x1fno', '\x1fyes'),
      'pass',
    ],
    ['nfs may be nfs4', { type: 'nfs', source: 'server:/a b' }, line('rw', 'rw', 'server:/a\\040b', 'nfs4'), 'pass'],
  ];
  test.each(cases)('%s', (_, more, answer, expected) => {
    const declared = { path: '/tmp', ...more };
    expect(inWords(mount.compare(declared, mount.parse(answer, declared), conceal))).toBe(expected);
  });
  test('a table of another form is refused', () => {
    expect(() => mount.parse('rw - \x1fno', { path: '/' })).toThrow('odd line');
  });
});

describe('what was found', () => {
  const found = (declared: Omit<MountCheck, 'path'>, answer: string) =>
    mount.asFound({ path: '/tmp', ...declared }, mount.parse(answer, { path: '/tmp' }));
  test('is told by the opposites of options that were not set', () => {
    expect(found({ options: ['nodev', 'noexec', 'rw'] }, tmp)?.options).toEqual(['nodev', 'exec', 'rw']);
  });
  test('cannot be put back where an option has no opposite, or another file system lay there, or none', () => {
    expect(found({ options: ['size=2G'] }, tmp)).toBeUndefined();
    expect(found({ type: 'xfs' }, tmp)).toBeUndefined();
    expect(found({ source: 'tmpfs', type: 'tmpfs' }, 'absent')).toBeUndefined();
  });
});

describe('asking', () => {
  test('this machine tells its own mounts', async () => {
    const asked = [{ path: '/proc', source: 'proc', type: 'proc' }, { path: '/no/such place' }];
    expect(await judgeHere('mount', asked)).toEqual(['pass', 'state is absent, not mounted']);
    const [, own] = /^\S+ \S+ \S+ \S+ \/proc (\S+)/m.exec(readFileSync('/proc/self/mountinfo', 'utf8')) ?? [];
    expect(await judgeHere('mount', [{ path: '/proc', options: own?.split(',') }])).toEqual(['pass']);
  });
  test('of mounts on one path the topmost counts, and blanks in paths are found', async () => {
    const table = ['/a\\\\040b', '/a', '/a\\\\040b']
      .map((path, at) => `1 2 0:1 / ${path} rw - xfs /dev/sd${at} rw`)
      .join('\\n');
    // The table is read by the shell itself; this one gives it another.
    const edit = (script: string) =>
      script.replace('done </proc/self/mountinfo', `done <<END\n$(printf '${table}\n')\nEND`);
    expect(await judgeHere('mount', [{ path: '/a b', source: '/dev/sd2' }], { edit })).toEqual(['pass']);
  });
});
