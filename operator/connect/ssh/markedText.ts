/** What comes over a stream up to the mark that ends it, behind which stands the exit code of who wrote it. */
import { Received } from '../../lib/received.ts';

/** Of a mark in bytes, at most: with a space, an exit code and the end of the line. */
const longestEnd = 64;

export class MarkedText {
  readonly #end: RegExp;
  readonly #received = new Received();
  /** Of the mark that has come. */
  #markBytes = 0;
  #exitCode: number | undefined;

  /** `mark` is of letters and digits. */
  constructor(mark: string) {
    this.#end = new RegExp(`${mark} (\\d+)\n$`);
  }

  take(chunk: Buffer): void {
    this.#received.add(chunk);
    const found = this.#end.exec(this.#received.content.subarray(-longestEnd).toString('latin1'));
    if (!found) return;
    this.#exitCode = Number(found[1]);
    this.#markBytes = found[0].length;
  }

  /** `undefined` before the mark has come. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Bytes of memory. */
  get capacity(): number {
    return this.#received.capacity;
  }

  /** Without the mark. */
  get bytes(): number {
    return this.#received.length - this.#markBytes;
  }

  /** Without the mark. */
  get content(): Buffer {
    return this.#received.content.subarray(0, this.bytes);
  }
}
