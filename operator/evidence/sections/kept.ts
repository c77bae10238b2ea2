/** Items of a list that are written before it is their turn, in order. A little of them is held; the rest is kept wherever it is given to. Pure. */
import { WrittenList } from './write.ts';

/** Where bytes are kept until they are read once, all of them, as they were. */
export interface Keep {
  add(bytes: Uint8Array): Promise<void>;
  /** Rejects unless it is all that was added, and nothing else. */
  read(): AsyncIterable<Uint8Array>;
}

export type MakeKeep = () => Keep;

/** In memory: for what is small, and for tests. */
export function inMemory(): Keep {
  const all: Uint8Array[] = [];
  return {
    add: (bytes) => Promise.resolve(void all.push(bytes)),
    read: async function* () {
      yield* await Promise.resolve(all.splice(0));
    },
  };
}

/** In characters. */
const mostHeld = 65_536;

export class KeptList extends WrittenList {
  readonly #make: MakeKeep;
  #keep: Keep | undefined;
  #held = '';
  #count = 0;

  constructor(make: MakeKeep) {
    super();
    this.#make = make;
  }

  get count(): number {
    return this.#count;
  }

  /** An item as it is written. */
  async add(text: string): Promise<void> {
    this.#held += this.#count++ > 0 ? `,${text}` : text;
    if (this.#held.length < mostHeld) return;
    this.#keep ??= this.#make();
    await this.#keep.add(Buffer.from(this.#held));
    this.#held = '';
  }

  async *chunks(): AsyncIterable<Uint8Array | string> {
    if (this.#keep) yield* this.#keep.read();
    yield this.#held;
  }
}
