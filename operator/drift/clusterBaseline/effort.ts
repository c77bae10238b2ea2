/** What one pass over a baseline may evaluate, and what it leaves for the next (docs/adr/0021). */
import type { Result } from '../../cel/compile.ts';
import { EvaluationThread, type Job } from '../../cel/thread.ts';
import type { Seconds } from '../../runtime/feature.ts';
import { DryRuns } from './dryRuns.ts';
import { Allowance, Pace } from './pace.ts';

/** Whatever others of its home namespace have spent, each pass may evaluate what changed. */
const leastMilliseconds = 10;
/** Objects that are walked over in a second, when what was left is all that a pass is made for. */
const objectsPerSecond = 250_000;

/** What all baselines share. */
export class Means {
  readonly pace: Pace;
  readonly elapsed: () => number;
  readonly thread: EvaluationThread;
  readonly dryRuns = new DryRuns();
  /** By home namespace: of the event loop, and of the thread beside it. */
  readonly loop: Allowance;
  readonly beside: Allowance;
  /** Baselines that wait for the thread. */
  readonly waiting = new Set<string>();

  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
    this.pace = new Pace(elapsed);
    this.thread = new EvaluationThread(elapsed);
    this.loop = new Allowance(elapsed, { burst: 400, share: 0.2 });
    this.beside = new Allowance(elapsed, { burst: 2000, share: 0.2 });
  }
}

export class Effort {
  readonly #means: Means;
  readonly #baseline: string;
  readonly #home: string;
  #spent = 0;
  #walked = 0;
  #left: 'nothing' | 'costly' | 'more' = 'nothing';

  constructor(means: Means, baseline: string, home: string) {
    this.#means = means;
    this.#baseline = baseline;
    this.#home = home;
  }

  /** To be asked before each object: what to await first, so that everything else gets its turn. */
  rest(): Promise<void> | undefined {
    const { pace } = this.#means;
    this.#walked += 1;
    return pace.isOver ? pace.next(this.#baseline) : undefined;
  }

  /** Whether this pass may evaluate more; if not, the next one continues. */
  get mayEvaluate(): boolean {
    if (this.#spent < leastMilliseconds || this.#means.loop.isLeft(this.#home)) return true;
    this.#left = 'more';
    return false;
  }

  /** Evaluates, and pays for the time. */
  measured<T>(evaluate: () => T): T {
    const { elapsed, loop } = this.#means;
    const began = elapsed();
    try {
      return evaluate();
    } finally {
      const took = elapsed() - began;
      this.#spent += took;
      if (took > 0) loop.spend(this.#home, took);
    }
  }

  /**
   * Evaluates in the thread beside, one job of a baseline at a time. `undefined` when this pass does not wait for it: because others are
   * evaluated first, or because the home namespace has had its share. `onResult` has the result whenever it comes.
   */
  async beside(job: Job, onResult: (result: Result) => void): Promise<Result | undefined> {
    const { thread, beside, waiting } = this.#means;
    const isNow = thread.isIdle;
    if (waiting.has(this.#baseline) || !beside.isLeft(this.#home)) return this.#leave();
    waiting.add(this.#baseline);
    const done = thread.evaluate(job).then(({ result, milliseconds }) => {
      waiting.delete(this.#baseline);
      beside.spend(this.#home, milliseconds);
      onResult(result);
      return result;
    });
    return isNow ? done : this.#leave();
  }

  /** When to continue with what was left; undefined when nothing was. */
  get continuesAfter(): Seconds | undefined {
    if (this.#left === 'nothing') return undefined;
    const { loop, beside } = this.#means;
    const wait = (this.#left === 'more' ? loop : beside).waitFor(this.#home);
    return Math.ceil(Math.max(1, wait, this.#walked / objectsPerSecond));
  }

  #leave(): undefined {
    if (this.#left === 'nothing') this.#left = 'costly';
  }
}
