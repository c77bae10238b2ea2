/** A file of the operator alone that is written anew again and again: to make and remove one each time takes four times as long. */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export class RewrittenFile {
  readonly name: string;
  readonly #path: string;
  readonly #descriptor: number;
  #length = 0;

  /** Throws when the file is there, or cannot be made. */
  constructor(folder: string, name: string) {
    this.name = name;
    this.#path = join(folder, name);
    this.#descriptor = openSync(this.#path, 'wx', 0o600);
  }

  /** Replaces what is in it. Throws when it cannot be written, as on a full disk. */
  write(content: string | Buffer): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written, undefined, written);
    if (bytes.length < this.#length) ftruncateSync(this.#descriptor, bytes.length);
    this.#length = bytes.length;
  }

  remove(): void {
    closeSync(this.#descriptor);
    rmSync(this.#path, { force: true });
  }
}
