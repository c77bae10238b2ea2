/**
 * The verbs of the apiserver, in raw JSON. Objects are never read, changed and put back whole: writes are server-side
 * apply, creation, deletion of a known uid, and patches that name what they expect.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Received } from '../lib/received.ts';
import { hasStatus } from './apiError.ts';
import type { Connection } from './apiserver.ts';
import type { Kind } from '../api/kind.ts';
import type { Account, JsonPatch, Key, Seconds } from './feature.ts';
import { Http, type Request } from './http.ts';
import { keyOf } from './identity.ts';
import { parsePage, type Page } from './page.ts';
import { collectionPath, objectPath } from './paths.ts';

export interface ListPage {
  readonly items: Resource[];
  readonly resourceVersion: string;
  /** Where the next page begins; empty after the last. */
  readonly continue: string;
}

/** An object to be sent. */
export type Body = { apiVersion: string; kind: string; metadata: Resource['metadata'] } & Record<string, unknown>;
/** An object as a write answers it; of an object that was applied, its metadata alone. */
export type Written = Body;

export interface ClientOptions {
  readonly userAgent?: string;
  /** At most so many connections for requests; watches have their own. 32 by default. */
  readonly connections?: number;
  /** 30 by default. */
  readonly timeoutSeconds?: Seconds;
  /** Told of every answer; `code` is an HTTP status, or `error` when there was no answer. */
  readonly onRequest?: (verb: string, code: string, date?: string) => void;
}

const PAGE_SIZE = 500;
/** What the apiserver sends when only metadata is wanted. */
const METADATA_OF_PAGE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** Fields that the kind does not have are refused instead of dropped; and perhaps nothing is done but tried. */
export type Strictly = 'strict' | 'dryRun';

/** How a request is made. */
export interface Requesting {
  readonly signal?: AbortSignal;
}

/** How something is written. */
export interface Writing extends Requesting {
  /** The field manager. */
  readonly manager: string;
  readonly how?: Strictly;
}

/** What a client is beside its connection. */
interface Guise {
  readonly requests: Http;
  readonly watches: Http;
  readonly onlyMetadata: boolean;
}

