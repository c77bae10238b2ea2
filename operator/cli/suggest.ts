/** What was probably meant by a word that is misspelt. */

/** Of a command that is longer than this, no letters are compared. */
const longest = 40;

/** Those that begin with it, or differ from it by a few letters, the nearest first. */
export async function closest(word: string, known: readonly string[]): Promise<string[]> {
  if (word.length > longest) return [];
  const { default: leven } = await import('leven');
  const most = Math.max(1, Math.floor(word.length / 3));
  return known
    .map((one) => ({ one, distance: isBeginning(word, one) ? 0 : isSwapped(word, one) ? 1 : leven(word, one) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ one }) => one);
}

/** The same letters in another order: two letters that are swapped count as one mistake. */
function isSwapped(word: string, of: string): boolean {
  return [...word].sort().join('') === [...of].sort().join('');
}

function isBeginning(word: string, of: string): boolean {
  return word.replace(/^-+/, '').length >= 2 && of.startsWith(word);
}
