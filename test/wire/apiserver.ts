/**
 * An apiserver that misbehaves on command: lists in pages, watches from any version that it still knows, and simple
 * writes, in the form of Kubernetes. It exists to inject faults; how a real apiserver behaves is tested with a real one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Kind } from '../../operator/api/kind.ts';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** What happens instead of the proper answer. */
export type Fault =
  | { answer: number; reason?: string; headers?: Record<string, string>; text?: string }
  /** The connection ends without an answer. */
  | 'drop'
  /** The proper answer comes when the promise ends. */
  | Promise<void>;

/** One open watch, for faults in the middle of it. */
export interface Stream {
  readonly from: number;
  write(bytes: string | Buffer): void;
  /** The stream ends as it should at its timeout. */
  end(): void;
  /** The connection breaks. */
  cut(): void;
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Resource;
}

const PAGE_SIZE = 3;

export class WireApiserver {
  readonly kind: Kind;
  readonly seen: Seen[] = [];
  readonly streams = new Set<Stream>();
  /** Whether changes reach the open watches; while false there is a gap, which a new watch closes. */
  delivers = true;
  /** Asked before each answer. */
  fault: (request: Seen) => Fault | undefined = () => undefined;
  readonly #server: Server;
  readonly #objects = new Map<string, Resource>();
  #changes: Change[] = [];
  #version = 100;
  #oldest = 0;
  #uids = 0;

