/** The tasks that somebody who uses Ansible would write for the checks of this benchmark. */
import type { DeviceCheck } from '../../../operator/api/v1alpha1/deviceCheck.ts';
import { expression, type Task } from '../../../operator/lib/ansibleTask.ts';
import { pythonPattern } from '../../../operator/lib/pythonPattern.ts';

const sysctlFile = '/etc/sysctl.d/99-zz-holdfast.conf';

/** Throws for a check of a type that the benchmark does not have. */
export function peerTasks(check: DeviceCheck): readonly Task[] {
  const { file, line, sshd, sysctl, package: rpm, service, user, group, selinux, authorizedKeys } = check;
  if (file) {
    const { path, content, mode, owner, group: ofGroup } = file;
    const attributes = { mode, owner, group: ofGroup };
    return content === undefined
      ? [{ name: 'attributes', 'ansible.builtin.file': { path, state: 'file', ...attributes } }]
      : [{ name: 'content', 'ansible.builtin.copy': { dest: path, content, ...attributes } }];
  }
  if (line) {
    const { path, line: text, startsWith } = line;
    const start = startsWith === undefined ? undefined : pythonPattern(startsWith);
    const other = { path, regexp: `^(?!${pythonPattern(text)}$)${start}`, state: 'absent' };
    return [
      { name: 'line', 'ansible.builtin.lineinfile': { path, line: text, regexp: start && `^${start}` } },
      ...(start ? [{ name: 'no other', 'ansible.builtin.lineinfile': other }] : []),
    ];
  }
  if (sshd) {
    const path = '/etc/ssh/sshd_config';
    const marker = `# {mark} Holdfast: ${sshd.option.toLowerCase()}`;
    const block = { path, block: `${sshd.option} ${sshd.value}`, marker, insertbefore: 'BOF' };
    const above = {
      path,
      regexp: `(?im)^[ \\t]*${sshd.option}[ \\t=].*\\n`,
      replace: '',
      before: `# BEGIN Holdfast: ${sshd.option.toLowerCase()}`,
    };
    return [
      { name: 'option', 'ansible.builtin.blockinfile': { ...block, validate: '/usr/sbin/sshd -t -f %s' } },
      { name: 'nothing above', 'ansible.builtin.replace': { ...above, validate: '/usr/sbin/sshd -t -f %s' } },
    ];
  }
  if (sysctl) {
    const pattern = `^${pythonPattern(sysctl.name)} =`;
    const persisted = { path: sysctlFile, regexp: pattern, line: `${sysctl.name} = ${sysctl.value}`, create: true };
    return [
      { name: 'persisted', 'ansible.builtin.lineinfile': persisted },
      {
        name: 'live',
        'ansible.builtin.command': { argv: ['sysctl', '-n', sysctl.name] },
        register: 'live',
        check_mode: false,
        changed_when: expression(`live.stdout != "${Number(sysctl.value)}"`),
      },
    ];
  }
  if (rpm) {
    const name = rpm.minVersion === undefined ? rpm.name : `${rpm.name} >= ${rpm.minVersion}`;
    const state = rpm.state === 'Absent' ? 'absent' : 'present';
    return [{ name: 'package', 'ansible.builtin.dnf': { use_backend: 'dnf4', name, state } }];
  }
  if (service) {
    const { name, enabled, running } = service;
    const state = running === undefined ? undefined : running ? 'started' : 'stopped';
    return [{ name: 'unit', 'ansible.builtin.systemd_service': { name, enabled, state } }];
  }
  if (user) {
    const { name, shell, groups } = user;
    return [{ name: 'account', 'ansible.builtin.user': { name, shell, groups, append: groups && true } }];
  }
  if (group) return [{ name: 'group', 'ansible.builtin.group': { name: group.name, gid: group.gid } }];
  if (selinux) {
    const line = `SELINUX=${selinux.mode.toLowerCase()}`;
    return [{ name: 'mode', 'ansible.builtin.lineinfile': { path: '/etc/selinux/config', regexp: '^SELINUX=', line } }];
  }
  if (authorizedKeys) {
    const { user: account, keys } = authorizedKeys;
    const module = { user: account, key: keys.join('\n'), exclusive: true };
    return [{ name: 'keys', 'ansible.posix.authorized_key': module }];
  }
  throw new Error(`the peer has no task for check '${check.name}'`);
}
