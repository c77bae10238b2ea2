/**
 * Tells people through events.k8s.io/v1. Promises: the same message about the same object within ten minutes is one event
 * that counts; an object says at most 25 different things at once and one more every half minute; a pass never waits
 * for an event nor fails because of one; what is said of one object is sent in order, and what is slow to be sent delays only its namespace;
 * nothing is sent while we do not lead. The event of a transition of a condition has a name that follows from it, so that it can be told again,
 * by whoever leads then, and is there once.
 */
import type { Logger } from 'pino';
import type { Condition, Resource } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { Fifo } from '../lib/fifo.ts';
import { Shares } from '../lib/shares.ts';
import { Turns, type InTurn } from '../lib/turns.ts';
import { timestamp } from '../lib/timestamp.ts';
import { hasStatus } from './apiError.ts';
import type { Client } from './client.ts';
import { sleep, type Clock } from './clock.ts';
import type { Kind } from '../api/kind.ts';
import type { Note } from './feature.ts';

export interface EventOptions {
  readonly client: Pick<Client, 'create' | 'mergePatch'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** What speaks, such as `holdfast.dev/operator`. */
  readonly controller: string;
  /** Which process of it. */
  readonly instance: string;
  readonly isLeading: () => boolean;
}

/** Of which transition an event tells. */
export type Transition = Pick<Condition, 'type' | 'reason' | 'lastTransitionTime'>;

type Request = (signal: AbortSignal) => Promise<unknown>;

/** What is yet to be sent of one object: one request at a time. */
class Outbox implements InTurn {
  readonly lane = 'fresh';
  readonly isSlow = false;
  readonly uid: string;
  readonly group: string;
  readonly waiting = new Fifo<() => Promise<void>>();
  isReady = false;
  isSending = false;

  constructor(uid: string, group: string) {
    this.uid = uid;
    this.group = group;
  }
}

interface Told {
  name: string;
  note: string;
  count: number;
  at: number;
}

interface Speaker {
  /** How much it may still say. */
  credit: number;
  creditedAt: number;
  readonly told: Map<string, Told>;
}

export const EVENT: Kind = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };

const LONGEST_NOTE = 1024;
const SERIES_MILLISECONDS = 600_000;
const BURST = 25;
const REFILL_MILLISECONDS = 30_000;
const MOST_SPEAKERS = 4096;
const MOST_WAITING = 1000;
const SENDERS = 8;
const SEND_MILLISECONDS = 5000;
/** Warnings that are younger when we start are told again, because who led before may have died before it told them. */
const RETELL_MILLISECONDS = 900_000;
const MOST_TRANSITIONS = 10_000;

export class Events {
  readonly #options: EventOptions;
  /** By uid, least recently heard first. */
  readonly #speakers = new Map<string, Speaker>();
  readonly #outboxes = new Map<string, Outbox>();
  readonly #turns = new Turns<Outbox>(SENDERS);
  readonly #places = new Shares(MOST_WAITING);
  /** Transitions that are told or about to be; oldest first. */
  readonly #transitions = new Set<string>();
  readonly #retoldSince: string;
  #sending = 0;
  #onIdle: () => void = () => undefined;
  #sequence = 0;

  constructor(options: EventOptions) {
    this.#options = options;
    this.#retoldSince = timestamp(new Date(options.clock.now().getTime() - RETELL_MILLISECONDS));
  }

