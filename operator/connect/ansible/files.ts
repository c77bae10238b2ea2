/** Files of runs on this machine. */
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PrivateFile } from './privateData.ts';

/** Writes the files so that only this user can read them. */
export async function writePrivateData(folder: string, files: readonly PrivateFile[]): Promise<void> {
  for (const { path, text } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  }
}

/** Resolves when the text and the name of the file are on disk. */
export async function writeDurably(path: string, flags: 'a' | 'w', text: string): Promise<void> {
  for (const [name, content] of [
    [path, text],
    [dirname(path), undefined],
  ] as const) {
    const file = await open(name, content === undefined ? 'r' : flags, 0o600);
    try {
      if (content !== undefined) await file.appendFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** The run's own process may be removing it as well. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}

/** The file's text; `undefined` when there is no such file. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
