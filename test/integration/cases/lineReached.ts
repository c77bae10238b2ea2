/** Situations of `line` in which the line stands where its reader reads it, and counts for nothing there. */
import type { HostCase } from './case.ts';
import { is, put } from './texts.ts';

const github = 'https://github.com';
const shadow = '-w /etc/shadow -p wa';
const rules = (name: string, text: string): string => put(`/etc/audit/rules.d/${name}.rules`, `# a\\n${text}`);

const voided: readonly HostCase[] = [
  {
    name: 'a rule of auditing counts for nothing where records of all types are excluded',
    source: `${github}/linux-audit/audit-userspace/issues/302`,
    declare: { line: { path: '/etc/audit/rules.d/10-hf.rules', line: shadow } },
    given: `${rules('10-hf', `${shadow}\\n`)}; ${rules('99-default', '# Ignore everything else\\n-a exclude,always -F msgtype>0\\n')}`,
    found: [
      /^unknown: the kernel drops all that such rules record: `-a exclude,always -F msgtype>0` \(line 3 of \/etc\/audit\/rules\.d\/99-default\.rules\)/,
    ],
    cleared: 'rm -r /etc/audit/rules.d',
  },
  {
    name: 'nor where auditing is off',
    source: `${github}/ComplianceAsCode/content/issues/551`,
    declare: { line: { path: '/etc/audit/rules.d/10-hf.rules', line: shadow } },
    given: `${rules('10-hf', `${shadow}\\n`)}; ${rules('90-off', '-e 0\\n')}`,
    found: [/^unknown: the kernel audits nothing: `-e 0` \(line 2 of \/etc\/audit\/rules\.d\/90-off\.rules\)/],
    cleared: 'rm -r /etc/audit/rules.d',
  },
  {
    name: 'nor in a file that augenrules makes anew of others',
    source: `${github}/ComplianceAsCode/content/issues/551`,
    declare: { line: { path: '/etc/audit/audit.rules', line: shadow } },
    given: `${put('/etc/audit/audit.rules', `# a\\n-D\\n${shadow}\\n`)}; ${rules('10-hf', '-w /etc/passwd -p wa\\n')}`,
    found: [
      /^unknown: augenrules recreates \/etc\/audit\/audit\.rules from the files in \/etc\/audit\/rules\.d, none of which has the line/,
    ],
    cleared: 'rm -r /etc/audit',
  },
];

const pwhistory = 'password required pam_pwhistory.so remember=24 use_authtok';
const stack = 'password requisite pam_pwquality.so\\npassword sufficient pam_unix.so sha512 shadow use_authtok\\n';
const debian =
  'password [success=1 default=ignore] pam_unix.so obscure\\npassword requisite pam_deny.so\\npassword required pam_permit.so\\n';
