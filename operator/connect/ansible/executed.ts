/**
 * Which runs were executed on this machine, for as long as a copy of etcd could bring one of them back: a file of their ids, one a line, in
 * the order of their ends. A line is on disk before anything of its run is removed.
 *
 * A restore of etcd may take back all that a status says of a run, but not what it did. The file is bounded by a number of lines: at one
 * run a second without a pause, the oldest line that goes is nine days old.
 */
import { readFile, rename } from 'node:fs/promises';
import { writeDurably } from './files.ts';

const mostLines = 1_000_000;
const keptLines = 800_000;

export class Executed {
  readonly #file: string;
  readonly #most: number;
  readonly #kept: number;

  constructor(file: string, { most, kept } = { most: mostLines, kept: keptLines }) {
    this.#file = file;
    this.#most = most;
    this.#kept = kept;
  }

  /** It is read each time, for another process may have written to it: once at each start, which takes seconds. */
  async has(id: string): Promise<boolean> {
    return (await this.#read()).includes(`${id}\n`);
  }

  /** Resolves when the line is on disk. An id that is there stays where it is. */
  async add(id: string): Promise<void> {
    if (await this.has(id)) return;
    await writeDurably(this.#file, 'a', `${id}\n`);
    const lines = (await this.#read()).toString('utf8').trimEnd().split('\n');
    if (lines.length <= this.#most) return;
    const draft = `${this.#file}.new`;
    await writeDurably(draft, 'w', `${lines.slice(-this.#kept).join('\n')}\n`);
    await rename(draft, this.#file);
  }

  /** The latest of them, the last first. */
  async latest(count: number): Promise<readonly string[]> {
    const text = (await this.#read()).toString('utf8');
    return text.trimEnd().split('\n').slice(-count).reverse();
  }

  async #read(): Promise<Buffer> {
    return readFile(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return Buffer.alloc(0);
    });
  }
}
