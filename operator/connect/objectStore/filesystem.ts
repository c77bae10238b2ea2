/**
 * An object store in a folder of this machine. It locks nothing, but replaces nothing either: an object is written beside its place, stored to
 * the disk, and then linked to its place, where only what is not there yet can be linked.
 */
import { randomBytes } from 'node:crypto';
import { constants, createReadStream, type Dirent } from 'node:fs';
import { copyFile, link, open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { sha256 } from '../../lib/digest.ts';
import { privateFolder } from '../privateFolder.ts';
import { asStoreError, digestOfFile, isAbsent, linked, openExisting, placeFor, syncFolder } from './folder.ts';
import { assertPrefix, segmentsOf } from './keys.ts';
import {
  StoreError,
  type GetOptions,
  type ListedObject,
  type ObjectFacts,
  type ObjectStore,
  type PutOptions,
  type Stored,
  type StoredFile,
} from './types.ts';

/** Drafts; no key starts like this. */
const drafts = '.drafts';
/** What is left of a draft after a day was interrupted. */
const draftMilliseconds = 86_400_000;

export interface FilesystemOptions {
  /** The operator's own, which is made when it is not there. */
  readonly folder: string;
  /** The root of the store, below the folder. */
  readonly root: string;
  readonly now: Date;
}

export async function openFilesystem({ folder, root, now }: FilesystemOptions): Promise<ObjectStore> {
  try {
    const base = privateFolder(folder);
    const place = await placeFor(base, [...segmentsOf(root), drafts, 'draft']);
    await sweepDrafts(dirname(place), now);
    return new FilesystemStore(join(base, root));
  } catch (error) {
    throw asStoreError(error, root);
  }
}

class FilesystemStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, body: Uint8Array | StoredFile, options: PutOptions, signal: AbortSignal): Promise<Stored> {
    const segments = segmentsOf(key);
    if (options.retention) throw cannotLock();
    const draft = join(this.#root, drafts, randomBytes(12).toString('hex'));
    try {
      // It is read back before it has its place, where nothing can be replaced.
      const written = await write(draft, body, signal);
      const expected = body instanceof Uint8Array ? { sha256: sha256(body), size: body.length } : body;
      if (written.sha256 !== expected.sha256 || written.size !== expected.size) throw otherThan(body, key);
      const place = await placeFor(this.#root, segments);
      if (await linkOnce(draft, place)) await syncFolder(dirname(place));
      else {
        const found = await this.#read(segments, signal);
        const isSame = found?.sha256 === written.sha256 && found.size === written.size;
        if (options.ifAbsent || !isSame) throw exists(key);
      }
      return { key, ...written, uri: pathToFileURL(place).href };
    } catch (error) {
      throw asStoreError(error, key);
    } finally {
      await unlink(draft).catch(() => undefined);
    }
  }

  async get(key: string, { versionId, maxBytes, into }: GetOptions, signal: AbortSignal): Promise<Buffer | undefined> {
    const file = await this.#open(key, versionId, signal);
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw tooLong(key, size, maxBytes);
      const buffer = into && into.length >= size ? into.subarray(0, size) : Buffer.alloc(size);
      const { bytesRead } = await file.read(buffer, 0, size, 0);
      if (bytesRead === size) return buffer;
      throw new StoreError('Altered', `${key} became shorter while it was read; find out who changes files there`);
    } catch (error) {
      throw asStoreError(error, key);
    } finally {
      await file.close();
    }
  }

  async stream(key: string, { versionId }: { versionId?: string }, signal: AbortSignal): Promise<Readable | undefined> {
    const file = await this.#open(key, versionId, signal);
    // The stream closes the file.
    return file && createReadStream('', { fd: file, signal });
  }

  async head(
    key: string,
    { versionId }: { versionId?: string },
    signal: AbortSignal,
  ): Promise<ObjectFacts | undefined> {
    if (versionId !== undefined) throw noVersions(key);
    return this.#read(segmentsOf(key), signal);
  }

  async *list(prefix: string, { after }: { after?: string }, signal: AbortSignal): AsyncIterable<ListedObject> {
    assertPrefix(prefix);
    yield* this.#below([], { prefix, after: after ?? '', signal });
  }

