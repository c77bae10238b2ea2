/**
 * The systemd container behind a test host: one overlay of the host image, booted by systemd-nspawn in the fleet's
 * sandbox. It is switched on and off; its disk stays until it is discarded.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Arguments, type CommandOptions, type CommandResult, mustRun, runCommand } from './command.ts';
import { childrenOf, type Sandbox } from './sandbox.ts';

/** More than any test writes, far less than the machine's memory. */
const diskSize = '512m';

/**
 * A host's files are, from the top: what it wrote, what makes it itself (`identity`), the image.
 * What a killed container leaves behind is removed first, for nspawn refuses to start on it. nspawn ends with 133 when
 * the host wants to reboot.
 * /tmp stays on the disk, as it is on RHEL.
 */
const boot = `
  folder=$1 image=$2 cgroup=$3 bridge=$4 machine=$5 size=$6
  disk=$folder/disk
  if ! mountpoint --quiet "$disk"; then
    mkdir -p "$disk"
    mount -t tmpfs -o "size=$size,mode=755" tmpfs "$disk"
    mkdir "$disk/upper" "$disk/work" "$disk/root"
    mount -t overlay -o "lowerdir=$folder/identity:$image,upperdir=$disk/upper,workdir=$disk/work" overlay "$disk/root"
  fi
  export SYSTEMD_NSPAWN_TMPFS_TMP=0
  code=133
  while [ "$code" = 133 ]; do
    ip link delete "vb-$machine" 2>/dev/null || true
    if [ -d "$cgroup" ]; then find "$cgroup" -depth -type d -exec rmdir {} +; fi
    mkdir "$cgroup"
    code=0
    sh -euc 'echo 0 > "$1/cgroup.procs"; shift; exec "$@"' sh "$cgroup" \
      systemd-nspawn --quiet --boot --register=no --keep-unit --settings=no --machine="$machine" \
      --network-bridge="$bridge" --link-journal=no --resolv-conf=off --timezone=off --directory="$disk/root" || code=$?
  done
  exit "$code"`;

/** What root in a host must not have, such as setting the clock: nspawn denies it to the services there likewise. */
const powersOverTheMachine =
  'sys_time,sys_module,sys_rawio,syslog,mac_admin,mac_override,wake_alarm,block_suspend,bpf,perfmon';
const withoutThem = `--bounding-set=-${powersOverTheMachine.replaceAll(',', ',-')}`;
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', HOME: '/root', LANG: 'C.UTF-8' };

export class Container {
  readonly #folder: string;
  readonly #image: string;
  readonly #sandbox: Sandbox;
  readonly #machine: string;
  #process: ChildProcess | undefined;

  /** `folder` holds `identity`, a directory tree laid over the image. Its last part is the container's name. */
  constructor(folder: string, image: string, sandbox: Sandbox) {
    this.#folder = folder;
    this.#image = image;
    this.#sandbox = sandbox;
    this.#machine = path.basename(folder);
  }

  get isOn(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  switchOn(): void {
    const settings = [this.#folder, this.#image, this.#cgroup, this.#sandbox.bridge, this.#machine, diskSize];
    const [program, ...rest] = this.#sandbox.inside(['sh', '-euc', boot, 'sh', ...settings]);
    const log = openSync(this.#consoleLog, 'a');
    this.#process = spawn(program, rest, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
  }

  async switchOff(): Promise<void> {
    if (!this.#process || !this.isOn) return;
    const ended = once(this.#process, 'exit');
    await this.#writeCgroup('cgroup.kill', '1');
    await ended;
    await this.#reaches('cgroup.events', 'populated 0');
  }

  /** Drops all that was written since the container was first switched on. It must be off. */
  async discardDisk(): Promise<void> {
    await mustRun(this.#sandbox.inside(['umount', '--recursive', `${this.#folder}/disk`]));
  }

  /** 'full' leaves the root file system no more than what it has used. */
  async resizeDisk(to: 'full' | 'usual'): Promise<void> {
    const used = `$(df --block-size=1 --output=used "$1" | tail -n 1 | tr -d ' ')`;
    const resize = `mount -o remount,size=${to === 'full' ? used : diskSize} "$1"`;
    await mustRun(this.#sandbox.inside(['sh', '-euc', resize, 'sh', `${this.#folder}/disk`]));
  }

  /** Its first process as this machine numbers it, once systemd runs there. Another one after each boot. */
  async init(): Promise<number | undefined> {
    let generation = [this.#process?.pid ?? 0];
    while (generation.length > 0) {
      for (const pid of generation) {
        if ((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')) === 'systemd\n') return pid;
      }
      generation = (await Promise.all(generation.map(childrenOf))).flat();
    }
    return undefined;
  }

  /** Runs a program in there as root, past SSH and systemd, even while frozen. */
  async run(command: Arguments, options: Omit<CommandOptions, 'environment'> = {}): Promise<CommandResult> {
    const init = await this.init();
    if (init === undefined) throw new Error(`Host ${this.#machine} is off: start it before running a command there.`);
    const enter = ['--target', String(init), '--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd'];
    return runCommand(['nsenter', ...enter, 'setpriv', withoutThem, ...command], { ...options, environment });
  }

  async freeze(): Promise<void> {
    await this.#writeCgroup('payload/cgroup.freeze', '1');
    await this.#reaches('payload/cgroup.events', 'frozen 1');
  }

  async thaw(): Promise<void> {
    await this.#writeCgroup('payload/cgroup.freeze', '0');
  }

  /** The last lines of the console, for messages. */
  async console(): Promise<string> {
    const lines = (await readFile(this.#consoleLog, 'utf8')).trimEnd().split('\n');
    return lines.slice(-8).join('\n');
  }

  get #consoleLog(): string {
    return path.join(this.#folder, 'console.log');
  }

  get #cgroup(): string {
    return `${this.#sandbox.cgroup}/${this.#machine}`;
  }

  async #writeCgroup(file: string, value: string): Promise<void> {
    await writeFile(`${this.#sandbox.root}${this.#cgroup}/${file}`, value);
  }

  async #reaches(file: string, state: string): Promise<void> {
    while (!(await readFile(`${this.#sandbox.root}${this.#cgroup}/${file}`, 'utf8')).includes(state)) await delay(5);
  }
}