/** A right, as an access review names it. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly namespace?: string;
  readonly name?: string;
}

export class Client {
  readonly #connection: Connection;
  readonly #options: ClientOptions;
  readonly #requests: Http;
  readonly #watches: Http;
  readonly #onlyMetadata: boolean;

  constructor(connection: Connection, options: ClientOptions = {}, guise?: Guise) {
    this.#connection = connection;
    this.#options = options;
    const { userAgent = 'holdfast', timeoutSeconds = 30, onRequest } = options;
    const shared = { userAgent, timeoutSeconds, onRequest };
    this.#requests = guise?.requests ?? new Http(connection, { ...shared, connections: options.connections ?? 32 });
    this.#watches = guise?.watches ?? new Http(connection, shared);
    this.#onlyMetadata = guise?.onlyMetadata ?? false;
  }

  /** The same apiserver with the same account over other connections, for what must not wait behind the rest. */
  apart(options: Pick<ClientOptions, 'connections' | 'timeoutSeconds'>): Client {
    return new Client(this.#connection, { ...this.#options, ...options });
  }

  /** The same connections with the rights of a service account, and, if so wished, lists and watches of metadata alone. */
  as({ namespace, name }: Account, only?: 'metadata'): Client {
    const headers = { 'impersonate-user': `system:serviceaccount:${namespace}:${name}` };
    return new Client(this.#connection, this.#options, {
      requests: this.#requests.with(headers),
      watches: this.#watches.with(headers),
      onlyMetadata: only === 'metadata',
    });
  }

  /** The document at a path that the apiserver has beside objects, such as `/apis/apps/v1`. `undefined` when there is none. */
  document<R>(path: string, signal?: AbortSignal): Promise<R | undefined> {
    return absentOn404(this.#requests.json<R>({ verb: 'get', method: 'GET', path, signal }));
  }

  /** One page of at most 500 objects, or the one of that name. `from` is empty for the first. */
  async list(
    kind: Kind,
    namespace: string,
    from: string,
    {
      signal,
      labelSelector,
      name,
      fieldSelector = name && `metadata.name=${name}`,
      only,
      gathered,
    }: Requesting & {
      readonly labelSelector?: string;
      readonly name?: string;
      readonly fieldSelector?: string;
      readonly only?: 'metadata';
      /** The memory to read it in; the items may lack managedFields then. */
      readonly gathered?: Received;
    } = {},
  ): Promise<ListPage> {
    const query = new URLSearchParams({
      limit: `${PAGE_SIZE}`,
      ...(from && { continue: from }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
    });
    const path = `${collectionPath(kind, namespace)}?${query.toString()}`;
    const accept = this.#onlyMetadata || only ? METADATA_OF_PAGE : undefined;
    const request: Request = { verb: 'list', method: 'GET', path, signal, accept };
    const page = await (gathered
      ? this.#requests.parsed<Page>(request, gathered, parsePage)
      : this.#requests.json<Page>(request));
    return {
      items: page.items ?? [],
      resourceVersion: page.metadata.resourceVersion ?? '',
      continue: page.metadata.continue ?? '',
    };
  }

  /** Streams changes after a version, as the bytes come, until the server ends the stream, which it does after `timeoutSeconds`. */
  watch(
    kind: Kind,
    namespace: string,
    options: Requesting & { resourceVersion: string; timeoutSeconds: Seconds },
    onData: (chunk: Buffer) => void,
  ): Promise<void> {
    const version = encodeURIComponent(options.resourceVersion);
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=${options.timeoutSeconds}`;
    const path = `${collectionPath(kind, namespace)}?${query}`;
    return this.#watches.stream(
      {
        verb: 'watch',
        method: 'GET',
        path,
        signal: options.signal,
        idleSeconds: 0,
        accept: this.#onlyMetadata ? METADATA : undefined,
      },
      onData,
    );
  }

  /** `undefined` when there is no such object. */
  get<R>(kind: Kind, key: Key, signal?: AbortSignal): Promise<R | undefined> {
    return absentOn404(this.#requests.json<R>({ verb: 'get', method: 'GET', path: objectPath(kind, key), signal }));
  }

  /** Whether who asks has the right, in all namespaces. */
  may({ group, plural: resource }: Kind, verb: string, signal?: AbortSignal): Promise<boolean> {
    return this.mayHere({ group, resource, verb }, signal);
  }

  /** Whether who asks has the right, in that namespace and on that object where they are given. */
  async mayHere(resourceAttributes: Right, signal?: AbortSignal): Promise<boolean> {
    const api = 'authorization.k8s.io/v1';
    const spec = { resourceAttributes };
    const { status } = await this.#requests.json<{ status: { allowed: boolean } }>({
      verb: 'create',
      method: 'POST',
      path: `/apis/${api}/selfsubjectaccessreviews`,
      body: { apiVersion: api, kind: 'SelfSubjectAccessReview', spec },
      signal,
    });
    return status.allowed;
  }

  /** The name under which the apiserver knows who asks. */
  async self(signal?: AbortSignal): Promise<string> {
    const api = 'authentication.k8s.io/v1';
    const { status } = await this.#requests.json<{ status: { userInfo: { username: string } } }>({
      verb: 'create',
      method: 'POST',
      path: `/apis/${api}/selfsubjectreviews`,
      body: { apiVersion: api, kind: 'SelfSubjectReview' },
      signal,
    });
    return status.userInfo.username;
  }

  /** Server-side apply that takes over fields of others, unless `force` is false. With `metadata.resourceVersion` in the body, only onto that version. */
  apply(
    kind: Kind,
    object: Body,
    {
      manager,
      signal,
      how,
      force = true,
    }: Omit<Writing, 'how'> & { readonly how?: 'status' | Strictly; readonly force?: boolean },
  ): Promise<Written> {
    const subresource = how === 'status' ? how : undefined;
    const path = `${objectPath(kind, keyOf(object), subresource)}?${query(manager, how)}&force=${force}`;
    // What became of it is of interest where it was tried for that.
    const accept = how === 'dryRun' ? undefined : METADATA;
    return this.#patch(path, object, { verb: 'apply', format: 'apply-patch+yaml', signal, accept });
  }

  /** Fails with 409 when the name is taken. */
  create(kind: Kind, object: Body, { manager, signal, how }: Writing): Promise<Written> {
    const path = `${collectionPath(kind, keyOf(object).namespace)}?${query(manager, how)}`;
    return this.#requests.json({ verb: 'create', method: 'POST', path, body: object, signal });
  }

  /** Deletes that very object, perhaps only at that version, and what it owns after it. Answers whether it was there; fails with 409 when it is another. */
  async delete(
    kind: Kind,
    key: Key,
    uid: string,
    { signal, how, resourceVersion }: Omit<Writing, 'manager'> & { readonly resourceVersion?: string } = {},
  ): Promise<boolean> {
    const dryRun = how === 'dryRun' ? ['All'] : undefined;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid, resourceVersion },
      propagationPolicy: 'Background',
      dryRun,
    };
    const answer = this.#requests.json({ verb: 'delete', method: 'DELETE', path: objectPath(kind, key), body, signal });
    return (await absentOn404(answer)) !== undefined;
  }

  /** Changes single members. A `test` that does not hold fails with 422. */
  jsonPatch(kind: Kind, key: Key, patch: JsonPatch, { manager, signal, how }: Writing): Promise<Written> {
    const path = `${objectPath(kind, key)}?${query(manager, how)}`;
    return this.#patch(path, patch, { verb: 'patch', format: 'json-patch+json', signal });
  }

  /** Changes the members given. With `metadata.resourceVersion` among them, only of that version; otherwise fails with 409. */
  mergePatch(
    kind: Kind,
    key: Key,
    patch: object,
    { manager, signal, how }: Omit<Writing, 'how'> & { readonly how?: 'status' | Strictly },
  ): Promise<Written> {
    const subresource = how === 'status' ? how : undefined;
    const path = `${objectPath(kind, key, subresource)}?${query(manager, how)}`;
    return this.#patch(path, patch, { verb: 'patch', format: 'merge-patch+json', signal });
  }

  /** Ends all connections at once. */
  async close(): Promise<void> {
    await Promise.all([this.#requests.close(), this.#watches.close()]);
  }

  #patch(
    path: string,
    body: unknown,
    { format, ...how }: Requesting & { readonly verb: string; readonly format: string; readonly accept?: string },
  ): Promise<Written> {
    return this.#requests.json({ ...how, method: 'PATCH', path, body, contentType: `application/${format}` });
  }
}

/** A field manager's name may have at most 128 characters. */
function query(manager: string, how?: 'status' | Strictly): string {
  const strict = how === 'strict' || how === 'dryRun' ? '&fieldValidation=Strict' : '';
  return `fieldManager=${encodeURIComponent(manager)}${how === 'dryRun' ? '&dryRun=All' : ''}${strict}`;
}

async function absentOn404<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  });
}
