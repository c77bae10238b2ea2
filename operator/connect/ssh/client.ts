/**
 * One run of the OpenSSH client within bounds: of time, of output, and of what it may say of errors. When a bound is reached or the
 * caller gives up, the client's whole process group ends at once.
 */
import { spawn } from 'node:child_process';

export interface ClientRun {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly input: string;
  readonly milliseconds: number;
  /** Of output and errors together. */
  readonly maxBytes: number;
}

export interface ClientEnd {
  /** Why it was ended by us, or could not be started. */
  readonly cut?: 'time' | 'size' | 'start';
  /** `null` when it was ended by a signal. */
  readonly exitCode: number | null;
  readonly output: Buffer;
  /** The end of what it wrote to its standard error; for `start`, why not. */
  readonly errors: string;
}

const mostErrorBytes = 16_384;

/** Rejects only when `signal` aborts, with its reason. No process is left when it settles. */
export async function runClient(run: ClientRun, signal: AbortSignal): Promise<ClientEnd> {
  signal.throwIfAborted();
  const child = spawn(run.command, run.arguments, {
    cwd: run.folder,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
  });
  let cut: ClientEnd['cut'];
  const end = (why?: ClientEnd['cut']): void => {
    cut ??= why;
    killGroup(child.pid);
  };
  const chunks: Buffer[] = [];
  let errors = Buffer.alloc(0);
  let bytes = 0;
  const count = (chunk: Buffer): boolean => {
    bytes += chunk.length;
    if (bytes > run.maxBytes) end('size');
    return !cut;
  };
  child.stdout.on('data', (chunk: Buffer) => count(chunk) && chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    if (count(chunk)) errors = Buffer.concat([errors, chunk]).subarray(-mostErrorBytes);
  });
  // A client that ends before it has read all says why on its standard error.
  child.stdin.on('error', () => undefined);
  child.stdin.end(run.input);

  const timer = setTimeout(() => end('time'), run.milliseconds);
  const abort = (): void => end();
  signal.addEventListener('abort', abort);
  try {
    const exit = await ended(child);
    signal.throwIfAborted();
    if (exit.error) return { cut: 'start', exitCode: null, output: Buffer.alloc(0), errors: exit.error.message };
    return { cut, exitCode: exit.code, output: Buffer.concat(chunks), errors: errors.toString('utf8') };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<{ code: number | null; error?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }));
    child.once('close', (code) => resolve({ code }));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
