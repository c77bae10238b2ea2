/**
 * Evaluations that cost more than the main thread can spare, one after the other in a thread of their own. Promises: nothing that an
 * expression does there delays anything here, or takes memory from it; each evaluation is answered, if only by an error.
 */
import { Worker } from 'node:worker_threads';
import type { Inputs, Result, Source } from './compile.ts';

export interface Job extends Inputs {
  readonly source: Source;
}

/** A result, and how long it took. */
export interface Answer {
  readonly result: Result;
  readonly milliseconds: number;
}

interface Asked {
  readonly job: Job;
  readonly answer: (answer: Answer) => void;
}

interface Running extends Asked {
  readonly since: number;
}

/** Megabytes of what one evaluation makes. */
const mostMegabytes = 128;
/** An evaluation ends by its steps; one that does not, by a bug of ours, must not keep the others waiting. */
const longestMilliseconds = 60_000;

export class EvaluationThread {
  readonly #elapsed: () => number;
  readonly #waiting: Asked[] = [];
  readonly #megabytes: number;
  #worker: Worker | undefined;
  #running: Running | undefined;

  /** `megabytes` is what one evaluation may take. */
  constructor(elapsed: () => number, { megabytes = mostMegabytes }: { readonly megabytes?: number } = {}) {
    this.#elapsed = elapsed;
    this.#megabytes = megabytes;
  }

  /** Whether what is asked now begins at once. */
  get isIdle(): boolean {
    return this.#running === undefined;
  }

  evaluate(job: Job): Promise<Answer> {
    if (this.#running && this.#elapsed() - this.#running.since > longestMilliseconds) this.#lose('it takes too long');
    return new Promise((answer) => {
      this.#waiting.push({ job, answer });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running) return;
    const asked = this.#waiting.shift();
    if (!asked) return;
    this.#running = { ...asked, since: this.#elapsed() };
    this.#worker ??= this.#start();
    this.#worker.postMessage(asked.job);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./threadMain.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#megabytes, maxYoungGenerationSizeMb: 16 },
    });
    worker.on('message', (result: Result) => {
      if (worker === this.#worker) this.#answer(result);
    });
    worker.on('error', (error: Error & { code?: string }) => {
      if (worker === this.#worker)
        this.#lose(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs too much memory' : error.message);
    });
    // It ends with the process.
    worker.unref();
    return worker;
  }

  #answer(result: Result): void {
    const running = this.#running;
    this.#running = undefined;
    this.#next();
    running?.answer({ result, milliseconds: this.#elapsed() - running.since });
  }

  /** The evaluation is given up, and the thread with it. */
  #lose(why: string): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#answer({ is: 'error', message: `${why}; evaluate fewer items, or avoid nested loops` });
  }
}
