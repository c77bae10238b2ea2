import { describe, expect, test } from '@jest/globals';
import { conceal, inWords } from '../../../test/builders/observeHere.ts';
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import { mount } from './mount.ts';
import { holds, holdsAtBoot } from './mountOptions.ts';
import { mountedAt, unitOf } from './mountTable.ts';

const root = 'm\x1f1 0 8:1 / / rw,relatime - xfs /dev/sda1 rw';
const at = (options: string, type = 'tmpfs', source = 'tmpfs', superOptions = 'rw') =>
  [root, `m\x1f2 1 0:9 / /tmp ${options} shared:5 - ${type} ${source} ${superOptions}`, 'memory\x1f1000'].join('\n');

describe('comparing what is mounted', () => {
  const cases: [name: string, declared: Omit<MountCheck, 'path'>, answer: string, expected: string][] = [
    [
      'an option that the kernel shows by silence holds',
      { options: ['exec', 'rw', 'async', 'acl'] },
      at('rw,nodev'),
      'pass',
    ],
    [
      'a mask of FAT is two, and octal',
      { options: ['umask=077', 'shortname=winnt'] },
      at('rw', 'vfat', '/dev/sda1', 'rw,fmask=0077,dmask=0077,codepage=437,shortname=winnt'),
      'pass',
    ],
    [
      'and does not hold by one of them',
      { options: ['umask=0077'] },
      at('rw', 'vfat', '/dev/sda1', 'rw,fmask=0133,dmask=0077'),
      'options is not set, not umask=0077',
    ],
    [
      'what btrfs shows in full holds',
      { options: ['subvol=home', 'compress=zstd'] },
      at('rw', 'btrfs', '/dev/sda1', 'rw,compress=zstd:3,subvolid=257,subvol=/home'),
      'pass',
    ],
    [
      'another level does not',
      { options: ['compress=zstd:9'] },
      at('rw', 'btrfs', '/dev/sda1', 'rw,compress=zstd:3'),
      'options is compress=zstd:3, not compress=zstd:9',
    ],
    ['until the kernel speaks', { options: ['dev'] }, at('rw,nodev'), 'options is nodev, not dev'],
    ['a disk by its label', { source: 'UUID=ab' }, `${at('rw', 'xfs', '/dev/dm-0')}\ndevice`, 'pass'],
    [
      'a disk without links of labels is not known',
      { source: 'UUID=ab' },
      `${at('rw', 'xfs', '/dev/dm-0')}\nno links`,
      'unknown: /dev/disk has no links that identify the declared source: declare its path',
    ],
    [
      'nfs may be nfs4',
      { type: 'nfs', source: 's:/a b', options: ['vers=4', 'tcp'] },
      at('rw', 'nfs4', 's:/a\\040b', 'rw,vers=4.2,proto=tcp'),
      'pass',
    ],
    [
      'what waits for its first use is not known',
      { options: ['nodev'] },
      at('rw', 'autofs', 'systemd-1'),
      'unknown: it is mounted on first use, and nothing uses it now: declare `scope: Persisted`',
    ],
  ];
  test.each(cases)('%s', (_, more, answer, expected) => {
    const declared: MountCheck = { path: '/tmp', scope: 'Live', ...more };
    expect(inWords(mount.compare(declared, mount.parse(answer, declared), conceal))).toBe(expected);
  });
  test('half of an answer is refused', () => {
    expect(() => mount.parse(root, { path: '/tmp' })).toThrow('in full');
    expect(() => mountedAt('/', ['1 0 8:1 /'])).toThrow('unexpected line');
  });
});

