/**
 * Keeps a mirror of all objects of a kind, for ever. Promises:
 * - no change is lost: the version moves on only past what the mirror was given; what cannot be read is asked for again;
 * - after a gap too long to resume, everything is listed anew and the mirror told so that it can compare;
 * - any fault is answered by a jittered back-off from 0.8 to 30 seconds without end, and never by a busy loop;
 * - a silent connection is noticed, because the apiserver sends bookmarks about once a minute.
 */
import type { Logger } from 'pino';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { ApiError, NoAnswer, hasStatus, type Answer } from './apiError.ts';
import type { ListPage } from './client.ts';
import { sleep, type Clock } from './clock.ts';
import type { Seconds } from './feature.ts';
import { hasSeen } from './identity.ts';
import { LineSplitter } from './lines.ts';

/** Where the objects come from. */
export interface Source {
  list(from: string, signal: AbortSignal): Promise<ListPage>;
  watch(
    options: { resourceVersion: string; timeoutSeconds: Seconds; idleSeconds: Seconds },
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
  /** Longest silence of a watch; two bookmarks may be missed. */
  readonly idleSeconds?: Seconds;
  readonly onRelist?: () => void;
}

interface WatchEvent {
  readonly type: string;
  readonly object: Resource;
}

const IDLE_SECONDS: Seconds = 150;
const FIRST_BACK_OFF = 800;
const LONGEST_BACK_OFF = 30_000;
/** A server that answers so often and so badly is asked for everything anew. */
const REFUSALS_BEFORE_RELIST = 5;
/** A stream that ends sooner than this was no proper stream. */
const SHORTEST_STREAM = 1000;

export class Reflector {
  readonly #source: Source;
  readonly #mirror: Mirror;
  readonly #options: ReflectorOptions;
  /** The newest version that the mirror has; undefined when all must be listed. */
  #version: string | undefined;
  #failures = 0;
  #refusals = 0;
  #aliveAt: number;

  constructor(source: Source, mirror: Mirror, options: ReflectorOptions) {
    this.#source = source;
    this.#mirror = mirror;
    this.#options = options;
    this.#aliveAt = options.clock.elapsed();
  }

  /** When it last heard something or tried something, in elapsed milliseconds. */
  get aliveAt(): number {
    return this.#aliveAt;
  }

  /** Longest time in milliseconds for which a healthy reflector says nothing. */
  get longestSilence(): number {
    return (this.#options.idleSeconds ?? IDLE_SECONDS) * 1000 + 2 * LONGEST_BACK_OFF;
  }

  /** Ends, without an error, only when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delay = await this.#once(signal).catch((error: unknown) => (signal.aborted ? 0 : this.#judge(error)));
      this.#aliveAt = this.#options.clock.elapsed();
      if (delay > 0) await sleep(this.#options.clock, delay, signal);
    }
  }

  /** One stream to its proper end. Answers for how many milliseconds to wait. */
  async #once(signal: AbortSignal): Promise<number> {
    this.#version ??= await this.#list(signal);
    const began = this.#options.clock.elapsed();
    const splitter = new LineSplitter((line) => this.#onLine(line));
    const onData = (chunk: Buffer): void => {
      this.#aliveAt = this.#options.clock.elapsed();
      splitter.push(chunk);
    };
    const timeoutSeconds = 290 + Math.floor(this.#options.random() * 291);
    const idleSeconds = this.#options.idleSeconds ?? IDLE_SECONDS;
    await this.#source.watch({ resourceVersion: this.#version, timeoutSeconds, idleSeconds }, onData, signal);
    if (splitter.isCut) throw new UnreadableEvent('the stream ended within an event');
    const lasted = this.#options.clock.elapsed() - began;
    return lasted < SHORTEST_STREAM ? SHORTEST_STREAM * (1 + this.#options.random()) : 0;
  }

  async #list(signal: AbortSignal): Promise<string> {
    this.#options.onRelist?.();
    this.#mirror.beginList(this.#options.clock.elapsed());
    for (let from = ''; ;) {
      const page = await this.#source.list(from, signal);
      signal.throwIfAborted();
      for (const object of page.items) this.#mirror.listed(object);
      this.#aliveAt = this.#options.clock.elapsed();
      from = page.continue;
      if (from !== '') continue;
      this.#mirror.endList(page.resourceVersion);
      return page.resourceVersion;
    }
  }

  #onLine(line: string): void {
    const { type, object } = parse(line);
    if (type === 'ERROR') {
      const answer = object as unknown as Answer;
      throw new ApiError(`watch ${this.#options.name}`, answer.code ?? 500, answer);
    }
    const version = object.metadata?.resourceVersion;
    if (version === undefined) throw new UnreadableEvent(`an event of type ${type} has no version`);
    if (type === 'ADDED' || type === 'MODIFIED') this.#mirror.changed(object);
    else if (type === 'DELETED') this.#mirror.deleted(object);
    else if (type !== 'BOOKMARK') throw new UnreadableEvent(`an event is of the unknown type ${type}`);
    else if (!hasSeen(version, this.#version ?? '0'))
      throw new WentBack(`the apiserver is back at ${version}, before ${this.#version}`);
    this.#mirror.reached(version);
    this.#version = version;
    this.#failures = 0;
    this.#refusals = 0;
  }

  /** Decides whether to list anew, and answers for how many milliseconds to wait. */
  #judge(error: unknown): number {
    const { name, log, random } = this.#options;
    const expired = error instanceof WentBack || hasStatus(error, 410) || isTooNew(error);
    if (!(error instanceof NoAnswer)) this.#refusals++;
    if (expired || this.#refusals >= REFUSALS_BEFORE_RELIST) {
      this.#version = undefined;
      this.#refusals = 0;
    }
    const first = this.#failures++ === 0;
    const backOff =
      Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** Math.min(this.#failures - 1, 10)) * (1 - random() / 4);
    const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    const delay = Math.max(asked, expired && first ? 0 : backOff);
    log.warn(
      { watch: name, retryInSeconds: Math.round(delay / 100) / 10, relist: this.#version === undefined },
      explain(name, error),
    );
    return delay;
  }
}

class UnreadableEvent extends Error {}
class WentBack extends Error {}

function parse(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw new UnreadableEvent(`an event is not JSON: ${line.slice(0, 60)}`);
  }
  if (
    typeof event === 'object' &&
    event !== null &&
    'type' in event &&
    'object' in event &&
    typeof event.object === 'object'
  ) {
    if (event.object !== null && typeof event.type === 'string') return event as WatchEvent;
  }
  throw new UnreadableEvent(`an event has no type or object: ${line.slice(0, 60)}`);
}

/** The apiserver behind the address is another one that has not come so far, or never will. */
function isTooNew(error: unknown): boolean {
  return hasStatus(error, 504) && /too large resource version/i.test(error.message);
}

function explain(name: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (hasStatus(error, 404))
    return `The apiserver does not know ${name}; apply the CRDs (crds/) and it goes on by itself.`;
  if (hasStatus(error, 403)) return `${message}; apply the RBAC of this version and it goes on by itself.`;
  return `${message}; what is cached stays in use until it answers again.`;
}
