/** From a command line to a command, or to the help. */
import { parseArgs } from 'node:util';
import {
  exit,
  Failure,
  UsageError,
  type Command,
  type Exit,
  type Flag,
  type Flags,
  type Given,
  type Io,
} from './command.ts';

const program = 'kubectl holdfast';
const help: Flag = { type: 'boolean', help: 'print this help', short: 'h' };

/** Runs the command that the arguments name, and returns the exit code. Never throws for what users can get wrong. */
export async function dispatch(args: readonly string[], commands: readonly Command[], io: Io): Promise<Exit> {
  const [first] = args;
  if (first === undefined || ['help', '--help', '-h'].includes(first)) {
    io.stdout(helpOfAll(commands));
    return exit.holds;
  }
  const found = commands.find(({ words }) => words.split(' ').every((word, index) => args[index] === word));
  if (!found) {
    io.stderr(unknownCommand(args, commands));
    return exit.failed;
  }
  return runCommand(found, args.slice(found.words.split(' ').length), io);
}

async function runCommand(found: Command, args: readonly string[], io: Io): Promise<Exit> {
  try {
    const { values, positionals } = parsed(found, args);
    if (values['help']) {
      io.stdout(helpOf(found));
      return exit.holds;
    }
    return await found.run(values as Given<Flags>, positionals, io);
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

function parsed(found: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries<Flag>({ ...found.flags, help }).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function unknownCommand(args: readonly string[], commands: readonly Command[]): string {
  const [first = ''] = args;
  const alike = commands.filter(({ words }) => words.split(' ')[0] === first);
  if (alike.length === 0) return `error: unknown command '${first}'. See '${program} --help'.\n`;
  return `error: incomplete command; use one of: ${alike.map(({ words }) => `'${program} ${words}'`).join(', ')}.\n`;
}

/** All commands, one a line. */
function helpOfAll(commands: readonly Command[]): string {
  const widest = Math.max(...commands.map(({ words }) => words.length));
  const lines = commands.map(({ words, summary }) => `  ${words.padEnd(widest)}  ${summary}`);
  return [
    `Usage: ${program} COMMAND [flags]`,
    '',
    'Commands:',
    ...lines,
    '',
    `Use '${program} COMMAND --help' for more about a command.`,
    '',
  ].join('\n');
}

function helpOf({ words, operands, summary, flags, more }: Command): string {
  const named = Object.entries<Flag>({ ...flags, help }).map(([name, { value, help: text, short }]) => {
    return [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, text] as const;
  });
  const widest = Math.max(...named.map(([name]) => name.length));
  const lines = named.map(([name, text]) => `  ${name.padEnd(widest)}  ${text}`);
  const usage = `Usage: ${[program, words, operands, '[flags]'].filter(Boolean).join(' ')}`;
  return [usage, '', `${summary}.`, '', 'Flags:', ...lines, ...(more ? ['', more] : []), ''].join('\n');
}
