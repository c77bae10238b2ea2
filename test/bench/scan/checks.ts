/**
 * Fifty checks as a RHEL baseline has them, each with the shell that makes it hold on a test host, as the correction
 * would, and with ways to break it. Mounts are left out: their correction remounts, which Ansible always calls a change.
 */
import type { DeviceCheck } from '../../../operator/api/v1alpha1/deviceCheck.ts';

export interface Prepared {
  readonly check: DeviceCheck;
  /** Makes it hold. Empty where the image is right already. */
  readonly right: string;
  /** Each alone makes it fail. */
  readonly wrong: readonly [string, ...string[]];
}

const folder = '/etc/holdfast-bench';
const limits = `${folder}/limits.conf`;
const sshdConfig = '/etc/ssh/sshd_config';
const sysctlFile = '/etc/sysctl.d/99-zz-holdfast.conf';
const key = `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAI'}${'B'.repeat(43)} backup@example.com`;
const foreignKey = `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAI'}${'C'.repeat(43)} who@example.com`;

/** Runs first on every host. */
export const groundwork = `mkdir -p ${folder} && touch ${limits} ${sysctlFile} && chmod 0644 ${limits} ${sysctlFile}
dnf --quiet --assumeyes install hf-tool-2.0 hf-agentd
useradd --create-home --shell /bin/bash ops
useradd --system --create-home --home-dir /var/lib/svc-backup --shell /usr/sbin/nologin svc-backup
groupadd --gid 2001 auditors
usermod --append --groups wheel ops
install -d -m 0700 -o ops -g ops /home/ops/.ssh`;

/** Runs last on every host that was made right. */
export const finish = 'systemctl enable --now --quiet hf-agentd.service';

/** Runs last of all, so that sshd is not found to run as it was before its files were changed: no check is broken by that. */
export const settle = 'systemctl reload sshd.service';

export const prepared: readonly Prepared[] = [
  ...Array.from({ length: 8 }, (_, index) => contentOf(index)),
  ...Object.entries({
    '/etc/passwd': '0644',
    '/etc/group': '0644',
    '/etc/shadow': '0640',
    '/etc/gshadow': '0640',
    '/etc/login.defs': '0644',
    '/etc/profile': '0644',
    '/etc/fstab': '0644',
    [sshdConfig]: '0600',
  }).map(([path, mode]) => modeOf(path, mode)),
  ...['* hard core 0', '* hard nofile 65536', '* soft nofile 4096', '@wheel - maxlogins 10', 'root - nice -5'].map(
    lineOf,
  ),
  ...['TMOUT=600', 'HISTSIZE=1000', 'UMASK=027'].map(settingOf),
  ...Object.entries({
    PermitRootLogin: ['no', 'yes'],
    X11Forwarding: ['no', 'yes'],
    MaxAuthTries: ['4', '6'],
    ClientAliveInterval: ['300', '0'],
    LoginGraceTime: ['60', '120'],
    // Not PermitEmptyPasswords: where it is on, sshd tries an empty password at each login, and PAM waits two seconds.
    PermitUserEnvironment: ['no', 'yes'],
    AllowTcpForwarding: ['no', 'yes'],
    LogLevel: ['VERBOSE', 'INFO'],
  }).map(([option, [value, other]]) => sshdOf(option, value!, other!)),
  ...Object.entries({
    'net.ipv4.conf.all.accept_redirects': ['0', '1'],
    'net.ipv4.conf.all.send_redirects': ['0', '1'],
    'net.ipv4.conf.all.accept_source_route': ['0', '1'],
    'net.ipv4.conf.all.log_martians': ['1', '0'],
    'net.ipv4.conf.all.rp_filter': ['1', '0'],
    'net.ipv4.conf.default.accept_redirects': ['0', '1'],
  }).map(([name, [value, other]]) => sysctlOf(name, value!, other!)),
  {
    check: { name: 'tool-is-new', package: { name: 'hf-tool', minVersion: '1.2' } },
    right: '',
    wrong: ['dnf --quiet --assumeyes remove hf-tool', 'dnf --quiet --assumeyes downgrade hf-tool-1.0'],
  },
  {
    check: { name: 'no-telnet', package: { name: 'hf-telnet', state: 'Absent' } },
    right: '',
    wrong: [install('hf-telnet')],
  },
  {
    check: { name: 'agent-is-installed', package: { name: 'hf-agentd' } },
    right: '',
    // Its unit goes with it, so the check of the service fails too.
    wrong: ['rpm --erase --nodeps --noscripts --justdb hf-agentd'],
  },
  {
    check: { name: 'release-is-there', package: { name: 'redhat-release' } },
    right: '',
    wrong: ['rpm --erase --nodeps --justdb redhat-release'],
  },
  {
    check: { name: 'agent-runs', service: { name: 'hf-agentd', enabled: true, running: true } },
    right: '',
    wrong: ['systemctl stop hf-agentd.service', 'systemctl disable --quiet hf-agentd.service'],
  },
  {
    check: { name: 'network-starts', service: { name: 'systemd-networkd', enabled: true } },
    right: '',
    wrong: ['systemctl disable --quiet systemd-networkd.service'],
  },
  {
    check: { name: 'no-pstore', service: { name: 'systemd-pstore', enabled: false } },
    right: 'systemctl disable --quiet systemd-pstore.service',
    wrong: ['systemctl enable --quiet systemd-pstore.service'],
  },
  {
    check: { name: 'backup-has-no-shell', user: { name: 'svc-backup', shell: '/usr/sbin/nologin' } },
    right: '',
    wrong: ['usermod --shell /bin/bash svc-backup', 'userdel svc-backup'],
  },
  {
    check: { name: 'ops-is-wheel', user: { name: 'ops', groups: ['wheel'] } },
    right: '',
    wrong: ['gpasswd --delete ops wheel'],
  },
  {
    check: { name: 'auditors', group: { name: 'auditors', gid: 2001 } },
    right: '',
    wrong: ['groupmod --gid 2002 auditors', 'groupdel auditors'],
  },
  {
    check: { name: 'keys-of-ops', authorizedKeys: { user: 'ops', keys: [key] } },
    right: writeAs('ops', '/home/ops/.ssh/authorized_keys', key),
    wrong: [`echo '${foreignKey}' >> /home/ops/.ssh/authorized_keys`, 'rm /home/ops/.ssh/authorized_keys'],
  },
  {
    check: { name: 'selinux-enforces', selinux: { mode: 'Enforcing', scope: 'Persisted' } },
    right: '',
    wrong: [`sed -i 's/^SELINUX=.*/SELINUX=permissive/' /etc/selinux/config`],
  },
];

