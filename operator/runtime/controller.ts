/**
 * Runs the passes of one feature: what changes wakes which keys, how many passes at once, and for how long. A pass that
 * takes too long is told by its signal, and given up when it does not heed that.
 */
import type { Logger } from 'pino';
import type { Cache, Listener } from './cache.ts';
import { causeText, type Cause } from './cause.ts';
import { declarationChanged } from './declaration.ts';
import { equal } from './equal.ts';
import type { OpenFeature, Key, Ref, Seconds, Watch } from './feature.ts';
import { ForeignStatuses } from './foreignStatuses.ts';
import { keyId, keyOf, kindId } from './identity.ts';
import type { Metrics, ControllerMeter } from './metrics.ts';
import { Stopped } from './interruptions.ts';
import { runPass } from './pass.ts';
import type { PassServices } from './visit.ts';
import { Queue, type Aside, type Next } from './queue.ts';

export interface ControllerOptions {
  readonly services: PassServices;
  readonly metrics: Pick<Metrics, 'controller'>;
  readonly log: Logger;
  readonly isLeading: () => boolean;
  /** Longest pass; 120 by default. */
  readonly passSeconds?: Seconds;
}

interface Running {
  readonly key: Key;
  readonly since: number;
  readonly abort: AbortController;
  giveUp: (error: Error) => void;
  /** The newest change of status since the pass began: whether it is our own is known when the pass has ended. */
  status?: Cause;
}

const WORKERS = 8;
const PASS_SECONDS: Seconds = 120;
const SWEEP_MILLISECONDS = 1000;
/** For a pass to end by itself after its signal. */
const GRACE_MILLISECONDS = 5000;
const NOT_LEADING_RECHECK: Seconds = 2;

export class Controller {
  readonly #feature: OpenFeature;
  readonly #options: ControllerOptions;
  readonly #queue: Queue;
  readonly #meter: ControllerMeter;
  readonly #log: Logger;
  readonly #running = new Map<string, Running>();
  readonly #foreign: ForeignStatuses;
  readonly #waiting = new Map<string, Map<string, Key>>();
  #sweeping = false;
  #passes = 0;

