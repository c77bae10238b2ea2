import { describe, expect, test } from '@jest/globals';
import { conceal, inWords, compareHere } from '../../../test/builders/observeHere.ts';
import type { ServiceCheck } from '../../api/v1alpha1/systemChecks.ts';
import { service } from './service.ts';
import type { ServiceObserved } from './serviceProbe.ts';

const well: ServiceObserved = {
  id: 'chronyd.service',
  load: 'loaded',
  unitFile: 'enabled',
  active: 'active',
  sub: 'running',
  type: 'forking',
  isFlapping: false,
  isHeldBack: false,
  listening: [],
  boot: { linked: 'multi-user.target', wanted: 'multi-user.target', triggers: [], wants: ['multi-user.target'] },
};
const off = { triggers: [], wants: [] };
const wanted = { enabled: true, running: true };
const unwanted = { enabled: false, running: false };

describe('comparing', () => {
  const cases: [
    name: string,
    declared: Omit<ServiceCheck, 'name'>,
    observed: Partial<ServiceObserved>,
    expected: string,
  ][] = [
    ['a unit that is enabled and active passes', wanted, {}, 'pass'],
    [
      'one that was switched off is told',
      wanted,
      { unitFile: 'disabled', active: 'inactive', boot: off },
      'enabled is disabled, not enabled; running is inactive, not active',
    ],
    ['one that failed is inactive, as it must', { running: false }, { active: 'failed' }, 'pass'],
    [
      'one that starts again and again is neither',
      { running: false },
      { active: 'activating' },
      'running is activating, not inactive',
    ],
    ['one that reloads is active', { running: true }, { active: 'reloading' }, 'pass'],
    [
      'one whose files systemd has not read is not known to start',
      wanted,
      { isStale: true },
      'unknown: the files of chronyd.service have changed since systemd read them, and it is unknown what the next boot makes of them: run `systemctl daemon-reload`',
    ],
    [
      'and what is known to differ is told all the same',
      wanted,
      { isStale: true, active: 'inactive' },
      'running is inactive, not active',
    ],
    ['it does not matter where nobody asks about the boot', { running: true }, { isStale: true }, 'pass'],
    ['a masked unit is not enabled', { enabled: false }, { load: 'masked', unitFile: 'masked' }, 'pass'],
    ['a static unit that nothing starts is off', { enabled: false }, { unitFile: 'static', boot: off }, 'pass'],
    [
      'a unit that cannot be read is no pass',
      { enabled: false },
      { load: 'bad-setting' },
      'unknown: systemd cannot read the unit (bad-setting): check `systemctl status chronyd.service`, and fix the unit file',
    ],
    [
      'a unit that is not there neither starts nor runs',
      unwanted,
      { load: 'not-found', unitFile: '', active: 'inactive', boot: off },
      'pass',
    ],
    ['a mask is declared as such', { masked: true }, {}, 'masked is enabled, not masked'],
    [
      'so is its absence',
      { masked: false },
      { load: 'masked', unitFile: 'masked' },
      'masked is masked, not not masked',
    ],
  ];
  test.each(cases)('%s', (_, declared, observed, expected) => {
    expect(inWords(service.compare({ name: 'chronyd', ...declared }, { ...well, ...observed }, conceal))).toBe(
      expected,
    );
  });
});

test('a correction holds only what differs', () => {
  expect(service.remedy({ name: 'chronyd', ...wanted }, { ...well, active: 'inactive' })).toEqual({
    is: 'changes',
    changes: [{ do: 'unit', unit: 'chronyd.service', active: true, seen: 'loaded:enabled:inactive' }],
  });
});

describe('asking', () => {
  const block = (id: string, facts: Record<string, string> = {}) =>
    Object.entries({
      Id: id,
      Names: id,
      LoadState: 'loaded',
      UnitFileState: 'disabled',
      ActiveState: 'inactive',
      SubState: 'dead',
      WantedBy: '',
      RequiredBy: '',
      TriggeredBy: '',
      ActiveEnterTimestampMonotonic: '0',
      ConditionResult: 'no',
      ConditionTimestampMonotonic: '0',
      ...facts,
    })
      .map((pair) => `${pair.join('=')}\\n`)
      .join('');
  const targets = `${block('graphical.target', { Names: 'graphical.target default.target' })}\\n${block('multi-user.target', { RequiredBy: 'graphical.target' })}`;
  const find = `find() { printf 'L\\037/usr/lib/systemd/system/sysinit.target.wants\\037x.service\\0370\\nL\\037/etc/systemd/system/multi-user.target.wants\\037linked.service\\037../x\\n'; }`;
  const systemctl = (body: string) => `${find}\nsystemctl() { ${body}; }`;
  const asked = ['a', 'linked', 'c'].map((name) => ({ name, enabled: false }));

  test('a chain of units that want the next one is followed to the default target, by asking for those between', async () => {
    const instead = systemctl(`case $* in
      *' -- a.service linked.service c.service '*) printf '${block('a.service', { WantedBy: 'b.service' })}\\n${block('linked.service')}\\n${block('c.service')}\\n${targets}' ;;
      *' -- b.service') printf '${block('b.service', { RequiredBy: 'multi-user.target' })}' ;;
      *) return 1 ;; esac`);
    expect(await compareHere('service', asked, { instead })).toEqual([
      'enabled is disabled, but started by b.service, not disabled',
      'enabled is disabled, but started by multi-user.target, not disabled',
      'pass',
    ]);
  });
  test('units that want each other in a circle are not started', async () => {
    const instead = systemctl(
      `printf '${block('a.service', { WantedBy: 'linked.service' })}\\n${block('linked.service', { WantedBy: 'a.service' })}\\n${block('c.service')}\\n${targets}'`,
    );
    const [a, , c] = await compareHere('service', asked, { instead });
    expect([a, c]).toEqual(['enabled is disabled, but started by linked.service, not disabled', 'pass']);
  });
  test('a name that systemctl refuses does not hide the others', async () => {
    const instead = systemctl(
      `case $* in *linked*) echo 'Unit name is not valid' >&2; return 1 ;; *target*) printf '${targets}' ;; *' a.service') printf '${block('a.service')}' ;; *) printf '${block('c.service')}' ;; esac`,
    );
    expect(await compareHere('service', asked, { instead })).toEqual([
      'pass',
      'unknown: systemctl failed: Unit name is not valid',
      'pass',
    ]);
  });
  test.each([
    [
      'an answer without the targets',
      `printf '${block('a.service')}\\n${block('linked.service')}\\n${block('c.service')}'`,
    ],
    ['an answer that breaks off', `printf '${block('a.service').slice(0, 60)}'`],
    ['no answer', 'return 0'],
    ['a tool that cannot be started', 'return 127'],
  ])('%s is no pass', async (_, body) => {
    for (const one of await compareHere('service', asked, { instead: systemctl(body) }))
      expect(one).toMatch(/^unknown: /);
  });
});
