/** Situations of `package` with files outside /etc that no repository brings back. */
import type { HostCase } from './case.ts';

const issue = (text: string): string => `https://github.com/${text}`;
const data = '/var/lib/hf-data';
const clean = `rpm -qa --qf "%{NAME}\\n" "hf-*" | sort -u | xargs -r rpm -e --nodeps --allmatches; rm -rf ${data}`;
const goes: HostCase['declare'] = { package: { name: 'hf-data', state: 'Absent' } };
const found = ['state is 1.0-1, not absent'];

export const packageData: readonly HostCase[] = [
  {
    name: 'a configuration, a database and a mode that somebody changed come back with their package',
    source: issue('trinodb/trino/pull/267'),
    declare: goes,
    given: `dnf -qy install hf-data; echo mine >${data}/zone; echo all >${data}/db; chmod 0640 ${data}/db; chown daemon ${data}/db; chmod 0755 /usr/bin/hf-data`,
    found,
    corrected: `! test -e ${data}/db`,
    undone: `test "$(stat -c %n:%a:%U ${data}/* /usr/bin/hf-data | xargs)" = "${data}/db:640:daemon ${data}/zone:644:root /usr/bin/hf-data:755:root" && grep -qx mine ${data}/zone && grep -qx all ${data}/db`,
    cleared: clean,
  },
  {
    name: 'what somebody removed of a package does not come back with it',
    source: issue('rpm-software-management/rpm/issues/2202'),
    declare: goes,
    given: `dnf -qy install hf-data; rm ${data}/zone`,
    found,
    undone: `rpm -q hf-data && ! test -e ${data}/zone`,
    cleared: clean,
  },
  {
    name: 'what goes with a package, and cannot be kept, keeps it',
    source: issue('distributed-system-analysis/pbench/issues/2042'),
    declare: goes,
    given: `dnf -qy install hf-data; truncate -s 9M ${data}/db`,
    found,
    refused:
      /^removing it would also delete \/var\/lib\/hf-data\/db, which cannot be kept for an undo: move it away first$/,
    cleared: clean,
  },
  {
    name: 'an alternative that somebody chose stays chosen',
    source: issue('canonical/ubuntu-security-guide/pull/35'),
    declare: goes,
    given: 'dnf -qy install hf-data; sed -i 1s/auto/manual/ /var/lib/alternatives/hf',
    found,
    undone: 'test "$(head -n 1 /var/lib/alternatives/hf)" = manual',
    cleared: clean,
  },
  {
    name: 'bits that were taken from a program stay taken when its update is undone',
    source: issue('rpm-software-management/rpm/issues/591'),
    declare: { package: { name: 'hf-tool', minVersion: '2.0' } },
    given: 'dnf -qy install hf-tool-1.0; chmod 0700 /usr/bin/hf-tool',
    found: ['version is 1.0-1, not 2.0 or newer'],
    undone: 'test "$(stat -c %a /usr/bin/hf-tool)" = 700',
    cleared: clean,
  },
  {
    name: 'a change that an update takes and nobody can keep is named',
    source: issue('readysettech/readyset/issues/1570'),
    declare: { package: { name: 'hf-tool', minVersion: '2.0' } },
    given: 'dnf -qy install hf-tool-1.0; truncate -s 9M /usr/bin/hf-tool',
    found: ['version is 1.0-1, not 2.0 or newer'],
    said: /^undoing will not restore \/usr\/bin\/hf-tool, which cannot be kept$/,
    undone: 'rpm -q hf-tool-1.0',
    cleared: clean,
  },
  {
    name: 'a configuration that somebody edited since is kept, and its unit is enabled no more, when the package goes again',
    source: issue('id/kafka-el7-rpm/issues/19'),
    declare: { package: { name: 'hf-app' } },
    found: ['state is absent, not present'],
    said: /installed with hf-app/,
    meanwhile: 'systemctl daemon-reload; systemctl enable --now -q hf-app; echo mine >>/etc/hf-app.conf',
    lost: /^\/etc\/hf-app.conf has since been changed by someone else and is kept as \/etc\/hf-app.conf.rpmsave$/,
    undone:
      'grep -qx mine /etc/hf-app.conf.rpmsave && ! test -L /etc/systemd/system/multi-user.target.wants/hf-app.service',
    cleared: 'rm /etc/hf-app.conf.rpmsave',
  },
];
