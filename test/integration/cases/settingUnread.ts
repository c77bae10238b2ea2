/** Situations of `setting` in files that their program gives up, or that nothing reads. */
import type { HostCase } from './case.ts';
import { ini, is, plain, put } from './texts.ts';

const github = 'https://github.com';
const auditd = (key: string, value: string): HostCase['declare'] => ({
  setting: { path: '/etc/audit/auditd.conf', key, value },
});

/** Where the program gives up, nothing that is written there is in effect; and nothing is written with which it would. */
const givenUp: readonly HostCase[] = [
  {
    name: 'a word that libpwquality does not know is not written',
    source: `${github}/ComplianceAsCode/content/issues/446`,
    declare: { setting: { path: '/etc/security/pwquality.conf', key: 'minlength', value: '15' } },
    given: put('/etc/security/pwquality.conf', 'minlen = 15\\n'),
    found: ['value is not set, not 15'],
    manual: /^libpwquality does not understand `minlength = 15` and would read no more of/,
  },
  ...['7094', '2287'].map((issue): HostCase => ({
    name: `nor an option of a source where chronyd wants a directive (${issue})`,
    source: `${github}/ComplianceAsCode/content/issues/${issue}`,
    declare: { setting: { path: '/etc/chrony.conf', key: 'maxpoll', value: '16', compare: 'AtMost' } },
    given: put('/etc/chrony.conf', 'server a.example iburst maxpoll 10\\n'),
    found: ['value is not set, not at most 16'],
    manual: /^chronyd does not know maxpoll, and would not start with it/,
    cleared: 'rm /etc/chrony.conf',
  })),
  {
    name: 'nor one that auditd does not',
    declare: auditd('max_log_files', '8'),
    given: put('/etc/audit/auditd.conf', 'num_logs = 5\\n'),
    found: ['value is not set, not 8'],
    manual: /^auditd does not understand `max_log_files = 8`/,
    cleared: 'rm -r /etc/audit',
  },
  ...['space_left_percent = 25', 'log_format = ENRICHED now', 'log_format = ENRICHED # RAW / ENRICHED'].map(
    (line): HostCase => ({
      name: `auditd gives up at ${line}`,
      source: `${github}/trailofbits/algo/issues/117`,
      declare: auditd('max_log_file', '8'),
      given: put('/etc/audit/auditd.conf', `max_log_file = 8\\n${line}\\n`),
      found: ['unknown: auditd does not understand line 2 of /etc/audit/auditd.conf; fix it first'],
      cleared: 'rm -r /etc/audit',
    }),
  ),
  ...(
    [
      ['chown 7 F', 'does not belong to root'],
      ['chmod 0646 F', 'can be written by any account'],
      ['mv F F.real; ln -s auditd.conf.real F', 'is a symbolic link'],
    ] as const
  ).map(([how, why]): HostCase => ({
    name: `auditd reads no file that ${why}`,
    declare: auditd('max_log_file', '8'),
    given: `${put('/etc/audit/auditd.conf', 'max_log_file = 8\\n')}; ${how.replaceAll('F', '/etc/audit/auditd.conf')}`,
    found: [new RegExp(`^unknown: /etc/audit/auditd\\.conf ${why}`)],
    cleared: 'rm -r /etc/audit',
  })),
  {
    name: 'a bound is not set with which auditd would not start',
    source: `${github}/ComplianceAsCode/content/issues/2553`,
    declare: auditd('admin_space_left', '100'),
    given: put('/etc/audit/auditd.conf', 'space_left = 75\\nadmin_space_left = 50\\n'),
    found: ['value is 50 (line 2 of /etc/audit/auditd.conf), not 100'],
    manual:
      /^auditd does not start unless space_left \(75\) is larger than admin_space_left \(100\): change space_left first/,
    cleared: 'rm -r /etc/audit',
  },
  {
    name: 'and one that is set so is no pass',
    source: `${github}/snowdrop/k8s-infra/issues/259`,
    declare: auditd('space_left', '50'),
    given: put('/etc/audit/auditd.conf', 'space_left = 50\\nadmin_space_left = 50\\n'),
    found: [/^unknown: auditd does not start unless space_left \(50\) is larger than admin_space_left \(50\)/],
    cleared: 'rm -r /etc/audit',
  },
  {
    name: 'the right one of the two is corrected',
    declare: auditd('space_left', '100'),
    given: put('/etc/audit/auditd.conf', 'space_left = 50\\nadmin_space_left = 50\\n'),
    found: ['value is 50 (line 1 of /etc/audit/auditd.conf), not 100'],
    corrected: is('/etc/audit/auditd.conf', 'space_left = 100\\nadmin_space_left = 50\\n'),
    cleared: 'rm -r /etc/audit',
  },
  ...['deny == 5', 'deny =\\t= 5', 'deny=5'].map((line): HostCase => ({
    name: `pam_faillock reads 5 in ${line}`,
    declare: { setting: { path: '/etc/security/faillock.conf', key: 'deny', value: '5' } },
    given: put('/etc/security/faillock.conf', `${line}\\n`),
    found: [],
  })),
];

const stack = (text: string): string => put('/etc/pam.d/system-auth', text);
const deny: HostCase['declare'] = {
  setting: { path: '/etc/security/faillock.conf', key: 'deny', value: '5', compare: 'AtMost' },
};

