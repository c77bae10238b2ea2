/**
 * A proxy between the operator and the apiserver, with TLS on both sides. It numbers the writes and the frames of watches about each place,
 * and to the one that is planned it does what is planned. Reviews of access and tokens, and Leases, are no writes.
 */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { connectionOf } from '../../../operator/runtime/connection.ts';
import { PlaceLedger, placeIn } from './ledger.ts';
import { Stream, type Moves } from './stream.ts';
import { frameTroubles, writeTroubles, type Answer, type Exchange, type Frame, type Trouble } from './trouble.ts';
import { Upstream, contentOf, read, type Request } from './upstream.ts';

export interface ProxyOptions {
  /** Path of the operator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of the authority's certificate, beside which that of the apiserver is. */
  readonly certificateAuthority: string;
  /** Kills the operator and starts it again. */
  readonly restart: () => Promise<void>;
  /** Told of each write, of Leases too, before it is forwarded and after it was done; the write, or its reply, waits. What it throws hangs up. */
  readonly onWrite?: (write: PassingWrite) => void | Promise<void>;
  /** Told of the path of what was listed or read, once it was answered. */
  readonly onRead?: (path: string) => void;
  /** What becomes of writes of Leases; they are forwarded where it is absent. */
  readonly onLease?: (write: Exchange) => void | Promise<void>;
}

export interface PassingWrite {
  /** The place that it is about. */
  readonly id: string | undefined;
  /** `PATCH /path`. */
  readonly what: string;
  readonly arrivedAt: number;
  /** Of the answer; absent before it. */
  readonly status?: number;
}

/** What comes of it when the operator is cut off: its connections are closed, or stay open and bring nothing. */
export type CutOff = 'closed' | 'silent';

/** Neither is a write of the operator's work. */
export const noWrites = /\/(subjectaccessreviews|selfsubject\w+|tokenreviews|leases)(\/|\?|$)/;

export class Proxy {
  readonly #upstream: Upstream;
  readonly #server: Server;
  readonly #restart: () => Promise<void>;
  readonly #onWrite: NonNullable<ProxyOptions['onWrite']>;
  readonly #onLease: ProxyOptions['onLease'];
  readonly #onRead: ProxyOptions['onRead'];
  #cutOff: CutOff | undefined;
  readonly #ledgers = new Map<string, PlaceLedger>();
  readonly #streams = new Set<Stream>();
  /** By watch: how its next request is answered. */
  readonly #refusals = new Map<string, (Answer | undefined)[]>();
  /** By watch: how to list the same, and lists of earlier that the next is answered with. */
  readonly #lists = new Map<string, Request>();
  readonly #oldLists = new Map<string, Answer>();
  readonly #snapshots = new Map<string, ReadonlyMap<string, Answer>>();

  static async start(options: ProxyOptions): Promise<Proxy> {
    const { kubeconfig, certificateAuthority } = options;
    const folder = dirname(certificateAuthority);
    const [ca, ownCert, ownKey] = await Promise.all(
      [certificateAuthority, join(folder, 'server.crt'), join(folder, 'server.key')].map((file) => readFile(file)),
    );
    const { server, cert = '', key = '' } = await connectionOf(kubeconfig);
    const upstream = new Upstream({ server, ca: ca!, cert: Buffer.from(cert), key: Buffer.from(key) });
    const proxy = new Proxy(upstream, createServer({ cert: ownCert, key: ownKey }), options);
    await proxy.#listen();
    return proxy;
  }

