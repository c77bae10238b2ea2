/** An answer of lines that each begin with a word which says what they tell. Pure. */

/** The rest of each line that begins with the word; a line without a separator has none. */
export type Tagged = (word: string) => readonly string[];

export function taggedLines(answer: string): Tagged {
  const lines = answer
    .split('\n')
    .filter(Boolean)
    .map((line): [string, string] => {
      const at = line.indexOf('\x1f');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    });
  return (word) => lines.filter(([first]) => first === word).map(([, rest]) => rest);
}