/** A file that nothing reads sets nothing. */
const unused: readonly HostCase[] = [
  {
    name: 'what the file says is no pass where no stack has pam_faillock',
    source: `${github}/ansible-lockdown/RHEL8-CIS/issues/284`,
    declare: deny,
    given: `${put('/etc/security/faillock.conf', 'deny = 5\\n')}; ${stack('auth required pam_unix.so\\n# auth required pam_faillock.so preauth\\n')}`,
    found: [/^unknown: no PAM stack in \/etc\/pam\.d uses pam_faillock\.so, which reads that file/],
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'nor is the line',
    source: `${github}/microsoft/OMS-Agent-for-Linux/issues/1565`,
    declare: { line: { path: '/etc/security/faillock.conf', line: 'deny = 5' } },
    given: `${put('/etc/security/faillock.conf', 'deny = 5\\n')}; ${stack('auth required pam_unix.so\\n')}`,
    found: [/^unknown: no PAM stack in \/etc\/pam\.d uses pam_faillock\.so/],
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'what it says wrongly is put right once something reads it',
    declare: deny,
    given: `${put('/etc/security/faillock.conf', 'deny = 9\\n')}; ${stack('auth required pam_unix.so\\n')}`,
    found: ['value is 9 (line 1 of /etc/security/faillock.conf), not at most 5'],
    manual: /^no PAM stack in \/etc\/pam\.d uses pam_faillock\.so/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'and holds where one has it',
    declare: deny,
    given: `${put('/etc/security/faillock.conf', 'deny = 5\\n')}; ${stack('auth required pam_faillock.so preauth silent\\n')}`,
    found: [],
    cleared: 'rm /etc/pam.d/system-auth',
  },
];

/** Bytes that nobody sees. */
const unseen: readonly HostCase[] = [
  {
    name: 'what stands behind a NUL is no part of the value',
    source: `${github}/ansible/ansible/issues/84999`,
    declare: {
      setting: { path: '/etc/security/faillock.conf', key: 'unlock_time', value: '900', compare: 'AtLeast' },
    },
    given: put('/etc/security/faillock.conf', 'unlock_time = 9\\00000\\n'),
    found: ['unknown: line 1 of /etc/security/faillock.conf is not plain text'],
  },
  {
    name: 'a byte order mark hides the section from some',
    source: `${github}/systemd/systemd/issues/2823`,
    declare: ini('/etc/hf.ini', 'a', 'opt', '1'),
    given: put('/etc/hf.ini', '\\357\\273\\277[a]\\nopt = 1\\n'),
    found: [/^unknown: \/etc\/hf\.ini begins with a byte order mark/],
    cleared: 'rm /etc/hf.ini',
  },
  {
    name: 'and a setting that must not be from Holdfast',
    source: `${github}/ansible-collections/community.general/issues/2189`,
    declare: { setting: { path: '/etc/hf.conf', format: 'KeyValue', key: 'net', state: 'Absent' } },
    given: put('/etc/hf.conf', '\\357\\273\\277net = 1\\n'),
    found: [/^unknown: \/etc\/hf\.conf begins with a byte order mark/],
    cleared: 'rm /etc/hf.conf',
  },
  {
    name: 'a line that is too long is said to be so',
    declare: plain('/etc/hf.conf', 'list', 'a'),
    given: `printf 'list = %3000s\\n' a >/etc/hf.conf`,
    found: [/^unknown: line 1 of \/etc\/hf\.conf has more than 2048 characters/],
    cleared: 'rm /etc/hf.conf',
  },
];

/** Files that their readers refuse, or that others are read after. */
const refusedOrLater: readonly HostCase[] = [
  {
    name: 'NetworkManager ignores a connection that others can read',
    source: `${github}/warewulf/warewulf/pull/591`,
    declare: ini('/etc/NetworkManager/system-connections/hf.nmconnection', 'ipv6', 'method', 'disabled'),
    given: `${put('/etc/NetworkManager/system-connections/hf.nmconnection', '[ipv6]\\nmethod=disabled\\n')}; chmod 644 /etc/NetworkManager/system-connections/hf.nmconnection`,
    found: [/^unknown: .* is ignored by NetworkManager because others than root have access to it: fix that first$/],
    cleared: 'rm /etc/NetworkManager/system-connections/hf.nmconnection',
  },
  {
    name: 'what dconf was not told of is not in effect',
    source: `${github}/ComplianceAsCode/content/pull/4366`,
    declare: ini('/etc/dconf/db/local.d/00-hf', 'org/gnome/desktop/screensaver', 'lock-enabled', 'true'),
    given: put('/etc/dconf/db/local.d/00-hf', '[org/gnome/desktop/screensaver]\\nlock-enabled=true\\n'),
    found: [/^unknown: programs read what `dconf update` makes of .*: run it$/],
    cleared: 'rm -r /etc/dconf',
  },
  ...(['05', '20'] as const).map((number): HostCase => ({
    name: `a drop-in ${number} ${number === '05' ? 'does not hide' : 'hides'} what 10 sets`,
    source: `${github}/CachyOS/CachyOS-Settings/issues/173`,
    declare: ini('/etc/systemd/logind.conf.d/10-hf.conf', 'Login', 'KillUserProcesses', 'yes'),
    given: `${put('/etc/systemd/logind.conf.d/10-hf.conf', '[Login]\\nKillUserProcesses=yes\\n')}; ${put(`/usr/lib/systemd/logind.conf.d/${number}-hf.conf`, '[Login]\\nKillUserProcesses=no\\n')}`,
    found:
      number === '05'
        ? []
        : [/^unknown: line 2 of .usr.lib.systemd.logind.conf.d.20-hf.conf sets it too, and it is not known which/],
    cleared: `rm -r /etc/systemd/logind.conf.d /usr/lib/systemd/logind.conf.d/${number}-hf.conf`,
  })),
];

export const unreadSettings: readonly HostCase[] = [...givenUp, ...unused, ...unseen, ...refusedOrLater];
