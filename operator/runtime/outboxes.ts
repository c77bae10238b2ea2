/**
 * Requests about objects that are made beside the passes. Promises: those about one object are made in order, and one that fails is made again,
 * up to six times in some 16 s, before the next; each lasts at most five seconds; at most a thousand wait, of which namespaces have their shares;
 * what is slow delays only its namespace; nothing is sent while we do not lead.
 */
import type { Logger } from 'pino';
import { Fifo } from '../lib/fifo.ts';
import { Shares } from '../lib/shares.ts';
import { Turns, type InTurn } from '../lib/turns.ts';
import { hasStatus } from './apiError.ts';
import { delayAfter, type BackOff } from './backOff.ts';
import { sleep, type Clock } from './clock.ts';

export interface OutboxOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly isLeading: () => boolean;
  readonly random: () => number;
}

/** The object that a request is about. */
export interface Addressee {
  readonly uid: string;
  readonly namespace: string;
}

export type Request = (signal: AbortSignal) => Promise<unknown>;

interface Letter {
  readonly request: Request;
  attempts: number;
  readonly onEnd: (isSent: boolean) => void;
}

/** What is yet to be sent of one object: one request at a time. */
class Outbox implements InTurn {
  readonly lane = 'fresh';
  readonly isSlow = false;
  readonly uid: string;
  readonly group: string;
  readonly waiting = new Fifo<Letter>();
  isReady = false;
  isSending = false;

  constructor(uid: string, group: string) {
    this.uid = uid;
    this.group = group;
  }
}

const MOST_WAITING = 1000;
const SENDERS = 8;
const SEND_MILLISECONDS = 5000;
const BACK_OFF: BackOff = { first: 500, longest: 8000 };
const MOST_ATTEMPTS = 6;
/** What is refused so is refused again. */
const REFUSALS = [400, 403, 404, 405, 413, 422];

export class Outboxes {
  readonly #options: OutboxOptions;
  readonly #outboxes = new Map<string, Outbox>();
  readonly #turns = new Turns<Outbox>(SENDERS);
  readonly #places = new Shares(MOST_WAITING);
  #sending = 0;
  #onIdle: () => void = () => undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Whether there was a place for it. `onEnd` hears whether it was sent in the end. */
  send({ uid, namespace }: Addressee, request: Request, onEnd: (isSent: boolean) => void): boolean {
    if (!this.#places.mayTake(namespace)) return false;
    this.#places.take(namespace);
    let outbox = this.#outboxes.get(uid);
    if (!outbox) this.#outboxes.set(uid, (outbox = new Outbox(uid, namespace)));
    outbox.waiting.push({
      request,
      attempts: 0,
      onEnd: (isSent) => {
        this.#places.giveBack(namespace);
        onEnd(isSent);
      },
    });
    // One that is being sent comes back to its turn by itself.
    if (!outbox.isReady && outbox.waiting.size === 1 && !outbox.isSending) this.#queue(outbox);
    this.#pump();
    return true;
  }

  #queue(outbox: Outbox): void {
    outbox.isReady = true;
    this.#turns.push(outbox);
  }

  #pump(): void {
    while (this.#sending < SENDERS) {
      const outbox = this.#turns.take();
      if (!outbox) return;
      this.#sending++;
      void this.#sendOf(outbox);
    }
  }

  /** What fails is tried again after a while, before what comes after it of the same object. */
  async #sendOf(outbox: Outbox): Promise<void> {
    outbox.isReady = false;
    outbox.isSending = true;
    const letter = outbox.waiting.shift()!;
    const result = await this.#attempt(letter);
    this.#sending--;
    this.#turns.leave(outbox);
    if (result === 'passing' && ++letter.attempts < MOST_ATTEMPTS) {
      const { clock, random } = this.#options;
      clock.after(delayAfter(letter.attempts - 1, BACK_OFF, random), () => this.#next(outbox, letter));
    } else {
      letter.onEnd(result === 'sent');
      this.#next(outbox);
    }
    this.#pump();
    if (this.#sending === 0) this.#onIdle();
  }

  #next(outbox: Outbox, again?: Letter): void {
    outbox.isSending = false;
    if (again) outbox.waiting.unshift(again);
    if (outbox.waiting.size > 0) this.#queue(outbox);
    else this.#outboxes.delete(outbox.uid);
    if (again) this.#pump();
  }

  /** Once: within 5 seconds, and while we lead. */
  async #attempt({ request }: Letter): Promise<'sent' | 'passing' | 'lost'> {
    const { clock, log, isLeading } = this.#options;
    if (!isLeading()) return 'lost';
    const limit = new AbortController();
    const callOff = clock.after(SEND_MILLISECONDS, () => limit.abort(new Error('the event took longer than 5 s')));
    try {
      await request(limit.signal);
      return 'sent';
    } catch (error) {
      log.debug({ err: error }, 'An event could not be sent.');
      return hasStatus(error, ...REFUSALS) ? 'lost' : 'passing';
    } finally {
      callOff();
    }
  }

  /** Ends when nothing is being sent, or after so many milliseconds. */
  async flush(milliseconds: number): Promise<void> {
    if (this.#sending === 0) return;
    const limit = new AbortController();
    this.#onIdle = () => limit.abort();
    await sleep(this.#options.clock, milliseconds, limit.signal);
    for (const { waiting } of this.#outboxes.values()) while (waiting.shift()) continue;
  }
}
