/**
 * What all of these reads give. Of several that fail, the first in the list says why, whichever was answered first: who lacks several rights
 * is told the same each time.
 */
export async function allOf<T extends readonly unknown[] | []>(
  reads: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(reads);
  return Promise.all(reads);
}
