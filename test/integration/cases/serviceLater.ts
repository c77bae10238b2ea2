/** Situations of `service` that somebody has changed before the correction is undone. */
import type { HostCase } from './case.ts';
import { clean, issue, reload, unit } from './units.ts';

const refusing = '[Unit]\\nRefuseManualStop=yes';
const released = `sed -i /Refuse/d /usr/lib/systemd/system/hf-a.service; ${reload}; ${clean}`;

export const laterServices: readonly HostCase[] = [
  {
    name: 'what somebody started since needs what was started, which undoing then leaves',
    declare: { service: { name: 'hf-a', running: true } },
    given: `${unit('hf-a.service')}; ${unit('hf-b.service', { more: '[Unit]\\nRequires=hf-a.service\\nAfter=hf-a.service' })}; ${reload}`,
    found: ['running is inactive, not active'],
    meanwhile: 'systemctl start hf-b',
    lost: /hf-a.service is left active: stopping it would also stop hf-b.service/,
    cleared: clean,
  },
  {
    name: 'a unit that systemd stops for others alone says so, and not what it said last',
    source: issue('clustervision/trinityX/issues/179'),
    declare: { service: { name: 'hf-a', running: false } },
    given: `${unit('hf-a.service', { more: refusing })}; ${reload}; systemctl start hf-a`,
    found: ['running is active, not inactive'],
    refused:
      /^hf-a.service does not let systemctl stop it \(RefuseManualStop=yes\): try `service hf-a stop`, or restart the host$/,
    cleared: released,
  },
  {
    name: 'so does one that was started, when that is undone',
    source: issue('liske/needrestart/issues/75'),
    declare: { service: { name: 'hf-a', running: true } },
    given: `${unit('hf-a.service', { more: refusing })}; ${reload}`,
    found: ['running is inactive, not active'],
    lost: /^hf-a.service does not let systemctl stop it \(RefuseManualStop=yes\)/,
    cleared: released,
  },
  {
    name: 'a unit that a link brings from elsewhere stays known when it is disabled',
    source: issue('openziti/ziti-tunnel-sdk-c/issues/603'),
    declare: { service: { name: 'hf-a', enabled: false } },
    given: `${unit('hf-a.service', { folder: '/opt/u' })}; ln -s /opt/u/hf-a.service /etc/systemd/system/; ${reload}; systemctl enable --now -q hf-a`,
    found: ['enabled is enabled, not disabled'],
    corrected: 'systemctl is-active hf-a && systemctl restart hf-a && test -L /etc/systemd/system/hf-a.service',
    cleared: clean,
  },
  {
    name: 'a unit that a link brings from elsewhere stays stopped, disabled and known',
    source: issue('systemd/systemd/issues/3490'),
    declare: { service: { name: 'hf-a', enabled: false, running: false } },
    given: `${unit('hf-a.service', { folder: '/opt/u' })}; ln -s /opt/u/hf-a.service /etc/systemd/system/; ${reload}; systemctl enable --now -q hf-a`,
    found: ['enabled is enabled, not disabled', 'running is active, not inactive'],
    corrected: 'systemctl start hf-a && systemctl stop hf-a',
    cleared: clean,
  },
  {
    name: 'what somebody started since in the place of what was stopped stays',
    source: issue('puppetlabs/puppetlabs-firewall/pull/695'),
    declare: { service: { name: 'hf-a', running: false } },
    given: `${unit('hf-a.service')}; ${unit('hf-b.service', { more: '[Unit]\\nConflicts=hf-a.service' })}; ${reload}; systemctl start hf-a`,
    found: ['running is active, not inactive'],
    meanwhile: 'systemctl start hf-b',
    lost: /hf-a.service is left inactive: starting it would also stop hf-b.service/,
    cleared: clean,
  },
  {
    name: 'another name of a unit is masked without the unit',
    source: issue('konstruktoid/ansible-role-hardening/pull/788'),
    declare: { service: { name: 'ctrl-alt-del.target', masked: true } },
    found: ['masked is disabled, not masked'],
    corrected:
      'test "$(readlink /etc/systemd/system/ctrl-alt-del.target)" = /dev/null && test "$(systemctl show --value -p LoadState reboot.target)" = loaded',
  },
  {
    name: 'a mask does not replace the link by which a unit has another name',
    source: issue('konstruktoid/ansible-role-hardening/pull/786'),
    declare: { service: { name: 'hf-b', masked: true } },
    given: `${unit('hf-a.service', { install: 'WantedBy=multi-user.target\\nAlias=hf-b.service' })}; ${reload}; systemctl enable -q hf-a`,
    found: ['masked is enabled, not masked'],
    refused: /already exists and is a symlink to/,
    cleared: clean,
  },
  {
    name: 'and a unit is not stopped by another name that is to be masked',
    declare: { service: { name: 'hf-b', masked: true, running: false } },
    given: `${unit('hf-a.service', { install: 'WantedBy=multi-user.target\\nAlias=hf-b.service' })}; ${reload}; systemctl enable --now -q hf-a`,
    found: ['running is active, not inactive', 'masked is enabled, not masked'],
    manual: /^hf-b.service is another name for hf-a.service.*declare `enabled` and `running` for hf-a.service$/,
    cleared: clean,
  },
  {
    name: 'a socket whose service is active is not started by undoing, and why is said',
    source: issue('SUSE/salt-formulas/pull/24'),
    declare: { service: { name: 'hf-a.socket', running: false } },
    given: `printf '[Socket]\\nListenStream=/run/hf-a.sock\\n' >/usr/lib/systemd/system/hf-a.socket; ${unit('hf-a.service')}; ${reload}; systemctl start hf-a.socket; systemctl start hf-a`,
    found: ['running is active, not inactive'],
    lost: /^hf-a.socket is left inactive, because systemd starts it only before hf-a.service, which is active: run systemctl stop hf-a.service, then systemctl start hf-a.socket hf-a.service$/,
    cleared: clean,
  },
  {
    name: 'a daemon that fails when it is stopped leaves no failed unit',
    source: issue('systemd/systemd/issues/6478'),
    declare: { service: { name: 'hf-a', running: false } },
    given: `${unit('hf-a.service', { service: 'ExecStart=/usr/bin/sleep infinity\\nExecStop=/bin/false' })}; ${reload}; systemctl start hf-a`,
    found: ['running is active, not inactive'],
    corrected: '! systemctl is-failed -q hf-a',
    cleared: clean,
  },
  {
    name: 'what another unit upholds is not stopped',
    source: 'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Upholds=',
    declare: { service: { name: 'hf-a', running: false } },
    given: `${unit('hf-a.service')}; ${unit('hf-b.service', { more: '[Unit]\\nUpholds=hf-a.service' })}; ${reload}; systemctl start hf-b hf-a`,
    found: ['running is active, not inactive'],
    refused: /^it would be started again at once by hf-b.service: declare/,
    cleared: clean,
  },
];
