/** Situations of `line` in which the line is there, and another file decides. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';
const sshd = (path: string, line = 'PermitRootLogin no'): HostCase['declare'] => ({ line: { path, line } });
const anaconda = '/etc/ssh/sshd_config.d/01-permitrootlogin.conf';
const own = '/etc/ssh/sshd_config.d/60-hf.conf';
const sshdGone = `rm -f ${anaconda} ${own}; cp -p /root/sshd_config /etc/ssh/sshd_config`;
const given = (script: string): string => `cp -p /etc/ssh/sshd_config /root/sshd_config; ${script}`;
const asSshdSays = (value: string): string => `; sshd -T | grep -qx "permitrootlogin ${value}"`;

const sshds: readonly HostCase[] = [
  ...['/etc/ssh/sshd_config', own].map((path): HostCase => ({
    name: `a line of ${path} does not count where a file that sshd reads first says otherwise`,
    source: `${github}/bin456789/reinstall/issues/144`,
    declare: sshd(path),
    given: given(`echo PermitRootLogin yes >${anaconda}; echo PermitRootLogin no >>${path}${asSshdSays('yes')}`),
    found: [`in effect is PermitRootLogin yes (line 1 of ${anaconda}), not PermitRootLogin no`],
    manual: /declare this with a check of type `sshd`/,
    cleared: sshdGone,
  })),
  {
    name: 'a line of a file that sshd reads first counts',
    source: `${github}/cfengine/buildscripts/pull/2136`,
    declare: sshd(own),
    given: given(`echo 'permitrootlogin  no' >${anaconda}; echo PermitRootLogin no >${own}${asSshdSays('no')}`),
    found: [],
    cleared: sshdGone,
  },
  {
    name: 'a line of a file that sshd does not include is not known to count',
    source: `${github}/IBM/ibm-spectrum-scale-install-infra/issues/473`,
    declare: sshd(own),
    given: given(`sed -i '/^Include/d' /etc/ssh/sshd_config; echo PermitRootLogin no >${own}`),
    found: [
      /^unknown: \/etc\/ssh\/sshd_config does not include .*60-hf\.conf: declare this with a check of type `sshd`/,
    ],
    cleared: sshdGone,
  },
  {
    name: 'nor is one where sshd includes other files first',
    declare: sshd('/etc/ssh/sshd_config'),
    given: given(
      "sed -i '1i Include /etc/hf/*.conf' /etc/ssh/sshd_config; echo PermitRootLogin no >>/etc/ssh/sshd_config",
    ),
    found: [
      'unknown: line 1 of /etc/ssh/sshd_config includes other files: declare this with a check of type `sshd`, which knows what is in effect',
    ],
    cleared: sshdGone,
  },
  {
    name: 'lines that add to each other all count',
    declare: sshd(own, 'AcceptEnv HF'),
    given: given(`echo AcceptEnv OTHER >${anaconda}; echo AcceptEnv HF >${own}`),
    found: [],
    cleared: sshdGone,
  },
];

const journals =
  "mkdir -p /etc/systemd/journald.conf.d; printf '[Journal]\\nStorage=persistent\\n' >/etc/systemd/journald.conf.d/10-hf.conf; printf '[Journal]\\nStorage=none\\n' >/etc/systemd/journald.conf.d/zz.conf";
const journalsGone = 'rm /etc/systemd/journald.conf.d/zz.conf /etc/systemd/journald.conf.d/10-hf.conf';

const dropIns: readonly HostCase[] = [
  {
    name: 'a line of a drop-in does not count where a later one says otherwise',
    source: `${github}/systemd/systemd/issues/4940`,
    declare: { line: { path: '/etc/systemd/journald.conf.d/10-hf.conf', line: 'Storage=persistent' } },
    given: journals,
    found: ['in effect is none (line 2 of /etc/systemd/journald.conf.d/zz.conf), not persistent'],
    manual: /declare this with a check of type `setting`/,
    cleared: journalsGone,
  },
  {
    name: 'and counts where it is the last',
    source: `${github}/mondoohq/mql/issues/7688`,
    declare: { line: { path: '/etc/systemd/journald.conf.d/zz.conf', line: 'Storage=none' } },
    given: journals,
    found: [],
    cleared: journalsGone,
  },
  {
    name: 'a line of a drop-in does not count where the main file says otherwise and comes last',
    source: `${github}/nuver-labs/vps-audit/issues/32`,
    declare: { line: { path: '/etc/security/pwquality.conf.d/50-hf.conf', line: 'minlen = 15' } },
    given:
      'mkdir -p /etc/security/pwquality.conf.d; echo minlen = 15 >/etc/security/pwquality.conf.d/50-hf.conf; echo minlen = 8 >/etc/security/pwquality.conf',
    found: ['in effect is 8 (line 1 of /etc/security/pwquality.conf), not 15'],
    manual: /declare this with a check of type `setting`/,
    cleared: 'rm -r /etc/security/pwquality.conf.d /etc/security/pwquality.conf',
  },
  {
    name: 'nor where a module is told otherwise',
    source: `${github}/Kicksecure/security-misc/pull/374`,
    declare: { line: { path: '/etc/security/faillock.conf', line: 'deny = 3' } },
    given:
      "echo 'deny = 3' >/etc/security/faillock.conf; echo 'auth required pam_faillock.so deny=9' >/etc/pam.d/system-auth",
    found: ['in effect is 9 (line 1 of /etc/pam.d/system-auth), not 3'],
    manual: /declare this with a check of type `setting`/,
    cleared: 'rm /etc/pam.d/system-auth',
  },
  {
    name: 'nor does a line of limits.d where a later file says otherwise',
    source: `${github}/mitre/redhat-enterprise-linux-7-stig-baseline/issues/23`,
    declare: { line: { path: '/etc/security/limits.d/10-hf.conf', line: '* hard core 0' } },
    given:
      "echo '* hard core 0' >/etc/security/limits.d/10-hf.conf; echo '* - core unlimited' >/etc/security/limits.d/90-hf.conf",
    found: ['in effect is unlimited (line 1 of /etc/security/limits.d/90-hf.conf), not 0'],
    manual: /declare this with a check of type `setting`/,
    cleared: 'rm /etc/security/limits.d/??-hf.conf',
  },
];

const parameter = 'net.ipv4.ip_forward';
const files = `echo '${parameter} = 0' >/etc/sysctl.d/10-hf.conf; mkdir -p /run/sysctl.d; echo -net/ipv4/ip_forward=1 >/run/sysctl.d/zz-hf.conf`;
const filesGone = 'rm -f /etc/sysctl.d/10-hf.conf /etc/sysctl.d/zz-hf.conf /run/sysctl.d/zz-hf.conf';
const parameters: readonly HostCase[] = [
  {
    name: 'a parameter that a later file of any folder sets otherwise does not count',
    source: `${github}/systemd/systemd/issues/20919`,
    declare: { line: { path: '/etc/sysctl.d/10-hf.conf', line: `${parameter} = 0` } },
    given: files,
    found: [`in effect is -net/ipv4/ip_forward=1 (line 1 of /run/sysctl.d/zz-hf.conf), not ${parameter} = 0`],
    manual: /declare this with a check of type `sysctl`/,
    cleared: filesGone,
  },
  {
    name: 'but does where that file is overridden by one of its name',
    source: `${github}/systemd/systemd/issues/12791`,
    declare: { line: { path: '/etc/sysctl.d/10-hf.conf', line: `${parameter} = 0` } },
    given: `${files}; ln -s /dev/null /etc/sysctl.d/zz-hf.conf`,
    found: [],
    cleared: filesGone,
  },
  {
    name: 'a parameter in a file that systemd does not read is not known to count',
    source: `${github}/systemd/systemd/issues/8360`,
    declare: { line: { path: '/etc/sysctl.conf', line: `${parameter} = 0` } },
    given: `cp -p /etc/sysctl.conf /root/sysctl; find /etc/sysctl.d /usr/lib/sysctl.d -lname '*sysctl.conf' -delete; echo '${parameter} = 0' >>/etc/sysctl.conf`,
    found: [
      /^unknown: it is not known whether \/etc\/sysctl\.conf is read: declare this with a check of type `sysctl`/,
    ],
    cleared: 'cp -p /root/sysctl /etc/sysctl.conf',
  },
  {
    name: 'of SELinux the first line counts',
    declare: { line: { path: '/etc/selinux/config', line: 'SELINUX=enforcing' } },
    given: "mkdir -p /etc/selinux; printf 'SELINUX=permissive\\nSELINUX=enforcing\\n' >/etc/selinux/config",
    found: ['in effect is SELINUX=permissive (line 1 of /etc/selinux/config), not SELINUX=enforcing'],
    manual: /declare this with a check of type `selinux`/,
  },
];

export const linesElsewhere: readonly HostCase[] = [...sshds, ...dropIns, ...parameters];
