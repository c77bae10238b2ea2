/** A mirror of one kind, kept from an apiserver that misbehaves. Time moves only when told to, so that back-offs cost none. */
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { Cache } from '../../operator/runtime/cache.ts';
import { Client } from '../../operator/runtime/client.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { Reflector } from '../../operator/runtime/watch.ts';
import { WireApiserver, type Fault, type Stream } from './apiserver.ts';
import { ManualClock } from './manualClock.ts';
import { until } from './until.ts';

export const THING = { group: 'wire.holdfast.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };

export class WatchBed {
  readonly apiserver: WireApiserver;
  readonly client: Client;
  readonly clock = new ManualClock();
  readonly stop = new AbortController();
  readonly cache = new Cache(THING, { onFault: () => undefined });
  /** `name:level before>name:level after` of each change since the start. */
  changes: string[] = [];
  readonly warnings: string[] = [];
  /** Of each warning, after how many seconds it is tried again. */
  readonly delays: number[] = [];
  lists = 0;
  reflector: Reflector | undefined;
  running: Promise<void> = Promise.resolve();

  static async open(): Promise<WatchBed> {
    return new WatchBed(await WireApiserver.start(THING));
  }

  constructor(apiserver: WireApiserver) {
    this.apiserver = apiserver;
    this.client = new Client({ server: apiserver.url });
    this.cache.listen((before, after) => this.changes.push(`${nameOf(before)}>${nameOf(after)}`));
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
    await this.client.close();
    await this.apiserver.stop();
  }

  /** Begins to mirror; unless told otherwise, the first list is complete and the first watch open when it ends. */
  async start({ waits = true } = {}): Promise<void> {
    const write = (text: string): void => {
      const { msg, retryInSeconds } = JSON.parse(text) as { msg: string; retryInSeconds: number };
      this.warnings.push(msg);
      this.delays.push(retryInSeconds);
    };
    const source = {
      list: (from: string, signal: AbortSignal) => this.client.list(THING, '', from, { signal }),
      watch: (how: Parameters<Client['watch']>[2], onData: (chunk: Buffer) => void, signal: AbortSignal) =>
        this.client.watch(THING, '', { ...how, signal }, onData),
    };
    const options = { clock: this.clock, random: () => 0, log: createLog('warn', { write }) };
    this.reflector = new Reflector(source, this.cache, { ...options, name: 'things', onRelist: () => this.lists++ });
    this.running = this.reflector.run(this.stop.signal);
    if (!waits) return;
    await this.cache.synced;
    await this.watching();
    this.changes = [];
  }

  watching(): Promise<void> {
    return until('a watch is open', () => this.apiserver.streams.size === 1);
  }

  get stream(): Stream {
    return [...this.apiserver.streams][0]!;
  }

  level(name: string): number | undefined {
    return (this.cache.get({ namespace: 'default', name })?.spec as { level?: number } | undefined)?.level;
  }

  seesLevel(name: string, level: number): Promise<void> {
    return until(`${name} is at ${level}`, () => this.level(name) === level);
  }

  /** Waits out a back-off: nothing happens until time moves. */
  async backOff(): Promise<void> {
    await until('it backs off', () => this.clock.timers === 1);
    await this.clock.advance(31_000);
  }

  failOnce(fault: Fault, matches: (query: URLSearchParams) => boolean): void {
    let failed = false;
    this.apiserver.fault = ({ query }) => (failed || !matches(query) ? undefined : ((failed = true), fault));
  }
}

export function isWatch(query: URLSearchParams): boolean {
  return query.get('watch') === 'true';
}

function nameOf(object: Resource | undefined): string {
  return object ? `${object.metadata.name}:${(object.spec as { level?: number }).level ?? ''}` : '';
}
