/** The files that operands of a command stand for: files, folders with all below them, and `-` for the standard input. */
import { join } from 'node:path';
import { Failure, type Io } from './command.ts';

const longestFile = 16 * 2 ** 20;
const longestTogether = 256 * 2 ** 20;
const mostFiles = 10_000;
const deepest = 32;
const kindsOfFile = /\.(ya?ml|json)$/i;
const skippedFolders = /^(\..+|node_modules)$/;

/** A text, or why it could not be read. */
export type Input = { readonly name: string; readonly isNamed: boolean } & (
  { readonly text: string } | { readonly problem: string }
);

/** Reads them in order. What cannot be read is told beside what can. Links to folders are not followed. */
export async function readInputs(operands: readonly string[], io: Io): Promise<Input[]> {
  const inputs: Input[] = [];
  let length = 0;
  for (const operand of operands) {
    for await (const { path, isNamed } of filesOf(operand, io)) {
      const input = await readInput(path, isNamed, io);
      if ('text' in input) length += input.text.length;
      inputs.push(input);
      if (inputs.length > mostFiles)
        throw new Failure(`there are more than ${mostFiles} files; process one directory at a time.`);
      if (length > longestTogether)
        throw new Failure('the files exceed 256 MiB in total; process one directory at a time.');
    }
  }
  return inputs;
}

interface Found {
  readonly path: string;
  /** Whether the user named this very file. */
  readonly isNamed: boolean;
}

async function* filesOf(operand: string, io: Io): AsyncGenerator<Found> {
  const isFolder = operand !== '-' && (await entriesOf(operand, io)) !== undefined;
  if (isFolder) yield* filesBelow(operand, io, 0);
  else yield { path: operand, isNamed: true };
}

async function* filesBelow(folder: string, io: Io, depth: number): AsyncGenerator<Found> {
  if (depth > deepest)
    throw new Failure(`${folder} is more than ${deepest} directories deep; use a directory below it.`);
  for (const { name, is } of (await io.readFolder(folder)) ?? []) {
    const path = join(folder, name);
    if (is === 'folder' && !skippedFolders.test(name)) yield* filesBelow(path, io, depth + 1);
    else if (is === 'file' && kindsOfFile.test(name)) yield { path, isNamed: false };
  }
}

/** A path that is not there is told when it is read as a file. */
async function entriesOf(path: string, io: Io) {
  try {
    return await io.readFolder(path);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function readInput(path: string, isNamed: boolean, io: Io): Promise<Input> {
  const name = path === '-' ? 'standard input' : path;
  try {
    return { name, isNamed, text: path === '-' ? await io.stdin(longestFile) : await io.readFile(path, longestFile) };
  } catch (error) {
    if (error instanceof Failure) return { name, isNamed, problem: error.message };
    throw error;
  }
}
