/** Lines of the configuration of ssh and sshd, whose case of keywords, and what separates these from their arguments, do not matter. Pure. */

/** In small letters. */
export function keywordOf(line: string): string {
  return (/^[^\s=]*/.exec(line.trim())?.[0] ?? '').toLowerCase();
}

/** The line so that two that mean the same are the same. */
export function plain(line: string): string {
  const keyword = keywordOf(line);
  const words = line
    .trim()
    .slice(keyword.length)
    .replace(/^[\s=]+/, '')
    .split(/\s+/);
  return [keyword, ...words].join(' ');
}
