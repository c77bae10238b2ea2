/** One watch on its way: what comes of the apiserver is given on frame by frame, each after the one before. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Frame } from './trouble.ts';

const newline = 10;

export class Stream {
  readonly #response: ServerResponse;
  #isSilent = false;
  #isCut = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Ends when the watch does. `onFrame` decides what becomes of each. */
  async run(answer: IncomingMessage, onFrame: (line: string, frame: Moves) => void | Promise<void>): Promise<void> {
    let rest = Buffer.alloc(0);
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
        const line = rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
        await onFrame(line.toString(), this.#movesOf(line));
        if (this.#isCut) return;
      }
    }
    if (!this.#isSilent) this.#response.end();
  }

  fallSilent(): void {
    this.#isSilent = true;
  }

  #movesOf(line: Buffer): Moves {
    const write = (bytes: Buffer | string): void => {
      if (!this.#isSilent && !this.#response.destroyed) this.#response.write(bytes);
    };
    return {
      send: () => write(line),
      sendHalf: () => write(line.subarray(0, line.length >> 1)),
      replace: (other) => write(`${other}\n`),
      cut: () => {
        this.#isCut = true;
        // What was written goes out before the end.
        this.#response.socket?.end(() => this.#response.destroy());
      },
      fallSilent: () => this.fallSilent(),
    };
  }
}

export type Moves = Pick<Frame, 'send' | 'sendHalf' | 'replace' | 'cut' | 'fallSilent'>;
