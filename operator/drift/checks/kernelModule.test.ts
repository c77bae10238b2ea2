/** What the test hosts cannot have: modules that are loaded. Answers as the script gives them, with lines of /proc/modules of RHEL 9. */
import { expect, test } from '@jest/globals';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { KernelModuleCheck } from '../../api/v1alpha1/systemChecks.ts';
import { kernelModule } from './kernelModule.ts';

const name = 'usb-storage';
const insmod = ['exit\x1f0', 'd\x1finsmod /lib/modules/5.14.0/kernel/drivers/usb/storage/usb-storage.ko.xz '];
const blocked = ['exit\x1f0', 'd\x1finstall /bin/false ', 'c\x1finstall usb_storage /bin/false'];

const found = (check: KernelModuleCheck, answer: string[]) =>
  kernelModule.parse(['index', ...answer].join('\n'), check);
const cases: [name: string, more: Partial<KernelModuleCheck>, answer: string[], expected: string, remedy: object][] = [
  [
    'one that is loaded and can be is unloaded and kept out',
    {},
    ['loaded\x1f0\x1f-', ...insmod],
    'loaded is yes, not no; loadable is yes, not no',
    { changes: [{ do: 'file' }, { do: 'module', name: 'usb_storage', seen: 'loaded' }] },
  ],
  [
    'one in use is kept out of the next boot',
    {},
    ['loaded\x1f1\x1fuas,', ...insmod],
    'loaded is yes, not no; loadable is yes, not no',
    { changes: [{ do: 'file', path: '/etc/modprobe.d/holdfast-usb_storage.conf' }] },
  ],
  [
    'and then waits for it',
    {},
    ['loaded\x1f1\x1fuas,', ...blocked],
    'loaded is yes, not no',
    { is: 'manual', message: expect.stringMatching(/in use \(uas\).*reboot/) },
  ],
  [
    'one in use by no other module too',
    {},
    ['loaded\x1f2\x1f-', ...blocked],
    'loaded is yes, not no',
    { message: expect.stringContaining('2 times') },
  ],
  ['only the next boot may be asked', { scope: 'Persisted' }, ['loaded\x1f0\x1f-', ...blocked], 'pass', {}],
  [
    'or only what is loaded',
    { scope: 'Live' },
    ['loaded\x1f0\x1f-', ...insmod],
    'loaded is yes, not no',
    { changes: [{ do: 'module' }] },
  ],
  [
    'half of what modprobe would do is not known',
    {},
    ['exit\x1f0', 'd\x1finstall /bin/false '],
    'unknown: modprobe did not report what it would do',
    {},
  ],
  [
    'nor is what it would do and failed at',
    {},
    ['exit\x1f137', ...blocked.slice(1)],
    'unknown: modprobe --show-depends usb_storage failed with exit code 137',
    {},
  ],
];
test.each(cases)('%s', (_, more, answer, expected, remedy) => {
  const check: KernelModuleCheck = { name, ...more };
  const observed = found(check, answer);
  expect(inWords(kernelModule.compare(check, observed, conceal))).toBe(expected);
  if (Object.keys(remedy).length) expect(kernelModule.remedy(check, observed)).toMatchObject(remedy);
});

test('where there is no modprobe, nothing is known', async () => {
  const instead = 'modprobe() { return 127; }';
  expect(await compareHere('kernelModule', [{ name }], { instead })).toEqual([
    'unknown: modprobe --showconfig did not print its complete configuration',
  ]);
});
