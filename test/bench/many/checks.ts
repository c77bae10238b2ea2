/** Ten checks that only read, and hold on most machines. Whether they do is of no matter here. */
import type { DeviceCheck } from '../../../operator/api/v1alpha1/deviceCheck.ts';

export const checks: readonly DeviceCheck[] = [
  ...['/etc/passwd', '/etc/group', '/etc/hosts', '/etc/fstab'].map((path) => ({
    name: path.slice(5),
    file: { path, mode: '0644', owner: 'root', group: 'root' },
  })),
  { name: 'no-rhosts', file: { path: '/etc/hosts.equiv', state: 'Absent' } },
  { name: 'localhost', line: { path: '/etc/hosts', line: '127.0.0.1 localhost' } },
  { name: 'aslr', sysctl: { name: 'kernel.randomize_va_space', value: '2', scope: 'Live' } },
  { name: 'syncookies', sysctl: { name: 'net.ipv4.tcp_syncookies', value: '1', scope: 'Live' } },
  { name: 'root-is-root', user: { name: 'root', uid: 0 } },
  { name: 'group-of-root', group: { name: 'root', gid: 0 } },
];
