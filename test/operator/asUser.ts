/** Requests to the apiserver of a test as one of its people, over a kept connection: what is tried hundreds of times. */
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { ApiError } from '../../operator/runtime/apiError.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { Http } from '../../operator/runtime/http.ts';

/** What became of a request. */
export type Reply =
  | { readonly is: 'accepted'; readonly object: Resource }
  | { readonly is: 'refused'; readonly status: number; readonly message: string };

/** How an object is changed. */
export type Route = 'merge' | 'json' | 'apply' | 'update';

export const routes: readonly Route[] = ['merge', 'json', 'apply', 'update'];

/** Where an object is: `devices/web-01`, with its namespace unless it has none. */
export interface Spot {
  readonly plural: string;
  readonly name: string;
  readonly namespace?: string;
  readonly subresource?: string;
}

const group = 'holdfast.dev/v1alpha1';
const types = { merge: 'merge-patch+json', json: 'json-patch+json', apply: 'apply-patch+yaml' } as const;

export class AsUser {
  readonly #http: Http;

  private constructor(http: Http) {
    this.#http = http;
  }

  static async connect(kubeconfig: string): Promise<AsUser> {
    return new AsUser(new Http(await connectionOf(kubeconfig), { timeoutSeconds: 30, userAgent: 'holdfast-test' }));
  }

  as(user: string): AsUser {
    return new AsUser(this.#http.with({ 'impersonate-user': user }));
  }

  create(plural: string, object: Resource & object): Promise<Reply> {
    const { namespace } = object.metadata;
    return this.#reply({ verb: 'create', method: 'POST', path: pathOf({ plural, namespace, name: '' }), body: object });
  }

  get(spot: Spot): Promise<Reply> {
    return this.#reply({ verb: 'get', method: 'GET', path: pathOf(spot) });
  }

  delete(spot: Spot): Promise<Reply> {
    return this.#reply({ verb: 'delete', method: 'DELETE', path: pathOf(spot) });
  }

  /** Changes members of the object in that way; `live` is what it is now. */
  change(route: Route, spot: Spot, members: object, live: Resource): Promise<Reply> {
    const query = route === 'apply' ? '?fieldManager=attacker&force=true' : '';
    const path = `${pathOf(spot)}${query}`;
    if (route === 'update') {
      const body = { ...live, ...members };
      return this.#reply({ verb: 'update', method: 'PUT', path, body });
    }
    const { apiVersion, kind, metadata } = live;
    const { name, namespace } = metadata;
    const bodies = {
      merge: members,
      json: Object.entries(members).map(([key, value]) => ({ op: 'add', path: `/${key}`, value: value as unknown })),
      apply: { apiVersion, kind, metadata: { name, namespace }, ...members },
    };
    const contentType = `application/${types[route]}`;
    return this.#reply({ verb: 'patch', method: 'PATCH', path, body: bodies[route], contentType });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #reply(request: Parameters<Http['json']>[0]): Promise<Reply> {
    try {
      return { is: 'accepted', object: await this.#http.json<Resource>(request) };
    } catch (error) {
      if (error instanceof ApiError) return { is: 'refused', status: error.status, message: error.said };
      throw error;
    }
  }
}

function pathOf({ plural, name, namespace, subresource }: Spot): string {
  const parts = [`/apis/${group}`, ...(namespace ? ['namespaces', namespace] : []), plural];
  return [...parts, ...(name ? [name] : []), ...(subresource ? [subresource] : [])].join('/');
}
