/** Situations of `line` in files that came from elsewhere, or that another program keeps. */
import type { HostCase } from './case.ts';
import { is, put } from './texts.ts';

const github = 'https://github.com';

const unaudited: readonly HostCase[] = [
  {
    name: 'a rule of auditing counts for nothing where no process is audited',
    source: `${github}/wazuh/wazuh/issues/19399`,
    declare: { line: { path: '/etc/audit/rules.d/hf.rules', line: '-w /etc/shadow -p wa' } },
    given: `${put('/etc/audit/rules.d/hf.rules', '# a\\n-w /etc/shadow -p wa\\n')}; ${put('/etc/audit/rules.d/audit.rules', '# never\\n-D\\n-a task,never\\n')}`,
    found: [
      /^unknown: the kernel applies no such rule .*: `-a task,never` \(line 3 of \/etc\/audit\/rules.d\/audit.rules\)/,
    ],
    cleared: 'rm /etc/audit/rules.d/hf.rules /etc/audit/rules.d/audit.rules',
  },
  {
    name: 'what is not audited besides is no matter',
    declare: { line: { path: '/etc/audit/rules.d/hf.rules', line: '-w /etc/shadow -p wa' } },
    given: `${put('/etc/audit/rules.d/hf.rules', '# a\\n-w /etc/shadow -p wa\\n')}; ${put('/etc/audit/audit.rules', '# a\\n-a never,exclude -F msgtype=CWD\\n#-a task,never\\n-w /etc/shadow -p wa\\n')}`,
    found: [],
    cleared: 'rm /etc/audit/rules.d/hf.rules /etc/audit/audit.rules',
  },
];

const returns: readonly HostCase[] = [
  ...(
    [
      ['/etc/pam.d/hf', 'auth required pam_faildelay.so delay=4000000'],
      ['/etc/profile.d/hf.sh', 'umask 027'],
      ['/etc/modprobe.d/hf.conf', 'blacklist usb_storage'],
      ['/etc/audit/rules.d/hf.rules', '-w /etc/shadow -p wa'],
    ] as const
  ).map(([path, line]): HostCase => ({
    name: `an end of Windows spoils ${line}`,
    source: `${github}/tyvsmith/facelock/issues/192`,
    declare: { line: { path, line } },
    given: put(path, `# a\\r\\n${line}\\r\\nlast`),
    found: [`line is the line with a trailing carriage return, not ${line}`],
    corrected: is(path, `# a\\r\\n${line}\\nlast`),
    cleared: `rm ${path}`,
  })),
  {
    name: 'not where the same line stands without it',
    declare: { line: { path: '/etc/profile.d/hf.sh', line: 'umask 027' } },
    given: put('/etc/profile.d/hf.sh', 'umask 027\\r\\numask 027\\n'),
    found: [],
    cleared: 'rm /etc/profile.d/hf.sh',
  },
  {
    name: 'nor is the line that takes another’s place given one there',
    declare: { line: { path: '/etc/profile.d/hf.sh', line: 'umask 027', startsWith: 'umask' } },
    given: put('/etc/profile.d/hf.sh', 'umask 022\\r\\n'),
    found: ['line is umask 022, not umask 027'],
    corrected: is('/etc/profile.d/hf.sh', 'umask 027\\n'),
    cleared: 'rm /etc/profile.d/hf.sh',
  },
  {
    name: 'and a variable that a shell reads with one is not known',
    declare: { setting: { path: '/etc/sysconfig/hf', key: 'OPTIONS', value: '-x' } },
    given: put('/etc/sysconfig/hf', 'OPTIONS=-x\\r\\n'),
    found: [/^unknown: line 1 of \/etc\/sysconfig\/hf is more than .* without a carriage return$/],
    cleared: 'rm /etc/sysconfig/hf',
  },
];

