/** The help: of all commands, of those that begin alike, and of one, which begins with examples. Pure. */
import { exit, type Command, type Flag } from './command.ts';
import { families, groups } from './groups.ts';
import { commonFlags } from './parse.ts';

export const program = 'kubectl holdfast';
const width = 112;

/** All commands at a glance: in groups, those that begin alike on one line. */
export function helpOfAll(commands: readonly Command[]): string {
  const named = new Set(groups.flatMap(({ words }) => words));
  const firsts = [...new Set(commands.filter(({ isHidden }) => !isHidden).map(({ words }) => firstOf(words)))];
  const others = { title: 'Others', words: firsts.filter((word) => !named.has(word)) };
  const widest = Math.max(...firsts.map(({ length }) => length));
  const sections = [...groups, others].flatMap(({ title, words }) => {
    const lines = words
      .filter((word) => firsts.includes(word))
      .map((word) => `  ${word.padEnd(widest)}  ${lineOf(word, commands)}`);
    return lines.length > 0 ? [`${title}:`, ...lines, ''] : [];
  });
  return [
    `Usage: ${program} COMMAND [flags]`,
    `Begin with '${program} status'. COMMAND --help shows examples.`,
    '',
    ...sections,
    'Flags of every command:',
    ...flagLines(commonFlags),
    '',
    'Exit codes: 0 done, and as it should be; 1 not done, or the command line is',
    'wrong; 2 something differs, is unknown, or was done in part.',
    '',
  ].join('\n');
}

function lineOf(word: string, commands: readonly Command[]): string {
  const alike = membersOf(word, commands);
  if (alike.length === 1 && alike[0]!.words === word) return briefly(alike[0]!);
  const rest = alike.map(({ words }) => words.slice(word.length + 1)).join(', ');
  const family = Object.hasOwn(families, word) ? families[word] : undefined;
  return family === undefined ? rest : `${family}: ${rest}`;
}

function briefly({ summary }: Command): string {
  return summary.split(/[:;]/)[0]!;
}

/** Commands that begin with a word. */
export function membersOf(word: string, commands: readonly Command[]): readonly Command[] {
  return commands.filter(({ words, isHidden }) => firstOf(words) === word && !isHidden);
}

function firstOf(words: string): string {
  return words.split(' ')[0]!;
}

/** Of commands that begin alike. */
export function helpOfFamily(word: string, commands: readonly Command[]): string {
  const alike = membersOf(word, commands);
  const widest = Math.max(...alike.map(({ words }) => words.length));
  const lines = alike.map((one) => `  ${one.words.padEnd(widest)}  ${briefly(one)}`);
  return [`Usage: ${program} ${word} COMMAND [flags]`, '', ...lines, '', 'COMMAND --help shows examples.', ''].join(
    '\n',
  );
}

export function helpOf({ words, operands, summary, flags, ...about }: Command): string {
  const { examples = [], more, exits } = about;
  const usage = `Usage: ${[program, words, operands, '[flags]'].filter(Boolean).join(' ')}`;
  const parts = [
    [`${summary}.`],
    examples.length > 0 ? ['Examples:', ...examples.map((one) => `  ${program} ${one}`)] : [],
    [usage],
    Object.keys(flags).length > 0 ? flagLines(flags) : [],
    [...(more ? [more] : []), ...(exits ? exitLines(exits) : [])],
  ];
  const shown = parts.filter(({ length }) => length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function flagLines(flags: Readonly<Record<string, Flag>>): string[] {
  const hasShort = Object.values(flags).some(({ short }) => short !== undefined);
  const named = Object.entries(flags).map(([name, { value, help, short }]) => {
    const shortly = short ? `-${short}, ` : hasShort ? '    ' : '';
    return [`${shortly}--${name}${value ? ` ${value}` : ''}`, help] as const;
  });
  const widest = Math.max(...named.map(([name]) => name.length));
  return named.map(([name, text]) => `  ${name.padEnd(widest)}  ${text}`);
}

function exitLines(exits: NonNullable<Command['exits']>): string[] {
  const meanings = Object.entries(exit).flatMap(([name, code]) => {
    const meaning = exits[name as keyof typeof exit];
    return meaning === undefined ? [] : [`${code} ${meaning}`];
  });
  const lines: string[] = [];
  for (const word of `Exit codes: ${meanings.join('; ')}.`.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
