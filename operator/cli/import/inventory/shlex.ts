/** `shlex.split(line, comments=True)` of Python, by which Ansible splits the line of a host. Pure. */
import { NotRead } from './values.ts';

const blanks = ' \t\r\n';

/** A `#` begins a comment wherever it is not quoted, in the middle of a word as well. */
export function shlexSplit(line: string): string[] {
  const tokens: string[] = [];
  let token: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '#') break;
    if (blanks.includes(character)) {
      if (token !== undefined) tokens.push(token);
      token = undefined;
    } else if (character === '\\') {
      at += 1;
      if (at >= line.length) throw new NotRead('a backslash ends the line');
      token = (token ?? '') + line[at];
    } else if (character === "'" || character === '"') {
      const quoted = quotedAt(line, at);
      token = (token ?? '') + quoted.text;
      at = quoted.end;
    } else token = (token ?? '') + character;
  }
  if (token !== undefined) tokens.push(token);
  return tokens;
}

/** In double quotes, a backslash is taken away before `"` and `\` alone; in single quotes it is a character. */
function quotedAt(line: string, start: number): { readonly text: string; readonly end: number } {
  const quote = line[start];
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === quote) return { text, end: at };
    const next = line[at + 1] ?? '';
    if (quote === '"' && character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at += 1;
    } else text += character;
  }
  throw new NotRead('a quotation mark is not closed');
}