  constructor(feature: OpenFeature, options: ControllerOptions) {
    const { clock, random } = options.services;
    const name = feature.kind.kind.toLowerCase();
    const workers = feature.workers ?? WORKERS;
    this.#feature = feature;
    this.#options = options;
    this.#foreign = new ForeignStatuses({ clock, random });
    this.#log = options.log.child({ controller: name });
    this.#meter = options.metrics.controller(name, workers);
    this.#queue = new Queue({
      clock,
      random,
      workers,
      shareOf: (key) => {
        const object = options.services.caches.get(feature.kind, key);
        try {
          return (object && feature.shareOf?.(object)) ?? {};
        } catch {
          // Its pass says what is wrong with it.
          return {};
        }
      },
      work: (key, causes, aside) => this.#work(key, causes, aside),
      meter: this.#meter.queue,
    });
    this.#meter.observe(this.#queue);
  }

  /** To be called when all caches are synced and we lead. */
  start(caches: readonly Cache[]): void {
    for (const cache of caches) {
      const id = kindId(cache.kind);
      if (id === kindId(this.#feature.kind)) {
        cache.listen(this.#wakeItself);
        for (const object of cache.list('')) this.#queue.add(keyOf(object), 'routine');
      }
      for (const watch of this.#feature.watches ?? [])
        if (kindId(watch.kind) === id) cache.listen(this.#wakerOf(watch));
      cache.listen((before, after) => this.#wakeWaiting({ kind: cache.kind, before, after }));
    }
    this.#queue.start();
  }

  /** Looks at every object again, as after a start: of a namespace, or of all. What has no namespace is looked at in any case. */
  lookAtAll(namespace = ''): void {
    const { kind } = this.#feature;
    for (const object of this.#options.services.caches.list(kind, kind.namespaced ? namespace : ''))
      this.#queue.add(keyOf(object), 'routine');
  }

  /** Begins no more passes and gives those at work so much time; then they are called off. */
  async stop(milliseconds: number): Promise<void> {
    if (await this.#queue.close(milliseconds)) return;
    this.#log.warn(
      { passes: this.#running.size },
      'Running reconciliations are canceled, because the process is shutting down.',
    );
    this.abort();
  }

  /** Calls off the passes at work. */
  abort(reason: Error = new Stopped()): void {
    for (const { abort } of this.#running.values()) abort.abort(reason);
  }

  readonly #wakeItself: Listener = (before, after) => {
    const key = keyOf((after ?? before)!);
    const cause = { kind: this.#feature.kind, before, after };
    if (!before || !after || declarationChanged(before, after)) return this.#queue.add(key, 'fresh', 0, cause);
    if (equal(before.status, after.status)) return;
    const running = this.#running.get(keyId(key));
    if (running) running.status = cause;
    else this.#wakeUnlessOwn(key, cause);
  };

  /** A status of our own comes back as a change, and wakes nobody. */
  #wakeUnlessOwn(key: Key, cause: Cause): void {
    if (this.#options.services.sent.isOwnStatus(this.#feature.kind, cause.after!)) return;
    const delay = this.#foreign.meet(keyId(key));
    if (delay !== undefined) this.#queue.add(key, 'fresh', delay, cause);
  }

  #wakerOf(watch: Watch): Listener {
    return (before, after) => {
      if (before && after && watch.on === 'declaration' && !declarationChanged(before, after)) return;
      try {
        const keys = watch.keysOf((after ?? before)!, this.#options.services.caches, after ? before : undefined);
        const cause = { kind: watch.kind, before, after };
        for (const key of keys) this.#queue.add(key, 'fresh', watch.settleSeconds, cause);
      } catch (error) {
        this.#meter.broke();
        this.#log.error(
          { err: error, watch: watch.kind.kind, object: keyId(keyOf((after ?? before)!)) },
          '`keysOf` failed; this is a bug.',
        );
      }
    };
  }

  #wakeWaiting(cause: Cause): void {
    if (this.#waiting.size === 0) return;
    const id = `${kindId(cause.kind)} ${keyId(keyOf((cause.after ?? cause.before)!))}`;
    const keys = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const key of keys?.values() ?? []) this.#queue.add(key, 'fresh', 0, cause);
  }

  #waitFor(key: Key, on: Ref | undefined): void {
    if (!on) return;
    const id = `${kindId(on.kind)} ${keyId({ namespace: on.kind.namespaced ? key.namespace : '', name: on.name })}`;
    const keys = this.#waiting.get(id) ?? new Map<string, Key>();
    this.#waiting.set(id, keys.set(keyId(key), key));
  }

  #work(key: Key, causes: readonly Cause[], aside: Aside): Promise<Next> {
    const { services, isLeading } = this.#options;
    if (!isLeading()) return Promise.resolve({ is: 'again', after: NOT_LEADING_RECHECK });
    const abort = new AbortController();
    const running: Running = { key, since: services.clock.elapsed(), abort, giveUp: () => undefined };
    this.#running.set(keyId(key), running);
    this.#sweep();
    const reconcileID = ++this.#passes;
    const log = (): Logger => this.#log.child({ ...key, reconcileID, why: causes.map(causeText) });
    if (this.#log.isLevelEnabled('debug')) log().debug('Reconciliation started.');
    const pass = runPass(
      {
        feature: this.#feature,
        services,
        meter: this.#meter,
        log,
        signal: abort.signal,
        aside,
        wake: (settle) => this.#queue.add(key, 'fresh', settle),
        waitFor: (on) => this.#waitFor(key, on),
      },
      key,
    );
    const end = new Promise<Next>((resolve, reject) => {
      running.giveUp = reject;
      pass.then(resolve, reject);
    });
    return end.finally(() => {
      this.#running.delete(keyId(key));
      // It is still running for the queue, which makes another pass of it.
      if (running.status) this.#wakeUnlessOwn(key, running.status);
    });
  }

  /** One timer for all passes at work, because one for each would cost more than most passes. */
  #sweep(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const { clock } = this.#options.services;
    const limit = (this.#options.passSeconds ?? PASS_SECONDS) * 1000;
    clock.after(SWEEP_MILLISECONDS, () => {
      this.#sweeping = false;
      for (const { key, since, abort, giveUp } of this.#running.values()) {
        const ran = clock.elapsed() - since;
        if (ran > limit)
          abort.abort(new Error(`The reconciliation took longer than ${limit / 1000} s; it will be retried.`));
        if (ran < limit + GRACE_MILLISECONDS) continue;
        this.#log.error(
          { ...key },
          'A reconciliation did not stop when it was canceled and is abandoned; this is a bug.',
        );
        giveUp(new Error('abandoned'));
      }
      if (this.#running.size > 0) this.#sweep();
    });
  }
}
