/** Which faults a scenario meets: each write and each frame each of them, but for those that take minutes. */
import type { Scenario } from '../scenarios/scenario.ts';
import type { Reference } from './case.ts';
import { frameTroubles, writeTroubles, type FrameTrouble, type Trouble, type WriteTrouble } from './trouble.ts';

const long: readonly string[] = ['silence', 'silence-all'];

/** Whether it is over only when the operator has noticed a silent watch. */
export function isLong({ what }: Trouble): boolean {
  return long.includes(what);
}

export function allTroubles(
  { troubles }: Pick<Scenario, 'troubles'>,
  { writes, frames }: Pick<Reference, 'writes' | 'frames'>,
): Trouble[] {
  const onWrites = (troubles?.write ?? Object.keys(writeTroubles)) as WriteTrouble[];
  const onFrames = (troubles?.frame ?? Object.keys(frameTroubles)) as FrameTrouble[];
  const every = troubles?.every ?? 1;
  const upTo = (count: number) => Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every + 1);
  const all = [
    ...onWrites.flatMap((what) => upTo(writes).map((n): Trouble => ({ of: 'write', n, what }))),
    ...onFrames.flatMap((what) =>
      upTo(frames)
        .filter((n) => !long.includes(what) || n % 4 === 1)
        .map((n): Trouble => ({ of: 'frame', n, what })),
    ),
  ];
  // Kills are spread over all of them: each costs all stories that are told at once.
  return all.sort((a, b) => a.n - b.n);
}

/** Always the same few: of each kind of fault one, each at another moment; no more than two kills, and none that takes minutes. */
export function sampleOf(
  scenario: Pick<Scenario, 'troubles'>,
  { writes, frames }: Pick<Reference, 'writes' | 'frames'>,
): Trouble[] {
  const kinds = Map.groupBy(allTroubles(scenario, { writes, frames }), ({ of, what }) => `${of} ${what}`);
  return [...kinds.values()]
    .map((all, at) => all[Math.floor(((at * 7 + 3) % 19) * (all.length / 19))]!)
    .filter((trouble) => !isLong(trouble) && trouble.what !== 'kill');
}
