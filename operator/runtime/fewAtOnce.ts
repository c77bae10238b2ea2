/** Does the same with many things, a few at once. */

/** In order. Ends when all that began have ended; fails as the first of them that failed, after which no more begin. */
export async function fewAtOnce<T>(all: readonly T[], most: number, each: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      try {
        await each(one);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(most, all.length) }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
