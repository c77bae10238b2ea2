/** The whole operator as users run it, in a control group, seen by its log and its metrics. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { ControlGroup, bytes } from '../controlGroup.ts';
import type { Start } from '../start.ts';

const graceSeconds = 30;

export class MeasuredOperator {
  readonly group: ControlGroup;
  readonly #child: ChildProcess;
  readonly #port: number;

  private constructor(group: ControlGroup, child: ChildProcess, port: number) {
    this.group = group;
    this.#child = child;
    this.#port = port;
  }

  /** Resolves when it leads and works. `command` runs operator/main.ts. */
  static async start(command: Start['command'], flags: readonly string[]): Promise<MeasuredOperator> {
    const group = await ControlGroup.create();
    const [shell, ...rest] = group.inside(command('--listen', '127.0.0.1:0', ...flags));
    const child = spawn(shell, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      return new MeasuredOperator(group, child, await portOf(child));
    } catch (error) {
      await group.remove();
      throw error;
    }
  }

  /** Looks at hosts so far that gave an answer, and that gave none. */
  async looks(): Promise<{ seen: number; others: number }> {
    // A connection of its own each time: one that is kept may be closed just as it is used.
    const { body } = await request(`http://127.0.0.1:${this.#port}/metrics`, { reset: true });
    const text = await body.text();
    const counts = [...text.matchAll(/^holdfast_device_scan_seconds_count\{result="(\w+)"\} (\d+)$/gm)];
    const sum = (of: (result: string) => boolean): number =>
      counts.filter(([, result = '']) => of(result)).reduce((total, [, , count]) => total + Number(count), 0);
    return { seen: sum((result) => result === 'seen'), others: sum((result) => result !== 'seen') };
  }

  /** Of its own process alone, in bytes. */
  async memory(): Promise<{ resident: number; peak: number }> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return { resident: bytes(status, 'VmRSS'), peak: bytes(status, 'VmHWM') };
  }

  /** In order, as it is given time for when a pod ends; what is left after that is killed. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await Promise.race([ended, delay(graceSeconds * 1000, undefined, { ref: false })]);
    }
    await this.group.remove();
  }
}

/** From the line `started` of its log, the rest of which is dropped, save what went wrong. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (text) => {
      const line = JSON.parse(text) as { level: string; msg: string; port?: number };
      if (line.msg === 'started' && line.port !== undefined) resolve(line.port);
      if (line.level === 'error' || line.level === 'fatal') process.stderr.write(`${text}\n`);
    });
    child.once('exit', (code) => reject(new Error(`The operator ended with ${code} before it had started.`)));
  });
}
