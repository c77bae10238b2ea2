/**
 * Names with wildcards: `*` stands for any characters, also none, and `?` for exactly one. Everything else stands for itself; there is
 * no way to escape a wildcard, because no name of Kubernetes has one. A comparison never takes more steps than the lengths of the two
 * multiplied, whatever the pattern: no pattern can stall the operator.
 */

/** Whether the text has wildcards at all, so that it may match more than one name. */
export function isPattern(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** Whether the pattern matches the whole name. */
export function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let inName = 0;
  // Where to go on when what follows the last `*` does not fit: earlier ones never have to be tried again.
  let afterStar = -1;
  let retry = 0;
  while (inName < name.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      at += 1;
      afterStar = at;
      retry = inName;
    } else if (wanted === '?' || (wanted !== undefined && wanted === name[inName])) {
      at += 1;
      inName += 1;
    } else if (afterStar >= 0) {
      at = afterStar;
      retry += 1;
      inName = retry;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
