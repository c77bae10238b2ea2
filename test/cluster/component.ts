/**
 * One program of a test cluster as a child process. It writes to a log file of its own, is killed by the kernel when
 * this process ends in whatever way, and does not keep this process from ending.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Program {
  name: string;
  path: string;
  arguments: readonly string[];
}

/** Generous, for a machine that builds something else meanwhile. */
const startSeconds = 120;
const logLines = 25;

export class Component {
  readonly name: string;
  readonly pid: number | undefined;
  private readonly child: ChildProcess;
  private readonly log: string;
  private readonly ended: Promise<string>;
  private end: string | undefined;

  /** Starts the program in `folder`, which also takes its log. */
  constructor(program: Program, folder: string) {
    this.name = program.name;
    this.log = join(folder, `${program.name}.log`);
    const log = openSync(this.log, 'a');
    // A process group of its own keeps a Ctrl-C in the terminal for the parent, which then stops things in order.
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program.path, ...program.arguments], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child.unref();
    this.pid = this.child.pid;
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(`it could not be run (${error.message})`));
      this.child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
    });
    void this.ended.then((end) => (this.end = end));
  }

  /** Resolves when `check` says so; throws with the end of the log when the program ends before, or takes too long. */
  async ready(check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + startSeconds * 1000;
    while (!(await check())) {
      if (this.end !== undefined) throw await this.failure(this.end);
      if (Date.now() > deadline) throw await this.failure(`it was not ready after ${startSeconds} s`);
      await delay(50);
    }
  }

  /** Kills it without notice, as a crash would: it has nothing to save that outlives the test. */
  async kill(): Promise<void> {
    if (this.end !== undefined) return;
    this.child.ref();
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async failure(what: string): Promise<Error> {
    const lines = (await readFile(this.log, 'utf8')).trimEnd().split('\n');
    const tail = lines.slice(-logLines).join('\n');
    return new Error(`${this.name} of the test cluster did not start: ${what}. The end of its log:\n${tail}`);
  }
}