test('the later option of fstab counts', () => {
  const cases: [option: string, list: string, holds: boolean][] = [
    ['nosuid', 'nosuid,suid', false],
    ['nosuid', 'nosuid,defaults', true],
    ['exec', 'users,exec', true],
    ['noexec', 'users', true],
    ['nodev', 'defaults', false],
    ['auto', 'noauto', false],
    ['size=1G', 'size=2g,size=1048576k', true],
    ['x-systemd.device-timeout=5', 'x-systemd.device-timeout=5', true],
    ['x-systemd.device-timeout=5', 'x-systemd.device-timeout=90', false],
    ['nofail', 'defaults', false],
    ['relatime', 'defaults', true],
    ['relatime', 'relatime,noatime', false],
    ['umask=0077', 'defaults,umask=077', true],
    ['fmask=0077', 'umask=0077,shortname=winnt', true],
    ['fmask=0077', 'umask=0077,fmask=0133', false],
    ['umask=0077', 'fmask=0077,dmask=0077', true],
    ['umask=0077', 'umask=0077,dmask=0022', false],
    // ComplianceAsCode/content#3180
    ['sec=krb5:krb5i:krb5p', 'sec=krb5i', true],
    ['sec=krb5:krb5i:krb5p', 'sec=krb5:sys', false],
    ['sec=krb5p', 'sec=krb5:krb5i:krb5p', false],
    ['sec=krb5p', 'defaults', false],
    ['credentials=/root/cifs', 'credentials=/root/cifs,uid=0', true],
    ['credentials=/root/cifs', 'credentials=/root/other', false],
    ['bg', 'rw', false],
    ['actimeo=30', 'actimeo=30', true],
    ['actimeo=30', 'acregmin=30,acregmax=30,acdirmin=30,acdirmax=30', true],
    ['actimeo=30', 'acregmin=30', false],
  ];
  expect(cases.map(([option, list]) => holdsAtBoot(option, list.split(','), 1000))).toEqual(
    cases.map(([, , holds]) => holds),
  );
});

test('what the kernel shows otherwise, or not at all, is in effect', () => {
  const nfs = 'rw,relatime,vers=4.2,hard,proto=tcp,sec=krb5i,acregmin=30,acregmax=30,acdirmax=30,local_lock=none'.split(
    ',',
  );
  const cifs = 'rw,vers=3.1.1,cache=strict,username=backup,uid=0,file_mode=0600'.split(',');
  const cases: readonly (readonly [option: string, found: readonly string[], holds: boolean])[] = [
    ['sec=krb5:krb5i:krb5p', nfs, true],
    ['sec=krb5p', nfs, false],
    ['sec=krb5:krb5p', nfs, false],
    // saltstack/salt#18630, #20828
    ...['bg', 'intr', 'nointr', 'retry=2', 'hard', 'tcp'].map((one) => [one, nfs, true] as const),
    ['soft', nfs, false],
    ['actimeo=30', nfs, true],
    ['actimeo=60', nfs, false],
    // saltstack/salt#46178, #29514
    ...['credentials=/root/cifs', 'cred=/root/cifs'].map((one) => [one, cifs, true] as const),
    ['vers=3.0', cifs, false],
  ];
  expect(cases.map(([option, found]) => [option, holds(option, found, 1000)])).toEqual(
    cases.map(([option, , expected]) => [option, expected]),
  );
});

test('a device is asked for by the name that udev gives its link', () => {
  const asked = ['LABEL=My Disk', 'PARTLABEL="EFI System Partition"', 'UUID=A54C-EF7A', '/dev/sda1', 'tmpfs'];
  expect(asked.map((source) => mount.request({ path: '/a', source })[2])).toEqual([
    '/dev/disk/by-label/My\\x20Disk',
    '/dev/disk/by-partlabel/EFI\\x20System\\x20Partition',
    '/dev/disk/by-uuid/A54C-EF7A',
    '/dev/sda1',
    '-',
  ]);
});

test('a unit has the name that systemd-escape gives it', () => {
  expect(['/tmp', '/mnt/hf new', '/.a/b-c'].map(unitOf)).toEqual([
    'tmp.mount',
    'mnt-hf\\x20new.mount',
    '\\x2ea-b\\x2dc.mount',
  ]);
});
