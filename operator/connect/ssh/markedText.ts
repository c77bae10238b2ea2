/** What comes over a stream up to the mark that ends it, behind which stands the exit code of who wrote it. */

/** Of a mark in bytes, at most: with a space, an exit code and the end of the line. */
const longestEnd = 64;

export class MarkedText {
  readonly #end: RegExp;
  readonly #chunks: Buffer[] = [];
  #tail: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #exitCode: number | undefined;

  /** `mark` is of letters and digits. */
  constructor(mark: string) {
    this.#end = new RegExp(`${mark} (\\d+)\n$`);
  }

  take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-longestEnd)]).subarray(-longestEnd);
    const found = this.#end.exec(this.#tail.toString('latin1'));
    if (!found) return;
    this.#exitCode = Number(found[1]);
    this.#bytes -= found[0].length;
  }

  /** `undefined` before the mark has come. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Without the mark. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Without the mark. */
  get content(): Buffer {
    return Buffer.concat(this.#chunks).subarray(0, this.#bytes);
  }
}
