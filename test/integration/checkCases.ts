/** Every check type on a real host: what is declared, how the host is broken, and what must then be found. */
import type { CheckKey, Declared } from '../../operator/drift/checks/checkType.ts';

type Declaration = { [K in CheckKey]: { [one in K]: Declared<K> } }[CheckKey];

export interface CheckCase {
  readonly name: string;
  readonly declare: Declaration;
  /** Shell commands that make the host differ. Without them it does from the start. */
  readonly broken?: string;
  /** What is then found, as `path is actual, not expected`. */
  readonly found: readonly (string | RegExp)[];
  /** Why that cannot be put back. Without it, it can. */
  readonly lost?: string;
}

export interface HiddenCase {
  readonly declare: Declaration;
  /** Shell commands that hide it from an account without root's rights. */
  readonly hidden?: string;
  readonly why: string | RegExp;
}

/** Text that must never be evaluated by a shell or by Ansible. */
const nasty = `{{ lookup('pipe', 'touch /tmp/evaluated') }} $(touch /tmp/evaluated) \`id\` "'; \\n %s {% if %}`;
const keys = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILaA7CAY1bUxHx8s2w5JSf4rf35rOWFmvb3n2d1CgGHZ',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJTj4oBYyMWGgyA6qUF7kSpS7Z9eY4eZk1pVQq1mWQ2r',
] as const;
const hmac = /hmac:/;

