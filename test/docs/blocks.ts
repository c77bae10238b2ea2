/**
 * The fenced blocks of pages, and the commands in those that readers type. A block `console` has commands after a prompt, `$ ` for whoever reads, `bob$ ` for
 * someone else, `web-01# ` for root on a host, and below each what it prints; without a prompt, all of it is one script. Pure.
 */
export interface Block {
  readonly page: string;
  /** Of its fence, from 1. */
  readonly line: number;
  /** What follows the fence, such as `console`. */
  readonly language: string;
  readonly text: string;
  /** Of the comment directly above it, `not run: REASON`, `run by FILE` or `output not compared: REASON`; lines of a longer comment are one. */
  readonly comment?: string;
}

export interface Command {
  readonly text: string;
  /** What is before `$` or `#` in the prompt: a person, or a host. */
  readonly who?: string;
  readonly isOnHost: boolean;
  /** The lines below it. */
  readonly shows: readonly string[];
}

/** Languages of blocks that readers type. */
export const typed: readonly string[] = ['console', 'sh', 'bash', 'shell'];

export function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    // A block may begin in the first line of an item of a list.
    const [, indent = '', fence, language = ''] =
      /^( *(?:(?:[-*+]|\d+[.)]) +)?)(```+|~~~+)([^`]*)$/.exec(lines[at]!) ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && closes(line.trim(), fence));
    const inner = lines.slice(at + 1, end < 0 ? undefined : end).map((line) => line.slice(indent.length));
    const comment = commentAbove(lines.slice(0, at));
    blocks.push({
      ...{ page, line: at + 1, language: language.trim(), text: inner.map((line) => `${line}\n`).join('') },
      ...(comment !== undefined && { comment }),
    });
    at = end < 0 ? lines.length : end;
  }
  return blocks;
}

/** A fence of the same character, at least as long. */
function closes(line: string, fence: string): boolean {
  return line.startsWith(fence) && [...line].every((character) => character === fence[0]);
}

/** Of the last lines that are not empty, if they are a comment. */
function commentAbove(lines: readonly string[]): string | undefined {
  const above = lines.join('\n').trimEnd();
  const [, comment] = /<!--((?:(?!-->)[\s\S])*)-->$/.exec(above) ?? [];
  return comment?.replaceAll(/\s+/g, ' ').trim();
}

const prompt = /^(?:([a-z][a-z0-9-]*)?\$|([a-z][a-z0-9-]*)#) (.*)$/;

export function commandsOf({ text }: Pick<Block, 'text'>): Command[] {
  const lines = text.trimEnd().split('\n');
  if (!lines.some((line) => prompt.test(line))) return [{ text: lines.join('\n'), isOnHost: false, shows: [] }];
  const commands: { text: string; who?: string; isOnHost: boolean; shows: string[] }[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    const [, person, host, first] = prompt.exec(line) ?? [];
    if (last && last.shows.length === 0 && isIncomplete(last.text)) last.text += `\n${line}`;
    else if (first !== undefined) {
      const who = person ?? host;
      commands.push({ text: first, isOnHost: host !== undefined, shows: [], ...(who !== undefined && { who }) });
    } else last?.shows.push(line);
  }
  return commands;
}

/** A shell would ask for another line. */
function isIncomplete(text: string): boolean {
  const [, word] = /(?<!<)<<-?\s*['"]?(\w+)['"]?/.exec(text) ?? [];
  if (word !== undefined) return !text.split('\n').slice(1).includes(word);
  const bare = text.replaceAll(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g, (part) => (part === '\\\n' ? ' ' : ''));
  return /['"]|\\$/.test(bare) || /[^\\](?:\\\\)*\\$/.test(text);
}