const cramfs = 'install cramfs /bin/false';
const modprobe: readonly HostCase[] = [
  {
    name: 'of the commands for a module that of the first file counts, however it is spelled',
    source: `${github}/secureblue/secureblue/pull/1577`,
    declare: { line: { path: '/etc/modprobe.d/99-hf.conf', line: 'install usb-storage /bin/false' } },
    given: `${put('/etc/modprobe.d/99-hf.conf', 'install usb-storage /bin/false\\n')}; ${put('/usr/lib/modprobe.d/10-hf.conf', '# install usb_storage x\\ninstall usb_storage /sbin/modprobe -i usb_storage\\n')}`,
    found: [
      'in effect is install usb_storage /sbin/modprobe -i usb_storage (line 2 of /usr/lib/modprobe.d/10-hf.conf), not install usb-storage /bin/false',
    ],
    manual: /declare this with a check of type `kernelModule`/,
    cleared: 'rm /etc/modprobe.d/99-hf.conf /usr/lib/modprobe.d/10-hf.conf',
  },
  {
    name: 'and the line is in effect where it is the first, or the same',
    declare: { line: { path: '/etc/modprobe.d/50-hf.conf', line: cramfs } },
    given: `${put('/etc/modprobe.d/50-hf.conf', `${cramfs}\\n`)}; ${put('/etc/modprobe.d/10-hf.conf', 'install  cramfs  /bin/false\\n')}; ${put('/etc/modprobe.d/90-hf.conf', 'install cramfs /bin/true\\n')}`,
    found: [],
    cleared: 'rm /etc/modprobe.d/[159]0-hf.conf',
  },
  {
    name: 'lines that do not keep a module from loading are lines',
    declare: { line: { path: '/etc/modprobe.d/50-hf.conf', line: 'options nf_conntrack hashsize=1' } },
    given: put('/etc/modprobe.d/50-hf.conf', 'options nf_conntrack hashsize=1\\n'),
    found: [],
    cleared: 'rm /etc/modprobe.d/50-hf.conf',
  },
];

const nullok = 'password sufficient pam_unix.so sha512 shadow use_authtok';
const kept: readonly HostCase[] = [
  {
    name: 'what authselect writes is left to it, through the link',
    source: `${github}/ansible-lockdown/RHEL9-CIS/issues/191`,
    declare: { line: { path: '/etc/pam.d/password-auth', line: nullok } },
    given: `${put('/etc/authselect/password-auth', '# Generated by authselect\\n')}; mkdir -p /etc/pam.d; ln -s /etc/authselect/password-auth /etc/pam.d/password-auth`,
    found: [`line is absent, not ${nullok}`],
    manual: /^authselect writes \/etc\/pam\.d\/password-auth, and refuses to .*authselect enable-feature/,
    cleared: 'rm -r /etc/authselect /etc/pam.d/password-auth',
  },
  {
    name: 'and where it is',
    source: `${github}/ansible-lockdown/RHEL8-CIS/issues/402`,
    declare: { line: { path: '/etc/authselect/password-auth', line: 'x', state: 'Absent' } },
    given: put('/etc/authselect/password-auth', 'x\\n'),
    found: ['line is x, not absent'],
    manual: /^authselect writes \/etc\/authselect\/password-auth/,
    cleared: 'rm -r /etc/authselect',
  },
  {
    name: 'a host without authselect has its stack as a file',
    declare: { line: { path: '/etc/pam.d/password-auth', line: nullok } },
    given: put('/etc/pam.d/password-auth', 'a\\n'),
    found: [`line is absent, not ${nullok}`],
    corrected: is('/etc/pam.d/password-auth', `a\\n${nullok}\\n`),
    cleared: 'rm /etc/pam.d/password-auth',
  },
  ...(
    [
      ['/etc/systemd/system/sshd.service.d/override', 'systemd', 'https://github.com/moby/moby/pull/22559'],
      ['/etc/cloud/cloud.cfg.d/99-hf.yaml', 'cloud-init', undefined],
      ['/etc/krb5.conf.d/hf.conf.bak', 'Kerberos', undefined],
      ['/etc/logrotate.d/hf.rpmsave', 'logrotate', undefined],
      ['/etc/sssd/conf.d/hf', 'sssd', 'https://github.com/SSSD/sssd/issues/8121'],
    ] as const
  ).map(([path, reader, source]): HostCase => ({
    name: `a line of ${path} is read by nobody`,
    ...(source && { source }),
    declare: { line: { path, line: 'a = 1' } },
    given: put(path, 'a = 1\\n'),
    found: [`file is ignored by ${reader} because of its name, not one that is read`],
    manual: new RegExp(`is ignored by ${reader} because of its name`),
    cleared: `rm -f ${path}; rmdir -p "$(dirname ${path})" 2>/dev/null; true`,
  })),
];

export const foreignLines: readonly HostCase[] = [...returns, ...unaudited, ...modprobe, ...kept];
