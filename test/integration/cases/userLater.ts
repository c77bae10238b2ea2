/** Situations of `user` in which an account was used before its creation is undone. */
import type { HostCase } from './case.ts';
import { clean, given, issue } from './accounts.ts';

const declare: HostCase['declare'] = { user: { name: 'hf-a', shell: '/bin/sh' } };
const created = { declare, ...given('true'), found: ['state is absent, not present'] };

const atWork =
  'setpriv --reuid hf-a --clear-groups sleep 600 </dev/null >/dev/null 2>&1 & echo $! >/run/hf-process; until [ "$(stat -c %U /proc/$!)" = hf-a ]; do :; done';

export const laterUsers: readonly HostCase[] = [
  {
    ...created,
    name: 'an account with processes is not taken away from them',
    source: issue('shadow-maint/shadow/issues/404'),
    meanwhile: atWork,
    lost: /^hf-a was not removed: it has processes, [0-9]+ \(sleep\): end them, and remove it manually with userdel$/,
    cleared: `kill "$(cat /run/hf-process)"; rm /run/hf-process; ${clean}`,
  },
  {
    ...created,
    name: 'the group of an account that another took as its first since is not taken away',
    source: issue('ansible/ansible/issues/77849'),
    meanwhile: 'useradd -M -g hf-a hf-b',
    lost: /^group hf-a \(GID [0-9]+\) has become the primary group of hf-b: give that account another with usermod -g$/,
  },
  {
    ...created,
    name: 'files whose last line has no end are put back without one',
    source: issue('89luca89/distrobox/pull/1988'),
    ...given('for f in passwd group; do truncate -s -1 /etc/$f; done'),
  },
  {
    ...created,
    name: 'what an account had is named when the account goes',
    source: issue('MagnaCapax/PMSS/issues/179'),
    meanwhile:
      'for f in spool/mail spool/cron lib/systemd/linger; do mkdir -p /var/$f; echo x >/var/$f/hf-a; chown hf-a /var/$f/hf-a; done; mkdir -p /var/spool/at; echo x >/var/spool/at/a0001; chown hf-a /var/spool/at/a0001; echo x >/home/hf-a/mine',
    lost: /^\/home\/hf-a was not removed: something in it has changed since it was created; hf-a was removed, but not \/var\/spool\/mail\/hf-a, \/var\/spool\/cron\/hf-a, \/var\/lib\/systemd\/linger\/hf-a, \/var\/spool\/at\/a0001: remove them manually/,
    cleared: `rm -f /var/spool/*/hf-a /var/lib/systemd/linger/hf-a /var/spool/at/a0001; ${clean}`,
  },
  ...[
    ['a file that is too large to be kept', 'truncate -s 9M /home/hf-a/disk.img'],
    ['a file with several names', 'echo x >/home/hf-a/a; ln /home/hf-a/a /home/hf-a/b'],
    ['a named pipe', 'mkfifo /home/hf-a/pipe'],
  ].map(([what = '', meanwhile = '']) => ({
    ...created,
    name: `a home stays into which came ${what}`,
    source: issue('torrancew/puppet-account/issues/30'),
    meanwhile,
    lost: /^\/home\/hf-a was not removed: something in it has changed since it was created$/,
  })),
  {
    name: 'files of several names, all in the home, go back to the number that they had',
    source: issue('uutils/shadow/issues/103'),
    declare: { user: { name: 'hf-a', uid: 1777 } },
    ...given('useradd -u 1778 -m hf-a; touch /home/hf-a/a; ln /home/hf-a/a /home/hf-a/b; chown hf-a /home/hf-a/a'),
    found: ['uid is 1778, not 1777'],
    corrected: 'test "$(stat -c %u /home/hf-a/b)" = 1777',
  },
  {
    name: 'no bit is lost with another number',
    source: issue('saltstack/salt/pull/46502'),
    declare: { user: { name: 'hf-a', uid: 1777 } },
    ...given(
      'useradd -u 1778 -m hf-a; cp /usr/bin/true /home/hf-a/tool; chown hf-a /home/hf-a/tool; chmod 4755 /home/hf-a/tool',
    ),
    found: ['uid is 1778, not 1777'],
    refused: /^\/home\/hf-a\/tool would lose the set-user-ID or set-group-ID bit/,
  },
  {
    name: 'a number is not taken from processes that have it since',
    source: issue('saltstack/salt/pull/46502'),
    declare: { user: { name: 'hf-a', uid: 1777 } },
    ...given('useradd -u 1778 -m hf-a'),
    found: ['uid is 1778, not 1777'],
    meanwhile: atWork,
    lost: /^hf-a keeps its UID: it has processes, [0-9]+ \(sleep\): end them, and run usermod --uid 1778 hf-a$/,
    undone: 'test "$(id -u hf-a)" = 1777',
    cleared: `kill "$(cat /run/hf-process)"; rm /run/hf-process; ${clean}`,
  },
  {
    name: 'what an account that is removed leaves is named',
    source: issue('MagnaCapax/PMSS/issues/179'),
    declare: { user: { name: 'hf-a', state: 'Absent' } },
    given: `${given('useradd -m hf-a').given}; mkdir -p /var/spool/cron; echo x >/var/spool/cron/hf-a`,
    found: ['state is present, not absent'],
    said: /^hf-a was removed, but not \/var\/spool\/cron\/hf-a: remove it manually, or the next account of that name or UID has it$/,
    cleared: `rm /var/spool/cron/hf-a; ${clean}`,
  },
];
