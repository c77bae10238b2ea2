/**
 * Runs of the OpenSSH client within bounds: of time, of output, and of what it may say of errors. Small shells start the clients,
 * as many as there are at once: docs/adr/0013-small-shells-start-clients.md.
 */
import { randomBytes } from 'node:crypto';
import type { Lease, PrivateFiles } from './privateFiles.ts';
import { RewrittenFile } from './rewrittenFile.ts';
import { Shell, type ClientEnd } from './shell.ts';

export interface ClientRun {
  /** Contents of files that are there only while the client runs. */
  readonly secrets: readonly string[];
  readonly knownHosts: string;
  /** Given the names of the files. */
  readonly arguments: (knownHosts: string, secrets: readonly string[]) => readonly string[];
  readonly input: string;
  readonly milliseconds: number;
  /** Of output and errors together. */
  readonly maxBytes: number;
}

interface Worker {
  readonly shell: Shell;
  readonly request: RewrittenFile;
  readonly knownHosts: RewrittenFile;
  readonly input: RewrittenFile;
}

/** Shells that wait for work; each has 130 kB of its own. */
const mostIdle = 64;

export class Clients {
  readonly #command: string;
  readonly #folder: string;
  readonly #files: PrivateFiles;
  readonly #shells = new Set<Shell>();
  #idle: Worker[] = [];
  /** Is given no work, so that it sees at once when the operator was killed, and ends what would be left behind. */
  #keeper: Shell | undefined;
  #made = 0;

  /** `command` is the client; it runs in the folder. */
  constructor(command: string, folder: string, files: PrivateFiles) {
    this.#command = command;
    this.#folder = folder;
    this.#files = files;
  }

  /** Rejects only when `signal` aborts, with its reason. The client has ended when it settles. */
  async run(run: ClientRun, signal: AbortSignal): Promise<ClientEnd> {
    signal.throwIfAborted();
    let secrets: Lease | undefined;
    let worker: Worker | undefined;
    try {
      secrets = this.#files.lease(run.secrets);
      worker = this.#take();
      const { shell, request, knownHosts, input } = worker;
      const client = [this.#command, ...run.arguments(knownHosts.name, secrets.names)].map(quoted).join(' ');
      // The host must not know it: what it writes is taken for its answer up to there.
      const mark = randomBytes(16).toString('hex');
      knownHosts.write(run.knownHosts);
      input.write(run.input);
      request.write(`mark=${mark}\n${client} <${input.name}\n`);
      return await shell.run({ mark, milliseconds: run.milliseconds, maxBytes: run.maxBytes }, signal);
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

  #take(): Worker {
    if (!this.#keeper?.isSound) this.#keeper = this.#start('none', []);
    for (let worker = this.#idle.pop(); worker; worker = this.#idle.pop()) if (worker.shell.isSound) return worker;
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
    if (this.#idle.length < mostIdle) this.#idle.push(worker);
    else void worker.shell.end();
  }
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
