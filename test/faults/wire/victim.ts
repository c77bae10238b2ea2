/** The operator as a process, killed at any moment and started again with the same state. It ends when it is told to, and never by itself. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../../operator/start.sh');

/** After so many it stays away. */
const mostDeaths = 10;

export interface VictimOptions {
  readonly kubeconfig: string;
  /** Holds its state and its log. */
  readonly folder: string;
  readonly flags: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export class Victim {
  readonly #options: VictimOptions;
  readonly #log: WriteStream;
  readonly logFile: string;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();
  #mayEnd = false;
  /** How often it was started, and how it ended when nobody had asked for that. */
  starts = 0;
  readonly deaths: string[] = [];

  constructor(options: VictimOptions) {
    this.#options = options;
    this.logFile = join(options.folder, 'operator.log');
    mkdirSync(options.folder, { recursive: true });
    this.#log = createWriteStream(this.logFile, { flags: 'a' });
  }

  /** Holds its state and its log. */
  get folder(): string {
    return this.#options.folder;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when its caches are synced and it leads. */
  async start(): Promise<void> {
    const { kubeconfig, folder, flags, environment } = this.#options;
    const state = join(folder, 'state');
    await mkdir(state, { recursive: true, mode: 0o700 });
    const args = [
      '--lease',
      'none',
      '--kubeconfig',
      kubeconfig,
      '--state-directory',
      state,
      '--listen',
      '127.0.0.1:0',
      ...flags,
    ];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    this.#child = child;
    this.#mayEnd = false;
    this.starts += 1;
    child.stderr.pipe(this.#log, { end: false });
    const ready = new Promise<void>((settle) =>
      child.stdout.on('data', (chunk: Buffer) => {
        this.#log.write(chunk);
        if (chunk.includes('"msg":"started"')) settle();
      }),
    );
    this.#ended = new Promise<void>((settle) =>
      child.once('exit', (code, signal) => {
        settle();
        if (this.#child !== child || this.#mayEnd) return;
        this.deaths.push(`exit code ${code ?? 'none'}, signal ${signal ?? 'none'}`);
        // As a kubelet does it, so that one death is one fault and not that of all stories after it.
        if (this.deaths.length <= mostDeaths) this.#turn = this.#turn.then(() => this.#again(child));
      }),
    );
    await Promise.race([ready, this.#ended]);
  }

  /** Kills it and starts it again; who asks meanwhile waits for a turn. */
  restart(): Promise<void> {
    return (this.#turn = this.#turn.then(async () => {
      await this.#end('SIGKILL');
      await this.start();
    }));
  }

  /** Resolves when it has ended by itself, which is expected of it: it is not started again. */
  async endsByItself(): Promise<void> {
    this.#mayEnd = true;
    await this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async stop(): Promise<void> {
    await this.#turn;
    await this.#end('SIGTERM');
    this.#log.end();
  }

  async #again(dead: ChildProcess): Promise<void> {
    if (this.#child === dead) await this.start();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode === null && child.signalCode === null) child.kill(signal);
    await this.#ended;
  }
}
