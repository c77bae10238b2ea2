/** Situations of `line` in files that sudo reads, on a host where Holdfast's account is `holdfast`. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';
const of = (path: string, line: string, more: object = {}): HostCase['declare'] => ({ line: { path, line, ...more } });
const stillWorks = 'su holdfast -c "sudo -n true"';
const alice = '/etc/sudoers.d/alice';
const main = '/etc/sudoers';

export const sudoersLines: readonly HostCase[] = [
  {
    name: 'a broken line is not put in place of nothing',
    source: `${github}/ansible-collections/community.general/issues/4745`,
    declare: of(alice, 'alice ALL=(root) NOPASSWD: systemctl restart x'),
    found: [/^line is no such file/],
    refused: /visudo does not accept the new \/etc\/sudoers\.d\/alice, so it was not put in place/,
    cleared: `test ! -e ${alice} && ${stillWorks}`,
  },
  {
    name: 'nor of a right one',
    declare: of(main, '@@@broken'),
    found: ['line is absent, not @@@broken'],
    refused: /visudo does not accept/,
  },
  {
    name: 'nor is a tag in lower case',
    declare: of(alice, 'alice ALL=(ALL) nopasswd: ALL', { startsWith: 'alice' }),
    given: `echo 'alice ALL=(ALL) ALL' >${alice}; chmod 440 ${alice}`,
    found: [/^line is hmac:/],
    refused: /visudo does not accept/,
    cleared: `rm ${alice}`,
  },
  {
    name: 'what is right alone and wrong in the whole is taken back',
    declare: of('/etc/sudoers.d/zz', 'User_Alias OPS = bob'),
    given: "echo 'User_Alias OPS = alice' >/etc/sudoers.d/aa; chmod 440 /etc/sudoers.d/aa",
    found: [/^line is no such file/],
    refused: /visudo does not accept the whole configuration with the new \/etc\/sudoers\.d\/zz, so it was taken back/,
    cleared: `rm /etc/sudoers.d/aa; test ! -e /etc/sudoers.d/zz && ${stillWorks}`,
  },
  {
    name: 'a right line makes a file for root alone',
    declare: of(alice, 'alice ALL=(root) NOPASSWD: /usr/bin/id'),
    found: [/^line is no such file/],
    corrected: `test "$(stat -c %a:%U:%G ${alice})" = 440:root:root && visudo -c`,
  },
  {
    name: 'a line goes, and others stay',
    source: `${github}/ComplianceAsCode/content/issues/10760`,
    declare: of(alice, 'alice ALL=(ALL) NOPASSWD: ALL', { state: 'Absent' }),
    given: `printf '# for alice\\nalice ALL=(ALL) NOPASSWD: ALL\\nDefaults:alice !lecture\\n' >${alice}; chmod 440 ${alice}`,
    found: [/^line is hmac:[0-9a-f]+, not absent$/],
    corrected: `grep -q lecture ${alice} && ${stillWorks}`,
    cleared: `rm ${alice}`,
  },
  {
    name: 'a terminal that sudo would need keeps the line out',
    source: `${github}/pgsty/pigsty/issues/56`,
    declare: of(main, 'Defaults requiretty'),
    found: ['line is absent, not Defaults requiretty'],
    refused: /holdfast could no longer use sudo as Holdfast does \(.*\), so it was taken back/,
    cleared: stillWorks,
  },
  {
    name: 'the rule of its own account is not taken out',
    declare: of('/etc/sudoers.d/holdfast', 'holdfast ALL=(ALL) NOPASSWD: ALL', { state: 'Absent' }),
    found: [/^line is hmac:[0-9a-f]+, not absent$/],
    refused: /holdfast could no longer use sudo as Holdfast does/,
    cleared: stillWorks,
  },
  {
    name: 'nor is the tag that it needs',
    declare: of('/etc/sudoers.d/holdfast', 'holdfast ALL=(ALL) ALL', { startsWith: 'holdfast' }),
    found: [/^line is hmac:[0-9a-f]+, not holdfast ALL=\(ALL\) ALL$/],
    refused: /holdfast could no longer use sudo as Holdfast does/,
  },
  {
    name: 'nor does a line elsewhere ask it for a password',
    declare: of('/etc/sudoers.d/zz', 'Defaults:holdfast authenticate, requiretty'),
    found: [/^line is no such file/],
    refused: /holdfast could no longer use sudo/,
  },
  {
    name: 'and a file that is included from elsewhere is one of sudo',
    source: 'https://www.sudo.ws/docs/man/sudoers.man/#Including_other_files_from_within_sudoers',
    declare: of('/etc/sudo.more/x.conf', 'nonsense'),
    given: `mkdir -p /etc/sudo.more; echo '# x' >/etc/sudo.more/x.conf; cp -a ${main} /root/sudoers; echo '@include sudo.more/x.conf' >>${main}`,
    found: ['line is absent, not nonsense'],
    refused: /visudo does not accept/,
    cleared: `cp -a /root/sudoers ${main}; rm -r /etc/sudo.more /root/sudoers`,
  },
  {
    name: 'a file of a name that sudo skips is no pass',
    source: `${github}/ComplianceAsCode/content/issues/12588`,
    declare: of('/etc/sudoers.d/10-pty.conf', 'Defaults use_pty'),
    given: "echo 'Defaults use_pty' >/etc/sudoers.d/10-pty.conf; chmod 440 /etc/sudoers.d/10-pty.conf",
    found: [/^file is passed over by sudo for its name/],
    manual: /give it another name/,
    cleared: 'rm /etc/sudoers.d/10-pty.conf',
  },
  {
    name: 'one that others can write to is none either, and is not made one that counts',
    declare: of(alice, 'Defaults use_pty'),
    given: `echo 'Defaults use_pty' >${alice}; chmod 666 ${alice}`,
    found: [/^file is passed over by sudo, since others than root can write to it/],
    manual: /see what is in it/,
  },
  {
    name: 'nor is one of another account',
    declare: of(alice, 'Defaults use_pty'),
    given: `echo 'Defaults use_pty' >${alice}; chmod 440 ${alice}; chown holdfast ${alice}`,
    found: [/^file is passed over by sudo, since it does not belong to root/],
    manual: /see what is in it/,
    cleared: `rm ${alice}`,
  },
  {
    name: 'includes are no comments to be replaced',
    source: `${github}/hercules-team/augeas/issues/693`,
    declare: of(main, 'Defaults use_pty', { startsWith: 'Defaults use_pty' }),
    given: `sed -i 's/^@includedir/#includedir/' ${main}; sed -i '/use_pty/d' ${main}; sed -i '$a Defaults\\t use_pty, lecture' ${main}`,
    found: [/^line is hmac:[0-9a-f]+, not Defaults use_pty$/],
    corrected: `grep -q '^#includedir' ${main} && visudo -c && ${stillWorks}`,
  },
  ...['exit 127', 'kill -9 $$'].map((body): HostCase => ({
    name: `nothing is written when visudo does not work: ${body}`,
    declare: of(alice, 'alice ALL=(root) NOPASSWD: /usr/bin/id'),
    given: `mv /usr/sbin/visudo /usr/sbin/visudo.real; printf '#!/bin/sh\\n${body}\\n' >/usr/sbin/visudo; chmod 755 /usr/sbin/visudo`,
    found: [/^line is no such file/],
    refused: /visudo does not accept the new/,
    cleared: `mv -f /usr/sbin/visudo.real /usr/sbin/visudo; test ! -e ${alice}`,
  })),
  {
    name: 'nor without it',
    declare: of(alice, 'alice ALL=(root) NOPASSWD: /usr/bin/id'),
    given: 'mv /usr/sbin/visudo /usr/sbin/visudo.real',
    found: [/^line is no such file/],
    refused: /visudo cannot be run .*without it no file of sudo is changed/,
    cleared: `mv -f /usr/sbin/visudo.real /usr/sbin/visudo; test ! -e ${alice}`,
  },
];
