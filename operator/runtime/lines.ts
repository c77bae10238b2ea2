/** Splits a stream of bytes into lines, which are given as bytes: a character may be cut anywhere. */

/** Objects are at most some 3 MB; more without an end of line is not an apiserver. */
const LONGEST_LINE = 32 * 1024 * 1024;
const NEWLINE = 10;

export class LineSplitter {
  readonly #onLine: (line: Buffer) => void;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  /** Whether a line has begun and not ended. */
  get isCut(): boolean {
    return this.#size > 0;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#size === 0) this.#emit(chunk, start, end);
      else this.#emitJoined(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size > LONGEST_LINE)
      throw new Error(
        `A line of more than ${LONGEST_LINE} bytes is not a watch event; check for a proxy between the operator and the apiserver.`,
      );
  }

  #emitJoined(last: Buffer): void {
    const line = Buffer.concat([...this.#parts, last], this.#size + last.length);
    this.#parts = [];
    this.#size = 0;
    this.#emit(line, 0, line.length);
  }

  #emit(buffer: Buffer, start: number, end: number): void {
    if (end > start) this.#onLine(buffer.subarray(start, end));
  }
}
