/** From a command line to a command, or to the help. */
import { exit, Failure, UsageError, type Command, type Exit, type Io } from './command.ts';
import { helpOf, helpOfAll, helpOfFamily, membersOf, program } from './help.ts';
import { parse } from './parse.ts';
import { closest } from './suggest.ts';

const helpWords = ['help', '--help', '-h'];

/** Runs the command that the arguments name, and returns the exit code. Never throws for what users can get wrong. */
export async function dispatch(args: readonly string[], commands: readonly Command[], io: Io): Promise<Exit> {
  const [first, ...rest] = args;
  // `help rollout get` is `rollout get --help`.
  if (first === 'help' && rest.length > 0) return dispatch([...rest, '--help'], commands, io);
  if (first === undefined || helpWords.includes(first)) {
    io.stdout(helpOfAll(commands));
    return exit.holds;
  }
  const found = commandIn(args, commands);
  if (found) return runCommand(found, args.slice(found.words.split(' ').length), io);
  if (membersOf(first, commands).length > 0 && (rest[0] === undefined || helpWords.includes(rest[0]))) {
    // Without more it is incomplete: nothing was done.
    const isAsked = rest[0] !== undefined;
    const text = helpOfFamily(first, commands);
    if (isAsked) io.stdout(text);
    else io.stderr(text);
    return isAsked ? exit.holds : exit.failed;
  }
  io.stderr(`error: ${await unknownCommand(args, commands)}\n`);
  return exit.failed;
}

/** The one with the most words. */
export function commandIn(args: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands
    .filter(({ words }) => words.split(' ').every((word, index) => args[index] === word))
    .toSorted((a, b) => b.words.length - a.words.length)[0];
}

async function runCommand(found: Command, args: readonly string[], io: Io): Promise<Exit> {
  try {
    if (found.isHidden) return await found.run({}, args, io);
    const { values, common, operands } = await parse(found, args);
    if (common.help) {
      io.stdout(helpOf(found));
      return exit.holds;
    }
    const isColored = io.colors?.(common.color ?? 'auto') ?? false;
    return await found.run(values, operands, { ...io, isColored });
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr(`error: ${error.message}\nSee '${program} ${found.words} --help'.\n`);
      return exit.failed;
    }
    if (!(error instanceof Failure)) throw error;
    io.stderr(`error: ${error.message}\n`);
    return exit.failed;
  }
}

async function unknownCommand(args: readonly string[], commands: readonly Command[]): Promise<string> {
  const [first = '', second = ''] = args;
  if (first.startsWith('-'))
    return `${first} comes before the command; flags come after it, such as '${program} status -n NAME'.`;
  const inFamily = membersOf(first, commands).map(({ words }) => words);
  const names = commands.filter(({ isHidden }) => !isHidden).map(({ words }) => words);
  const meant = inFamily.length
    ? await closest(`${first} ${second}`, inFamily)
    : await closest(first, [...new Set(names.flatMap((words) => [words, words.split(' ')[0]!]))]);
  const what = inFamily.length ? `${first} ${second}` : first;
  const hint = meant[0] === undefined ? '' : ` Did you mean '${program} ${meant[0]}'?`;
  const help = inFamily.length ? `${program} ${first} --help` : `${program} --help`;
  return `unknown command '${what}'.${hint} See '${help}'.`;
}