  /** Tells a warning that still is, if its transition is so young that it may not have been told. Costs nothing where it is old or known. */
  retell(about: Resource, is: Condition): void {
    if (is.lastTransitionTime < this.#retoldSince || this.#transitions.has(transitionId(about, is))) return;
    this.tell(about, { type: 'Warning', reason: is.reason, message: is.message }, is, true);
  }

  /** Returns at once; the event is sent behind those before it. */
  tell(about: Resource, { type, reason, message }: Note, of?: Transition, isRetold = false): void {
    const speaker = this.#speakerFor(about.metadata.uid ?? '');
    const note = cut(message);
    const now = this.#options.clock.elapsed();
    const said = speaker.told.get(`${type} ${reason}`);
    if (speaker.credit < 1) return;
    speaker.credit--;
    if (!isRetold && said && said.note === note && now - said.at < SERIES_MILLISECONDS) {
      said.count++;
      said.at = now;
      const series = { count: said.count, lastObservedTime: microTime(this.#options.clock.now()) };
      this.#send(about, this.#seriesOf(about, said.name, series), () => undefined);
      return;
    }
    const event = this.#eventOf(about, { type, reason, note, of });
    const { name } = event.metadata;
    speaker.told.set(`${type} ${reason}`, { name, note, count: 1, at: now });
    const again = { count: 2, lastObservedTime: event.eventTime };
    const transition = of && transitionId(about, of);
    const create: Request = (signal) =>
      this.#options.client.create(EVENT, event, { manager: 'holdfast', signal }).catch((error: unknown) => {
        if (!of || !hasStatus(error, 409)) throw error;
        return isRetold ? undefined : this.#seriesOf(about, name, again)(signal);
      });
    const isTaken = this.#send(about, create, () => {
      speaker.told.delete(`${type} ${reason}`);
      if (transition !== undefined) this.#transitions.delete(transition);
    });
    if (!isTaken) speaker.told.delete(`${type} ${reason}`);
    else if (transition !== undefined) this.#remember(transition);
  }

  /** Ends when all that was told is sent, or after so many milliseconds. */
  async flush(milliseconds: number): Promise<void> {
    if (this.#sending === 0) return;
    const limit = new AbortController();
    this.#onIdle = () => limit.abort();
    await sleep(this.#options.clock, milliseconds, limit.signal);
    for (const { waiting } of this.#outboxes.values()) while (waiting.shift()) continue;
  }

  #seriesOf(about: Resource, name: string, series: object): Request {
    const key = { namespace: namespaceOf(about), name };
    return (signal) => this.#options.client.mergePatch(EVENT, key, { series }, { manager: 'holdfast', signal });
  }

  #eventOf(
    about: Resource,
    { type, reason, note, of }: { type: string; reason: string; note: string; of: Transition | undefined },
  ) {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const moment = `${this.#options.clock.now().getTime().toString(16)}${(this.#sequence++ % 4096).toString(16).padStart(3, '0')}`;
    const suffix = of ? digestOf(transitionId(about, of)).slice('sha256:'.length, 'sha256:'.length + 16) : moment;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: namespaceOf(about), name: `${name.slice(0, 230)}.${suffix}` },
      eventTime: microTime(this.#options.clock.now()),
      type,
      reason: reason.slice(0, 128),
      note,
      action: 'Reconcile',
      regarding: { apiVersion: about.apiVersion, kind: about.kind, namespace, name, uid, resourceVersion },
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, 128),
    };
  }

  #speakerFor(uid: string): Speaker {
    const now = this.#options.clock.elapsed();
    const speaker = this.#speakers.get(uid) ?? { credit: BURST, creditedAt: now, told: new Map<string, Told>() };
    const earned = Math.floor((now - speaker.creditedAt) / REFILL_MILLISECONDS);
    speaker.credit = Math.min(BURST, speaker.credit + earned);
    speaker.creditedAt += earned * REFILL_MILLISECONDS;
    this.#speakers.delete(uid);
    this.#speakers.set(uid, speaker);
    if (this.#speakers.size > MOST_SPEAKERS) this.#speakers.delete(this.#speakers.keys().next().value!);
    return speaker;
  }

  /** Whether there was a place for it. What is lost on the way is forgotten, and told again by the next pass if it was a warning. */
  #send(about: Resource, request: Request, onLoss: () => void): boolean {
    const namespace = namespaceOf(about);
    if (!this.#places.mayTake(namespace)) return false;
    this.#places.take(namespace);
    const { uid = '' } = about.metadata;
    let outbox = this.#outboxes.get(uid);
    if (!outbox) this.#outboxes.set(uid, (outbox = new Outbox(uid, namespace)));
    outbox.waiting.push(async () => {
      if (!(await this.#attempt(request))) onLoss();
      this.#places.giveBack(namespace);
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

  async #sendOf(outbox: Outbox): Promise<void> {
    outbox.isReady = false;
    outbox.isSending = true;
    await outbox.waiting.shift()?.();
    outbox.isSending = false;
    this.#sending--;
    this.#turns.leave(outbox);
    if (outbox.waiting.size > 0) this.#queue(outbox);
    else this.#outboxes.delete(outbox.uid);
    this.#pump();
    if (this.#sending === 0) this.#onIdle();
  }

  /** Whether it was sent: within 5 seconds, and while we lead. */
  async #attempt(request: Request): Promise<boolean> {
    const { clock, log, isLeading } = this.#options;
    if (!isLeading()) return false;
    const limit = new AbortController();
    const callOff = clock.after(SEND_MILLISECONDS, () => limit.abort(new Error('the event took longer than 5 s')));
    try {
      await request(limit.signal);
      return true;
    } catch (error) {
      log.debug({ err: error }, 'An event could not be sent.');
      return false;
    } finally {
      callOff();
    }
  }

  #remember(transition: string): void {
    this.#transitions.add(transition);
    if (this.#transitions.size > MOST_TRANSITIONS) this.#transitions.delete(this.#transitions.values().next().value!);
  }
}

function transitionId({ metadata }: Resource, { type, reason, lastTransitionTime }: Transition): string {
  return `${metadata.uid} ${type} ${reason} ${lastTransitionTime}`;
}

/** Events of cluster-scoped objects stand in `default`. */
function namespaceOf(about: Resource): string {
  return about.metadata.namespace ?? 'default';
}

function cut(message: string): string {
  return message.length <= LONGEST_NOTE ? message : `${message.slice(0, LONGEST_NOTE - 1)}…`;
}

/** RFC 3339 with microseconds, as `MicroTime` wants it. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