  static async start(kind: Kind): Promise<WireApiserver> {
    const apiserver = new WireApiserver(kind);
    await new Promise<void>((resolve) => apiserver.#server.listen(0, '127.0.0.1', resolve));
    return apiserver;
  }

  constructor(kind: Kind) {
    this.kind = kind;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get version(): number {
    return this.#version;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  requests(method: string, part = ''): Seen[] {
    return this.seen.filter(
      (request) => request.method === method && `${request.path}?${request.query.toString()}`.includes(part),
    );
  }

  get(name: string, namespace = 'default'): Resource | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  /** Creates or changes an object. A change of the spec is a new generation. */
  put(
    name: string,
    content: Partial<Omit<Resource, 'metadata'>> & { metadata?: Partial<Resource['metadata']> } = {},
    namespace = 'default',
  ): Resource {
    const before = this.get(name, namespace);
    const { generation = 0, uid = `uid-${++this.#uids}` } = before?.metadata ?? {};
    const isNewSpec = content.spec !== undefined && JSON.stringify(content.spec) !== JSON.stringify(before?.spec);
    const metadata = {
      ...before?.metadata,
      ...content.metadata,
      name,
      namespace,
      uid,
      generation: generation + (isNewSpec || !before ? 1 : 0),
    };
    const object: Resource = {
      apiVersion: `${this.kind.group}/${this.kind.version}`,
      kind: this.kind.kind,
      spec: before?.spec ?? {},
      ...(before?.status ? { status: before.status } : {}),
      ...content,
      metadata: { ...metadata, resourceVersion: String(++this.#version) },
    };
    this.#objects.set(`${namespace}/${name}`, object);
    this.#tell(before ? 'MODIFIED' : 'ADDED', object);
    return object;
  }

  remove(name: string, namespace = 'default'): void {
    const object = this.get(name, namespace);
    if (!object) return;
    this.#objects.delete(`${namespace}/${name}`);
    this.#tell('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } });
  }

  /** Forgets the past: a watch from before is answered with 410. */
  compact(): void {
    this.#changes = [];
    this.#oldest = this.#version;
  }

  /** The whole store is put back to an older version, objects as they are. */
  restore(version: number): void {
    this.#version = version;
    this.#changes = [];
    this.#oldest = 0;
  }

  /** A copy of the store. Called, it is put back: the apiserver stops and starts again with it. */
  copy(): () => void {
    const [objects, version] = [new Map(this.#objects), this.#version];
    return () => {
      this.#objects.clear();
      for (const [id, object] of objects) this.#objects.set(id, object);
      this.restore(version);
      this.#server.closeAllConnections();
    };
  }

  bookmark(version = this.#version): void {
    const object = { kind: this.kind.kind, metadata: { resourceVersion: String(version) } };
    for (const stream of this.streams) stream.write(line('BOOKMARK', object));
  }

  #tell(type: Change['type'], object: Resource): void {
    this.#changes.push({ version: this.#version, type, object });
    if (this.delivers) for (const stream of this.streams) stream.write(line(type, object));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: Buffer.concat(chunks).toString(),
    };
    this.seen.push(seen);
    const fault = this.fault(seen);
    if (fault === 'drop') return void request.socket.destroy();
    if (fault instanceof Promise) await fault;
    else if (fault) {
      response.writeHead(fault.answer, { 'content-type': 'application/json', ...fault.headers });
      return void response.end(fault.text ?? status(fault.answer, fault.reason ?? 'Injected'));
    }
    if (seen.query.get('watch') === 'true') return this.#watch(seen, response);
    const { code, body } = this.#answer(seen);
    response.writeHead(code, { 'content-type': 'application/json' }).end(body);
  }

  #watch(seen: Seen, response: ServerResponse): void {
    const from = Number(seen.query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.#oldest) return void response.end(line('ERROR', JSON.parse(status(410, 'Expired')) as object));
    const stream: Stream = {
      from,
      write: (bytes) => void response.write(bytes),
      end: () => response.end(),
      cut: () => response.destroy(),
    };
    for (const { version, type, object } of this.#changes) if (version > from) stream.write(line(type, object));
    this.streams.add(stream);
    response.on('close', () => this.streams.delete(stream));
  }

  #answer(seen: Seen): { code: number; body: string } {
    const [, namespace = '', name = '', sub = ''] =
      /\/namespaces\/([^/]+)\/[^/]+\/([^/]+)\/?(.*)$/.exec(seen.path) ?? [];
    if (name === '') return seen.method === 'GET' ? { code: 200, body: this.#page(seen) } : this.#create(seen);
    const object = this.get(name, namespace);
    const version = (parsed(seen) as Partial<Resource>).metadata?.resourceVersion;
    if (seen.method === 'PATCH' && version && version !== object?.metadata.resourceVersion)
      return { code: 409, body: status(409, 'Conflict') };
    if (seen.method === 'PATCH' && !Array.isArray(parsed(seen)))
      return { code: 200, body: this.#apply(seen, namespace, name, sub) };
    if (!object) return { code: 404, body: status(404, 'NotFound') };
    if (seen.method === 'DELETE') this.remove(name, namespace);
    return { code: 200, body: JSON.stringify(object) };
  }

  #create(seen: Seen): { code: number; body: string } {
    const object = parsed(seen) as Resource;
    const { name, namespace = 'default' } = object.metadata;
    if (this.get(name, namespace)) return { code: 409, body: status(409, 'AlreadyExists') };
    return {
      code: 201,
      body: JSON.stringify(seen.path.includes(this.kind.plural) ? this.put(name, object, namespace) : object),
    };
  }

  /** Members are replaced whole, which is enough where only one applies. */
  #apply(seen: Seen, namespace: string, name: string, sub: string): string {
    const { metadata, spec, status: wanted } = parsed(seen) as Partial<Resource>;
    const { labels, annotations, ownerReferences } = metadata ?? {};
    const content =
      sub === 'status'
        ? { status: wanted }
        : { metadata: { labels, annotations, ownerReferences }, ...(spec ? { spec } : {}) };
    return JSON.stringify(seen.path.includes(this.kind.plural) ? this.put(name, content, namespace) : parsed(seen));
  }

  #page({ query }: Seen): string {
    const [from = '0', version = String(this.#version)] = (query.get('continue') ?? '')
      .split('@')
      .filter((part) => part !== '');
    const only = query.get('fieldSelector')?.replace('metadata.name=', '');
    const found = [...this.#objects.values()].filter(({ metadata }) => (only ?? metadata.name) === metadata.name);
    const all = found.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const end = Number(from) + PAGE_SIZE;
    const more = end < all.length ? { continue: `${end}@${version}` } : {};
    return JSON.stringify({
      kind: 'List',
      metadata: { resourceVersion: version, ...more },
      items: all.slice(Number(from), end),
    });
  }
}

export function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function parsed(seen: Seen): object {
  return seen.body ? (JSON.parse(seen.body) as object) : {};
}

function status(code: number, reason: string): string {
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message: `${reason} (${code})`,
  });
}