const pam: readonly HostCase[] = [
  {
    name: 'a module of PAM is not called behind one whose success ends the stack',
    source: `${github}/ansible-lockdown/UBUNTU18-CIS/issues/17`,
    declare: { line: { path: '/etc/pam.d/system-auth', line: pwhistory } },
    given: put('/etc/pam.d/system-auth', `${stack}password required pam_deny.so\\n${pwhistory}\\n`),
    found: [
      `in effect is password sufficient pam_unix.so sha512 shadow use_authtok (line 2 of /etc/pam.d/system-auth), whose success ends the stack first, not ${pwhistory}`,
    ],
    manual: /put it above that line$/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'nor behind a file of such a one that is included',
    declare: { line: { path: '/etc/pam.d/sshd', line: 'account required pam_access.so' } },
    given: `${put('/etc/pam.d/password-auth', 'account required pam_unix.so\\naccount sufficient pam_localuser.so\\naccount required pam_permit.so\\n')}; ${put('/etc/pam.d/sshd', 'account required pam_nologin.so\\naccount include password-auth\\naccount required pam_access.so\\n')}`,
    found: [
      'in effect is account sufficient pam_localuser.so (line 2 of /etc/pam.d/password-auth), whose success ends the stack first, not account required pam_access.so',
    ],
    manual: /behind line 2 of \/etc\/pam\.d\/sshd, .*: put it above that line$/,
    cleared: 'rm /etc/pam.d/password-auth /etc/pam.d/sshd',
  },
  {
    name: 'and is not put there',
    declare: { line: { path: '/etc/pam.d/system-auth', line: pwhistory } },
    given: put('/etc/pam.d/system-auth', `${stack}password required pam_deny.so\\n`),
    found: [`line is absent, not ${pwhistory}`],
    manual: /^PAM does not call it behind line 2 of \/etc\/pam\.d\/system-auth, .*: put it above that line$/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'what counts failures is called there',
    declare: { line: { path: '/etc/pam.d/system-auth', line: 'auth required pam_faillock.so authfail' } },
    given: put(
      '/etc/pam.d/system-auth',
      'auth required pam_faillock.so preauth\\nauth sufficient pam_unix.so\\nauth required pam_faillock.so authfail\\nauth required pam_deny.so\\n',
    ),
    found: [],
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'what counts failures is not called behind one whose failure ends the stack',
    source: `${github}/ComplianceAsCode/content/pull/2171`,
    declare: { line: { path: '/etc/pam.d/system-auth', line: 'auth [default=die] pam_faillock.so authfail' } },
    given: put(
      '/etc/pam.d/system-auth',
      'auth required pam_faillock.so preauth\\nauth [success=done ignore=ignore default=die] pam_unix.so\\nauth [default=die] pam_faillock.so authfail\\nauth required pam_deny.so\\n',
    ),
    found: [/pam_unix\.so \(line 2 of \/etc\/pam\.d\/system-auth\), whose failure ends the stack first, not auth/],
    manual: /^PAM does not call it when line 2 of .* fails, which ends the stack: change the control of that line/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'nor behind one that makes PAM skip it',
    declare: { line: { path: '/etc/pam.d/system-auth', line: pwhistory } },
    given: put(
      '/etc/pam.d/system-auth',
      `password [success=2 default=ignore] pam_unix.so\\npassword requisite pam_deny.so\\n${pwhistory}\\npassword required pam_permit.so\\n`,
    ),
    found: [/pam_unix\.so \(line 1 of \/etc\/pam\.d\/system-auth\), which makes PAM skip it, not password/],
    manual: /^line 1 of .* makes PAM skip it: change how many calls that line skips/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'a call that skips others is not put at the end of a stack',
    source: `${github}/ovh/debian-cis/issues/362`,
    declare: {
      line: { path: '/etc/pam.d/hf', line: 'password [success=1 default=ignore] pam_unix.so remember=5' },
    },
    given: put('/etc/pam.d/hf', debian),
    found: [/^line is absent/],
    manual: /^what the line skips depends on its position in \/etc\/pam\.d\/hf: put it there yourself$/,
    cleared: 'rm /etc/pam.d/hf',
  },
  {
    name: 'a call that another skips is not removed',
    declare: { line: { path: '/etc/pam.d/hf', line: 'password requisite pam_deny.so', state: 'Absent' } },
    given: put('/etc/pam.d/hf', debian),
    found: [/^line is /],
    manual: /^line 1 of \/etc\/pam\.d\/hf skips the next call, and would then skip others: edit both lines yourself$/,
    cleared: 'rm /etc/pam.d/hf',
  },
  {
    name: 'a file of a module that no stack of PAM has is read by nobody',
    source: `${github}/ansible-lockdown/RHEL9-CIS/issues/58`,
    declare: { line: { path: '/etc/security/pwhistory.conf', line: 'remember = 24' } },
    given: `${put('/etc/security/pwhistory.conf', 'remember = 24\\n')}; ${put('/etc/pam.d/system-auth', stack)}`,
    found: [/^unknown: no PAM stack in \/etc\/pam\.d uses pam_pwhistory\.so, which reads that file/],
    cleared: 'rm /etc/security/pwhistory.conf /etc/pam.d/system-auth',
  },
];

const job = '5 4 * * * root /usr/sbin/aide --check';
const cron: readonly HostCase[] = [
  {
    name: 'a last line without an end is none for cron',
    source: `${github}/neilmunday/slurm-mail/issues/55`,
    declare: { line: { path: '/etc/cron.d/hf', line: job } },
    given: put('/etc/cron.d/hf', `# aide\\n${job}`),
    found: [`line is the line without a newline behind it, not ${job}`],
    corrected: is('/etc/cron.d/hf', `# aide\\n${job}\\n`),
    cleared: 'rm /etc/cron.d/hf',
  },
  {
    name: 'nor is any of a file that others can write',
    source: `${github}/HausCloud/AWS-EB-SSL/issues/14`,
    declare: { line: { path: '/etc/cron.d/hf', line: job } },
    given: `${put('/etc/cron.d/hf', `${job}\\n`)}; chmod 0664 /etc/cron.d/hf`,
    found: [
      'file is ignored by cron because of its mode: it must be writable by root alone, and not executable, not one that is read',
    ],
    manual: /because of its mode: .*: check what it contains/,
    cleared: 'rm /etc/cron.d/hf',
  },
  {
    name: 'nor one that cron passes over by its name',
    declare: { line: { path: '/etc/cron.d/hf.rpmsave', line: job } },
    given: put('/etc/cron.d/hf.rpmsave', `${job}\\n`),
    found: ['file is ignored by cron because of its name, not one that is read'],
    manual: /because of its name/,
    cleared: 'rm /etc/cron.d/hf.rpmsave',
  },
];

