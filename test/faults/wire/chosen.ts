/** Which faults a scenario meets: each write and each frame some of them, other ones than the write or frame before it. */
import type { Scenario } from '../scenarios/scenario.ts';
import type { Reference } from './case.ts';
import { frameTroubles, writeTroubles, type FrameTrouble, type Trouble, type WriteTrouble } from './trouble.ts';

const long: readonly string[] = ['silence', 'silence-all'];

/** Whether it is over only when the operator has noticed a silent watch. */
export function isLong({ what }: Trouble): boolean {
  return long.includes(what);
}

export function allTroubles(
  { troubles, needsHost }: Pick<Scenario, 'troubles' | 'needsHost'>,
  { writes, frames }: Pick<Reference, 'writes' | 'frames'>,
  isPart = false,
): Trouble[] {
  const onWrites = (troubles?.write ?? Object.keys(writeTroubles)) as WriteTrouble[];
  const onFrames = (troubles?.frame ?? Object.keys(frameTroubles)) as FrameTrouble[];
  const every = (troubles?.every ?? 2) * (isPart ? (needsHost ? 4 : 2) : 1);
  /** So that each fault meets other moments than the next one. */
  const spread = <What extends string>(all: readonly What[], count: number) =>
    all.flatMap((what, at) =>
      Array.from({ length: count }, (_, before) => ({ n: before + 1, what })).filter(
        ({ n }) => (n + at) % (long.includes(what) ? 4 * every : every) === 0,
      ),
    );
  const all: Trouble[] = [
    ...spread(onWrites, writes).map((one): Trouble => ({ of: 'write', ...one })),
    ...spread(onFrames, frames).map((one): Trouble => ({ of: 'frame', ...one })),
  ];
  // Kills are spread over all of them: each costs all stories that are told at once.
  return all.sort((a, b) => a.n - b.n);
}

/** Always the same few: of each kind of fault one, each at another moment; one kill, since each costs all stories, and none that takes minutes. */
export function sampleOf(
  scenario: Pick<Scenario, 'troubles'>,
  { writes, frames }: Pick<Reference, 'writes' | 'frames'>,
): Trouble[] {
  const kinds = Map.groupBy(allTroubles(scenario, { writes, frames }), ({ of, what }) => `${of} ${what}`);
  return [...kinds.values()]
    .map((all, at) => all[Math.floor(((at * 7 + 3) % 19) * (all.length / 19))]!)
    .filter((trouble) => !isLong(trouble) && trouble.what !== 'kill' && trouble.what !== 'kill-before');
}
