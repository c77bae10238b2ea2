/**
 * Bytes as they come, in one buffer that doubles. Kept as chunks, single bytes would cost a hundred times what they are, and a host that
 * sends its answer byte by byte would fill the memory of the operator long before it has sent too much.
 */

const smallest = 4096;

export class Received {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#buffer.length, smallest));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** What comes next is put in the same memory. */
  clear(): void {
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** All of it; valid until more is added. */
  get content(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
