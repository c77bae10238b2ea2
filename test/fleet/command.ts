/**
 * Runs one program to its end and collects what it wrote. Arguments go as an array: no shell reads them.
 * Standard input is closed when none is given, so a program that asks a question ends instead of waiting.
 */
import { spawn } from 'node:child_process';

export type Arguments = readonly [program: string, ...rest: string[]];

export interface CommandResult {
  /** Exit code. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  input?: string;
  /** The whole environment of the program; that of this process when absent. */
  environment?: Record<string, string>;
  /** Kills the program when this much time has passed, and rejects. */
  timeoutSeconds?: number;
}

/** Resolves with the exit code whatever it is; rejects when the program cannot be started or takes too long. */
export function runCommand(command: Arguments, options: CommandOptions = {}): Promise<CommandResult> {
  const { input = '', environment, timeoutSeconds = 60 } = options;
  const [program, ...rest] = command;
  return new Promise((resolve, reject) => {
    // Its own process group: at the time limit its children, which hold our pipes open, must end with it.
    const child = spawn(program, rest, { env: environment ?? process.env, detached: true });
    const limit = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), timeoutSeconds * 1000);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined); // A program may end without reading its input.
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      if (code === null) {
        reject(new Error(`${command.join(' ')} was ended by ${signal}; its time limit was ${timeoutSeconds} s.`));
      } else {
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
      }
    });
  });
}

/** Like `runCommand`, but a program that fails rejects, with what it said. Resolves with its standard output. */
export async function mustRun(command: Arguments, options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, options);
  if (code !== 0) throw new Error(`${command.join(' ')} failed with ${code}: ${(stderr || stdout).trim()}`);
  return stdout;
}