function contentOf(index: number): Prepared {
  const path = `${folder}/service-${index}.conf`;
  const lines = Array.from(
    { length: 12 + index },
    (_, line) => `option_${line} = value of line ${line} in file ${index}`,
  );
  const content = `${lines.join('\n')}\n`;
  return {
    check: { name: `content-${index}`, file: { path, content, mode: '0644', owner: 'root', group: 'root' } },
    right: `printf '%s' '${content}' > ${path} && chmod 0644 ${path}`,
    wrong: [`echo tampered >> ${path}`, `chmod 0666 ${path}`, `rm ${path}`, `chown ops ${path}`],
  };
}

function modeOf(path: string, mode: string): Prepared {
  const check = { name: `mode-of-${path.slice(5).replaceAll(/[^a-z]/g, '-')}`, file: { path, mode, owner: 'root' } };
  return { check, right: `chmod ${mode} ${path}`, wrong: [`chmod o+w ${path}`, `chown ops ${path}`] };
}

function lineOf(line: string, index: number): Prepared {
  return {
    check: { name: `limit-${index}`, line: { path: limits, line } },
    right: `echo '${line}' >> ${limits}`,
    wrong: [`sed -i '\\|^${line.replaceAll('*', '\\*')}$|d' ${limits}`],
  };
}

function settingOf(line: string): Prepared {
  const [name = ''] = line.split('=');
  const path = `${folder}/${name.toLowerCase()}.sh`;
  return {
    check: { name: name.toLowerCase(), line: { path, line, startsWith: `${name}=` } },
    right: `echo '${line}' > ${path}`,
    wrong: [`echo '${name}=99' > ${path}`, `echo '${name}=99' >> ${path}`],
  };
}

/** The block is the one that the correction writes. */
function sshdOf(option: string, value: string, other: string): Prepared {
  const marker = `Holdfast: ${option.toLowerCase()}`;
  const block = `# BEGIN ${marker}\\n${option} ${value}\\n# END ${marker}\\n`;
  return {
    check: { name: `sshd-${option.toLowerCase()}`, sshd: { option, value } },
    right: `{ printf '${block}'; cat ${sshdConfig}; } > /run/sshd_config && cat /run/sshd_config > ${sshdConfig}`,
    wrong: [
      `sed -i 's/^${option} ${value}$/${option} ${other}/' ${sshdConfig}`,
      `sed -i '/${marker}$/d; /^${option} /d' ${sshdConfig}; echo '${option} ${other}' >> ${sshdConfig}`,
    ],
  };
}

function sysctlOf(name: string, value: string, other: string): Prepared {
  const leaf = name.split('.').at(-1);
  // An interface has a value of its own, and with some parameters the kernel heeds that beside the one of all.
  const owns = `for own in /proc/sys/net/ipv4/conf/*/${leaf}; do echo ${value} > "$own"; done`;
  const live = name.includes('.all.') ? owns : `sysctl --quiet --write ${name}=${value}`;
  return {
    check: { name: `sysctl-${name.replaceAll(/[._]/g, '-')}`, sysctl: { name, value } },
    right: `${live} && echo '${name} = ${value}' >> ${sysctlFile}`,
    wrong: [
      `sysctl --quiet --write ${name}=${other}`,
      `sed -i 's/^${name} = .*/${name} = ${other}/' ${sysctlFile}`,
      `sed -i '/^${name} = /d' ${sysctlFile}`,
    ],
  };
}

function install(name: string): string {
  return `dnf --quiet --assumeyes install ${name}`;
}

function writeAs(user: string, path: string, line: string): string {
  return `echo '${line}' > ${path} && chown ${user}:${user} ${path} && chmod 0600 ${path}`;
}
