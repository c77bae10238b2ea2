/** One of two operators: a process behind a proxy of its own that is started again whenever it has ended, as a kubelet does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Proxy } from './proxy.ts';

const program = resolve(import.meta.dirname, '../../../operator/start.sh');

export class Life {
  readonly proxy: Proxy;
  readonly #command: () => ChildProcess;
  #child: ChildProcess | undefined;
  #isOver = false;
  #running: Promise<void> = Promise.resolve();
  #mayStart: Promise<void> = Promise.resolve();
  starts = 0;

  static async begin(proxy: Proxy, folder: string, flags: readonly string[]): Promise<Life> {
    const state = join(folder, 'state');
    await mkdir(state, { recursive: true, mode: 0o700 });
    const log = createWriteStream(join(folder, 'operator.log'), { flags: 'a' });
    const args = ['--state-directory', state, '--listen', '127.0.0.1:0', ...flags];
    const life = new Life(proxy, () => {
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.pipe(log, { end: false });
      child.stderr.pipe(log, { end: false });
      return child;
    });
    life.#running = life.#goOn();
    return life;
  }

  private constructor(proxy: Proxy, command: () => ChildProcess) {
    this.proxy = proxy;
    this.#command = command;
  }

  /** The next process begins when what is answered is called: one that is started at once may lead again before anybody else does. */
  keepDown(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#mayStart = promise;
    return resolve;
  }

  /** Ends the process of now. */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.signal('SIGTERM');
    await this.#running;
  }

  async #goOn(): Promise<void> {
    while (!this.#isOver) {
      const child = this.#command();
      this.#child = child;
      this.starts += 1;
      await once(child, 'exit');
      await this.#mayStart;
    }
  }
}
