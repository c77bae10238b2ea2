/** Files below one folder, which are reached through no symbolic link. Errors of the system become reasons with a sentence. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError, type StoreReason } from './types.ts';

/** Opens a file to read it, itself and not what it links to; undefined when there is none. */
export async function openExisting(root: string, segments: readonly string[]): Promise<FileHandle | undefined> {
  const path = join(root, ...segments);
  try {
    if (!(await isStraight(dirname(path)))) return undefined;
    // A pipe would block here until it is written to.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw asStoreError(error, segments.join('/'));
  }
}

/** Makes the folders of a key, each of them stored, and gives the path of its file. */
export async function placeFor(root: string, segments: readonly string[]): Promise<string> {
  let folder = root;
  for (const one of segments.slice(0, -1)) {
    const next = join(folder, one);
    const isNew = await mkdir(next, { mode: 0o700 }).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return false;
      },
    );
    const stat = await lstat(next);
    if (stat.isSymbolicLink()) throw linked(next);
    if (!stat.isDirectory()) throw new StoreError('Invalid', `${next} is an object; a key cannot continue below it`);
    if (isNew) await syncFolder(folder);
    folder = next;
  }
  return join(folder, segments.at(-1) ?? '');
}

/** What was linked or removed there survives that the power fails. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** Read at once. */
const chunkBytes = 256 * 1024;

/**
 * What a file has, from its beginning. A chunk is in memory that is used again once the next but one is asked for: a stream would have memory of the size of
 * the file until that is collected. The next is read meanwhile.
 */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const [one, other] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
  let at = 0;
  const read = (buffer: Buffer) => {
    const reading = file.read(buffer, 0, buffer.length, at);
    // It is awaited later, or not at all.
    reading.catch(() => undefined);
    return reading;
  };
  let next = read(one);
  try {
    for (;;) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      at += bytesRead;
      next = read(buffer === one ? other : one);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // Nobody may close the file before.
    await next.catch(() => undefined);
  }
}

/** Digest and size of a file. */
export async function digestOfFile(
  file: FileHandle,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunksOf(file)) {
    signal.throwIfAborted();
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
}

export function linked(path: string): StoreError {
  return new StoreError(
    'Altered',
    `${path} is a symbolic link, which Holdfast never makes; find out who made it, then remove it`,
  );
}

const reasons: Readonly<Record<string, readonly [StoreReason, string]>> = {
  ENOSPC: ['Full', 'there is no space left for it; make the volume larger'],
  EDQUOT: ['Full', 'the quota of the volume is used up; raise it'],
  EFBIG: ['Full', 'it is larger than the volume allows'],
  EROFS: ['Denied', 'the volume is read-only; mount it for writing'],
  EACCES: ['Denied', 'the operator may not write there; give the directory to its user'],
  EPERM: ['Denied', 'the operator may not write there; give the directory to its user'],
  ENAMETOOLONG: ['Invalid', 'its name is too long for the volume'],
  ENOTDIR: ['Invalid', 'a part of its key is an object'],
  EISDIR: ['Invalid', 'other objects are below its key'],
};

export function asStoreError(error: unknown, key: string): unknown {
  if (error instanceof StoreError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (code === 'ELOOP') return linked(key);
  const [reason, words] = reasons[code] ?? [
    'Unavailable' as const,
    `the volume answered ${code}; it will be retried, and if this stays, check the volume`,
  ];
  return new StoreError(reason, `${key} is not accessible in the file system: ${words}`, { cause: error });
}

export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Whether the folder is there. Throws when a part of its path links elsewhere: the root itself was resolved when it was opened. */
async function isStraight(folder: string): Promise<boolean> {
  const real = await realpath(folder);
  if (real !== folder) throw linked(folder);
  return true;
}