export const checkCases: readonly CheckCase[] = [
  {
    name: 'file-content',
    declare: {
      file: { path: '/etc/motd', content: `Welcome\n${nasty}\n`, mode: '0644', owner: 'root', group: 'root' },
    },
    broken: 'printf "Welcome\\nto chaos\\n" >/etc/motd; chown nobody /etc/motd',
    found: [/^content is line 2: to chaos, not line 2: \{\{ lookup/, 'owner is nobody, not root'],
  },
  {
    name: 'file-json',
    declare: { file: { path: '/etc/hf.json', content: '{"a": [1, "{{ 7 * 7 }}"]}', mode: '0644' } },
    broken: 'rm -f /etc/hf.json',
    found: ['state is absent, not present'],
  },
  {
    name: 'file-secret',
    declare: { file: { path: '/etc/hf-token', content: 'token\n', mode: '0600', sensitive: true } },
    broken: 'echo other >/etc/hf-token; chmod 0640 /etc/hf-token',
    found: [hmac, 'mode is 0640, not 0600'],
  },
  {
    name: 'file-link',
    declare: { file: { path: '/etc/hf-link', content: 'text\n', mode: '0644' } },
    broken: 'echo text >/etc/hf-target; ln -sf hf-target /etc/hf-link',
    found: ['type is symbolic link, not regular file'],
    lost: 'a link cannot be declared',
  },
  {
    name: 'file-mode',
    declare: { file: { path: "/etc/hf odd ' name", mode: '0600', group: 'root' } },
    broken: `echo text >"/etc/hf odd ' name"; chmod 0666 "/etc/hf odd ' name"; chgrp nogroup "/etc/hf odd ' name"`,
    found: ['mode is 0666, not 0600', 'group is nogroup, not root'],
  },
  {
    name: 'file-absent',
    declare: { file: { path: '/etc/hf-trash', state: 'Absent' } },
    broken: 'echo trash >/etc/hf-trash; chmod 0604 /etc/hf-trash',
    found: ['state is present, not absent'],
  },
  {
    name: 'line-replaced',
    declare: { line: { path: '/etc/login.defs', line: 'PASS_MAX_DAYS 90', startsWith: 'PASS_MAX_DAYS' } },
    broken:
      'sed -i "s/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 99999/" /etc/login.defs; echo "PASS_MAX_DAYS 9" >>/etc/login.defs',
    found: ['line is PASS_MAX_DAYS 99999 | PASS_MAX_DAYS 9, not PASS_MAX_DAYS 90'],
  },
  {
    // The same file again: what was done last is undone first.
    name: 'line-beside',
    declare: { line: { path: '/etc/login.defs', line: 'PASS_WARN_AGE 14', startsWith: 'PASS_WARN_AGE' } },
    broken: 'sed -i "s/^PASS_WARN_AGE.*/PASS_WARN_AGE 7/" /etc/login.defs',
    found: ['line is PASS_WARN_AGE 7, not PASS_WARN_AGE 14'],
  },
  {
    name: 'line-added',
    declare: { line: { path: '/etc/hf-lines', line: nasty } },
    broken: 'rm -f /etc/hf-lines',
    found: [/^line is no such file, not \{\{ lookup/],
  },
  {
    name: 'line-absent',
    declare: { line: { path: '/etc/hf-rules', line: 'allow all', state: 'Absent' } },
    broken: 'printf "# rules\\nallow all\\nallow all but one\\n" >/etc/hf-rules',
    found: ['line is allow all, not absent'],
  },
  {
    name: 'sshd',
    declare: { sshd: { option: 'PermitRootLogin', value: 'no' } },
    broken: 'echo "PermitRootLogin yes" >/etc/ssh/sshd_config.d/00-mine.conf; systemctl reload sshd',
    found: ['value is yes, not no'],
  },
  {
    name: 'sysctl-both',
    declare: { sysctl: { name: 'net.ipv4.conf.all.accept_redirects', value: '0' } },
    broken:
      'sysctl -qw net.ipv4.conf.all.accept_redirects=1; echo "net.ipv4.conf.all.accept_redirects=1" >/etc/sysctl.d/70-mine.conf',
    found: ['live is 1, not 0', 'persisted is 1, not 0'],
  },
  {
    name: 'sysctl-live',
    declare: { sysctl: { name: 'net.ipv4.conf.all.send_redirects', value: '0' } },
    broken:
      'sysctl -qw net.ipv4.conf.all.send_redirects=1; echo "-net/ipv4/conf/all/send_redirects = 0" >/etc/sysctl.d/71-mine.conf',
    found: ['live is 1, not 0'],
  },
  {
    name: 'package-absent',
    declare: { package: { name: 'hf-telnet', state: 'Absent' } },
    broken: 'dnf -qy install hf-telnet',
    found: ['state is 1.0-1, not absent'],
  },
  {
    name: 'package-present',
    declare: { package: { name: 'hf-agentd' } },
    found: ['state is absent, not present'],
  },
  {
    name: 'package-version',
    declare: { package: { name: 'hf-tool', minVersion: '1.2' } },
    broken: 'dnf -qy install hf-tool-1.0',
    found: ['version is 1.0-1, not 1.2 or newer'],
  },
  {
    name: 'service-wanted',
    declare: { service: { name: 'hf-wanted', enabled: true, running: true } },
    broken: 'systemctl disable --now -q hf-wanted',
    found: ['enabled is disabled, not enabled', 'running is inactive, not active'],
  },
  {
    name: 'service-unwanted',
    declare: { service: { name: 'hf-unwanted.service', enabled: false, running: false } },
    broken: 'systemctl enable --now -q hf-unwanted',
    found: ['enabled is enabled, not disabled', 'running is active, not inactive'],
  },
  {
    name: 'user-changed',
    declare: { user: { name: 'hf-app', uid: 1500, shell: '/usr/sbin/nologin', home: '/srv', locked: true } },
    broken: 'useradd -u 1501 -s /bin/bash -M -d /home/hf-app -p "\\$6\\$x\\$y" hf-app',
    found: [
      'uid is 1501, not 1500',
      'shell is /bin/bash, not /usr/sbin/nologin',
      'home is /home/hf-app, not /srv',
      'locked is no, not yes',
    ],
  },
  {
    name: 'user-absent',
    declare: { user: { name: 'hf-gone', state: 'Absent' } },
    broken: 'useradd -m -u 1600 -s /bin/sh hf-gone',
    found: ['state is present, not absent'],
  },
  {
    name: 'user-present',
    declare: { user: { name: 'hf-new', groups: ['wheel'] } },
    found: ['state is absent, not present'],
  },
  {
    name: 'group-changed',
    declare: { group: { name: 'hf-group', gid: 1700 } },
    broken: 'groupadd -g 1701 hf-group',
    found: ['gid is 1701, not 1700'],
  },
  {
    name: 'group-present',
    declare: { group: { name: 'hf-other', gid: 1710 } },
    found: ['state is absent, not present'],
  },
  {
    name: 'mount-options',
    declare: { mount: { path: '/mnt/hf shared', options: ['nodev', 'noexec'] } },
    broken:
      'mkdir -p "/mnt/hf shared"; printf "%s\\n" "tmpfs /mnt/hf\\\\040shared tmpfs size=1m,nodev 0 0" >>/etc/fstab; mount "/mnt/hf shared"; touch "/mnt/hf shared/kept"',
    found: ['options is not set, not noexec'],
  },
  {
    name: 'mount-absent',
    declare: { mount: { path: '/mnt/hf-new', source: 'tmpfs', type: 'tmpfs', options: ['nosuid', 'size=2m'] } },
    found: ['state is absent, not mounted'],
    lost: 'an absence of a mount cannot be declared',
  },
  {
    name: 'kernel-module',
    declare: { kernelModule: { name: 'hf-dummy' } },
    broken: 'echo "blacklist hf_dummy" >/etc/modprobe.d/mine.conf',
    found: ['loadable is yes, not no'],
  },
  {
    name: 'selinux',
    declare: { selinux: { mode: 'Disabled' } },
    broken: 'sed -i "s/^SELINUX=.*/SELINUX=permissive/" /etc/selinux/config',
    found: ['persisted is Permissive, not Disabled'],
  },
  {
    name: 'authorized-keys',
    declare: { authorizedKeys: { user: 'hf-login', keys: [`from="10.0.0.0/8" ${keys[0]} operations`] } },
    broken: `install -d -m 700 -o hf-login ~hf-login/.ssh; echo "${keys[1]} intruder" >~hf-login/.ssh/authorized_keys; chown hf-login ~hf-login/.ssh/authorized_keys`,
    found: [
      /^keys is absent, not SHA256:\S+ with options hmac:/,
      /^keys is 1 other key: SHA256:\S+, not no other key$/,
    ],
  },
];

/** What the host needs so that the cases can be told apart: units, an account, and a module that the kernel could load. */
export const preparation = `set -e
ln -sf bash /bin/sh # as on RHEL
for name in hf-wanted hf-unwanted; do
  printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/$name.service
done
systemctl daemon-reload
systemctl enable --now -q hf-wanted
useradd -m hf-login
modules=/lib/modules/$(uname -r)
mkdir -p $modules/kernel
: >$modules/modules.order; : >$modules/modules.builtin
printf '\\177ELF' >$modules/kernel/hf_dummy.ko
depmod
`;

/** What an account without root's rights cannot see must be unknown, even where an absence would pass. */
export const hiddenCases: readonly HiddenCase[] = [
  { declare: { file: { path: '/etc/hf-token', content: 'x' } }, why: 'unknown: /etc/hf-token cannot be read' },
  {
    declare: { file: { path: '/root/x', state: 'Absent' } },
    why: 'unknown: /root/x cannot be looked at: Permission denied',
  },
  {
    declare: { line: { path: '/etc/shadow', line: 'x', state: 'Absent' } },
    why: 'unknown: /etc/shadow cannot be read: Permission denied',
  },
  {
    declare: { sshd: { option: 'PermitRootLogin', value: 'no' } },
    why: /^unknown: sshd -T failed: .*no hostkeys available/,
  },
  {
    declare: { sysctl: { name: 'kernel.randomize_va_space', value: '2' } },
    hidden: 'echo >/etc/sysctl.d/90-hidden.conf; chmod 0600 /etc/sysctl.d/90-hidden.conf',
    why: 'unknown: /etc/sysctl.d/90-hidden.conf cannot be read',
  },
  {
    declare: { package: { name: 'hf-none', state: 'Absent' } },
    hidden: 'chmod 0700 /var/lib/rpm',
    why: /^unknown: rpm failed: Unable to open sqlite database/,
  },
  {
    declare: { service: { name: 'hf-none', enabled: false } },
    hidden: 'chmod 0700 /run/dbus',
    why: /^unknown: systemctl failed: Failed to connect to bus/,
  },
  {
    declare: { user: { name: 'root', locked: true } },
    why: /^unknown: \/etc\/shadow does not tell whether root is locked/,
  },
  {
    declare: { group: { name: 'hf-none', state: 'Absent' } },
    hidden: 'chmod 0600 /etc/group',
    why: 'unknown: /etc/group cannot be read',
  },
  {
    declare: { kernelModule: { name: 'hf-dummy' } },
    hidden: 'chmod 0700 /etc/modprobe.d',
    why: 'unknown: /etc/modprobe.d cannot be read',
  },
  {
    declare: { selinux: { mode: 'Disabled' } },
    hidden: 'chmod 0700 /etc/selinux',
    why: 'unknown: /etc/selinux/config cannot be looked at: Permission denied',
  },
  { declare: { authorizedKeys: { user: 'root', keys: [] } }, why: /^unknown: sshd -T failed/ },
];
