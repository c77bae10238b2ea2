/**
 * How much of the event loop evaluations take, and who is next. Promises: after some milliseconds of evaluation the loop does everything
 * else that waits, whatever is evaluated; baselines that have more to evaluate take turns; what a home namespace has evaluated beyond an
 * allowance waits, so that in the long run its baselines take no more than a share of the time.
 */

/** Of evaluation, between two looks at everything else. One evaluation may add as much. */
const sliceMilliseconds = 5;

export class Pace {
  readonly elapsed: () => number;
  readonly #waiting = new Map<string, (() => void)[]>();
  #since = -Infinity;
  #isScheduled = false;

  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
  }

  /** Whether `next` is to be awaited before anything more is evaluated. */
  get isOver(): boolean {
    return this.elapsed() - this.#since >= sliceMilliseconds;
  }

  /** Resolves in a turn of the loop of its own, after others that wait had theirs. */
  next(who: string): Promise<void> {
    return new Promise((resolve) => {
      const mine = this.#waiting.get(who);
      if (mine) mine.push(resolve);
      else this.#waiting.set(who, [resolve]);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#since = this.elapsed();
      this.#take()?.();
      this.#schedule();
    });
  }

  /** The first of the first, which then is the last. */
  #take(): (() => void) | undefined {
    for (const [who, mine] of this.#waiting) {
      this.#waiting.delete(who);
      const resume = mine.shift();
      if (mine.length > 0) this.#waiting.set(who, mine);
      return resume;
    }
    return undefined;
  }
}

/** Milliseconds that may be spent, which come back in time. */
export class Allowance {
  readonly #elapsed: () => number;
  readonly #share: number;
  readonly #window: number;
  /** When everything that each has spent is paid for. */
  readonly #paid = new Map<string, number>();

  /** Whoever spends nothing may spend `burst` milliseconds at once, and a `share` of the time in the long run. */
  constructor(elapsed: () => number, { burst, share }: { readonly burst: number; readonly share: number }) {
    this.#elapsed = elapsed;
    this.#share = share;
    this.#window = burst / share;
  }

  isLeft(who: string): boolean {
    return this.#owed(who) < this.#window;
  }

  spend(who: string, milliseconds: number): void {
    const now = this.#elapsed();
    this.#paid.set(who, now + this.#owed(who) + milliseconds / this.#share);
    if (this.#paid.size > 1000) for (const [one, at] of this.#paid) if (at <= now) this.#paid.delete(one);
  }

  /** Seconds until half of the burst may be spent again. */
  waitFor(who: string): number {
    return Math.max(0, this.#owed(who) - this.#window / 2) / 1000;
  }

  /** Milliseconds until everything is paid for. */
  #owed(who: string): number {
    return Math.max(0, (this.#paid.get(who) ?? 0) - this.#elapsed());
  }
}
