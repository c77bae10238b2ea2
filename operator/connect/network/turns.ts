/** Lets so many work at once for each key; the others wait, first come, first served. */
export class Turns {
  readonly #most: number;
  readonly #keys = new Map<string, { running: number; readonly waiting: (() => void)[] }>();

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const own = this.#keys.get(key) ?? { running: 0, waiting: [] };
    this.#keys.set(key, own);
    if (own.running >= this.#most) await new Promise<void>((settle) => own.waiting.push(settle));
    else own.running += 1;
    try {
      return await work();
    } finally {
      const next = own.waiting.shift();
      if (next) next();
      else if ((own.running -= 1) === 0) this.#keys.delete(key);
    }
  }
}
