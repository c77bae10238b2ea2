/** Situations of `file` in which the content of a file is not what a correction, or its undoing, is about. */
import type { HostCase } from './case.ts';
import { issue } from './units.ts';

const path = '/var/log/hf.log';
const found = ['mode is 0666, not 0640 or stricter'];
const declare: HostCase['declare'] = { file: { path, maxMode: '0640' } };
const undone = `test "$(stat -c %a ${path})" = 666`;

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
    cleared: `test "$(stat -c %a ${path})" = 640 && rm ${path} ${path}.1`,
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
    cleared: 'test "$(stat -c %a /srv/hf)" = 700 && rm -r /srv/hf /srv/hf.old',
  },
];