  async remove(key: string, versionId: string | undefined, signal: AbortSignal): Promise<void> {
    const segments = segmentsOf(key);
    if (versionId !== undefined) throw noVersions(key);
    const file = await this.#open(key, undefined, signal);
    if (!file) return;
    await file.close();
    const path = join(this.#root, ...segments);
    try {
      await unlink(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (!isAbsent(error)) throw asStoreError(error, key);
    }
  }

  hold(): Promise<void> {
    return Promise.reject(cannotLock());
  }

  close(): void {
    // Nothing is kept open.
  }

  async #open(key: string, versionId: string | undefined, signal: AbortSignal): Promise<FileHandle | undefined> {
    signal.throwIfAborted();
    if (versionId !== undefined) throw noVersions(key);
    return openExisting(this.#root, segmentsOf(key));
  }

  async #read(segments: readonly string[], signal: AbortSignal): Promise<{ sha256: string; size: number } | undefined> {
    const file = await openExisting(this.#root, segments);
    if (!file) return undefined;
    try {
      return await digestOfFile(file, signal);
    } finally {
      await file.close();
    }
  }

  /** In the order of keys, in which `a-b` comes before `a/b`. */
  async *#below(folder: readonly string[], wanted: Wanted): AsyncIterable<ListedObject> {
    const entries = await entriesOf(this.#root, folder);
    const named = entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => ({ entry, path: [...folder, entry.name].join('/') + (entry.isDirectory() ? '/' : '') }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const { entry, path } of named) {
      wanted.signal.throwIfAborted();
      if (entry.isSymbolicLink()) throw linked(path);
      if (entry.isDirectory()) {
        if (mayContain(path, wanted)) yield* this.#below([...folder, entry.name], wanted);
      } else if (path.startsWith(wanted.prefix) && path > wanted.after) {
        const found = await stat(join(this.#root, path)).catch(() => undefined);
        if (found) yield { key: path, size: found.size };
      }
    }
  }
}

interface Wanted {
  readonly prefix: string;
  readonly after: string;
  readonly signal: AbortSignal;
}

function mayContain(folder: string, { prefix, after }: Wanted): boolean {
  const fits = folder.startsWith(prefix) || prefix.startsWith(folder);
  return fits && (folder > after || after.startsWith(folder));
}

async function entriesOf(root: string, folder: readonly string[]): Promise<Dirent[]> {
  try {
    return await readdir(join(root, ...folder), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw asStoreError(error, folder.join('/'));
  }
}

/** Writes a draft, stores it to the disk, and reads it back. */
async function write(
  draft: string,
  body: Uint8Array | StoredFile,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly size: number }> {
  if (!(body instanceof Uint8Array)) await copyFile(body.path, draft, constants.COPYFILE_EXCL);
  // A copy has the mode of what was copied, which may not be written by anybody.
  const access =
    body instanceof Uint8Array ? constants.O_RDWR | constants.O_CREAT | constants.O_EXCL : constants.O_RDONLY;
  const file = await open(draft, access | constants.O_NOFOLLOW, 0o400);
  try {
    signal.throwIfAborted();
    if (body instanceof Uint8Array) await writeAll(file, body);
    else await file.chmod(0o400);
    // The disk takes it while it is read back.
    const synced = file.sync();
    // It is handled when it is awaited.
    synced.catch(() => undefined);
    try {
      return await digestOfFile(file, signal);
    } finally {
      await synced;
    }
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
}

/** Whether it was not there before. */
async function linkOnce(draft: string, place: string): Promise<boolean> {
  try {
    await link(draft, place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Another operator may be at its drafts: only old ones are removed. */
async function sweepDrafts(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && now.getTime() - found.mtimeMs > draftMilliseconds) await unlink(path).catch(() => undefined);
  }
}

function cannotLock(): StoreError {
  return new StoreError(
    'LockRefused',
    'a file system cannot lock objects; use a bucket with object lock, or declare no lock',
  );
}

function otherThan(body: Uint8Array | StoredFile, key: string): StoreError {
  return body instanceof Uint8Array
    ? new StoreError('Altered', `${key} was read back other than it was written; check the disk for errors`)
    : new StoreError('Invalid', `${body.path} changed after its digest was computed; make it again`);
}

function exists(key: string): StoreError {
  return new StoreError('Exists', `${key} is there already, and objects are never replaced; choose another key`);
}

function noVersions(key: string): StoreError {
  return new StoreError('Invalid', `a file system keeps no versions of ${key}; leave out the version`);
}

function tooLong(key: string, size: number, maxBytes: number): StoreError {
  return new StoreError(
    'Invalid',
    `${key} has ${size} bytes, more than the ${maxBytes} that are read at once; read it as a stream`,
  );
}
