/** The name that somebody meant who wrote another. Pure. */

/** Names are not longer; of hostile ones nothing is guessed. */
const longest = 64;

/** The known name that takes the fewest changes, if these are few; letters in another case are none. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > longest) return undefined;
  const most = Math.max(1, Math.floor(name.length / 3));
  let best: { name: string; changes: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > most) continue;
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase());
    if (changes <= most && (!best || changes < best.changes)) best = { name: candidate, changes };
  }
  return best?.name;
}

/** Letters put in, taken out, replaced, or changed with the next: the distance of Damerau and Levenshtein (optimal string alignment). */
function changesBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
