/** Situations of `file` in which the content of a file is not what a correction, or its undoing, is about. */
import type { HostCase } from './case.ts';
import { issue } from './units.ts';

const path = '/var/log/hf.log';
const found = ['mode is 0666, not 0640 or stricter'];
const declare: HostCase['declare'] = { file: { path, maxMode: '0640' } };
const undone = `test "$(stat -c %a ${path})" = 666`;

/** Of the last run, what is on the disk when it is killed after its change. */
const killed = `cd "/var/lib/holdfast/undo/$(ls -t /var/lib/holdfast/undo | head -n 1)" && python3 -c 'import json; a = json.load(open("check.json")); [one.pop("after") for one in a]; json.dump(a, open("check.json", "w"))'`;

export const laterFiles: readonly HostCase[] = [
  {
    name: 'the mode of a log goes back, whatever was written into it since',
    source: issue('ansible-lockdown/RHEL9-CIS/issues/173'),
    declare,
    given: `echo one >${path}; chmod 0666 ${path}`,
    found,
    between: `echo two >>${path}`,
    meanwhile: `echo three >>${path}`,
    undone: `${undone} && test "$(cat ${path} | wc -l)" = 3`,
    cleared: `rm ${path}`,
  },
  {
    name: 'a log that is written to all the time gets its mode',
    source: issue('ansible-lockdown/UBUNTU20-CIS/issues/28'),
    declare,
    given: `echo one >${path}; chmod 0666 ${path}; while echo x >>${path}; do :; done </dev/null >/dev/null 2>&1 & echo $! >/run/hf-writer`,
    found,
    undone,
    cleared: `kill "$(cat /run/hf-writer)"; rm ${path} /run/hf-writer`,
  },
  {
    name: 'so does a file that is too large to be kept, of which nothing need be kept',
    source: issue('azlux/log2ram/issues/138'),
    declare,
    given: `truncate -s 300G ${path}; chmod 0666 ${path}`,
    found,
    undone,
    cleared: `rm ${path}`,
  },
  {
    name: 'a log that took the place of the other one since keeps its mode',
    source: issue('alivx/CIS-Ubuntu-20.04-Ansible/pull/107'),
    declare,
    given: `echo one >${path}; chmod 0666 ${path}`,
    found,
    meanwhile: `mv ${path} ${path}.1; echo two >${path}; chmod 0640 ${path}`,
    lost: /^\/var\/log\/hf.log has since been changed by someone else and is left as it is. Previously: mode 0666/,
    undone: `test "$(stat -c %a ${path})" = 640`,
    cleared: `rm ${path} ${path}.1`,
  },
  {
    name: 'what a correction that was killed left beside a file goes with the next one',
    source: issue('ansible/ansible-modules-core/issues/5096'),
    declare: { file: { path: '/srv/hf/x', content: 'right\n' } },
    given:
      'mkdir /srv/hf; echo wrong >/srv/hf/x; for p in 1 4194305; do echo secret >/srv/hf/.holdfast-$p-0123456789abcdef; done; touch /srv/hf/.holdfast-mine',
    found: [/^content is line 1: wrong/],
    undone:
      'test "$(ls -A /srv/hf | xargs)" = ".holdfast-1-0123456789abcdef .holdfast-mine x" && grep -qx wrong /srv/hf/x',
    cleared: 'rm -r /srv/hf',
  },
  {
    name: 'a directory that took the place of the other one since keeps its mode',
    source: issue('ansible-lockdown/UBUNTU20-CIS/issues/28'),
    declare: { file: { path: '/srv/hf', type: 'Directory', maxMode: '0700' } },
    given: 'mkdir -m 0755 /srv/hf',
    found: ['mode is 0755, not 0700 or stricter'],
    meanwhile: 'mv /srv/hf /srv/hf.old; mkdir -m 0700 /srv/hf',
    lost: /^\/srv\/hf has since been changed by someone else and is left as it is$/,
    undone: 'test "$(stat -c %a /srv/hf)" = 700',
    cleared: 'rm -r /srv/hf /srv/hf.old',
  },
  ...(
    [
      [{ content: 'new\n' }, /^content is line 1: old/],
      [{ maxMode: '0600' }, 'mode is 0644, not 0600 or stricter'],
      [{ state: 'Absent' }, 'state is present, not absent'],
    ] as const
  ).map(([wanted, what]): HostCase => ({
    name: `what a run did that was killed before it could tell goes back: ${JSON.stringify(wanted)}`,
    source: issue('rpm-software-management/dnf5/pull/1452'),
    declare: { file: { path: '/etc/hf-killed', ...wanted } },
    given: 'echo old >/etc/hf-killed; chmod 0644 /etc/hf-killed',
    found: [what],
    meanwhile: killed,
    cleared: 'rm /etc/hf-killed',
  })),
  {
    name: 'what somebody made of it since stays',
    declare: { file: { path: '/etc/hf-killed', content: 'new\n' } },
    given: 'echo old >/etc/hf-killed',
    found: [/^content is line 1: old/],
    meanwhile: `${killed}; echo other >/etc/hf-killed`,
    lost: /^\/etc\/hf-killed was being changed when the run was interrupted and is left as it is. Its previous content is kept in /,
    undone: 'grep -qx other /etc/hf-killed',
    cleared: 'rm /etc/hf-killed',
  },
  {
    name: 'nothing is left to be undone of a file whose directory has gone',
    source: issue('openSUSE/snapper/issues/168'),
    declare: { file: { path: '/srv/hf/x', content: 'text\n' } },
    given: 'mkdir /srv/hf',
    found: ['state is absent, not present'],
    meanwhile: 'rm -r /srv/hf',
    undone: '! test -e /srv/hf',
  },
];
