/** Waits for a condition of the real world. */

/** Resolves with the first value that is not undefined; throws with the last seen state when it takes too long. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  {
    seconds = 60,
    everyMilliseconds = 100,
    seen,
  }: { seconds?: number; everyMilliseconds?: number; seen?: () => unknown } = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) {
      const last = seen ? `; last seen: ${JSON.stringify(await seen())}` : '';
      throw new Error(`waited ${seconds} s in vain until ${what}${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMilliseconds));
  }
}
