/** Comparisons that end because they would take too long: by what is compared, and not by a clock. Pure. */

export class TooLarge extends Error {}

/** What is said of such an object: nothing is known of it. */
export const tooLarge =
  'the template and the object are too large to compare; declare fewer items of long lists, or use an expression';

/** The result, or that there is none because of the size. */
export function orTooLarge<T>(compare: () => T): T | typeof tooLarge {
  try {
    return compare();
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge;
    throw error;
  }
}
