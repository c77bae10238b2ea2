/** Situations of `setting` in what sudo reads, on a host where Holdfast's account is `holdfast`. */
import type { HostCase } from './case.ts';
import { hostile } from './hostile.ts';

const github = 'https://github.com';
const of = (key: string, more: object = {}): HostCase['declare'] => ({
  setting: { path: '/etc/sudoers', key, ...more },
});
const file = (name: string, text: string): string =>
  `printf '${text}' >/etc/sudoers.d/${name}; chmod 440 /etc/sudoers.d/${name}`;
const stillWorks = 'visudo -c && su holdfast -c "sudo -n true"';
const cleared = 'rm -f /etc/sudoers.d/hf-*';
const usePty = of('use_pty');

export const sudoSettings: readonly HostCase[] = [
  { name: 'a flag of sudo that is on holds', declare: usePty, found: [] },
  {
    name: 'one that a later file turns off does not, and the last line turns it on',
    source: `${github}/sudo-project/sudo/issues/447`,
    declare: usePty,
    given: file('hf-off', 'Defaults\\t!use_pty\\n'),
    found: ['value is off, not on'],
    corrected: `tail -n 1 /etc/sudoers | grep -qx 'Defaults use_pty' && ! grep -q '^Defaults.use_pty' /etc/sudoers.d/* && ${stillWorks}`,
    cleared,
  },
  {
    name: 'nor one that is off for somebody',
    declare: usePty,
    given: file('hf-off', 'User_Alias HF = alice, %%ops\\nDefaults:HF !use_pty\\n'),
    found: ['value is off for some accounts, hosts or commands, not on'],
    manual: /a Defaults entry for some accounts, hosts or commands sets it differently/,
    cleared,
  },
  {
    name: 'nor one that only a comment or a file that is not included has',
    declare: of('log_input'),
    given: `${file('hf-a.conf', 'Defaults log_input\\n')}; ${file('hf-b', '# Defaults log_input\\n')}`,
    found: ['value is not set, not on'],
    corrected: stillWorks,
    cleared,
  },
  {
    name: 'one among others, over several lines, is on',
    declare: of('log_output'),
    given: file('hf-on', 'Defaults !lecture, \\\\\\n   log_output\\n'),
    found: [],
    cleared,
  },
  {
    name: 'one in a file that is included from elsewhere is on',
    declare: of('log_output'),
    given: `mkdir -p /etc/hf.more; echo 'Defaults log_output' >/etc/hf.more/x.y; chmod 440 /etc/hf.more/x.y; ${file('hf-on', '@include /etc/hf.more/x.y\\n')}`,
    found: [],
    cleared: `rm -r /etc/hf.more; ${cleared}`,
  },
  {
    name: 'a value that is missing becomes the last line',
    declare: of('logfile', { value: '/var/log/sudo.log' }),
    found: ['value is not set, not /var/log/sudo.log'],
    corrected: `tail -n 1 /etc/sudoers | grep -qx 'Defaults logfile=/var/log/sudo.log' && ${stillWorks}`,
  },
  {
    name: 'a later name than the own one counts for more',
    source: `${github}/omacom/omarchy/issues/12397`,
    declare: of('passwd_tries', { value: '3', compare: 'AtMost' }),
    given: `${file('99-hf-tries', 'Defaults passwd_tries=3\\n')}; ${file('hf-tries', 'Defaults passwd_tries=10\\n')}`,
    found: [/^value is hmac:[0-9a-f]+, not at most 3$/],
    corrected: stillWorks,
    cleared: `${cleared} /etc/sudoers.d/99-hf-tries`,
  },
  {
    name: 'a log file that a file of the folder names is one',
    source: `${github}/mondoohq/cnspec-policies/issues/188`,
    declare: of('logfile', { value: '/var/log/sudo.log' }),
    given: file('logging', 'Defaults logfile=/var/log/sudo.log\\n'),
    found: [],
    cleared: 'rm /etc/sudoers.d/logging',
  },
  {
    name: 'quotes do not matter to a value',
    declare: of('logfile', { value: '/var/log/sudo.log' }),
    given: file('hf-on', 'Defaults logfile = "/var/log/sudo.log"\\n'),
    found: [],
    cleared,
  },
  {
    name: 'a password that is asked for but once is beyond any bound',
    declare: of('timestamp_timeout', { value: '15', compare: 'AtMost' }),
    given: file('hf-time', 'Defaults timestamp_timeout=-1\\n'),
    found: [/^value is hmac:[0-9a-f]+, not at most 15$/],
    corrected: `tail -n 1 /etc/sudoers | grep -qx 'Defaults timestamp_timeout=15' && ${stillWorks}`,
    cleared,
  },
  {
    name: 'parts of a minute are within it',
    declare: of('timestamp_timeout', { value: '15', compare: 'AtMost' }),
    given: file('hf-time', 'Defaults timestamp_timeout=2.5\\n'),
    found: [],
    cleared,
  },
  {
    name: 'what is not a name of sudo is refused by visudo',
    declare: of('use_ptyy'),
    found: ['value is not set, not on'],
    refused: /visudo does not accept the new \/etc\/sudoers/,
  },
  {
    name: 'a flag that must not be is turned off at the end',
    declare: of('insults', { state: 'Absent' }),
    given: file('hf-on', 'Defaults insults\\n'),
    found: ['value is on, not not set'],
    corrected: `tail -n 1 /etc/sudoers | grep -qx 'Defaults !insults' && ${stillWorks}`,
    cleared,
  },
  { name: 'nobody is spared the password by Defaults', declare: of('!authenticate', { state: 'Absent' }), found: [] },
  {
    name: 'somebody is',
    declare: of('!authenticate', { state: 'Absent' }),
    given: file('hf-off', 'Defaults:alice !authenticate\\n'),
    found: ['value is off for some accounts, hosts or commands, not not off'],
    manual: /someone turned it off|for some accounts/,
    cleared,
  },
  {
    name: 'who needs no password is declared, and it holds',
    declare: of('NOPASSWD', { value: 'holdfast' }),
    found: [],
  },
  {
    name: 'others who need none are drift, wherever the tag stands',
    source: `${github}/ComplianceAsCode/content/issues/10760`,
    declare: of('NOPASSWD', { value: 'holdfast' }),
    given: file('hf-more', '%%wheel ALL=(ALL) PASSWD: /bin/ls, \\\\\\n  NOPASSWD: ALL\\n'),
    found: [/^without a password is 1 other \(hmac:[0-9a-f]+\), not holdfast$/],
    manual: /Holdfast does not remove sudo rules/,
    cleared,
  },
  {
    name: 'a tag that is taken back is one of others',
    declare: of('NOPASSWD', { value: 'holdfast' }),
    given: file('hf-more', 'alice ALL=(ALL) NOPASSWD: /bin/ls\\nalice ALL=(ALL) PASSWD: ALL\\n'),
    found: [/1 other/],
    manual: /does not remove sudo rules/,
    cleared,
  },
  {
    name: 'Defaults spare it too',
    declare: of('NOPASSWD', { value: 'holdfast' }),
    given: file('hf-more', 'Defaults exempt_group=ops\\nDefaults!/bin/ls !authenticate\\n'),
    found: [/^without a password is 2 others/],
    manual: /does not remove sudo rules/,
    cleared,
  },
  {
    name: 'that nobody may is not so where Holdfast itself does',
    declare: of('NOPASSWD', { state: 'Absent' }),
    found: [/^without a password is 1 other \(hmac:[0-9a-f]+\), not no one$/],
    manual: /does not remove sudo rules/,
  },
  {
    name: 'a line that a later one undoes is no pass',
    declare: { line: { path: '/etc/sudoers.d/hf-on', line: 'Defaults use_pty' } },
    given: `${file('hf-on', 'Defaults use_pty\\n')}; ${file('hf-turned-off', 'Defaults !use_pty\\n')}`,
    found: ['in effect is off, not on'],
    manual: /declare this with a check of type `setting` for \/etc\/sudoers/,
    cleared,
  },
  {
    name: 'a line that nothing undoes is one',
    declare: { line: { path: '/etc/sudoers.d/hf-on', line: 'Defaults logfile="/var/log/sudo.log", !lecture' } },
    given: file('hf-on', 'Defaults logfile="/var/log/sudo.log", !lecture\\n'),
    found: [],
    cleared,
  },
  {
    name: 'what lists of several lines come to is not known',
    declare: { line: { path: '/etc/sudoers.d/hf-on', line: 'Defaults env_keep += "A"' } },
    given: file('hf-on', 'Defaults env_keep += "A"\\nDefaults env_keep -= "A"\\n'),
    found: [/^unknown: env_keep is set elsewhere too/],
    cleared,
  },
  {
    name: 'a part of the file in a folder of sudo is declared in the whole',
    declare: { setting: { path: '/etc/sudoers.d/x', key: 'use_pty' } },
    found: [/^unknown: set `path` to \/etc\/sudoers/],
  },
  {
    name: 'nothing is known where sudo passes a file over',
    declare: usePty,
    given: `${file('hf-on', 'Defaults use_pty\\n')}; chown holdfast /etc/sudoers.d/hf-on`,
    found: [/^unknown: visudo -c does not accept what sudo reads \(\/etc\/sudoers\.d\/hf-on: wrong owner/],
    cleared,
  },
  {
    name: 'nor where it does not understand a line',
    declare: usePty,
    given: file('hf-on', 'Defaults use_pty,\\n\\n'),
    found: [/^unknown: visudo -c does not accept what sudo reads/],
    cleared,
  },
  {
    name: 'nor where rules come from a directory too',
    source: 'https://www.sudo.ws/docs/man/sudoers.ldap.man/#Configuring_nsswitch.conf',
    declare: usePty,
    given: "echo 'sudoers: files sss' >>/etc/nsswitch.conf",
    found: ['unknown: nsswitch.conf makes sudo read files sss too, and Holdfast reads only files'],
    cleared: "sed -i '/^sudoers:/d' /etc/nsswitch.conf",
  },
  {
    name: 'nor where sudo is told another file',
    declare: usePty,
    given:
      "cp -a /etc/sudo.conf /root/ 2>/dev/null; echo 'Plugin sudoers_policy sudoers.so sudoers_file=/etc/hf-sudoers' >>/etc/sudo.conf; cp -a /etc/sudoers /etc/hf-sudoers",
    found: [/^unknown: \/etc\/sudo\.conf loads other plugins/],
    cleared: 'rm -f /etc/sudo.conf /etc/hf-sudoers; mv /root/sudo.conf /etc/ 2>/dev/null; true',
  },
  ...['/usr/bin/cvtsudoers', '/usr/sbin/visudo'].flatMap((tool) =>
    hostile({ tool, declare: usePty, unknown: /^unknown: / }),
  ),
];