const others: readonly HostCase[] = [
  {
    name: 'a policy of cryptography that was never applied is not the one in effect',
    source: `${github}/ComplianceAsCode/content/pull/14830`,
    declare: { line: { path: '/etc/crypto-policies/config', line: 'FUTURE' } },
    given: `${put('/etc/crypto-policies/config', '# a\\nFUTURE\\n')}; ${put('/etc/crypto-policies/state/current', 'DEFAULT\\n')}`,
    found: ['in effect is DEFAULT (line 1 of /etc/crypto-policies/state/current), not FUTURE'],
    manual: /^run `update-crypto-policies --set`/,
    cleared: 'rm -r /etc/crypto-policies',
  },
  {
    name: 'a mask of files that a later file sets otherwise does not count',
    source: `${github}/ComplianceAsCode/content/pull/5893`,
    declare: { line: { path: '/etc/profile.d/50-hf.sh', line: 'umask 027' } },
    given: `${put('/etc/profile.d/50-hf.sh', 'umask 027\\n')}; ${put('/etc/profile.d/90-hf.sh', '# a\\numask 022\\n')}`,
    found: ['in effect is umask 022 (line 2 of /etc/profile.d/90-hf.sh), not umask 027'],
    manual: /another file of \/etc\/profile\.d decides/,
    cleared: 'rm /etc/profile.d/[59]0-hf.sh',
  },
  {
    name: 'nor a time without input',
    declare: { line: { path: '/etc/profile.d/50-hf.sh', line: 'export TMOUT=900' } },
    given: `${put('/etc/profile.d/50-hf.sh', 'export TMOUT=900\\n')}; ${put('/etc/profile.d/10-hf.sh', 'readonly TMOUT=86400\\n')}`,
    found: ['in effect is readonly TMOUT=86400 (line 1 of /etc/profile.d/10-hf.sh), not export TMOUT=900'],
    manual: /another file of \/etc\/profile\.d decides/,
    cleared: 'rm /etc/profile.d/[15]0-hf.sh',
  },
  {
    name: 'nor is it known where a condition decides',
    declare: { line: { path: '/etc/profile.d/50-hf.sh', line: 'umask 027' } },
    given: `${put('/etc/profile.d/50-hf.sh', 'umask 027\\n')}; ${put('/etc/profile.d/90-hf.sh', 'if true; then\\n  umask 022\\nfi\\n')}`,
    found: [/^unknown: it depends on a condition whether line 2 of \/etc\/profile\.d\/90-hf\.sh sets another value/],
    cleared: 'rm /etc/profile.d/[59]0-hf.sh',
  },
  {
    name: 'a line of one table of several is not known to count',
    source: `${github}/openshift/machine-config-operator/pull/2819`,
    declare: { line: { path: '/etc/containers/registries.conf', line: 'blocked = true' } },
    given: put(
      '/etc/containers/registries.conf',
      '[[registry]]\\nlocation = "a"\\nblocked = true\\n\\n[[registry]]\\nlocation = "b"\\n',
    ),
    found: [/^unknown: \/etc\/containers\/registries\.conf has several tables/],
    cleared: 'rm /etc/containers/registries.conf',
  },
  {
    name: 'nor is one behind what it is for',
    source: `${github}/ComplianceAsCode/content/pull/13438`,
    declare: { line: { path: '/etc/rsyslog.conf', line: '$FileCreateMode 0640' } },
    given: put('/etc/rsyslog.conf', '*.info -/srv/log/messages\\nauthpriv.* /var/log/secure\\n$FileCreateMode 0640\\n'),
    found: ['in effect is *.info -/srv/log/messages (line 1 of /etc/rsyslog.conf), not $FileCreateMode 0640'],
    manual: /put it above them, once$/,
    cleared: 'rm /etc/rsyslog.conf',
  },
];

