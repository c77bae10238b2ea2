/**
 * One test host: a systemd machine with its own address, host key and disk, to be broken at will. What happens to it
 * stays in it: `stop` and `start` keep its disk, `reset` brings it back as new.
 * Each method resolves when what it says has come about.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandOptions, CommandResult } from './command.ts';
import type { Container } from './container.ts';
import { sshAnswers } from './ssh.ts';

export interface HostIdentity {
  name: string;
  address: string;
  /** The public half of its host key, as `ssh-ed25519 AAAA…`. */
  hostKey: string;
}

export type RunOptions = Pick<CommandOptions, 'input' | 'timeoutSeconds'>;

const bootSeconds = 300;

export class Host {
  readonly name: string;
  readonly address: string;
  readonly port = 22;
  /** The key it first had: what `changeHostKey` makes differs. */
  readonly hostKey: string;
  readonly #container: Container;

  constructor(identity: HostIdentity, container: Container) {
    this.name = identity.name;
    this.address = identity.address;
    this.hostKey = identity.hostKey;
    this.#container = container;
  }

  /** Boots; resolves when sshd answers and systemd has started all it should. */
  async start(): Promise<void> {
    this.#container.switchOn();
    await this.#booted();
  }

  /** Pulls the plug: nothing ends in order, and the address no longer answers. */
  async stop(): Promise<void> {
    await this.#container.switchOff();
  }

  /** Reboots in order, as `systemctl reboot` does. */
  async reboot(): Promise<void> {
    const before = await this.#container.init();
    await this.mustRun('systemctl reboot');
    await this.#booted(before);
  }

  /** Forgets everything since the first start, and boots again. */
  async reset(): Promise<void> {
    await this.#container.switchOff();
    await this.#container.discardDisk();
    await this.start();
  }

  /** Halts all its processes where they are: the kernel still accepts connections, and nothing ever answers. */
  async freeze(): Promise<void> {
    await this.#container.freeze();
  }

  async thaw(): Promise<void> {
    await this.#container.thaw();
  }

  /** Runs a shell command as root, past SSH and sudo, even while the host is frozen. Any exit code resolves. */
  run(command: string, options: RunOptions = {}): Promise<CommandResult> {
    return this.#container.run(['sh', '-c', command], options);
  }

  /** Like `run`, but a command that fails rejects. Resolves with its standard output. */
  async mustRun(command: string, options: RunOptions = {}): Promise<string> {
    return this.#succeed(command, ['sh', '-c', command], options);
  }

  /** Writes a whole file, made if absent. `mode` is as chmod takes it. */
  async writeFile(file: string, content: string, mode = '0644'): Promise<void> {
    const write = ['sh', '-c', 'cat > "$1" && chmod "$2" "$1"', 'sh', file, mode] as const;
    await this.#succeed(`writing ${file}`, write, { input: content });
  }

  readFile(file: string): Promise<string> {
    return this.#succeed(`reading ${file}`, ['cat', '--', file]);
  }

  /** Gives the host another key, as an impostor or a reinstalled host has. Resolves with its public half. */
  async changeHostKey(): Promise<string> {
    const key = '/etc/ssh/ssh_host_ed25519_key';
    await this.mustRun(`rm ${key} ${key}.pub && ssh-keygen -q -t ed25519 -N '' -C '' -f ${key}`);
    await this.mustRun('systemctl restart sshd');
    return (await this.readFile(`${key}.pub`)).trim();
  }

  /** Leaves not one block free on the root file system: new data is refused with ENOSPC. */
  async fillDisk(): Promise<void> {
    await this.#container.resizeDisk('full');
  }

  async emptyDisk(): Promise<void> {
    await this.#container.resizeDisk('usual');
  }

  /** Takes the user out of sudoers: `sudo -n` fails as for anyone who was never in. */
  async denySudo(): Promise<void> {
    await this.mustRun('mv /etc/sudoers.d/holdfast /etc/holdfast.sudoers');
  }

  async allowSudo(): Promise<void> {
    await this.mustRun('mv /etc/holdfast.sudoers /etc/sudoers.d/holdfast');
  }

  async #succeed(what: string, command: Parameters<Container['run']>[0], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.#container.run(command, options);
    if (code !== 0) throw new Error(`On ${this.name}, ${what} failed with ${code}: ${(stderr || stdout).trim()}`);
    return stdout;
  }

  /** Waits until a boot is over. `previous` is the init of the boot before it, whose last moments must not count. */
  async #booted(previous?: number): Promise<void> {
    const deadline = Date.now() + bootSeconds * 1000;
    while (this.#container.isOn && Date.now() < deadline) {
      const init = await this.#container.init();
      if (
        init !== undefined &&
        init !== previous &&
        (await this.#isUp()) &&
        (await sshAnswers(this.address, this.port))
      )
        return;
      await delay(50);
    }
    const console = await this.#container.console();
    throw new Error(`Host ${this.name} has not booted. The end of its console:\n${console}`);
  }

  /** A failed unit does not keep a host from being used, and tests make units fail. */
  async #isUp(): Promise<boolean> {
    const state = await this.run('systemctl is-system-running --wait').catch(() => undefined);
    return state !== undefined && /^(running|degraded)$/m.test(state.stdout);
  }
}
