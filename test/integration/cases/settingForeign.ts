/** Situations of `setting` in files as others have them, for programs that take less than they seem to. */
import type { HostCase } from './case.ts';
import { ini, is, plain, put } from './texts.ts';

const github = 'https://github.com';

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
  ...['Match final all', 'host a.example'].map((line): HostCase => ({
    name: `what ssh has below ${line} holds for some hosts alone`,
    source: `${github}/hercules-team/augeas/issues/632`,
    declare: plain('/etc/ssh/ssh_config.d/50-hf.conf', 'ForwardX11Trusted', 'no'),
    given: put('/etc/ssh/ssh_config.d/50-hf.conf', `# Host x\\nUser a\\n${line}\\nForwardX11Trusted no\\n`),
    found: [/^unknown: line 4 of \/etc\/ssh\/ssh_config\.d\/50-hf\.conf is below line 3, which begins a block/],
    cleared: 'rm /etc/ssh/ssh_config.d/50-hf.conf',
  })),
  {
    name: 'and what it has above them for all',
    declare: plain('/etc/ssh/ssh_config.d/50-hf.conf', 'ForwardX11Trusted', 'no'),
    given: put('/etc/ssh/ssh_config.d/50-hf.conf', 'ForwardX11Trusted no\\nHost a.example\\n User b\\n'),
    found: [],
    cleared: 'rm /etc/ssh/ssh_config.d/50-hf.conf',
  },
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

export const foreignSettings: readonly HostCase[] = [...besides, ...styles];
