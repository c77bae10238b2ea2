/**
 * What is stored, seen without the proxy: each change of a condition, and each event. A warning that was stored has its Warning event, and
 * one alone. Which changes warn is not written in a status: they are those for which a run without faults had one, and failures.
 */
import type { Condition, Resource, ResourceStatus } from '../../../operator/api/v1alpha1/shared.ts';
import { connectionOf } from '../../../operator/runtime/connection.ts';
import { Http } from '../../../operator/runtime/http.ts';
import { startFollowing } from './follow.ts';
import { placeIn } from './ledger.ts';

const plurals = ['clusterbaselines', 'devicebaselines', 'devices', 'ansibleruns', 'policywaivers', 'approvals'];
const paths = [...plurals.map((plural) => `/apis/holdfast.dev/v1alpha1/${plural}`), '/apis/events.k8s.io/v1/events'];

type Seen = Resource & { readonly status?: ResourceStatus };

interface EventObject extends Pick<Resource, 'metadata'> {
  readonly type: string;
  readonly reason: string;
  readonly regarding: { readonly kind: string; readonly uid?: string; readonly name: string };
  readonly series?: { readonly count: number };
}

/** Conditions of one object that came to have another status or reason at once, and now have the same reason. */
export interface Turn {
  readonly uid: string;
  readonly kind: string;
  /** `Ready=False`, each. */
  readonly facts: readonly string[];
  readonly reason: string;
}

interface Story {
  readonly turns: Turn[];
  /** By name, newest last. */
  readonly events: Map<string, EventObject>;
}

export class Witness {
  readonly #http: Http;
  readonly #stories = new Map<string, Story>();
  readonly #conditions = new Map<string, readonly Condition[]>();
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>[] = [];

  static async start(kubeconfig: string): Promise<Witness> {
    const http = new Http(await connectionOf(kubeconfig), { timeoutSeconds: 600, userAgent: 'holdfast-witness' });
    const witness = new Witness(http);
    const { signal } = witness.#stop;
    const follow = (path: string) =>
      startFollowing<Seen>({ http, path, signal }, (type, object) => {
        if (type === 'ADDED' || type === 'MODIFIED') witness.#note(object);
      });
    witness.#watching.push(...(await Promise.all(paths.map(follow))).map(({ ended }) => ended));
    return witness;
  }

  private constructor(http: Http) {
    this.#http = http;
  }

  of(id: string): Story {
    const story = this.#stories.get(id) ?? { turns: [], events: new Map<string, EventObject>() };
    this.#stories.set(id, story);
    return story;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#watching);
    await this.#http.close();
  }

  #note(object: Seen): void {
    if (object.kind === 'Event') {
      const event = object as unknown as EventObject;
      const id = placeIn(`${event.metadata.namespace ?? ''} ${event.regarding.name}`);
      if (id) this.of(id).events.set(event.metadata.name, event);
      return;
    }
    const { name, namespace = '', uid = '' } = object.metadata;
    const id = placeIn(`${namespace} ${name}`);
    if (!id) return;
    const before = this.#conditions.get(uid) ?? [];
    const conditions = object.status?.conditions ?? [];
    this.#conditions.set(uid, conditions);
    const turned = conditions.filter(({ type, status, reason }) => {
      const was = before.find((one) => one.type === type);
      return was?.status !== status || was.reason !== reason;
    });
    for (const [reason, all] of Map.groupBy(turned, (one) => one.reason)) {
      const facts = all.map(({ type, status }) => `${type}=${status}`).sort();
      this.of(id).turns.push({ uid, kind: object.kind, facts, reason });
    }
  }
}

/** How many warnings each kind of change has: learned from a run without faults. */
export type Warns = ReadonlyMap<string, number>;

export function turnName({ kind, facts, reason }: Omit<Turn, 'uid'>): string {
  return `${kind} ${facts.join(' ')} ${reason}`;
}

/** Where an object had one reason by several kinds of changes, which of them warns is not known, and those are left out. */
export function learnWarns({ turns, events }: Pick<Story, 'turns' | 'events'>): Warns {
  const given = warnings({ events });
  const groups = Map.groupBy(turns, ({ uid, reason }) => `${uid} ${reason}`);
  return new Map(
    [...groups].flatMap(([key, all]): [string, number][] => {
      const names = new Set(all.map(turnName));
      const [name = ''] = names;
      return names.size === 1 ? [[name, (given.get(key) ?? 0) / all.length]] : [];
    }),
  );
}

/** By whom there may be warnings for nothing. */
export interface Tellers {
  /** How often an operator was started anew: one that dies between a warning and its status may have warned of what never came to be. */
  readonly deaths: number;
  /** How many lead at once: each may warn of the same, which it saw in another state. */
  readonly leaders: number;
}

/** Warnings that were lost, and those that were given more than once. Reasons with a change that was not learned are left out. */
export function faultsOfWarnings(
  { turns, events }: Pick<Story, 'turns' | 'events'>,
  warns: Warns,
  { deaths, leaders }: Tellers = { deaths: 0, leaders: 1 },
): string[] {
  const given = warnings({ events });
  return [...Map.groupBy(turns, ({ uid, reason }) => `${uid} ${reason}`)].flatMap(([key, all]) => {
    const wanted = all.reduce((sum, turn) => sum + (isFailure(turn) ? 1 : (warns.get(turnName(turn)) ?? NaN)), 0);
    const count = given.get(key) ?? 0;
    if (Number.isNaN(wanted) || (count >= wanted && count <= wanted * leaders + deaths)) return [];
    const [{ kind = '', reason = '' } = {}] = all;
    return [`${kind} came to be ${reason} ${all.length} times, with ${count} Warning events instead of ${wanted}`];
  });
}

function isFailure({ reason }: Turn): boolean {
  return reason === 'ReconcileFailed';
}

/** How often, by uid and reason. */
function warnings({ events }: Pick<Story, 'events'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, reason, regarding, series } of events.values()) {
    if (type !== 'Warning') continue;
    const key = `${regarding.uid ?? ''} ${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + (series?.count ?? 1));
  }
  return counts;
}
