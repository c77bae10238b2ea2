/**
 * Files of a directory of the operator alone, for what has to survive its end before it is elsewhere. Promises: a line that was appended is there
 * after `kill -9`, in full, and after a loss of power once it was synced; one that could not be written in full is not there; a file that is replaced is the
 * old or the new one.
 */
import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { privateFolder } from '../privateFolder.ts';

export interface SpoolFile {
  readonly size: number;
  /** Throws when it could not be written; then nothing of it is there. */
  append(text: string): void;
  /** What is beyond is gone. */
  truncate(size: number): void;
  /** Resolves once what was appended survives a loss of power. */
  sync(): Promise<void>;
  close(): void;
}

/** A directory and what is in it; names are of files in it. */
export interface Spool {
  names(): string[];
  size(name: string): number;
  read(name: string): Buffer;
  path(name: string): string;
  append(name: string): SpoolFile;
  /** In the place of what was there. */
  replace(name: string, content: string): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
}

/**
 * A spool that may be exchanged as one: `next` is filled aside, and takes the place of the current one at once.
 */
export interface Spools {
  readonly current: Spool;
  /** An empty one. */
  beginNext(): Spool;
  /** It is the current one from here on; the one before is gone. */
  exchange(): Spool;
}

/** Makes it where it is not there. */
export function openSpools(folder: string): Spools {
  const path = privateFolder(folder);
  const [current, next, old] = ['current', 'next', 'old'].map((name) => join(path, name)) as [string, string, string];
  // What was being exchanged when the operator ended.
  if (!existsSync(current) && existsSync(next)) renameSync(next, current);
  for (const left of [next, old]) rmSync(left, { recursive: true, force: true });
  mkdirSync(current, { recursive: true, mode: 0o700 });
  let now = spoolAt(current);
  return {
    get current() {
      return now;
    },
    beginNext() {
      rmSync(next, { recursive: true, force: true });
      mkdirSync(next, { recursive: true, mode: 0o700 });
      return spoolAt(next);
    },
    exchange() {
      syncFolder(next);
      renameSync(current, old);
      renameSync(next, current);
      syncFolder(path);
      rmSync(old, { recursive: true, force: true });
      now = spoolAt(current);
      return now;
    },
  };
}

function spoolAt(folder: string): Spool {
  const at = (name: string): string => join(folder, name);
  return {
    names: () => readdirSync(folder).sort(),
    size: (name) => statSync(at(name)).size,
    read: (name) => readFileSync(at(name)),
    path: at,
    append: (name) => appendTo(at(name)),
    replace(name, content) {
      const draft = at(`${name}.draft`);
      const file = openSync(draft, 'w', 0o600);
      try {
        writeFully(file, Buffer.from(content), 0);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, at(name));
    },
    rename: (from, to) => renameSync(at(from), at(to)),
    remove: (name) => rmSync(at(name), { force: true }),
  };
}

function appendTo(path: string): SpoolFile {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
  let size = statSync(path).size;
  let isOpen = true;
  return {
    get size() {
      return size;
    },
    append(text) {
      const bytes = Buffer.from(text);
      try {
        writeFully(file, bytes, size);
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
      size += bytes.length;
    },
    truncate(to) {
      ftruncateSync(file, to);
      size = to;
    },
    sync: () =>
      new Promise((resolve, reject) => {
        if (!isOpen) return resolve();
        fsync(file, (error) => (error && isOpen ? reject(error) : resolve()));
      }),
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(file);
    },
  };
}

function writeFully(file: number, bytes: Uint8Array, from: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, from + at);
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
