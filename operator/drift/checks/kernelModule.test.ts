import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { KernelModuleCheck } from '../../api/v1alpha1/systemChecks.ts';
import { kernelModule, type KernelModuleObserved } from './kernelModule.ts';

const name = 'usb-storage';
const blocked: KernelModuleObserved = { loaded: false, loadable: 'no', blacklisted: false };

describe('comparing', () => {
  const cases: [name: string, state: KernelModuleCheck['state'], observed: KernelModuleObserved, expected: string][] = [
    ['a blocked module passes', undefined, blocked, 'pass'],
    ['a module that can be loaded is told', 'Disabled', { ...blocked, loadable: 'yes' }, 'loadable is yes, not no'],
    [
      'one that was loaded before it was blocked is told',
      'Disabled',
      { ...blocked, loaded: true },
      'loaded is yes, not no',
    ],
    [
      'one that is part of the kernel cannot be blocked',
      'Disabled',
      { ...blocked, loadable: 'built in' },
      'loadable is built in, not no',
    ],
    ['one that must be loadable is told when it is blocked', 'Loadable', blocked, 'loadable is no, not yes'],
  ];
  test.each(cases)('%s', (_, state, observed, expected) => {
    expect(inWords(kernelModule.compare({ name, state }, observed, conceal))).toBe(expected);
  });
  test('a blacklist line is not enough, and the message says what is', () => {
    const observed = { ...blocked, loadable: 'yes', blacklisted: true } as const;
    const comparison = kernelModule.compare({ name }, observed, conceal);
    expect(comparison).toMatchObject({
      differences: [{ message: expect.stringContaining('install … /bin/false') }],
    });
  });
});

describe('asking', () => {
  const modprobe = (config: string, trial: string) =>
    `modprobe() { case $1 in --showconfig) printf '${config}' ;; *) ${trial} ;; esac; }`;
  const judged = async (instead: string) => (await judgeHere('kernelModule', [{ name }], { instead }))[0];

  const loads = "echo 'insmod /lib/modules/6/usb-storage.ko.xz'";
  const cases: [name: string, config: string, trial: string, expected: string][] = [
    ['an install line that runs /bin/false blocks', 'install usb_storage /bin/false\\n', loads, 'pass'],
    ['so does one with an argument', 'install usb_storage /usr/bin/true # CIS\\n', loads, 'pass'],
    [
      'one that loads it after all does not',
      'install usb_storage /sbin/modprobe -i usb_storage\\n',
      loads,
      'loadable is yes, not no',
    ],
    ['one for another module does not', 'install usb_storage_x /bin/false\\n', loads, 'loadable is yes, not no'],
    ['a blacklist line does not', 'blacklist usb_storage\\n', loads, 'loadable is yes, not no'],
    [
      'a module that the kernel does not have cannot be loaded',
      '',
      "echo 'modprobe: FATAL: Module usb_storage not found in directory /lib/modules/6' >&2; return 1",
      'pass',
    ],
    ['a module may be part of the kernel', '', "echo 'builtin usb_storage'", 'loadable is built in, not no'],
    [
      'another failure is why nothing is known',
      '',
      "echo 'modprobe: ERROR: out of luck' >&2; return 1",
      'unknown: modprobe failed: modprobe: ERROR: out of luck',
    ],
  ];
  test.each(cases)('%s', async (_, config, trial, expected) => {
    expect(await judged(modprobe(config, trial))).toBe(expected);
  });
  test('a configuration that cannot be read is why nothing is known', async () => {
    expect(await judged(`modprobe() { echo 'cannot open /etc/modprobe.d' >&2; return 1; }`)).toBe(
      'unknown: modprobe --showconfig failed: cannot open /etc/modprobe.d',
    );
  });
  test('where there is no modprobe, nothing is known', async () => {
    expect(await judged('command() { return 1; }')).toBe('unknown: modprobe is not installed');
  });
});
