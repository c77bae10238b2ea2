/** What a host says of itself: asked as a type of its own at every look. Pure. */
import type { DeviceFacts } from '../../api/v1alpha1/device.ts';
import { shortened } from '../../lib/text.ts';
import { visible } from '../checks/shown.ts';

// The line of btime comes after one that has tens of kilobytes on large machines, too much for a shell that reads byte by byte.
export const factsScript = `IFS=$US read -r index
os= version= selinux=Absent
if [ -r /etc/os-release ]; then
  while IFS== read -r key value || [ -n "$key" ]; do
    value=\${value#[\\"\\']} value=\${value%[\\"\\']}
    case $key in ID) os=$value ;; VERSION_ID) version=$value ;; esac
  done </etc/os-release
fi
boot=$(grep '^btime ' /proc/stat 2>/dev/null </dev/null)
if [ -r /sys/fs/selinux/enforce ]; then
  read -r selinux </sys/fs/selinux/enforce
  case $selinux in 1) selinux=Enforcing ;; *) selinux=Permissive ;; esac
elif command -v getenforce >/dev/null; then
  selinux=$(getenforce 2>/dev/null </dev/null)
fi
# Before Linux 6.1 only uname tells the architecture.
{
  read -r name </proc/sys/kernel/hostname && read -r release </proc/sys/kernel/osrelease && read -r machine </proc/sys/kernel/arch
} 2>/dev/null && set -- "$name" "$release" "$machine" || set -- $(uname -n -r -m </dev/null)
answer "$index" "$os$US$version$US$2$US$3$US$1$US$selinux$US\${boot#btime }"`;

/** Reads the answer; what makes no sense is left out. */
export function parseFacts(answer: string): DeviceFacts {
  const fields = answer.split('\x1f').map((field) => shortened(visible(field), 128));
  if (fields.length !== 7) return {};
  const [os, version, kernel, architecture, hostname, selinux, boot] = fields;
  const bootSeconds = /^[0-9]{1,11}$/.test(boot ?? '') ? Number(boot) : 0;
  return {
    ...(os && { os }),
    ...(version && { version }),
    ...(kernel && { kernel }),
    ...(architecture && { architecture }),
    ...(hostname && { hostname }),
    ...(selinux && { selinux }),
    ...(bootSeconds && { bootTime: new Date(bootSeconds * 1000).toISOString() }),
  };
}
