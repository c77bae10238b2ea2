/**
 * Objects of a test cluster, read and applied as kubectl does it, but over one kept connection instead of a program each
 * time: tests ask many times a second. Every status of ours that is read on the way is looked over.
 */
import { hasStatus } from '../../operator/runtime/apiError.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { Http } from '../../operator/runtime/http.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import { requireSoundStatus } from '../soundStatus.ts';

/** What the apiserver says of the kinds that it serves. */
interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources?: readonly Served[] }[];
  }[];
}

interface Served {
  readonly resource: string;
  readonly responseKind?: { readonly kind: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource: string;
  readonly shortNames?: readonly string[];
}

interface Place {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** All words that mean it: plural, singular, short names, each also with the group behind it. */
  readonly words: readonly string[];
}

/** An object as it is declared. */
export interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface Listing {
  /** That of the Kubectl when absent. */
  readonly namespace?: string;
  readonly everywhere?: boolean;
  /** Labels, as `a=b`. */
  readonly selector?: string;
}

export interface PatchPlace {
  /** That of the Kubectl when absent. */
  readonly namespace?: string;
  readonly subresource?: string;
  readonly fieldManager?: string;
}

const discovered = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export class Objects {
  readonly #kubeconfig: string;
  #http: Promise<Http> | undefined;
  #places: readonly Place[] = [];

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  /** The object, or `undefined` when there is none. */
  async get<T>(kind: string, name: string, namespace: string): Promise<T | undefined> {
    const path = objectPath(await this.#called(kind), name, namespace);
    try {
      return seen<T>(await this.#json({ verb: 'get', method: 'GET', path }));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async list<T>(kind: string, namespace: string, selector = ''): Promise<T[]> {
    const place = await this.#called(kind);
    const path = `${collection(place, namespace)}?labelSelector=${encodeURIComponent(selector)}`;
    const { items } = await this.#json<{ items: Resource[] }>({ verb: 'list', method: 'GET', path });
    return items.map((item) => seen<T>({ ...item, apiVersion: place.apiVersion, kind: place.kind }));
  }

  /** Applies the objects by the server's side, one after the other, and takes over what others own. */
  async apply(objects: readonly Declared[], namespace: string, fieldManager: string): Promise<void> {
    for (const object of objects) {
      const is = ({ apiVersion, kind }: Place): boolean => apiVersion === object.apiVersion && kind === object.kind;
      const place = await this.#place(is, `${object.apiVersion} ${object.kind}`);
      const { name, namespace: own = namespace } = object.metadata;
      const query = `fieldManager=${fieldManager}&force=true&fieldValidation=Strict`;
      const path = `${objectPath(place, name, own)}?${query}`;
      const contentType = 'application/apply-patch+yaml';
      await this.#json({ verb: 'apply', method: 'PATCH', path, body: object, contentType });
    }
  }

  async merge(kind: string, name: string, patch: object, place: PatchPlace & { namespace: string }): Promise<void> {
    const { namespace, subresource, fieldManager = 'kubectl-patch' } = place;
    const object = objectPath(await this.#called(kind), name, namespace);
    const path = `${object}${subresource ? `/${subresource}` : ''}?fieldManager=${fieldManager}`;
    const contentType = 'application/merge-patch+json';
    await this.#json({ verb: 'patch', method: 'PATCH', path, body: patch, contentType });
  }

  #called(kind: string): Promise<Place> {
    return this.#place(({ words }) => words.includes(kind.toLowerCase()), kind);
  }

  async #json<T>(request: Parameters<Http['json']>[0]): Promise<T> {
    this.#http ??= connectionOf(this.#kubeconfig).then(
      (connection) => new Http(connection, { timeoutSeconds: 30, userAgent: 'kubectl' }),
    );
    return (await this.#http).json<T>(request);
  }

  /** Asks again which kinds there are when the one wanted is not among them. */
  async #place(is: (place: Place) => boolean, wanted: string): Promise<Place> {
    const known = this.#places.find(is);
    if (known) return known;
    const answers = await Promise.all(
      ['/api', '/apis'].map((path) => this.#json<Discovery>({ verb: 'get', method: 'GET', path, accept: discovered })),
    );
    this.#places = answers.flatMap(placesOf);
    const found = this.#places.find(is);
    if (!found) throw new Error(`The test cluster serves no ${wanted}.`);
    return found;
  }
}

function placesOf({ items }: Discovery): Place[] {
  return items.flatMap(({ metadata: { name: group = '' }, versions }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(({ resource, responseKind, scope, singularResource, shortNames = [] }) => {
        const apiVersion = group ? `${group}/${version}` : version;
        const words = [resource, singularResource, ...shortNames];
        return {
          path: `${group ? '/apis' : '/api'}/${apiVersion}`,
          apiVersion,
          kind: responseKind?.kind ?? '',
          namespaced: scope === 'Namespaced',
          words: [...words, ...words.map((word) => `${word}.${group}`)],
        };
      }),
    ),
  );
}

/** Of all namespaces when it is empty. */
function collection({ path, namespaced, words: [plural] }: Place, namespace: string): string {
  return `${path}${namespaced && namespace ? `/namespaces/${namespace}` : ''}/${plural}`;
}

function objectPath(place: Place, name: string, namespace: string): string {
  return `${collection(place, namespace)}/${encodeURIComponent(name)}`;
}

/** As kubectl shows it: without what it says of who wrote which field. */
function seen<T>(object: Resource): T {
  if (object.apiVersion?.startsWith('holdfast.dev/')) requireSoundStatus(object);
  delete (object.metadata as { managedFields?: unknown }).managedFields;
  return object as T;
}
