/**
 * Tells people through events.k8s.io/v1. Promises: the same message about the same object within ten minutes is one event
 * that counts; an object says at most 25 different things at once and one more every half minute; a pass never waits
 * for an event nor fails because of one.
 */
import type { Logger } from 'pino';
import type { Resource } from '../api/v1alpha1/shared.ts';
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

export class Events {
  readonly #options: EventOptions;
  /** By uid, least recently heard first. */
  readonly #speakers = new Map<string, Speaker>();
  readonly #waiting: (() => Promise<unknown>)[] = [];
  #sending: Promise<void> | undefined;
  #sequence = 0;

  constructor(options: EventOptions) {
    this.#options = options;
  }

  /** Returns at once; the event is sent behind those before it. */
  tell(about: Resource, { type, reason, message }: Note): void {
    const speaker = this.#speakerFor(about.metadata.uid ?? '');
    const note = cut(message);
    const now = this.#options.clock.elapsed();
    const said = speaker.told.get(`${type} ${reason}`);
    if (speaker.credit < 1) return;
    speaker.credit--;
    if (said && said.note === note && now - said.at < SERIES_MILLISECONDS) {
      said.count++;
      said.at = now;
      const series = { count: said.count, lastObservedTime: microTime(this.#options.clock.now()) };
      return this.#send(() =>
        this.#options.client.mergePatch(
          EVENT,
          { namespace: namespaceOf(about), name: said.name },
          { series },
          { manager: 'holdfast' },
        ),
      );
    }
    const event = this.#eventOf(about, type, reason, note);
    speaker.told.set(`${type} ${reason}`, { name: event.metadata.name, note, count: 1, at: now });
    this.#send(() => this.#options.client.create(EVENT, event, { manager: 'holdfast' }));
  }

  /** Ends when all that was told is sent, or after so many milliseconds. */
  async flush(milliseconds: number): Promise<void> {
    if (!this.#sending) return;
    const limit = new AbortController();
    const sent = this.#sending.then(() => limit.abort());
    await Promise.race([sent, sleep(this.#options.clock, milliseconds, limit.signal)]);
    this.#waiting.length = 0;
  }

  #eventOf(about: Resource, type: string, reason: string, note: string) {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const suffix = `${this.#options.clock.now().getTime().toString(16)}${(this.#sequence++ % 4096).toString(16).padStart(3, '0')}`;
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

  #send(request: () => Promise<unknown>): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(request);
    this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      await request().catch((error: unknown) => this.#options.log.debug({ err: error }, 'An event could not be sent.'));
    }
    this.#sending = undefined;
  }
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
