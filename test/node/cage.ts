/**
 * Where a node lives: a mount, a process and a network namespace of its own, cgroups, and a folder. The kernel ends all of it together, the pods too, when
 * the cage closes, and it closes when this process ends, even by `kill -9`: its first process reads a pipe from us, and ends with it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Arguments } from '../fleet/command.ts';
import { firstProcess, opened } from '../fleet/sandbox.ts';

export interface Cage {
  /** Of its first process, as this machine counts. */
  readonly pid: number;
  /** Absolute; the same inside. */
  readonly folder: string;
  /** The cgroup of all pods, as the kubelet names it. */
  readonly cgroup: string;
  /** The arguments that run `command` in there as root. */
  inside(command: Arguments): Arguments;
  /** Ends every process in there; resolves when all is gone, `folder` too. */
  close(): Promise<void>;
}

/**
 * Outer part: outlives the node by a moment to remove what no namespace removes, cgroups and the folder. A machine has one tree of cgroups (version 2) or
 * one for each controller (version 1).
 * Inner part: /run, where containerd insists on having its sockets, and the folders of the kubelet are the node's own.
 */
const outer = `
  inner=$1 name=$2 folder=$3
  trees=/sys/fs/cgroup
  if [ "$(stat --file-system --format %T $trees)" = cgroup2fs ]; then
    for controller in $(cat $trees/cgroup.controllers); do echo "+$controller" > $trees/cgroup.subtree_control || true; done
  else
    trees=$(find $trees -mindepth 1 -maxdepth 1 -type d ! -name unified)
  fi
  remove() {
    # runc makes them in the tree of version 2 too, where a machine has both.
    for made in "/sys/fs/cgroup/$name" /sys/fs/cgroup/*/"$name"; do
      if [ -d "$made" ]; then find "$made" -depth -type d -exec rmdir {} + || true; fi
    done
    rm --recursive --force --one-file-system "$folder"
  }
  trap remove EXIT
  mkdir --parents "$folder"/log "$folder"/kubelet
  for tree in $trees; do
    mkdir "$tree/$name"
    if [ -f "$tree/cpuset.cpus" ]; then
      for file in cpuset.cpus cpuset.mems; do cat "$tree/$file" > "$tree/$name/$file"; done
    fi
  done
  unshare --mount --pid --net --fork --kill-child --mount-proc sh -euc "$inner" sh "$folder"`;
const inner = `
  mount --make-rshared /
  mount -t tmpfs tmpfs /run
  mkdir --parents /var/lib/kubelet /run/lock
  mount --bind "$1/log" /var/log
  mount --bind "$1/kubelet" /var/lib/kubelet
  echo 1 > /proc/sys/net/ipv4/ip_forward
  echo open
  exec 3<&0
  cat <&3 &
  wait $!`;

/** Opens a cage that makes `folder`, an absolute path, and removes it at its end. Rejects where none can be had. */
export async function openCage(folder: string): Promise<Cage> {
  const name = path.basename(folder);
  const script = ['sh', '-euc', outer, 'sh', inner, name, folder];
  // Detached: a Ctrl-C in the terminal is for our process to answer, not for the cage.
  const child = spawn('unshare', ['--mount', '--propagation', 'private', ...script], { detached: true, stdio: 'pipe' });
  const ended = once(child, 'close');
  await opened(child);
  const pid = await firstProcess(child.pid);
  const enter = ['nsenter', '--target', String(pid), '--mount', '--net', '--pid'] as const;
  return {
    pid,
    folder,
    cgroup: `/${name}`,
    inside: (command) => [...enter, ...command],
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