const counting: readonly HostCase[] = [
  {
    name: 'a rule of auditing counts beside one that throws records of another type away, and one for a single program',
    declare: { line: { path: '/etc/audit/rules.d/10-hf.rules', line: shadow } },
    given: `${rules('10-hf', `${shadow}\\n`)}; ${rules('20-hf', '-a always,exclude -F msgtype=CWD\\n-a always,exclude -F msgtype>1299 -F auid=0\\n-a never,exit -F exe=/usr/bin/chronyd\\n-e 2\\n')}`,
    found: [],
    cleared: 'rm -r /etc/audit/rules.d',
  },
  {
    name: 'a module is called behind a stack that ends by itself, and behind one that lets only root through',
    declare: { line: { path: '/etc/pam.d/su', line: 'auth required pam_wheel.so use_uid' } },
    given: `cp -p /etc/pam.d/su /root/su; ${put('/etc/pam.d/password-auth', 'auth sufficient pam_unix.so\\n')}; ${put('/etc/pam.d/su', 'auth sufficient pam_rootok.so\\nauth substack password-auth\\naccount include password-auth\\nauth required pam_wheel.so use_uid\\n')}`,
    found: [],
    cleared: 'rm /etc/pam.d/password-auth; mv /root/su /etc/pam.d/su',
  },
  {
    name: 'what counts failures is called where a failure skips to it, and passwords of other accounts have another history',
    source: `${github}/ComplianceAsCode/content/pull/2171`,
    declare: { line: { path: '/etc/pam.d/system-auth', line: 'auth required pam_faillock.so authfail deny=4' } },
    given: put(
      '/etc/pam.d/system-auth',
      'auth required pam_faillock.so preauth silent\\nauth [success=done ignore=ignore default=2] pam_unix.so nullok try_first_pass\\nauth requisite pam_succeed_if.so uid >= 1000 quiet_success\\nauth sufficient pam_sss.so forward_pass\\nauth required pam_faillock.so authfail deny=4\\nauth required pam_deny.so\\n',
    ),
    found: [],
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'a file of a module counts where a stack has it',
    declare: { line: { path: '/etc/security/pwhistory.conf', line: 'remember = 24' } },
    given: `${put('/etc/security/pwhistory.conf', 'remember = 24\\n')}; ${put('/etc/pam.d/system-auth', 'password required pam_pwhistory.so\\n')}`,
    found: [],
    cleared: 'rm /etc/security/pwhistory.conf /etc/pam.d/system-auth',
  },
  {
    name: 'a policy that was applied is in effect',
    declare: { line: { path: '/etc/crypto-policies/config', line: 'FIPS:OSPP' } },
    given: `${put('/etc/crypto-policies/config', '# a\\nFIPS:OSPP\\n')}; ${put('/etc/crypto-policies/state/current', 'FIPS:OSPP\\n')}`,
    found: [],
    cleared: 'rm -r /etc/crypto-policies',
  },
  {
    name: 'the last mask of files counts, and the first time without input that cannot be changed',
    declare: { line: { path: '/etc/profile.d/50-hf.sh', line: 'readonly TMOUT=900 ; export TMOUT' } },
    given: `${put('/etc/profile.d/50-hf.sh', 'readonly TMOUT=900 ; export TMOUT\\n')}; ${put('/etc/profile.d/10-hf.sh', 'umask 022\\n')}; ${put('/etc/profile.d/90-hf.sh', 'TMOUT=0\\n')}`,
    found: [],
    cleared: 'rm /etc/profile.d/[159]0-hf.sh',
  },
  {
    name: 'a directive of rsyslog counts for what is below it, also where its file is included above that',
    declare: { line: { path: '/etc/rsyslog.d/10-hf.conf', line: '$FileCreateMode 0640' } },
    given: `${put('/etc/rsyslog.d/10-hf.conf', '$FileCreateMode 0640\\n')}; ${put('/etc/rsyslog.conf', 'module(load="builtin:omfile" Template="x")\\ninclude(file="/etc/rsyslog.d/*.conf" mode="optional")\\n*.info /var/log/messages\\n')}`,
    found: [],
    cleared: 'rm /etc/rsyslog.d/10-hf.conf /etc/rsyslog.conf',
  },
];

export const reachedLines: readonly HostCase[] = [...voided, ...pam, ...cron, ...others, ...counting];
