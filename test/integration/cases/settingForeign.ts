/** Situations of `setting` in files as others have them, for programs that take less than they seem to. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';
const put = (path: string, text: string): string => `mkdir -p "$(dirname ${path})"; printf '${text}' >${path}`;
const is = (path: string, text: string): string => `printf '${text}' | cmp - ${path}`;
const ini = (path: string, section: string, key: string, value: string): HostCase['declare'] => ({
  setting: { path, format: 'Ini', section, key, value },
});
const plain = (path: string, key: string, value: string): HostCase['declare'] => ({
  setting: { path, format: 'KeyValue', key, value },
});
const auditd = (key: string, value: string): HostCase['declare'] => ({
  setting: { path: '/etc/audit/auditd.conf', key, value },
});

/** The same file is read by programs that differ on where else they look. */
const besides: readonly HostCase[] = [
  {
    name: 'a drop-in of sssd that says otherwise is no pass of the main file',
    source: `${github}/ComplianceAsCode/content/issues/9970`,
    declare: ini('/etc/sssd/sssd.conf', 'pam', 'offline_credentials_expiration', '1'),
    given: `${put('/etc/sssd/sssd.conf', '[pam]\\noffline_credentials_expiration = 1\\n')}; ${put('/etc/sssd/conf.d/10.conf', '[pam]\\noffline_credentials_expiration = 0\\n')}`,
    found: [
      /^unknown: line 2 of \/etc\/sssd\/conf\.d\/10\.conf sets it too, and it is not known which of the two files the program uses/,
    ],
    cleared: 'rm -r /etc/sssd',
  },
  {
    name: 'one that says the same is one',
    declare: ini('/etc/sssd/sssd.conf', 'pam', 'offline_credentials_expiration', '1'),
    given: `${put('/etc/sssd/sssd.conf', '[pam]\\noffline_credentials_expiration = 1\\n')}; ${put('/etc/sssd/conf.d/10.conf', '[pam]\\noffline_credentials_expiration=1\\n')}; ${put('/etc/sssd/conf.d/20.conf', '[nss]\\noffline_credentials_expiration=0\\n')}`,
    found: [],
    cleared: 'rm -r /etc/sssd',
  },
  {
    name: 'nor is one that alone says it absence, or a place to write to',
    source: `${github}/ComplianceAsCode/content/pull/11474`,
    declare: {
      setting: { path: '/etc/sssd/sssd.conf', format: 'Ini', section: 'domain/x', key: 'ldap_id', state: 'Absent' },
    },
    given: `${put('/etc/sssd/sssd.conf', '[domain/x]\\n')}; ${put('/etc/sssd/conf.d/10.conf', '[domain/x]\\nldap_id = 0\\n')}`,
    found: [/^unknown: line 2 of \/etc\/sssd\/conf\.d\/10\.conf sets it, and \/etc\/sssd\/sssd\.conf does not/],
    cleared: 'rm -r /etc/sssd',
  },
  {
    name: 'a directive in a block of Apache holds for that block alone',
    source: `${github}/puppetlabs/puppetlabs-apache/pull/508`,
    declare: plain('/etc/hf.conf', 'TraceEnable', 'Off'),
    given: put('/etc/hf.conf', '<VirtualHost *:80>\\nTraceEnable Off\\n</VirtualHost>\\n'),
    found: [/^unknown: line 1 of \/etc\/hf\.conf begins a block/],
    cleared: 'rm /etc/hf.conf',
  },
  ...[
    'IncludeOptional conf.d/*.conf',
    '!include_try /etc/x',
    '@@include /etc/x',
    '.include "/etc/x"',
    'include_dir /x',
  ].map((line): HostCase => ({
    name: `what ${line} brings is not known`,
    declare: plain('/etc/hf.conf', 'TraceEnable', 'Off'),
    given: put('/etc/hf.conf', `TraceEnable Off\\n${line}\\n`),
    found: ['unknown: line 2 of /etc/hf.conf includes other files, which Holdfast does not read'],
    cleared: 'rm /etc/hf.conf',
  })),
  ...(
    [
      ['more of the value of Postfix', 'mynetworks = 127.0.0.0/8\\n   0.0.0.0/0\\n', 2],
      ['more of another value', 'x = y\\n mynetworks = 127.0.0.0/8\\n', 2],
    ] as const
  ).map(([what, text, line]): HostCase => ({
    name: `an indented line may be ${what}`,
    source: `${github}/saltstack-formulas/postfix-formula/pull/77`,
    declare: plain('/etc/postfix/main.cf', 'mynetworks', '127.0.0.0/8'),
    given: put('/etc/postfix/main.cf', text),
    found: [new RegExp(`^unknown: line ${line} of /etc/postfix/main\\.cf is indented`)],
    cleared: 'rm -r /etc/postfix',
  })),
  {
    name: 'nor is an indented neighbour taken out as more of a value',
    source: `${github}/ansible/ansible/issues/81742`,
    declare: ini('/etc/hf.ini', 'global', 'workgroup', 'X'),
    given: put('/etc/hf.ini', '[global]\\nworkgroup = Y\\n  map to guest = never\\n'),
    found: [/^unknown: line 3 of \/etc\/hf\.ini is indented/],
    cleared: 'rm /etc/hf.ini',
  },
];

/** A line that is right for one program is none for another. */
const styles: readonly HostCase[] = [
  {
    name: 'vsftpd takes no blanks around the sign, and gets none',
    source: `${github}/ansible/ansible-modules-core/pull/3410`,
    declare: plain('/etc/vsftpd/vsftpd.conf', 'anonymous_enable', 'NO'),
    given: put('/etc/vsftpd/vsftpd.conf', '# Example\\nlocal_enable=YES\\nlisten=NO\\n'),
    found: ['value is not set, not NO'],
    corrected: is('/etc/vsftpd/vsftpd.conf', '# Example\\nlocal_enable=YES\\nlisten=NO\\nanonymous_enable=NO\\n'),
    cleared: 'rm -r /etc/vsftpd',
  },
  {
    name: 'nor does avahi, whose example shows it',
    source: `${github}/puppetlabs/puppetlabs-inifile/issues/6`,
    declare: ini('/etc/avahi/avahi-daemon.conf', 'server', 'host-name', 'duo'),
    given: put('/etc/avahi/avahi-daemon.conf', '[server]\\n#host-name=foo\\n'),
    found: ['value is not set, not duo'],
    corrected: is('/etc/avahi/avahi-daemon.conf', '[server]\\nhost-name=duo\\n#host-name=foo\\n'),
    cleared: 'rm -r /etc/avahi',
  },
  {
    name: 'a file of words without signs stays one',
    declare: plain('/etc/hf.conf', 'LogSyslog', 'yes'),
    given: put('/etc/hf.conf', '#LogSyslog yes\\nPidFile\\t/run/x=y\\n'),
    found: ['value is not set, not yes'],
    corrected: is('/etc/hf.conf', '#LogSyslog yes\\nLogSyslog yes\\nPidFile\\t/run/x=y\\n'),
    cleared: 'rm /etc/hf.conf',
  },
  {
    name: 'a file that is empty gets what most programs take',
    declare: plain('/etc/hf.conf', 'a', 'b'),
    given: put('/etc/hf.conf', ''),
    found: ['value is not set, not b'],
    corrected: is('/etc/hf.conf', 'a = b\\n'),
    cleared: 'rm /etc/hf.conf',
  },
];

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

export const foreignSettings: readonly HostCase[] = [...besides, ...styles, ...givenUp, ...unused, ...unseen];
