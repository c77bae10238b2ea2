/** How often each namespace has asked in this minute. Forgets all of it with the minute. Pure. */
export class PerMinute {
  readonly #most: number;
  readonly #elapsed: () => number;
  readonly #counts = new Map<string, number>();
  #minute = 0;

  /** `elapsed` gives milliseconds. */
  constructor(most: number, elapsed: () => number) {
    this.#most = most;
    this.#elapsed = elapsed;
  }

  /** Whether it may ask once more. */
  take(namespace: string): boolean {
    const minute = Math.floor(this.#elapsed() / 60_000);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const count = this.#counts.get(namespace) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(namespace, count + 1);
    return true;
  }
}
