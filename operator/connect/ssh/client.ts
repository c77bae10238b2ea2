/**
 * Runs of the OpenSSH client within bounds: of time, of output, and of what it may say of errors. Small shells start the clients,
 * as many as there are at once: docs/adr/0013-small-shells-start-clients.md.
 */
import { randomBytes } from 'node:crypto';
import type { Lane } from '../../lib/lanes.ts';
import { Turns, type InTurn } from '../../lib/turns.ts';
import type { Portion } from './answerMemory.ts';
import type { Lease, PrivateFiles } from './privateFiles.ts';
import { RewrittenFile } from './rewrittenFile.ts';
import { Shell, type ClientEnd } from './shell.ts';

export interface ClientRun {
  /** Of many groups that wait for a shell, each gets one in its turn. */
  readonly group: string;
  /** Contents of files that are there only while the client runs. */
  readonly secrets: readonly string[];
  readonly knownHosts: string;
  /** Given the names of the files. */
  readonly arguments: (knownHosts: string, secrets: readonly string[]) => readonly string[];
  readonly input: Buffer;
  readonly milliseconds: number;
  /** Of output and errors together. */
  readonly maxBytes: number;
  readonly portion: Portion;
}

interface Worker {
  readonly shell: Shell;
  readonly request: RewrittenFile;
  readonly knownHosts: RewrittenFile;
  readonly input: RewrittenFile;
}

/** Who waits for a shell. */
interface Waiting extends PromiseWithResolvers<Worker | undefined>, InTurn {
  isReady: boolean;
}

/** Shells that wait for work; each has 130 kB of its own. */
const mostIdle = 64;

export class Clients {
  readonly #command: string;
  readonly #folder: string;
  readonly #files: PrivateFiles;
  readonly #shells = new Set<Shell>();
  readonly #now: () => number;
  #idle: Worker[] = [];
  readonly #waiting = new Turns<Waiting>(Infinity);
  /** After a start, for as long as that took. */
  #isResting = false;
  /** Is given no work, so that it sees at once when the operator was killed, and ends what would be left behind. */
  #keeper: Shell | undefined;
  #made = 0;

  /** `command` is the client; it runs in the folder. `now` gives milliseconds of a clock that never goes back. */
  constructor(command: string, folder: string, files: PrivateFiles, now = () => performance.now()) {
    this.#now = now;
    this.#command = command;
    this.#folder = folder;
    this.#files = files;
  }

  /** Starts shells before there is work. A start takes the longer the larger this process is, and nothing else is done meanwhile. */
  prepare(shells: number): void {
    try {
      this.#keep();
      while (this.#idle.length < Math.min(shells, mostIdle)) this.#idle.push(this.#makeWorker());
    } catch {
      // As on a full disk: who needs a shell then is told.
    }
  }

  /** Rejects only when `signal` aborts, with its reason. The client has ended when it settles. */
  async run(run: ClientRun, signal: AbortSignal): Promise<ClientEnd> {
    signal.throwIfAborted();
    let secrets: Lease | undefined;
    let worker: Worker | undefined;
    try {
      secrets = this.#files.lease(run.secrets);
      const began = this.#now();
      worker = await this.#take(run.group, signal);
      const { shell, request, knownHosts, input } = worker;
      const client = [this.#command, ...run.arguments(knownHosts.name, secrets.names)].map(quoted).join(' ');
      // The host must not know it: what it writes is taken for its answer up to there.
      const mark = randomBytes(16).toString('hex');
      knownHosts.write(run.knownHosts);
      input.write(run.input);
      request.write(`mark=${mark}\n${client} <${input.name}\n`);
      const milliseconds = Math.max(1, run.milliseconds - (this.#now() - began));
      return await shell.run({ mark, milliseconds, maxBytes: run.maxBytes, portion: run.portion }, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { cut: 'folder', exitCode: null, output: Buffer.alloc(0), errors: String(error) };
    } finally {
      secrets?.release();
      if (worker) this.#giveBack(worker);
    }
  }

  /** Ends all shells, with what they run. */
  async close(): Promise<void> {
    await Promise.all([...this.#shells].map((shell) => shell.end()));
  }

  /**
   * One that is idle, or a new one. Nothing else is done while a shell starts, and hundreds of hosts may be due at once: so half of the time
   * at most is for starting them, and who waits is given whichever comes first, a new one or one that has become idle.
   */
  async #take(group: string, signal: AbortSignal): Promise<Worker> {
    this.#keep();
    for (let worker = this.#idle.pop(); worker; worker = this.#idle.pop()) if (worker.shell.isSound) return worker;
    if (!this.#isResting) return this.#make();
    const lane: Lane = 'fresh';
    const waiting: Waiting = { ...Promise.withResolvers(), group, isSlow: false, lane, isReady: true };
    const leave = (): void => {
      waiting.isReady = false;
      waiting.resolve(undefined);
    };
    this.#waiting.push(waiting);
    signal.addEventListener('abort', leave);
    try {
      const worker = await waiting.promise;
      if (worker) return worker;
      throw signal.reason;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #keep(): void {
    if (!this.#keeper?.isSound) this.#keeper = this.#start('none', []);
  }

  #make(): Worker {
    const began = this.#now();
    const worker = this.#makeWorker();
    this.#isResting = true;
    setTimeout(() => this.#rested(), this.#now() - began);
    return worker;
  }

  #rested(): void {
    this.#isResting = false;
    while (!this.#isResting) {
      const next = this.#next();
      if (!next) return;
      try {
        next.resolve(this.#make());
      } catch (error) {
        next.reject(error);
      }
    }
  }

  #next(): Waiting | undefined {
    const next = this.#waiting.take();
    if (!next) return undefined;
    next.isReady = false;
    this.#waiting.leave(next);
    return next;
  }

  #makeWorker(): Worker {
    this.#made += 1;
    const file = (what: string): RewrittenFile => new RewrittenFile(this.#folder, `${what}${this.#made}`);
    const files = { request: file('r'), knownHosts: file('h'), input: file('i') };
    return { ...files, shell: this.#start(files.request.name, Object.values(files)) };
  }

  #start(request: string, files: readonly RewrittenFile[]): Shell {
    const shell = new Shell(this.#command, this.#folder, request);
    this.#shells.add(shell);
    void shell.closed.then(() => {
      this.#shells.delete(shell);
      for (const file of files) file.remove();
    });
    return shell;
  }

  #giveBack(worker: Worker): void {
    if (!worker.shell.isSound) return;
    const next = this.#next();
    if (next) next.resolve(worker);
    else if (this.#idle.length < mostIdle) this.#idle.push(worker);
    else void worker.shell.end();
  }
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
