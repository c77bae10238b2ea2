/**
 * A long-running program being measured, in a control group of its own. It speaks in lines of JSON on standard output,
 * `{"event": …}`, is asked by lines on standard input, and ends when that does.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import { ControlGroup } from './controlGroup.ts';

export type Line = { readonly event: string } & Record<string, unknown>;

export class Subject {
  readonly group: ControlGroup;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(group: ControlGroup, child: ChildProcessByStdio<Writable, Readable, null>) {
    this.group = group;
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static async start(command: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<Subject> {
    const group = await ControlGroup.create();
    const [program, ...rest] = group.inside(command);
    return new Subject(group, spawn(program, rest, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** The next line of that event; others before it are dropped. Throws when the program ends before. */
  async next(event: string): Promise<Line> {
    for (;;) {
      const next = await this.#lines.next();
      if (next.done) throw new Error(`A measured program ended before it said '${event}': see what it wrote above.`);
      const line = JSON.parse(next.value) as Line;
      if (line.event === event) return line;
    }
  }

  async ask(event: string): Promise<Line> {
    this.#child.stdin.write(`${event}\n`);
    return this.next(event);
  }

  /** Resolves when it does nothing: what its start still does, such as to load programs, is not what is asked of it next. */
  async quiet(): Promise<void> {
    for (let [before, now] = [-1, 0]; now > before; [before, now] = [now, await this.group.cpuSeconds()])
      await delay(50);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.stdin.end();
      await ended;
    }
    await this.group.remove();
  }
}

/** A member that must be a number. */
export function numberIn(line: Line, name: string): number {
  const value = line[name];
  if (typeof value !== 'number')
    throw new Error(`A measured program gave no number '${name}': ${JSON.stringify(line)}`);
  return value;
}
