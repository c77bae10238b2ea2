/**
 * Tells people through events.k8s.io/v1. Promises: the same message about the same object within ten minutes is one event
 * that counts; an object says at most 25 different things at once and one more every half minute; no pass fails because of an event, and
 * none waits but for its warnings; what is said is sent as `Outboxes` promise it. The event of a transition of a condition is one of its own, with
 * a name that follows from it, so that it can be told again, by whoever leads then, and is there once. A warning is told before the status that shows
 * it is stored (`warn`): whoever dies between the two, the next one decides the same of the same status, and finds the event or makes it. It is
 * told once however often that status has to be stored (`shown`).
 */
import type { Condition, Resource } from '../api/v1alpha1/shared.ts';
import { digestOf } from '../lib/digest.ts';
import { hasStatus } from './apiError.ts';
import type { Client } from './client.ts';
import { sleep } from './clock.ts';
import type { Kind } from '../api/kind.ts';
import type { Note } from './feature.ts';
import { Outboxes, type OutboxOptions, type Request } from './outboxes.ts';

export interface EventOptions extends OutboxOptions {
  readonly client: Pick<Client, 'create' | 'mergePatch'>;
  /** What speaks, such as `holdfast.dev/operator`. */
  readonly controller: string;
  /** Which process of it. */
  readonly instance: string;
}

/** Of which transition of an object an event tells, in words that are the same whoever tells it, and of no other transition. */
type Transition = string;

/** A warning that is not sent yet. */
interface Untold {
  readonly note: Note;
  readonly transition: Transition;
  /** Ends when it was sent, or cannot be now. */
  underway?: Promise<void>;
}

interface Told {
  name: string;
  readonly transition: Transition | undefined;
  note: string;
  count: number;
  at: number;
}

interface Speaker {
  /** How much it may still say. */
  credit: number;
  creditedAt: number;
  readonly told: Map<string, Told>;
  /** By type: `False Drift`, of which was told, while no status that shows it has been stored yet. */
  readonly unshown: Map<string, string>;
}

export const EVENT: Kind = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };

const LONGEST_NOTE = 1024;
const SERIES_MILLISECONDS = 600_000;
const BURST = 25;
const REFILL_MILLISECONDS = 30_000;
const MOST_SPEAKERS = 4096;
/** For how long a pass waits for its warnings: as long as they are sent again and again. */
const WARN_MILLISECONDS = 20_000;
const MOST_UNTOLD = 10_000;

export class Events {
  readonly #options: EventOptions;
  readonly #outboxes: Outboxes;
  /** By uid, least recently heard first. */
  readonly #speakers = new Map<string, Speaker>();
  /** By uid; oldest first. */
  readonly #untold = new Map<string, Map<Transition, Untold>>();
  #sequence = 0;

  constructor(options: EventOptions) {
    this.#options = options;
    this.#outboxes = new Outboxes(options);
  }

  /** Ends when nothing is being sent, or after so many milliseconds. */
  flush(milliseconds: number): Promise<void> {
    return this.#outboxes.flush(milliseconds);
  }

  /** Returns at once; the event is sent behind those before it. */
  tell(about: Resource, note: Note, of?: Condition): void {
    this.#tell(about, note, of && `${of.type} ${of.reason} ${of.lastTransitionTime}`, () => undefined);
  }

