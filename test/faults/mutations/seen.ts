/** What is stored in each place now, and since when nothing has changed there: followed by watches of all that the operator writes. */
import type { Condition, Resource, ResourceStatus } from '../../../operator/api/v1alpha1/shared.ts';
import { resources } from '../../../operator/api/generated/resources.ts';
import { connectionOf } from '../../../operator/runtime/connection.ts';
import { Http } from '../../../operator/runtime/http.ts';
import { until } from '../../operator/until.ts';
import { startFollowing } from '../wire/follow.ts';
import { placeIn } from '../wire/ledger.ts';

export type Stored = Resource & {
  readonly spec?: unknown;
  readonly data?: unknown;
  readonly status?: ResourceStatus & { readonly conditions?: readonly Condition[] };
};

const ours = Object.values(resources).map(({ plural }) => `/apis/holdfast.dev/v1alpha1/${plural}`);
const paths = [
  ...ours,
  '/api/v1/configmaps',
  '/api/v1/secrets',
  '/apis/batch/v1/jobs',
  '/apis/apps/v1/deployments',
  '/apis/networking.k8s.io/v1/networkpolicies',
];
const quietSeconds = 0.8;
const mostSeconds = 90;

interface PlaceSeen {
  readonly objects: Map<string, Stored>;
  changedAt: number;
}

export class Seen {
  readonly #http: Http;
  readonly #places = new Map<string, PlaceSeen>();
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>[] = [];

  static async start(kubeconfig: string): Promise<Seen> {
    const http = new Http(await connectionOf(kubeconfig), { timeoutSeconds: 600, userAgent: 'holdfast-witness' });
    const seen = new Seen(http);
    const { signal } = seen.#stop;
    const follow = (path: string) =>
      startFollowing<Stored>({ http, path, signal }, (type, object) => seen.#note(type, object));
    seen.#watching.push(...(await Promise.all(paths.map(follow))).map(({ ended }) => ended));
    return seen;
  }

  private constructor(http: Http) {
    this.#http = http;
  }

  /** By kind and name. */
  of(id: string): ReadonlyMap<string, Stored> {
    return this.#place(id).objects;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#watching);
    await this.#http.close();
  }

  /** This generation of the object, or a newer one, was evaluated, or it says why not, and nothing has been written in the place for a while. */
  settle(id: string, key: string, generation: number): Promise<true> {
    const look = () => (this.#isSettled(id, key, generation) ? true : undefined);
    return until(`${key} of ${id} has settled`, look, {
      seconds: mostSeconds,
      everyMilliseconds: 50,
      seen: () => this.of(id).get(key)?.status,
    });
  }

  #isSettled(id: string, key: string, generation: number): boolean {
    const { objects, changedAt } = this.#place(id);
    const { metadata, status } = objects.get(key) ?? {};
    const wanted = Math.max(generation, metadata?.generation ?? 0);
    const isExplained = status?.conditions?.some(({ observedGeneration = 0 }) => observedGeneration >= wanted) ?? false;
    const isEvaluated = isExplained || (status?.observedGeneration ?? 0) >= wanted;
    return isEvaluated && performance.now() - changedAt >= quietSeconds * 1000;
  }

  #place(id: string): PlaceSeen {
    const place = this.#places.get(id) ?? { objects: new Map<string, Stored>(), changedAt: 0 };
    this.#places.set(id, place);
    return place;
  }

  #note(type: string, object: Stored): void {
    if (type === 'BOOKMARK' || type === 'ERROR') return;
    const { kind, metadata } = object;
    const id = placeIn(`${metadata.namespace ?? ''} ${metadata.name}`);
    if (id === undefined) return;
    const place = this.#place(id);
    place.changedAt = performance.now();
    const key = `${kind}/${metadata.name}`;
    if (type === 'DELETED') place.objects.delete(key);
    else place.objects.set(key, object);
  }
}
