/**
 * A control group that a measured program and all that it starts live in. The kernel counts their CPU time together,
 * that of ended and daemonised processes included, which no sum over /proc can. Nothing in a group outlives the process
 * that made it, however that ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';

export interface Memory {
  /** Resident bytes of all processes now; pages that processes share count once for each. */
  readonly resident: number;
  /** The same, if each were at its own peak. */
  readonly peak: number;
}

/** Its `read` ends with the pipe that only the maker of the group writes to. A killed process leaves the group a moment later. */
const keeper = `read -r _
echo 1 >"$0/cgroup.kill"
while [ -e "$0" ] && ! rmdir -- "$0" 2>/dev/null; do sleep 0.05; done`;

export class ControlGroup {
  readonly #path: string;
  readonly #keeper: ChildProcess;

  private constructor(path: string) {
    this.#path = path;
    // A session of its own keeps a Ctrl-C in the terminal from it.
    this.#keeper = spawn('sh', ['-c', keeper, path], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
    this.#keeper.unref();
    (this.#keeper.stdin as Socket).unref();
  }

  static async create(): Promise<ControlGroup> {
    const path = join(await ownGroup(), `${prefix}${process.pid}-${(made += 1)}`);
    try {
      await mkdir(path);
    } catch (error) {
      throw new Error(`Benchmarks measure in a control group, and ${path} cannot be made: run this again as root.`, {
        cause: error,
      });
    }
    return new ControlGroup(path);
  }

  /** The command that runs another inside the group. It ends with this process. */
  inside(command: readonly string[]): [program: string, ...rest: string[]] {
    const enter = ['sh', '-c', 'echo 0 > "$0" && exec "$@"', join(this.#path, 'cgroup.procs')];
    return ['setpriv', '--pdeathsig', 'TERM', '--', ...enter, ...command];
  }

  /** Since the group was made, in user and kernel mode. */
  async cpuSeconds(): Promise<number> {
    return microseconds(await readFile(join(this.#path, 'cpu.stat'), 'utf8')) / 1e6;
  }

  async processes(): Promise<number[]> {
    const list = await readFile(join(this.#path, 'cgroup.procs'), 'utf8');
    return list.split('\n').filter(Boolean).map(Number);
  }

  async memory(): Promise<Memory> {
    // A process that ended meanwhile has no memory.
    const read = (pid: number): Promise<string> => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const states = await Promise.all((await this.processes()).map(read));
    const sum = (field: string): number => states.reduce((total, state) => total + bytes(state, field), 0);
    return { resident: sum('VmRSS'), peak: sum('VmHWM') };
  }

  /**
   * Resident bytes of all processes now, pages that processes share split among them. It takes the kernel a while for
   * many processes.
   */
  async proportionalBytes(): Promise<number> {
    const read = (pid: number): Promise<string> => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const states = await Promise.all((await this.processes()).map(read));
    return states.reduce((total, state) => total + bytes(state, 'Pss'), 0);
  }

  /** Ends what still runs in there, and removes the group. */
  async remove(): Promise<void> {
    if (this.#keeper.exitCode !== null) return;
    this.#keeper.ref();
    this.#keeper.stdin?.end();
    await once(this.#keeper, 'exit');
  }

  /** Removes the groups of benchmarks whose keepers were killed too. To be called while no other benchmark runs. */
  static async removeLeftovers(): Promise<void> {
    const parent = await ownGroup();
    for (const name of await readdir(parent)) {
      const [, pid] = name.startsWith(prefix) ? name.slice(prefix.length - 1).split('-') : [];
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) await new ControlGroup(join(parent, name)).remove();
    }
  }
}

const prefix = 'holdfast-bench-';
let made = 0;

/** The group of this process in the tree of version 2, wherever that is mounted. */
async function ownGroup(): Promise<string> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const mount = mounts.find((line) => / - cgroup2 /.test(line))?.split(' ')[4];
  const own = /^0::(.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1];
  if (mount === undefined || own === undefined) {
    throw new Error('Benchmarks need control groups of version 2: mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified.');
  }
  return join(mount, own);
}

/** `usage_usec` of a cpu.stat file. */
export function microseconds(cpuStat: string): number {
  const usage = /^usage_usec (\d+)$/m.exec(cpuStat)?.[1];
  if (usage === undefined) throw new Error(`A control group without usage_usec: ${cpuStat.slice(0, 100)}`);
  return Number(usage);
}

/** A field of /proc/PID/status that is given in kB; 0 when it is not there. */
export function bytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