  /**
   * Tells of a condition that comes to warn, `basis` being what it is decided from in the status that is to be replaced. Resolves when
   * the event is there, or cannot be sent now, or after 20 seconds, or when the signal aborts: then it is sent as soon as it can be, and `warnAgain`
   * tells it where that fails.
   */
  async warn(
    about: Resource,
    { type, status, reason, message }: Condition,
    basis: object = {},
    signal?: AbortSignal,
  ): Promise<void> {
    const { uid = '' } = about.metadata;
    const speaker = this.#speakerFor(uid);
    const transition = `${type} ${status} ${reason} ${digestOf(basis)}`;
    const isTold = speaker.told.get(`Warning ${reason}`)?.transition === transition;
    // The status could not be stored, or another was stored in its place, such as that this had failed.
    const isUnshown = speaker.unshown.get(type) === `${status} ${reason}`;
    if (!isTold && !isUnshown) {
      speaker.unshown.set(type, `${status} ${reason}`);
      const own = this.#untold.get(uid) ?? new Map<Transition, Untold>();
      const untold = own.get(transition) ?? { note: { type: 'Warning', reason, message }, transition };
      this.#untold.delete(uid);
      this.#untold.set(uid, own.set(transition, untold));
      if (this.#untold.size > MOST_UNTOLD) this.#untold.delete(this.#untold.keys().next().value!);
      this.#warnOf(about, untold);
    }
    await this.#sent(uid, signal);
  }

  /** Of that object: what is being sent, whichever pass began it. */
  async #sent(uid: string, signal: AbortSignal | undefined): Promise<void> {
    const underway = [...(this.#untold.get(uid)?.values() ?? [])].flatMap((one) => one.underway ?? []);
    if (underway.length === 0) return;
    const ended = new AbortController();
    void Promise.all(underway).then(() => ended.abort());
    const until = AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]);
    await sleep(this.#options.clock, WARN_MILLISECONDS, until);
  }

  /** A pass has read these conditions: their status was stored, though perhaps nobody answered that. */
  seen(about: Resource, conditions: readonly Condition[] = []): void {
    const unshown = this.#speakers.get(about.metadata.uid ?? '')?.unshown;
    if (!unshown?.size) return;
    for (const { type, status, reason } of conditions)
      if (unshown.get(type) === `${status} ${reason}`) unshown.delete(type);
  }

  /** A status is stored that has this condition as it was decided, or all conditions. */
  shown(about: Resource, type?: string): void {
    const unshown = this.#speakers.get(about.metadata.uid ?? '')?.unshown;
    if (type === undefined) unshown?.clear();
    else unshown?.delete(type);
  }

  /** Tells those warnings of an object that could not be sent before. */
  warnAgain(about: Resource): void {
    for (const untold of this.#untold.get(about.metadata.uid ?? '')?.values() ?? []) this.#warnOf(about, untold);
  }

  #warnOf(about: Resource, untold: Untold): void {
    if (untold.underway) return;
    const { uid = '' } = about.metadata;
    const { promise, resolve } = Promise.withResolvers<void>();
    const isTaken = this.#tell(about, untold.note, untold.transition, (isTold) => {
      untold.underway = undefined;
      resolve();
      if (!isTold) return;
      const own = this.#untold.get(uid);
      own?.delete(untold.transition);
      if (own?.size === 0) this.#untold.delete(uid);
    });
    if (isTaken) untold.underway = promise;
  }

  /** Whether it is sent, and heard of by `onEnd`. */
  #tell(
    about: Resource,
    { type, reason, message }: Note,
    transition: Transition | undefined,
    onEnd: (isTold: boolean) => void,
  ): boolean {
    const speaker = this.#speakerFor(about.metadata.uid ?? '');
    const note = cut(message);
    const now = this.#options.clock.elapsed();
    const id = `${type} ${reason}`;
    const addressee = { uid: about.metadata.uid ?? '', namespace: namespaceOf(about) };
    const said = speaker.told.get(id);
    // It is on its way.
    if (transition !== undefined && said?.transition === transition) return false;
    if (speaker.credit < 1) return false;
    speaker.credit--;
    // Whoever leads next could not see that a transition is counted already.
    if (transition === undefined && said && said.note === note && now - said.at < SERIES_MILLISECONDS) {
      said.count++;
      said.at = now;
      const series = { count: said.count, lastObservedTime: microTime(this.#options.clock.now()) };
      return this.#outboxes.send(addressee, this.#seriesOf(about, said.name, series), onEnd);
    }
    const event = this.#eventOf(about, { type, reason, note, transition });
    speaker.told.set(id, { name: event.metadata.name, note, count: 1, at: now, transition });
    const create: Request = (signal) =>
      this.#options.client.create(EVENT, event, { manager: 'holdfast', signal }).catch((error: unknown) => {
        // Somebody has told of this transition before; any other conflict passes.
        const isThere = hasStatus(error, 409) && error.reason === 'AlreadyExists';
        if (transition === undefined || !isThere) throw error;
      });
    const forgetting = (isTold: boolean): void => {
      if (!isTold) speaker.told.delete(id);
      onEnd(isTold);
    };
    const isTaken = this.#outboxes.send(addressee, create, forgetting);
    if (!isTaken) speaker.told.delete(id);
    return isTaken;
  }

  #seriesOf(about: Resource, name: string, series: object): Request {
    const key = { namespace: namespaceOf(about), name };
    return (signal) => this.#options.client.mergePatch(EVENT, key, { series }, { manager: 'holdfast', signal });
  }

  #eventOf(
    about: Resource,
    {
      type,
      reason,
      note,
      transition,
    }: { type: string; reason: string; note: string; transition: Transition | undefined },
  ) {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const moment = `${this.#options.clock.now().getTime().toString(16)}${(this.#sequence++ % 4096).toString(16).padStart(3, '0')}`;
    const suffix = transition === undefined ? moment : digestOf([uid, transition]).slice('sha256:'.length).slice(0, 16);
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
    const speaker: Speaker = this.#speakers.get(uid) ?? {
      credit: BURST,
      creditedAt: now,
      told: new Map(),
      unshown: new Map(),
    };
    const earned = Math.floor((now - speaker.creditedAt) / REFILL_MILLISECONDS);
    speaker.credit = Math.min(BURST, speaker.credit + earned);
    speaker.creditedAt += earned * REFILL_MILLISECONDS;
    this.#speakers.delete(uid);
    this.#speakers.set(uid, speaker);
    if (this.#speakers.size > MOST_SPEAKERS) this.#speakers.delete(this.#speakers.keys().next().value!);
    return speaker;
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
