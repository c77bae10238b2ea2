/** From words to flags and operands, as kubectl takes them; what is wrong is said with the flag that was probably meant. */
import { parseArgs } from 'node:util';
import { UsageError, type Command, type Flag, type Flags, type Given } from './command.ts';
import { closest } from './suggest.ts';

/** Flags of every command. */
export const commonFlags = {
  help: { type: 'boolean', help: 'print the help of a command', short: 'h' },
  color: {
    type: 'string',
    value: 'always|auto|never',
    help: 'color states (auto: on a terminal)',
    choices: ['always', 'auto', 'never'],
  },
} as const satisfies Flags;

export interface Parsed {
  readonly values: Given<Flags>;
  readonly common: Given<typeof commonFlags>;
  readonly operands: readonly string[];
}

/** Throws a `UsageError`. Unlike strict parsing by Node, it names what was meant, and takes `-o=json` as kubectl does. */
export async function parse({ flags }: Pick<Command, 'flags'>, args: readonly string[]): Promise<Parsed> {
  const known: Flags = { ...flags, ...commonFlags };
  const options = Object.fromEntries(
    Object.entries<Flag>(known).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const values: Record<string, string | boolean | string[]> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = known[token.name];
    if (!flag || !Object.hasOwn(known, token.name)) throw await unknownFlag(token.rawName, known);
    const value = valueOf(token, flag);
    if (flag.multiple) values[token.name] = [...((values[token.name] as string[] | undefined) ?? []), String(value)];
    else values[token.name] = value;
  }
  const { help, color, ...own } = values;
  return {
    values: own as Given<Flags>,
    common: { ...(help === true && { help }), ...(color !== undefined && { color: color as 'auto' }) },
    operands,
  };
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function valueOf({ rawName, value, inlineValue }: OptionToken, flag: Flag): string | boolean {
  if (flag.type === 'boolean') {
    if (value === undefined || value === 'true') return true;
    if (value === 'false') return false;
    throw new UsageError(`${rawName} takes no value`);
  }
  const isShort = !rawName.startsWith('--');
  const given = isShort && inlineValue ? value?.replace(/^=/, '') : value;
  // The next flag is no value: it was forgotten. `-` is standard input.
  if (given === undefined || (!inlineValue && given.length > 1 && given.startsWith('-')))
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value ?? 'TEXT'}`);
  if (flag.choices && !flag.choices.includes(given))
    throw new UsageError(`${rawName} takes ${alternatives(flag.choices)}, not ${JSON.stringify(given)}`);
  return given;
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

async function unknownFlag(rawName: string, known: Flags): Promise<UsageError> {
  const names = Object.keys(known).map((name) => `--${name}`);
  const [meant] = rawName.length > 3 ? await closest(rawName, names) : [];
  return new UsageError(`unknown flag ${rawName}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

/** Names of Devices among operands, each once: `web-01`, or `device/web-01` as kubectl takes it. */
export function deviceNames(operands: readonly string[]): string[] {
  const names = [...new Set(operands.map((operand) => operand.replace(/^devices?(\.holdfast\.dev)?\//, '')))];
  for (const name of names) assertName(name);
  return names;
}

/** Throws `UsageError` for what cannot be the name of an object. */
export function assertName(name: string): void {
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
    throw new UsageError(`${JSON.stringify(name)} is not the name of an object`);
}
