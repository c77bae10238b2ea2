/**
 * Files that hold keys, for as long as a client may read them: made readable by their owner only, shared by all who need the same
 * content, and removed when the last of them is done.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../lib/digest.ts';

export interface Lease {
  /** Names in the folder, in the order of the contents. */
  readonly names: readonly string[];
  release(): void;
}

interface KeptFile {
  readonly digest: string;
  readonly name: string;
  leases: number;
}

export class PrivateFiles {
  readonly #folder: string;
  readonly #files = new Map<string, KeptFile>();
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws when the folder cannot be written, as on a full disk. */
  lease(contents: readonly string[]): Lease {
    const held: KeptFile[] = [];
    const release = (): void => {
      for (const file of held.splice(0)) this.#release(file);
    };
    try {
      for (const content of contents) held.push(this.#hold(content));
    } catch (error) {
      release();
      throw error;
    }
    return { names: held.map(({ name }) => name), release };
  }

  #hold(content: string): KeptFile {
    const digest = sha256(content);
    const file = this.#files.get(digest) ?? this.#write(digest, content);
    file.leases += 1;
    return file;
  }

  #write(digest: string, content: string): KeptFile {
    this.#made += 1;
    const file = { digest, name: `f${this.#made}`, leases: 0 };
    try {
      writeFileSync(join(this.#folder, file.name), content, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      this.#remove(file);
      throw error;
    }
    this.#files.set(digest, file);
    return file;
  }

  #release(file: KeptFile): void {
    file.leases -= 1;
    if (file.leases > 0) return;
    this.#files.delete(file.digest);
    this.#remove(file);
  }

  #remove({ name }: KeptFile): void {
    rmSync(join(this.#folder, name), { force: true });
  }
}
