import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, judgeHere } from '../../../test/builders/observeHere.ts';
import type { ServiceCheck } from '../../api/v1alpha1/systemChecks.ts';
import { service, type ServiceObserved } from './service.ts';

const well: ServiceObserved = { load: 'loaded', unitFile: 'enabled', active: 'active' };
const wanted = { enabled: true, running: true };
const unwanted = { enabled: false, running: false };

describe('comparing', () => {
  const cases: [name: string, declared: Omit<ServiceCheck, 'name'>, observed: ServiceObserved, expected: string][] = [
    ['a unit that is enabled and active passes', wanted, well, 'pass'],
    [
      'one that was switched off is told',
      wanted,
      { ...well, unitFile: 'disabled', active: 'inactive' },
      'enabled is disabled, not enabled; running is inactive, not active',
    ],
    [
      'one that failed is not active',
      { running: true },
      { ...well, active: 'failed' },
      'running is failed, not active',
    ],
    ['one that failed is inactive, as it must', { running: false }, { ...well, active: 'failed' }, 'pass'],
    [
      'one that starts again and again is neither',
      { running: false },
      { ...well, active: 'activating' },
      'running is activating, not inactive',
    ],
    ['one that reloads is active', { running: true }, { ...well, active: 'reloading' }, 'pass'],
    [
      'one enabled until the next boot is not enabled',
      { enabled: true },
      { ...well, unitFile: 'enabled-runtime' },
      'enabled is enabled-runtime, not enabled',
    ],
    ['a masked unit is not enabled', { enabled: false }, { ...well, load: 'masked', unitFile: 'masked' }, 'pass'],
    [
      'a static unit cannot be enabled',
      { enabled: true },
      { ...well, unitFile: 'static' },
      'enabled is static, not enabled',
    ],
    ['nor is it', { enabled: false }, { ...well, unitFile: 'static' }, 'pass'],
    ['an alias is enabled', { enabled: true }, { ...well, unitFile: 'alias' }, 'pass'],
    [
      'a unit that is not there neither starts nor runs',
      unwanted,
      { load: 'not-found', unitFile: '', active: 'inactive' },
      'pass',
    ],
    [
      'which is drift where it must',
      wanted,
      { load: 'not-found', unitFile: '', active: 'inactive' },
      'enabled is no such unit, not enabled; running is no such unit, not active',
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(service.compare({ name: 'chronyd', ...declared }, observed, conceal))).toBe(expected);
  });
});

test('a unit on its way, or one that was not there, cannot be put back', () => {
  const declared = { name: 'chronyd', running: true };
  expect(service.asFound(declared, { ...well, active: 'activating' })).toBeUndefined();
  expect(service.asFound(declared, { ...well, load: 'not-found' })).toBeUndefined();
  expect(service.asFound(declared, { ...well, active: 'failed' })).toEqual({ name: 'chronyd', running: false });
});

describe('asking', () => {
  const block = (names: string, unitFile: string, active: string) =>
    `LoadState=loaded\\nNames=${names}\\nActiveState=${active}\\nUnitFileState=${unitFile}\\n`;
  const asked = [
    { name: 'ssh', enabled: true },
    { name: 'chronyd.service', running: true },
    { name: 'fstrim.timer', enabled: true },
  ];
  test('systemctl is asked once for all, by any name of a unit', async () => {
    const instead = `systemctl() { [ "$*" = "show --property=Names,LoadState,UnitFileState,ActiveState -- ssh.service chronyd.service fstrim.timer" ] || return 1
      printf '${block('sshd.service ssh.service', 'enabled', 'active')}\\n${block('chronyd.service', 'enabled', 'inactive')}\\n${block('fstrim.timer', '', 'active')}'; }`;
    expect(await judgeHere('service', asked, { instead })).toEqual([
      'pass',
      'running is inactive, not active',
      'enabled is no unit file, not enabled',
    ]);
  });
  test('a name that systemctl refuses does not hide the others', async () => {
    const instead = `systemctl() { case $* in *chronyd*) echo 'Unit name is not valid' >&2; return 1 ;; *ssh*) printf '${block('ssh.service', 'enabled', 'active')}' ;; esac; }`;
    expect(await judgeHere('service', asked.slice(0, 2), { instead })).toEqual([
      'pass',
      'unknown: systemctl failed: Unit name is not valid',
    ]);
  });
  test('an answer on another unit is refused', () => {
    const answer = 'LoadState=loaded\nNames=other.service\nActiveState=active\nUnitFileState=enabled';
    expect(() => service.parse(answer, { name: 'ssh' })).toThrow('other.service');
  });
});
