/**
 * The operator is killed at each write of a pack of evidence to a real S3: before it gets there, and after it was stored and before that is answered; with its
 * disk and without it. There is one pack of each number then, and the journal has each entry once.
 */
import { Chain, nameOf, type Kill } from '../evidence/kills.ts';
import { startProcessBed, type ProcessBed } from '../evidence/processBed.ts';
import { problemsOf } from '../evidence/wholeness.ts';
import type { Fault } from './faults.ts';

/** Of a journal, what was journaled last is stored beside every 64th segment. */
const atState: Kill = { write: 'journal/state-*.json', nth: 1, when: 'after', isDiskLost: true };
const mostPacks = 100;

export const evidence: Fault = async (say, signal, { only }) => {
  const bed = await startProcessBed();
  const chain = new Chain(bed);
  const problems: string[] = [];
  const unrecorded: number[] = [];
  let count = 0;
  const look = async (kill: Kill, isKilled: boolean): Promise<void> => {
    const found = isKilled ? await wrong(bed, chain, unrecorded) : ['it was not written'];
    say(`killed ${nameOf(kill)}: ${found.length === 0 ? `pack ${chain.count} is there once` : found.join('; ')}`);
    problems.push(...found.map((one) => `${nameOf(kill)}: ${one}`));
  };
  try {
    // The first pack of a store writes a list of keys, and so does one that is signed with a new key.
    await chain.next();
    await chain.rotate();
    const writes = await chain.writes();
    say(`a pack with a new key writes ${writes.map(({ write }) => write).join(', ')}`);
    const kills = writes.flatMap(({ write, nth }): Kill[] =>
      [false, true].flatMap((isDiskLost) =>
        (['before', 'after'] as const).map((when) => ({ write, nth, when, isDiskLost })),
      ),
    );
    const chosen = (kill: Kill): boolean => only.length === 0 || only.includes(nameOf(kill));
    for (const kill of kills.filter(chosen)) {
      signal.throwIfAborted();
      if (kill.write.startsWith('keys/')) await chain.rotate();
      // That a pack is stored is on the disk alone until the next segment is.
      if (kill.isDiskLost) unrecorded.push(chain.count);
      const isKilled = await chain.killedAt(kill);
      if (isKilled) count += 1;
      await look(kill, isKilled);
    }
    if (chosen(atState)) {
      let isKilled = false;
      while (!isKilled && chain.count < mostPacks) {
        signal.throwIfAborted();
        isKilled = await chain.killedAt(atState);
      }
      count += 1;
      unrecorded.push(chain.count - 1);
      await look(atState, isKilled);
    }
  } finally {
    await bed.stop();
  }
  return { count, lines: [`${chain.count} packs of one chain, ${problems.length} problems`], problems };
};

async function wrong(bed: ProcessBed, chain: Chain, unrecorded: readonly number[]): Promise<string[]> {
  const folder = await bed.download();
  const packs = { nightly: chain.count };
  return problemsOf({ bucket: bed.bucket, folder, key: bed.key.public, packs, turns: bed.turns, unrecorded });
}
