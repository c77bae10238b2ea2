/**
 * The place where the hosts of one fleet live: a mount, a process and a network namespace of their own, and a cgroup.
 * Every mount, interface and process of a fleet is in there and nowhere else, so the kernel removes them all together
 * when the sandbox closes, and it closes when this process ends, even by `kill -9`: its first process reads a pipe
 * from us, and ends with it.
 * The one thing outside is the near end of the cable to the fleet's bridge, and that goes when its far end does.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Arguments, mustRun, runCommand } from './command.ts';

export interface Sandbox {
  /** The first three numbers of the addresses in there, as `10.213.7`. This machine is `.1`. */
  network: string;
  /** The bridge's name, inside. */
  bridge: string;
  /** The sandbox's part of the cgroup tree, as seen from inside and, below `root`, from this process. */
  cgroup: string;
  /** The file system in there, as this process can reach it. */
  root: string;
  /** The arguments that run `command` in there as root. */
  inside(command: Arguments): Arguments;
  /** Lays a cable from the bridge into another network namespace, that of the process, and gives its end the address. */
  attach(pid: number, address: string): Promise<void>;
  /** Ends every process in there; resolves when all is gone, `folder` too. */
  close(): Promise<void>;
}

const bridge = 'fleet';

/**
 * Outer part: outlives the hosts by a moment to remove what no namespace removes, the cgroup and the folder. Its cgroup
 * tree is of version 2 whatever the machine has, since hosts like RHEL 9 know no other.
 * Inner part: its shell is the first process and ends with `cat`, which ends when the pipe from our process does. It
 * waits meanwhile, so orphans are reaped. nspawn's state under /run/systemd is hidden, so that fleets do not share it.
 */
const outer = `
  inner=$1 cgroup=$2 folder=$3
  mkdir --parents "$(dirname "$folder")"
  mkdir --mode=755 "$folder"
  remove() {
    if [ -d "$cgroup" ]; then find "$cgroup" -depth -type d -exec rmdir {} +; fi
    rm --recursive --force --one-file-system "$folder"
  }
  trap remove EXIT
  if [ "$(stat --file-system --format %T /sys/fs/cgroup)" != cgroup2fs ]; then
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
  fi
  mkdir "$cgroup"
  unshare --mount --pid --net --fork --kill-child --mount-proc sh -euc "$inner"`;
const inner = `
  mkdir --parents /run/systemd
  mount -t tmpfs tmpfs /run/systemd
  echo open
  exec 3<&0
  cat <&3 &
  wait $!`;

/** Opens a sandbox that makes `folder`, an absolute path, and removes it at its end. Rejects where none can be had. */
export async function openSandbox(folder: string): Promise<Sandbox> {
  const cgroup = `/sys/fs/cgroup/${path.basename(folder)}`;
  const script = ['sh', '-euc', outer, 'sh', inner, cgroup, folder];
  // Detached: a Ctrl-C in the terminal is for our process to answer, not for the sandbox.
  const child = spawn('unshare', ['--mount', '--propagation', 'private', ...script], { detached: true, stdio: 'pipe' });
  const ended = once(child, 'close');
  await opened(child);
  const cables: string[] = [];
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    // The kernel would do it too, a moment later.
    for (const cable of cables) await runCommand(['ip', 'link', 'delete', cable]);
  };
  try {
    const pid = await firstProcess(child.pid);
    const { cable, network } = await layCable(pid);
    cables.push(cable);
    await connect(pid, cable, network);
    const enter = ['nsenter', '--target', String(pid), '--mount', '--net', '--pid'] as const;
    const attach = (other: number, address: string): Promise<void> =>
      join({ pid, other, address, gateway: `${network}.1` });
    return {
      ...{ network, bridge, cgroup, attach, close },
      root: `/proc/${pid}/root`,
      inside: (command) => [...enter, ...command],
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the keeper's script says when it is open; rejects when it ends before that. */
export function opened(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout.once('data', () => resolve());
    child.once('close', () =>
      reject(
        new Error(
          'This machine cannot run test hosts: they need root, namespaces, overlayfs and cgroup version 2. Use ' +
            `a virtual machine or a privileged container. (${complaint.trim()})`,
        ),
      ),
    );
  });
}

/** The keeper's only child is unshare, and that one's only child is the first process of the sandbox. */
export async function firstProcess(keeperPid: number | undefined): Promise<number> {
  const [unshare] = await childrenOf(keeperPid ?? 0);
  const [first] = await childrenOf(unshare ?? 0);
  if (first === undefined) throw new Error('The sandbox of the test hosts ended as soon as it had opened.');
  return first;
}

/** The direct children of a process, as this process counts them. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

/**
 * Lays a cable from this machine into the sandbox and names it after its network: the kernel lets only one have the
 * name, and so fleets that start at once never share a network.
 */
async function layCable(pid: number): Promise<{ cable: string; network: string }> {
  const routes = await mustRun(['ip', '-4', 'route', 'show']);
  for (let third = 1; third < 255; third++) {
    const network = `10.213.${third}`;
    if (routes.includes(`${network}.`)) continue;
    const cable = `holdfast${third}`;
    const farEnd = ['peer', 'name', 'uplink', 'netns', String(pid)];
    const added = await runCommand(['ip', 'link', 'add', cable, 'type', 'veth', ...farEnd]);
    if (added.code === 0) return { cable, network };
    if (!added.stderr.includes('File exists')) {
      throw new Error(`The network of the test hosts cannot be made: ${added.stderr.trim()}`);
    }
  }
  throw new Error('No network 10.213.x.0/24 is free on this machine: stop other fleets first.');
}

async function connect(pid: number, cable: string, network: string): Promise<void> {
  const inside = ['nsenter', '--target', String(pid), '--net'] as const;
  await mustRun([...inside, 'ip', 'link', 'add', bridge, 'type', 'bridge']);
  await mustRun([...inside, 'ip', 'link', 'set', 'uplink', 'master', bridge, 'up']);
  await mustRun([...inside, 'ip', 'link', 'set', bridge, 'up']);
  await mustRun(['ip', 'address', 'add', `${network}.1/24`, 'dev', cable]);
  await mustRun(['ip', 'link', 'set', cable, 'up']);
}

interface Joining {
  /** Of a process in the sandbox. */
  readonly pid: number;
  /** Of a process in the network namespace that joins. */
  readonly other: number;
  readonly address: string;
  readonly gateway: string;
}

async function join({ pid, other, address, gateway }: Joining): Promise<void> {
  const near = ['nsenter', '--target', String(pid), '--net'] as const;
  const far = ['nsenter', '--target', String(other), '--net'] as const;
  const name = `to${other}`;
  await mustRun([...near, 'ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', String(other)]);
  await mustRun([...near, 'ip', 'link', 'set', name, 'master', bridge, 'up']);
  await mustRun([...far, 'ip', 'link', 'set', 'lo', 'up']);
  await mustRun([...far, 'ip', 'address', 'add', `${address}/24`, 'dev', 'uplink']);
  await mustRun([...far, 'ip', 'link', 'set', 'uplink', 'up']);
  await mustRun([...far, 'ip', 'route', 'add', 'default', 'via', gateway]);
}
