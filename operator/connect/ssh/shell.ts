/**
 * A shell that runs OpenSSH clients, one at a time, in a session of its own: what cuts a client short ends the shell with it.
 * How the two talk stands in `clients.sh`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Portion } from './answerMemory.ts';
import { MarkedText } from './markedText.ts';

export interface ClientEnd {
  /** Why it was ended by us, or could not be started; `folder` when its files could not be written. */
  readonly cut?: 'time' | 'size' | 'memory' | 'start' | 'folder';
  /** `null` when it was ended with its shell. */
  readonly exitCode: number | null;
  readonly output: Buffer;
  /** The end of what it wrote to its standard error; for `start` and `folder`, why not. */
  readonly errors: string;
}

export interface ShellRun {
  /** Ends what the client writes; in the file of the request too. */
  readonly mark: string;
  readonly milliseconds: number;
  /** Of output and errors together. */
  readonly maxBytes: number;
  readonly portion: Portion;
}

interface Work {
  readonly maxBytes: number;
  readonly portion: Portion;
  readonly output: MarkedText;
  readonly errors: MarkedText;
  readonly settle: () => void;
  cut?: ClientEnd['cut'];
}

const program = join(import.meta.dirname, 'clients.sh');
const mostErrorBytes = 16_384;
/** More than the marks at the end of both streams have. */
const markBytes = 256;
/** For what was killed to be gone, which takes some milliseconds: a connection that stays open has the streams for as long as its host hangs. */
const endMilliseconds = 1000;

export class Shell {
  /** Resolves when it has ended. */
  readonly closed: Promise<void>;
  readonly #child: ChildProcess;
  readonly #close: () => void;
  #work: Work | undefined;
  #patience: NodeJS.Timeout | undefined;
  #state: 'sound' | 'ending' | { readonly exitCode: number | null; readonly error?: Error } = 'sound';

  /** Runs `command` as the file `request` in the folder says. */
  constructor(command: string, folder: string, request: string) {
    const child = spawn('/bin/sh', [program, command, request], {
      cwd: folder,
      detached: true,
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
    });
    this.#child = child;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#close = resolve;
    child.once('close', (exitCode) => this.#ended({ exitCode }));
    child.once('error', (error) => this.#ended({ exitCode: null, error }));
    // Were it killed alone, its client would stay.
    child.once('exit', () => this.#kill());
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => this.#take('output', chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#take('errors', chunk));
    this.#handles().forEach((handle) => handle?.unref());
  }

  /** Whether it takes another client. */
  get isSound(): boolean {
    return this.#state === 'sound';
  }

  /** Rejects only when `signal` aborts, with its reason. The client has ended when it settles. */
  async run({ mark, milliseconds, maxBytes, portion }: ShellRun, signal: AbortSignal): Promise<ClientEnd> {
    signal.throwIfAborted();
    const { promise, resolve: settle } = Promise.withResolvers<void>();
    const work: Work = { maxBytes, portion, output: new MarkedText(mark), errors: new MarkedText(mark), settle };
    this.#work = work;
    const cut = (why?: ClientEnd['cut']): void => this.#cut(work, why);
    portion.onCut(() => cut('memory'));
    const abort = (): void => cut();
    const timer = setTimeout(cut, milliseconds, 'time');
    signal.addEventListener('abort', abort);
    this.#child.stdin?.write('\n');
    try {
      await promise;
      signal.throwIfAborted();
      return this.#endOf(work);
    } finally {
      this.#work = undefined;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends it, with what it runs. */
  end(): Promise<void> {
    this.#kill();
    return this.closed;
  }

  #take(stream: 'output' | 'errors', chunk: Buffer): void {
    const work = this.#work;
    // One that has ended by itself may have said why, and that is read after its end was heard of.
    if (!work || work.cut !== undefined) return;
    work[stream].take(chunk);
    const { output, errors, maxBytes, portion } = work;
    portion.grow(output.capacity + errors.capacity);
    if (output.exitCode !== undefined && errors.exitCode !== undefined) work.settle();
    else if (output.bytes + errors.bytes > maxBytes + markBytes) this.#cut(work, 'size');
  }

  #cut(work: Work, why: ClientEnd['cut']): void {
    work.cut ??= why;
    this.#kill();
  }

  #endOf({ cut, output, errors, maxBytes }: Work): ClientEnd {
    const end = { output: output.content, errors: errors.content.subarray(-mostErrorBytes).toString('utf8') };
    if (cut) return { ...end, cut, exitCode: null };
    if (output.exitCode !== undefined && errors.exitCode !== undefined)
      return output.bytes + errors.bytes > maxBytes
        ? { ...end, cut: 'size', exitCode: null }
        : { ...end, exitCode: output.exitCode };
    const { exitCode = null, error } = typeof this.#state === 'object' ? this.#state : {};
    // A shell goes by itself when it has no command or no memory to start it, and says so.
    const isStart = error !== undefined || exitCode !== null;
    return { ...end, cut: isStart ? 'start' : undefined, exitCode: null, errors: error?.message ?? end.errors.trim() };
  }

  #ended(end: { readonly exitCode: number | null; readonly error?: Error }): void {
    clearTimeout(this.#patience);
    if (typeof this.#state === 'string') this.#state = end;
    this.#work?.settle();
    this.#close();
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || typeof this.#state === 'object') return;
    this.#state = 'ending';
    // Until it has ended, so that the operator does not before.
    this.#handles().forEach((handle) => handle?.ref());
    this.#patience ??= setTimeout(() => this.#leave(), endMilliseconds);
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }

  #leave(): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const stream of [stdin, stdout, stderr]) stream?.destroy();
    this.#ended({ exitCode: null });
  }

  /** What would keep the operator from ending; a run is bounded by its timer. */
  #handles(): ({ ref(): unknown; unref(): unknown } | null | undefined)[] {
    const { stdin, stdout, stderr } = this.#child;
    return [this.#child, ...[stdin, stdout, stderr].map((stream) => stream as Socket | null)];
  }
}
