/** A reader at a terminal: types the commands of a page, as whoever the prompt names, and compares what they print with what the page shows. */
import { runCommand } from '../fleet/command.ts';
import { commandsOf, type Block, type Command } from './blocks.ts';
import { isShown } from './shown.ts';

/** Where commands are typed. */
export interface Terminal {
  readonly directory: string;
  /** The environment of a person; of the reader if none is named. */
  environment(person?: string): Promise<Record<string, string>>;
  /** Runs a command on a host, as root. */
  onHost(host: string, command: string): Promise<string>;
  /** What a test has instead of what the reader has, such as the address of a host. */
  filledIn(command: string): string;
}

interface Printed {
  readonly code: number;
  readonly text: string;
}

/** Only shows something: whoever reads repeats it until what was declared is done. */
const asks =
  /^kubectl (?:-n \S+ )?(?:get|describe|events|holdfast (?:status|why|results|rollout get|rollout explain)) [^|;&]*$/;
const secondsToSettle = 60;
/** What commands of Holdfast end with where something differs. */
const differs = 2;

/** Throws where a command fails, or prints something else than is shown. */
export async function typeBlock(block: Block, terminal: Terminal): Promise<void> {
  for (const command of commandsOf(block)) await typeCommand(block, command, terminal);
}

async function typeCommand({ page, line, comment = '' }: Block, command: Command, terminal: Terminal): Promise<void> {
  const { text, shows } = command;
  const isOther = comment.startsWith('output not compared: ');
  const isComparable = shows.length > 0 && !isOther;
  const isAsking = asks.test(text.trim());
  const deadline = performance.now() + secondsToSettle * 1000;
  for (;;) {
    const printed = await typed(command, terminal);
    // What shows an error, or ends otherwise because something differs, is compared by what it prints.
    if (isComparable ? isShown(shows, printed.text) : printed.code === 0) return;
    if (isOther && printed.code === differs && printed.text !== '') return;
    if (!isAsking || performance.now() > deadline) throw new Error(difference(`${page}:${line}`, command, printed));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function typed({ text, who, isOnHost }: Command, terminal: Terminal): Promise<Printed> {
  if (isOnHost) return { code: 0, text: await terminal.onHost(who ?? '', terminal.filledIn(text)) };
  const environment = await terminal.environment(who);
  const script = `cd "$0"; exec 2>&1\n${terminal.filledIn(text)}`;
  const { code, stdout } = await runCommand(['bash', '-euc', script, terminal.directory], {
    ...{ environment, timeoutSeconds: 300 },
  });
  return { code, text: stdout };
}

function difference(where: string, { text, shows }: Command, { code, text: printed }: Printed): string {
  const shown = shows.length > 0 ? `The page shows:\n${shows.join('\n')}\n` : '';
  return `${where}: ${text}\n${shown}It printed, with exit code ${code}:\n${printed}`;
}
