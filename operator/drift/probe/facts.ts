/** What a host says of itself: asked as a type of its own at every look. */
import type { DeviceFacts } from '../../api/v1alpha1/device.ts';

export const factsScript = String.raw`read -r index
os= version= boot= selinux=Absent hostname=
if [ -r /etc/os-release ]; then
  while IFS='=' read -r key value || [ -n "$key" ]; do
    value=${'$'}{value%[\"\']} value=${'$'}{value#[\"\']}
    case $key in ID) os=$value ;; VERSION_ID) version=$value ;; esac
  done </etc/os-release
fi
while read -r key value rest; do [ "$key" = btime ] && boot=$value; done </proc/stat
command -v getenforce >/dev/null 2>&1 && selinux=$(getenforce 2>/dev/null </dev/null)
[ -r /proc/sys/kernel/hostname ] && read -r hostname </proc/sys/kernel/hostname
answer "$index" "$os$US$version$US$(uname -r </dev/null)$US$(uname -m </dev/null)$US$hostname$US$selinux$US$boot"`;

/** Reads the answer; a part that makes no sense is left out. */
export function parseFacts(answer: string): DeviceFacts {
  const [os, version, kernel, architecture, hostname, selinux, boot] = answer.split('\x1f').map(plain);
  const seconds = Number(boot);
  return {
    ...(os && { os }),
    ...(version && { version }),
    ...(kernel && { kernel }),
    ...(architecture && { architecture }),
    ...(hostname && { hostname }),
    ...(selinux && { selinux }),
    ...(seconds > 0 && seconds < 1e11 && { bootTime: new Date(seconds * 1000).toISOString() }),
  };
}

function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- a host may answer anything
  return text.replace(/[\x00-\x1f\x7f]/g, '').slice(0, 128);
}
