/** Files of this machine in which parts of a section are kept until it is their turn. Promises: what is read is what was added, or an error. */
import { createHash, type Hash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keep, MakeKeep } from '../sections/kept.ts';

const readBytes = 65_536;

export interface KeepFiles {
  readonly make: MakeKeep;
  /** Removes them. */
  close(): Promise<void>;
}

/** In a private folder, in which no others have that name. */
export function keepFiles(folder: string, name: string): KeepFiles {
  const all: KeepFile[] = [];
  return {
    make() {
      const file = new KeepFile(join(folder, `.${name}-${all.length + 1}`));
      all.push(file);
      return file;
    },
    async close() {
      for (const file of all) await file.close();
    },
  };
}

class KeepFile implements Keep {
  readonly #path: string;
  readonly #hash: Hash = createHash('sha256');
  #file: FileHandle | undefined;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async add(bytes: Uint8Array): Promise<void> {
    this.#file ??= await open(this.#path, 'wx+', 0o600);
    this.#hash.update(bytes);
    this.#size += bytes.length;
    await this.#file.appendFile(bytes);
  }

  async *read(): AsyncIterable<Uint8Array> {
    const again = createHash('sha256');
    let at = 0;
    while (this.#file && at < this.#size) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafeSlow(readBytes), 0, readBytes, at);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      again.update(bytes);
      at += bytesRead;
      yield bytes;
    }
    if (at !== this.#size || again.digest('hex') !== this.#hash.digest('hex'))
      throw new Error(`${this.#path} changed while the section was made; find out who writes there`);
  }

  async close(): Promise<void> {
    if (!this.#file) return;
    await this.#file.close();
    this.#file = undefined;
    await rm(this.#path, { force: true });
  }
}
