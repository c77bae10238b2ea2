/** The operator as a process of its own, as it runs for users: started, ended politely, or killed at any moment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setUp } from '../cluster/setUp.ts';

const root = resolve(import.meta.dirname, '../..');
/** Bundled, as an image has it, where `make` has bundled it. */
const program = process.env['HOLDFAST_OPERATOR'] ?? join(root, 'operator/main.ts');
const readyLine = '"msg":"started"';

export interface OperatorOptions {
  readonly kubeconfig: string;
  /** Holds its state and its log; kept by the caller across restarts. */
  readonly folder: string;
  readonly flags?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Operator {
  readonly pid: number;
  readonly logFile: string;
  log(): string;
  /** Resolves with the exit code once it has ended by itself. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Resolves when its caches are synced. */
export async function startOperator({
  kubeconfig,
  folder,
  flags = [],
  environment = {},
}: OperatorOptions): Promise<Operator> {
  const ansible = join(await setUp('ansible'), 'bin');
  const logFile = join(folder, 'operator.log');
  // What comes later counts, so flags may have another one.
  const args = [
    '--lease',
    'none',
    '--kubeconfig',
    kubeconfig,
    '--state-directory',
    join(folder, 'state'),
    '--ansible-bin',
    ansible,
  ];
  const child = spawn(process.execPath, [program, ...args, '--listen', '127.0.0.1:0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const ended = new Promise<number | null>((settle) => child.once('exit', settle));
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stderr.pipe(log, { end: false });
  await new Promise<void>((settle, fail) => {
    child.stdout.on('data', (chunk: Buffer) => {
      log.write(chunk);
      if (chunk.includes(readyLine)) settle();
    });
    void ended.then((code) =>
      fail(new Error(`the operator ended with ${code} before it was ready:\n${tail(logFile)}`)),
    );
  });
  return {
    pid: child.pid ?? 0,
    logFile,
    ended,
    log: () => readFileSync(logFile, 'utf8'),
    stop: () => end(child, ended, 'SIGTERM'),
    kill: () => end(child, ended, 'SIGKILL'),
  };
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended;
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
}
