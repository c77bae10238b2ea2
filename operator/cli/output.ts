/** `-o`, the same for all commands: a command says which forms it has, and the command line is refused for any other. Pure. */
import type { Flag } from './command.ts';

/** What the text is that a command prints without `-o`, is for the command to say. */
export function outputFlag<const Format extends string>(formats: readonly Format[], help = outputHelp(formats)) {
  return { type: 'string', value: formats.join('|'), short: 'o', help, choices: formats } as const satisfies Flag;
}

function outputHelp(formats: readonly string[]): string {
  return formats.includes('wide') ? 'form of the output; wide leaves nothing out' : 'form of the output';
}
