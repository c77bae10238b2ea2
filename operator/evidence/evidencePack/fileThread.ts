/**
 * A thread that takes the bytes of files, one file after the other. Promises: what it is given is written, digested and searched in order, or `write` or `end`
 * rejects; memory for a few chunks is all that it shares with this thread.
 */
import { Worker } from 'node:worker_threads';
import type { GateOptions, Verdict } from '../gate/gate.ts';
import type { FileSink, Recorded } from './fileSink.ts';

/** Memory that both threads see: it belongs to this one until it is sent, and again once it is answered. */
const slotBytes = 256 * 1024;
const slotCount = 3;

export interface Opening {
  readonly path: string;
  readonly file: string;
  readonly options: Pick<GateOptions, 'allow' | 'people'>;
  readonly slots: readonly SharedArrayBuffer[];
}

/** Of a file, by its number: what was still on its way when another was opened is about none. */
export type Order = { readonly of: number } & (
  | ({ readonly do: 'open' } & Opening)
  | { readonly do: 'take'; readonly slot: number; readonly length: number }
  | { readonly do: 'end' }
);

export type Reply = { readonly of: number } & (
  | { readonly is: 'taken'; readonly slot: number }
  | { readonly is: 'ended'; readonly recorded: Recorded }
  | { readonly is: 'failed'; readonly message: string }
);

/** One in this process: each takes some 20 MB. */
let takenBy: symbol | undefined;

export class FileThread {
  readonly #id = Symbol('pack');
  #worker: Worker | undefined;
  #opened = 0;

  /** Undefined while another has the thread. `options.conceal` stays here: its key is no matter of the thread. */
  open(path: string, file: string, options: GateOptions): FileSink | undefined {
    if (takenBy !== undefined && takenBy !== this.#id) return undefined;
    takenBy = this.#id;
    this.#worker ??= this.#start();
    return new ThreadSink(this.#worker, { of: ++this.#opened, path, file }, options);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    if (takenBy === this.#id) takenBy = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./fileThreadMain.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 },
    });
    // What is searched after a thread that failed has another one.
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    worker.on('error', () => undefined);
    // It ends with the process.
    worker.unref();
    return worker;
  }
}

class ThreadSink implements FileSink {
  readonly #worker: Worker;
  readonly #of: number;
  readonly #options: GateOptions;
  readonly #slots = Array.from({ length: slotCount }, () => new SharedArrayBuffer(slotBytes));
  readonly #free = this.#slots.map((_, slot) => slot);
  #current: { readonly slot: number; readonly bytes: Uint8Array; length: number } | undefined;
  #recorded: Recorded | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(worker: Worker, { of, ...place }: { of: number } & Pick<Opening, 'path' | 'file'>, options: GateOptions) {
    this.#worker = worker;
    this.#of = of;
    this.#options = options;
    worker.on('message', this.#replied);
    worker.on('error', this.#failed);
    worker.on('exit', this.#exited);
    const { allow, people } = options;
    this.#send({ of, do: 'open', ...place, options: { allow, people }, slots: this.#slots });
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const current = (this.#current ??= await this.#next());
      const part = chunk.subarray(from, from + slotBytes - current.length);
      current.bytes.set(part, current.length);
      current.length += part.length;
      from += part.length;
      if (current.length === slotBytes) this.#sendCurrent();
    }
  }

  async end(): Promise<Recorded> {
    this.#sendCurrent();
    this.#send({ of: this.#of, do: 'end' });
    while (!this.#recorded) await this.#reply();
    const { verdict, ...rest } = this.#recorded;
    return { ...rest, verdict: this.#concealed(verdict) };
  }

  close(): Promise<void> {
    this.#worker.off('message', this.#replied);
    this.#worker.off('error', this.#failed);
    this.#worker.off('exit', this.#exited);
    return Promise.resolve();
  }

  /** Of places, the thread gives the values themselves. */
  #concealed(verdict: Verdict): Verdict {
    const { conceal } = this.#options;
    const places = verdict.places.map(({ digest, ...place }) => ({
      ...place,
      ...(conceal && digest !== undefined && { digest: conceal(digest) }),
    }));
    return { ...verdict, places };
  }

  async #next(): Promise<{ slot: number; bytes: Uint8Array; length: number }> {
    while (this.#free.length === 0) await this.#reply();
    this.#assertSound();
    const slot = this.#free.shift()!;
    return { slot, bytes: new Uint8Array(this.#slots[slot]!), length: 0 };
  }

  #sendCurrent(): void {
    if (!this.#current) return;
    const { slot, length } = this.#current;
    this.#current = undefined;
    this.#send({ of: this.#of, do: 'take', slot, length });
  }

  #send(order: Order): void {
    this.#worker.postMessage(order);
  }

  async #reply(): Promise<void> {
    this.#assertSound();
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#assertSound();
  }

  #assertSound(): void {
    if (this.#failure) throw this.#failure;
  }

  readonly #replied = (reply: Reply): void => {
    if (reply.of !== this.#of) return;
    if (reply.is === 'taken') this.#free.push(reply.slot);
    else if (reply.is === 'ended') this.#recorded = reply.recorded;
    else this.#failure = new Error(reply.message);
    this.#wake?.();
  };

  readonly #failed = (error: Error): void => {
    this.#failure ??= new Error(`the thread that searches it for secrets failed: ${error.message}`);
    this.#wake?.();
  };

  readonly #exited = (): void => this.#failed(new Error('it ended'));
}
