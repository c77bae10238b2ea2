/**
 * Keeps a mirror of all objects of a kind, for ever. Promises:
 * - no change is lost: the version moves on only past what the mirror was given; what cannot be read is asked for again;
 * - after a gap too long to resume, everything is listed anew and the mirror told so that it can compare;
 * - a kind that can be listed and not watched is listed every 30 seconds;
 * - any fault is answered by a jittered back-off from 0.8 to 30 seconds without end, and never by a busy loop;
 * - a connection on which nothing comes any more is noticed within a minute: a watch is asked for so short a time that it must have ended.
 */
import type { Logger } from 'pino';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { ApiError, NoResponse, hasStatus, isAway } from './apiError.ts';
import { delayAfter, type BackOff } from './backOff.ts';
import type { ListPage } from './client.ts';
import { sleep, type Clock } from './clock.ts';
import type { Seconds } from './feature.ts';
import { LineSplitter } from './lines.ts';
import { withoutManagedFields } from './managedFields.ts';
import { UnreadableEvent, checkBookmark, explain, needsList, parseEvent } from './watchEvent.ts';

/** Where the objects come from. */
export interface Source {
  list(from: string, signal: AbortSignal): Promise<ListPage>;
  watch(
    options: { resourceVersion: string; timeoutSeconds: Seconds },
    onData: (chunk: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Who is told. Between `beginList` and `endList` every object that exists is `listed`. */
export interface Mirror {
  beginList(at: number): void;
  listed(object: Resource): void;
  endList(resourceVersion: string): void;
  changed(object: Resource): void;
  deleted(object: Resource): void;
  reached(resourceVersion: string): void;
}

export interface ReflectorOptions {
  /** Plural and group, for logs. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Longest time for which a watch is asked; up to a third less by chance. 45 by default. */
  readonly watchSeconds?: Seconds;
  readonly onRelist?: () => void;
  /** Told of every other answer of the apiserver that is none to what was asked, such as that a conversion failed. */
  readonly onFault?: (fault: ApiError) => void;
  /** Told when the apiserver refuses the watch, and, with `undefined`, when it is answered again. */
  readonly onRefusal?: (refusal: ApiError | undefined) => void;
  /** Told when a watch has ended otherwise than in its time: the apiserver may have been away. */
  readonly onBreak?: () => void;
}

const WATCH_SECONDS: Seconds = 45;
/** For a watch to end by itself after its time. */
const GRACE_MILLISECONDS = 8000;
const LONGEST_ASKED = 60_000;
const BACK_OFF: BackOff = { first: 800, longest: 30_000 };
/** A server that answers so often and so badly is asked for everything anew. */
const REFUSALS_BEFORE_RELIST = 5;
/** A stream that ends sooner than this was no proper stream. */
const SHORTEST_STREAM = 1000;

/** Everything is listed anew, because somebody asked for it. */
class Relisting extends Error {}

export class Reflector {
  readonly #source: Source;
  readonly #mirror: Mirror;
  readonly #options: ReflectorOptions;
  /** The newest version that the mirror has; undefined when all must be listed. */
  #version: string | undefined;
  /** Whether what `#version` was reached with counts no more. */
  #mustList = false;
  /** Calls off what is asked of the apiserver, and the back-off after it. */
  #turn = new AbortController();
  /** By when the watch must have ended. */
  #dueAt = Infinity;
  #relisted: (() => void)[] = [];
  #failures = 0;
  #refusals = 0;
  #wasSilent = false;
  #aliveAt: number;
  #heardAt: number;

  constructor(source: Source, mirror: Mirror, options: ReflectorOptions) {
    this.#source = source;
    this.#mirror = mirror;
    this.#options = options;
    this.#aliveAt = options.clock.elapsed();
    this.#heardAt = this.#aliveAt;
  }

  /** When it last heard something or tried something, in elapsed milliseconds. */
  get aliveAt(): number {
    return this.#aliveAt;
  }

  /** When the apiserver last answered as it was asked, in elapsed milliseconds: older than a minute, the mirror may be too. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Longest time in milliseconds for which a healthy reflector says nothing. */
  get longestSilence(): number {
    return (this.#options.watchSeconds ?? WATCH_SECONDS) * 1000 + GRACE_MILLISECONDS + 2 * LONGEST_ASKED;
  }

  /** To be called every few seconds: gives up a watch that should have ended. */
  endOverdue(): void {
    if (this.#options.clock.elapsed() <= this.#dueAt) return;
    this.#dueAt = Infinity;
    this.#turn.abort(new NoResponse(`watch ${this.#options.name}: the apiserver has neither sent nor ended anything`));
  }

  /** Ends when a list is complete that begins now. */
  relist(): Promise<void> {
    this.#mustList = true;
    this.#turn.abort(new Relisting(`everything of ${this.#options.name} is listed again`));
    return new Promise((resolve) => this.#relisted.push(resolve));
  }

  /** Ends, without an error, only when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#turn.abort(signal.reason);
    signal.addEventListener('abort', stop);
    while (!signal.aborted) {
      const delay = await this.#once(this.#nextTurn(signal)).catch((error: unknown) =>
        signal.aborted ? 0 : this.#recover(error),
      );
      this.#dueAt = Infinity;
      this.#aliveAt = this.#options.clock.elapsed();
      if (delay > 0) await sleep(this.#options.clock, delay, this.#nextTurn(signal));
    }
    signal.removeEventListener('abort', stop);
  }

  #nextTurn(signal: AbortSignal): AbortSignal {
    this.#turn = new AbortController();
    if (signal.aborted) this.#turn.abort(signal.reason);
    return this.#turn.signal;
  }

  /** One stream to its proper end. Answers for how many milliseconds to wait. */
  async #once(signal: AbortSignal): Promise<number> {
    if (this.#mustList || this.#version === undefined) this.#version = await this.#list(signal);
    const began = this.#options.clock.elapsed();
    const splitter = new LineSplitter((line) => this.#onLine(line));
    const onData = (chunk: Buffer): void => {
      this.#aliveAt = this.#heardAt = this.#options.clock.elapsed();
      splitter.push(chunk);
    };
    const longest = this.#options.watchSeconds ?? WATCH_SECONDS;
    const timeoutSeconds = Math.ceil(longest * (1 - this.#options.random() / 3));
    this.#dueAt = began + timeoutSeconds * 1000 + GRACE_MILLISECONDS;
    await this.#source.watch({ resourceVersion: this.#version, timeoutSeconds }, onData, signal);
    if (splitter.isCut) throw new UnreadableEvent('the stream ended in the middle of an event');
    this.#heardAt = this.#options.clock.elapsed();
    if (this.#heardAt - began < timeoutSeconds * 1000 - SHORTEST_STREAM) this.#options.onBreak?.();
    if (this.#options.clock.elapsed() - began < SHORTEST_STREAM) return SHORTEST_STREAM * (1 + this.#options.random());
    this.#failures = 0;
    return 0;
  }

  async #list(signal: AbortSignal): Promise<string> {
    this.#options.onRelist?.();
    this.#mustList = false;
    this.#version = undefined;
    const asked = this.#relisted.length;
    this.#mirror.beginList(this.#options.clock.elapsed());
    for (let from = ''; ;) {
      const page = await this.#source.list(from, signal);
      signal.throwIfAborted();
      for (const object of page.items) this.#mirror.listed(object);
      this.#aliveAt = this.#heardAt = this.#options.clock.elapsed();
      from = page.continue;
      if (from !== '') continue;
      this.#mirror.endList(page.resourceVersion);
      for (const resolve of this.#relisted.splice(0, asked)) resolve();
      this.#options.onRefusal?.(undefined);
      return page.resourceVersion;
    }
  }

  #onLine(line: Buffer): void {
    const event = parseEvent(withoutManagedFields(line), this.#options.name);
    const { type, object, version } = event;
    checkBookmark(event, this.#version ?? '');
    if (type === 'DELETED') this.#mirror.deleted(object);
    else if (type !== 'BOOKMARK') this.#mirror.changed(object);
    this.#mirror.reached(version);
    this.#version = version;
    this.#failures = 0;
    this.#refusals = 0;
  }

  /** Decides whether to list everything again, and answers for how many milliseconds to wait. */
  #recover(error: unknown): number {
    const { name, log, random } = this.#options;
    if (error instanceof Relisting) return 0;
    if (hasStatus(error, 405) && this.#version !== undefined) {
      this.#version = undefined;
      return BACK_OFF.longest;
    }
    // What was cached is no longer ours to know, or no longer there.
    const isRefused = hasStatus(error, 403, 404);
    if (isRefused) this.#options.onRefusal?.(error);
    const isGone = needsList(error);
    if (error instanceof ApiError && !isRefused && !isGone) this.#options.onFault?.(error);
    const isSilent = error instanceof NoResponse;
    if (isAway(error) || error instanceof UnreadableEvent) this.#options.onBreak?.();
    if (!isSilent) this.#refusals++;
    // The first answer after an outage is news: what was waited for is over, so that it is not waited for again.
    if (this.#wasSilent && !isSilent) this.#failures = 0;
    // The store may have been put back while the apiserver was away, and written to since until it was past our version.
    const wasAway = this.#wasSilent && isSilent;
    this.#wasSilent = isSilent;
    if (isGone || isRefused || wasAway || this.#refusals >= REFUSALS_BEFORE_RELIST) {
      this.#version = undefined;
      this.#refusals = 0;
    }
    const isFirst = this.#failures === 0;
    const backOff = delayAfter(this.#failures++, BACK_OFF, random);
    const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    const delay = Math.max(Math.min(asked, LONGEST_ASKED), isGone && isFirst ? 0 : backOff);
    const retryInSeconds = Math.round(delay / 100) / 10;
    log.warn({ watch: name, retryInSeconds, relist: this.#version === undefined }, explain(error, name));
    return delay;
  }
}