  private constructor(upstream: Upstream, server: Server, { restart, onWrite, onLease, onRead }: ProxyOptions) {
    this.#upstream = upstream;
    this.#server = server;
    this.#restart = restart;
    this.#onWrite = onWrite ?? (() => undefined);
    this.#onLease = onLease;
    this.#onRead = onRead;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Counts from now on what is about the place, and does to it what is planned. */
  watchOver(id: string, planned?: Trouble): PlaceLedger {
    const ledger = new PlaceLedger(id, planned);
    this.#ledgers.set(id, ledger);
    return ledger;
  }

  /** Cuts the operator off from the apiserver; `undefined` ends that. */
  cutOff(how: CutOff | undefined): void {
    this.#cutOff = how;
    if (how === 'silent') for (const stream of this.#streams) stream.fallSilent();
    // What fell silent stays so: its connection has to go.
    else this.#server.closeAllConnections();
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#upstream.close();
  }

  async #listen(): Promise<void> {
    this.#server.keepAliveTimeout = 0;
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A connection that breaks in the middle is what it is here for.
      this.#serve(request, response).catch(() => response.destroy());
    });
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const request: Request = { method, path, headers, body: await contentOf(incoming) };
    if (this.#cutOff) return this.#cutOff === 'closed' ? void response.destroy() : undefined;
    if (method === 'GET')
      return path.includes('watch=true') ? this.#watch(request, response) : this.#read(request, response);
    const ledger = noWrites.test(path) ? undefined : this.#ledgerOf(request);
    const trouble = ledger?.written(`${method} ${path}`);
    const n = ledger?.writes.length ?? 0;
    const passing: PassingWrite = { id: ledger?.id, what: `${method} ${path}`, arrivedAt: performance.now() };
    const write: Exchange = {
      forward: async () => {
        await this.#onWrite(passing);
        const answer = await this.#upstream.ask(request);
        ledger?.answered(n, answer.status);
        await this.#onWrite({ ...passing, status: answer.status });
        return answer;
      },
      answer: (answer) => respond(response, answer),
      answerHalf: ({ status, headers: given, body }) => {
        response.writeHead(status, given);
        response.write(body.subarray(0, body.length >> 1), () => response.destroy());
      },
      hangUp: () => void response.destroy(),
      restart: this.#restart,
    };
    if (this.#onLease && path.includes('/leases')) await this.#onLease(write);
    else if (trouble?.of === 'write') await writeTroubles[trouble.what](write);
    else write.answer(await write.forward());
  }

  async #read(request: Request, response: ServerResponse): Promise<void> {
    const key = keyOf(request);
    const old = this.#oldLists.get(key);
    this.#oldLists.delete(key);
    if (request.path.includes('limit=') && !request.path.includes('continue=')) this.#lists.set(key, request);
    const answer = old ?? (await this.#upstream.ask(request));
    if (answer.status === 200) this.#onRead?.(request.path);
    respond(response, answer);
  }

  async #watch(request: Request, response: ServerResponse): Promise<void> {
    const key = keyOf(request);
    const refusals = this.#refusals.get(key) ?? [];
    if (refusals.length > 0) {
      const refusal = refusals.shift();
      return refusal ? respond(response, refusal) : void response.destroy();
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await this.#upstream.open(request, gone.signal);
    if (answer.statusCode !== 200) return respond(response, await read(answer));
    response.writeHead(200, { 'content-type': answer.headers['content-type'] });
    response.flushHeaders();
    const stream = new Stream(response);
    this.#streams.add(stream);
    try {
      await stream.run(answer, async (line, moves) => {
        const ledger = await this.#ledgerOfFrame(request, line);
        const trouble = ledger?.heard(key.split(' ')[0]!);
        if (trouble?.of !== 'frame') return moves.send();
        await frameTroubles[trouble.what](this.#frameOf(key, ledger!, moves));
      });
    } finally {
      this.#streams.delete(stream);
      answer.destroy();
    }
  }

  #frameOf(key: string, { id }: PlaceLedger, moves: Moves): Frame {
    return {
      ...moves,
      restart: this.#restart,
      refuseNext: (answer) => void this.#refusals.set(key, [...(this.#refusals.get(key) ?? []), answer]),
      listOldNext: () => {
        const old = this.#snapshots.get(id)?.get(key);
        if (old) this.#oldLists.set(key, old);
      },
      allFallSilent: () => {
        for (const stream of this.#streams) stream.fallSilent();
      },
    };
  }

  #ledgerOf({ headers, path, body }: Request): PlaceLedger | undefined {
    const id = placeIn(accountIn(headers)) ?? placeIn(path) ?? placeIn(body.toString());
    return this.#ledgers.get(id ?? '');
  }

  /** Bookmarks are about no place, and an account that sees what others have is about its own. */
  async #ledgerOfFrame({ headers }: Request, line: string): Promise<PlaceLedger | undefined> {
    if (line.startsWith('{"type":"BOOKMARK"')) return undefined;
    const id = placeIn(line) ?? '';
    const account = accountIn(headers);
    if (account && placeIn(account) !== id) return undefined;
    const ledger = this.#ledgers.get(id);
    if (ledger?.isBeforeOldList && !this.#snapshots.has(id)) this.#snapshots.set(id, await this.#allLists());
    return ledger;
  }

  async #allLists(): Promise<ReadonlyMap<string, Answer>> {
    const asked = [...this.#lists].map(async ([key, request]) => [key, await this.#upstream.ask(request)] as const);
    return new Map(await Promise.all(asked));
  }
}

function accountIn(headers: Request['headers']): string {
  return `${String(headers['impersonate-user'] ?? '')}`;
}

/** A list and the watch that follows it have the same; those of metadata alone have their own. */
function keyOf({ path, headers }: Request): string {
  const extent = `${headers.accept}`.includes('PartialObjectMetadata') ? 'metadata' : '';
  return `${path.split('?')[0]} ${accountIn(headers)} ${extent}`;
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}
