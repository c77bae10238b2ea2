/** Shows a rollout whenever it changes: redrawn in place on a terminal, one block per change elsewhere. It asks again and again, so that no watch ends unseen. */
import { parseDuration } from '../../../lib/duration.ts';
import { sleep } from '../../../runtime/clock.ts';
import { hasStatus, NoResponse } from '../../../runtime/apiError.ts';
import { exit, Failure, UsageError, type Cluster, type Exit, type Io } from '../../command.ts';
import { tinted } from '../../colors.ts';
import { asFailure } from '../listed.ts';
import { factsOf, readRollout, type Facts } from './facts.ts';
import { doneWith } from './standing.ts';
import { rolloutTree } from './tree.ts';

const everyMilliseconds = 2_000;

interface Watched {
  readonly namespace: string;
  readonly name: string;
  readonly untilDone: boolean;
  /** Such as `90m`. */
  readonly timeout?: string;
}

export async function watchRollout(watched: Watched, cluster: Cluster, io: Io): Promise<Exit> {
  const { clock } = cluster;
  const most = mostMilliseconds(watched.timeout);
  const begun = { now: clock.now(), elapsed: clock.elapsed() };
  const screen = new Screen(io);
  const forever = new AbortController().signal;
  for (;;) {
    const facts = await readAgain(watched, cluster, io);
    const columns = io.terminal?.()?.columns;
    if (facts)
      screen.show(tinted(rolloutTree(facts, clock.now(), columns), io), rolloutTree(facts, begun.now, columns));
    const done = facts && watched.untilDone ? doneWith(facts) : undefined;
    if (done) return done === 'completed' ? exit.holds : exit.failed;
    if (clock.elapsed() - begun.elapsed >= most) {
      if (!watched.untilDone) return exit.holds;
      throw new Failure(`CanaryRollout ${watched.name} was not done within ${watched.timeout}; it continues.`);
    }
    await sleep(clock, everyMilliseconds, forever);
  }
}

function mostMilliseconds(timeout: string | undefined): number {
  if (timeout === undefined) return Infinity;
  const nanoseconds = parseDuration(timeout);
  if (nanoseconds === undefined || nanoseconds <= 0n) throw new UsageError('--timeout must be a duration, such as 90m');
  return Number(nanoseconds / 1_000_000n);
}

/** Undefined when the apiserver is away for the moment. */
async function readAgain(watched: Watched, cluster: Cluster, io: Io): Promise<Facts | undefined> {
  try {
    const rollout = await readRollout(cluster, watched);
    if (!rollout) throw new Failure(`CanaryRollout ${watched.name} does not exist in namespace ${watched.namespace}.`);
    return await factsOf(cluster, rollout);
  } catch (error) {
    if (!isPassing(error)) throw asFailure(`CanaryRollout ${watched.name} cannot be read`, error);
    io.stderr('the apiserver does not respond; it is asked again.\n');
    return undefined;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof NoResponse || [429, 500, 502, 503, 504].some((code) => hasStatus(error, code));
}

/** What was shown last. */
class Screen {
  readonly #io: Io;
  #last?: string;
  #height = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  /** `same` differs only when more than the time has changed. */
  show(text: string, same: string): void {
    const terminal = this.#io.terminal?.();
    if (!terminal) {
      if (same !== this.#last) this.#io.stdout(`${this.#last === undefined ? '' : '\n'}${text}`);
      this.#last = same;
      return;
    }
    // What has left the top of a terminal cannot be redrawn.
    const lines = text.trimEnd().split('\n');
    const most = Math.max(2, terminal.rows - 1);
    const shown = lines.length > most ? [...lines.slice(0, most - 1), '… more than fits; use `rollout get`'] : lines;
    const up = this.#height > 0 ? `\x1b[${this.#height}A\r\x1b[J` : '';
    this.#io.stdout(`${up}${shown.join('\n')}\n`);
    this.#height = shown.length;
  }
}
