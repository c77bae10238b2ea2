/** Situations of `setting` with `notify`: what becomes of a daemon that is told, on a host. */
import type { HostCase } from './case.ts';
import { clean, issue, reload, unit } from './units.ts';

const path = '/etc/sysconfig/hf';
/** A daemon that ends where its file has the word `bad`. */
function daemon(service: string, more = '[Unit]\\nStartLimitIntervalSec=0'): string {
  return `echo 'OPTIONS=good' >${path}; ${unit('hf-a.service', { service, more })}; ${reload}; systemctl start hf-a`;
}
const declare = (action: 'restart' | 'reload' | 'try-reload-or-restart'): HostCase['declare'] => ({
  setting: { path, key: 'OPTIONS', value: 'bad', notify: { unit: 'hf-a', action } },
});
const refusing = `ExecStartPre=/bin/sh -c "! grep bad ${path}"\\nExecStart=/usr/bin/sleep infinity`;
const dying = `ExecStart=/bin/sh -c "grep bad ${path} && exit 1; exec sleep infinity"`;
const runs = `systemctl is-active -q hf-a && grep -qx OPTIONS=good ${path}`;

export const settingNotices: readonly HostCase[] = [
  {
    name: 'a daemon that does not start with the new configuration gets its previous one, and runs',
    source: issue('ansible/ansible/issues/8399'),
    declare: declare('restart'),
    given: daemon(refusing),
    found: ['value is good (line 1 of /etc/sysconfig/hf), not bad'],
    refused: /hf-a did not restart: .*so the change was reverted/,
    cleared: `${runs}; ${clean}; rm ${path}`,
  },
  {
    name: 'nor does one that dies at once',
    source: issue('ansible/ansible/pull/24778'),
    declare: declare('restart'),
    given: daemon(dying),
    found: ['value is good (line 1 of /etc/sysconfig/hf), not bad'],
    refused: /hf-a.* does not stay active .*so the change was reverted/,
    cleared: `${runs}; ${clean}; rm ${path}`,
  },
  {
    name: 'one that nobody may restart goes on as it was, and what to do is said',
    source: issue('dev-sec/chef-os-hardening/issues/270'),
    declare: declare('restart'),
    given: daemon('ExecStart=/usr/bin/sleep infinity', '[Unit]\\nRefuseManualStop=yes'),
    found: ['value is good (line 1 of /etc/sysconfig/hf), not bad'],
    refused:
      /^hf-a.service does not let systemctl restart it \(RefuseManualStop=yes\): leave out `notify`, then try `service hf-a restart`, or restart the host, so the change was reverted$/,
    cleared: `${runs}; sed -i /Refuse/d /usr/lib/systemd/system/hf-a.service; ${reload}; ${clean}; rm ${path}`,
  },
  {
    name: 'one that would not start with what undoing puts back keeps the file with which it runs',
    source: issue('fenilsonani/email-server/pull/42'),
    declare: { setting: { path, key: 'OPTIONS', value: 'good', notify: { unit: 'hf-a', action: 'restart' } } },
    given: `${daemon(refusing)}; echo 'OPTIONS=bad' >${path}`,
    found: ['value is bad (line 1 of /etc/sysconfig/hf), not good'],
    lost: /^hf-a did not restart: .*, so \/etc\/sysconfig\/hf is left as the run had changed it$/,
    undone: runs,
    cleared: `${clean}; rm ${path}`,
  },
];

const dropIn = '/etc/systemd/system/hf-a.service.d/50-hf.conf';
const loaded = `${unit('hf-a.service')}; ${reload}; systemctl start hf-a`;

export const unitFiles: readonly HostCase[] = [
  {
    name: 'systemd reads a unit again whose drop-in was corrected, and once more when it is put back',
    source: issue('voxpupuli/puppet-systemd/issues/234'),
    declare: { file: { path: dropIn, content: '[Service]\nUMask=0077\n' } },
    given: `${loaded}; mkdir -p ${dropIn.replace(/\/[^/]*$/, '')}; printf '[Service]\\nUMask=0022\\n' >${dropIn}; ${reload}`,
    found: [/^content is /],
    corrected:
      'test "$(systemctl show -P NeedDaemonReload hf-a)" = no && test "$(systemctl show -P UMask hf-a)" = 0077',
    cleared: `test "$(systemctl show -P UMask hf-a)" = 0022 && systemctl is-active -q hf-a; ${clean}`,
  },
  {
    name: 'a drop-in with which systemd cannot use the unit is taken back',
    declare: { file: { path: dropIn, content: '[Service]\nExecStart=\n' } },
    given: `${loaded}; mkdir -p ${dropIn.replace(/\/[^/]*$/, '')}; printf '[Service]\\nUMask=0022\\n' >${dropIn}; ${reload}`,
    found: [/^content is /],
    refused: /^systemd cannot use hf-a\.service as changed \(.*, so the change was reverted$/,
    cleared: `test "$(systemctl show -P LoadState hf-a)" = loaded && systemctl is-active -q hf-a; ${clean}`,
  },
  {
    name: 'a line of a unit is read as well',
    declare: { line: { path: dropIn, line: 'UMask=0077', startsWith: 'UMask=' } },
    given: `${loaded}; mkdir -p ${dropIn.replace(/\/[^/]*$/, '')}; printf '[Service]\\nUMask=0022\\n' >${dropIn}; ${reload}`,
    found: [/UMask=0022/],
    corrected: 'test "$(systemctl show -P UMask hf-a)" = 0077',
    cleared: clean,
  },
];
