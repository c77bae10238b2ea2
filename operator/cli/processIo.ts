/** The world of a command when it runs for real: this process and its files. Every reading is bounded. */
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isColored } from './colors.ts';
import { Failure, type Entry, type Io } from './command.ts';
import { newFile } from './newFile.ts';
import { statusLine } from './statusLine.ts';

export function processIo(): Io {
  const { stdout, stderr, env: environment } = process;
  const line = stderr.isTTY && environment['TERM'] !== 'dumb' ? statusLine(stderr) : undefined;
  return {
    stdout: (text) => {
      // Both may be the same terminal.
      line?.show(undefined);
      stdout.write(text);
    },
    stderr: (text) => {
      line?.show(undefined);
      stderr.write(text);
    },
    ...(line && { progress: line.show }),
    colors: (asked) => isColored(asked, { isTerminal: stdout.isTTY, environment }),
    stdin: (most) => readText(process.stdin, 'standard input', most),
    readFile: async (path, most) => readText(createReadStream(path), path, most),
    readFolder,
    writeFile: async (path, text) => {
      await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
        throw new Failure(`${path} cannot be written: ${inWords(error)}`);
      });
    },
    createFile: (path, replaces) =>
      newFile(path, replaces).catch((error: NodeJS.ErrnoException) => {
        throw error instanceof Failure ? error : new Failure(`${path} cannot be written: ${inWords(error)}`);
      }),
    // Some terminals, such as serial lines, do not know their size.
    terminal: () => (stdout.isTTY ? { rows: stdout.rows || 24, columns: stdout.columns || 80 } : undefined),
    ask: async (question) => (await import('./ask.ts')).ask(question),
    // What was printed has a second to be read.
    leave: () => void setTimeout(() => process.exit(), 1000).unref(),
    cluster: async (where) => (await import('./cluster/connected.ts')).connected(where),
  };
}

async function readFolder(path: string): Promise<readonly Entry[] | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return undefined;
    const entries = await readdir(path, { withFileTypes: true });
    const all = entries.map(async (entry): Promise<Entry> => {
      if (entry.isDirectory()) return { name: entry.name, is: 'folder' };
      const isFile = entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(join(path, entry.name))));
      return { name: entry.name, is: isFile ? 'file' : 'other' };
    });
    return (await Promise.all(all)).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${inWords(error as NodeJS.ErrnoException)}`);
  }
}

/** A link to a folder is not followed: it may lead round in circles. */
async function leadsToFile(link: string): Promise<boolean> {
  const target = await stat(link).catch(() => undefined);
  return target?.isFile() ?? false;
}

/** Reads as it comes, because pipes do not tell their length. */
async function readText(stream: AsyncIterable<Buffer>, name: string, most: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      length += part.length;
      if (length > most) throw new Failure(`${name} is longer than ${most / 2 ** 20} MiB; split it.`);
      parts.push(part);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${name} cannot be read: ${inWords(error as NodeJS.ErrnoException)}`);
  }
}

function inWords({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'it does not exist; check the path.';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied; check its mode and owner.';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not valid UTF-8; save it as UTF-8.';
    case 'EISDIR':
      return 'it is a directory.';
    default:
      return `${message}.`;
  }
}
