/**
 * Requests to one apiserver over kept connections. Nothing is retried here, because only the caller knows whether that
 * is right; what fails, fails as an ApiError (there was an answer) or a NoResponse.
 */
import type { Dispatcher } from 'undici';
import { parseJson, yamlOf } from '../lib/json.ts';
import type { Received } from '../lib/received.ts';
import { trusting } from '../lib/trust.ts';
import { ApiError, NoResponse, answerOf } from './apiError.ts';
import type { Connection } from './apiserver.ts';
import { Connections } from './connections.ts';
import type { Seconds } from './feature.ts';
import { Pool, send } from './pool.ts';

export interface HttpOptions {
  /** At most so many connections; without a limit when undefined. */
  readonly connections?: number;
  /** Until the answer begins, and between its parts. */
  readonly timeoutSeconds: Seconds;
  readonly userAgent: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of every answer; `code` is an HTTP status, or `error` when there was no answer; `date` is when the apiserver gave it, as HTTP writes it. */
  readonly onRequest?: (verb: string, code: string, date?: string) => void;
}

export interface Request {
  /** As Kubernetes calls it: get, list, watch, create, apply, patch, delete. */
  readonly verb: string;
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** The form of the answer; plain JSON by default. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Longest silence within the answer, where it differs from the timeout; 0 for any. */
  readonly idleSeconds?: Seconds;
}

const CONNECT_SECONDS = 10;
/** Errors of undici by which nothing came in time. */
const SILENCES: readonly string[] = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];
/** For how long pieces of a stream are left with the kernel. */
const GATHER_MILLISECONDS = 20;

export class Http {
  readonly #connection: Connection;
  readonly #options: HttpOptions;
  readonly #connections: Connections;
  /** One address may be of many clusters, each at a path of its own: `/k8s/clusters/c-1`. */
  readonly #prefix: string;

  constructor(
    connection: Connection,
    options: HttpOptions,
    connections = new Connections(() => poolOf(connection, options)),
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#connections = connections;
    this.#prefix = new URL(connection.server).pathname.replace(/\/+$/, '');
  }

  /** The same connections, with headers on every request. */
  with(headers: Readonly<Record<string, string>>): Http {
    return new Http(this.#connection, { ...this.#options, headers }, this.#connections);
  }

  /** The answer as JSON, whose whole numbers beyond 2^53 are bigints (`lib/json.ts`). */
  async json<T>(request: Request): Promise<T> {
    const { body, pool } = await this.#send(request);
    return this.#parsed<T, string>(request, pool, body.text(), parseJson);
  }

  /** The answer as `parse` reads it, gathered in the memory that is given. */
  async parsed<T>(request: Request, gathered: Received, parse: (bytes: Buffer) => unknown): Promise<T> {
    const { body, pool } = await this.#send(request);
    return this.#parsed<T, Buffer>(request, pool, gather(body, gathered), parse);
  }

  /**
   * The answer's bytes until it ends. What comes after a silence is given at once; then the connection is read every
   * 20 ms, because to be woken for each of many small pieces costs more than to read them. Fails with whatever `onData` throws.
   */
  async stream(request: Request, onData: (chunk: Buffer) => void): Promise<void> {
    const { body, pool } = await this.#send(request);
    // What is there is given to the end of this turn; what comes then waits with the kernel.
    let gathers = false;
    const gather = (): void => {
      if (gathers) return;
      gathers = true;
      setImmediate(() => body.pause());
      setTimeout(() => {
        gathers = false;
        body.resume();
      }, GATHER_MILLISECONDS);
    };
    await new Promise<void>((resolve, reject) => {
      let failed = false;
      body.on('data', (chunk: Buffer) => {
        if (failed) return;
        gather();
        try {
          onData(chunk);
        } catch (error) {
          failed = true;
          reject(asError(error));
          body.destroy();
        }
      });
      body.on('end', resolve);
      body.on('error', (error) => reject(this.#noAnswer(request, pool, error)));
      body.on('close', () => reject(this.#noAnswer(request, pool, new Error('the connection was closed'))));
    });
  }

  /** Ends all connections at once. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  async #send(request: Request): Promise<{ readonly body: Dispatcher.ResponseData['body']; readonly pool: Pool }> {
    const token = await this.#connection.token?.();
    const contentType = request.contentType ?? 'application/json';
    const pool = this.#connections.current;
    const sent = send(pool, {
      path: `${this.#prefix}${request.path}`,
      method: request.method,
      body: yamlOf(request.body) ?? null,
      headers: {
        accept: request.accept ?? 'application/json',
        'user-agent': this.#options.userAgent,
        ...this.#options.headers,
        ...(request.body === undefined ? {} : { 'content-type': contentType }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: request.signal,
      ...(request.idleSeconds === undefined ? {} : { bodyTimeout: request.idleSeconds * 1000 }),
    });
    const response = await unlessCalledOff(sent, request.signal).catch((error: unknown) => {
      this.#options.onRequest?.(request.verb, 'error');
      throw this.#noAnswer(request, pool, error);
    });
    // Whoever reads it hears of it too; one that breaks before anybody reads it must not end the process.
    response.body.on('error', () => undefined);
    const { date } = response.headers;
    this.#options.onRequest?.(request.verb, String(response.statusCode), typeof date === 'string' ? date : undefined);
    if (response.statusCode < 300) return { body: response.body, pool };
    const answer = answerOf(await response.body.text().catch(() => ''));
    throw new ApiError(describe(request), response.statusCode, answer, retryAfter(response.headers['retry-after']));
  }

  async #parsed<T, A extends { toString(): string }>(
    request: Request,
    pool: Pool,
    answer: Promise<A>,
    parse: (answer: A) => unknown,
  ): Promise<T> {
    const text = await answer.catch((error: unknown) => {
      throw this.#noAnswer(request, pool, error);
    });
    try {
      return parse(text) as T;
    } catch {
      const shown = text.toString().slice(0, 100);
      throw new NoResponse(`${describe(request)}: the response of ${this.#connection.server} is not JSON: ${shown}`);
    }
  }

  #noAnswer(request: Request, pool: Pool, error: unknown): Error {
    const calledOff = request.signal?.aborted ? asError(request.signal.reason) : undefined;
    const cause = asError(error);
    const code = 'code' in cause ? String(cause.code) : cause.name;
    if (calledOff ? calledOff instanceof NoResponse : SILENCES.includes(code)) this.#connections.replace(pool);
    if (calledOff) return calledOff;
    return new NoResponse(
      `${describe(request)}: no response from ${this.#connection.server}: ${cause.message || code}`,
      {
        cause,
      },
    );
  }
}

async function gather(body: AsyncIterable<unknown>, gathered: Received): Promise<Buffer> {
  gathered.clear();
  for await (const piece of body) gathered.add(piece as Buffer);
  return gathered.content;
}

function poolOf(connection: Connection, { timeoutSeconds, connections }: HttpOptions): Pool {
  const { ca, cert, key, serverName } = connection;
  return new Pool(new URL(connection.server).origin, {
    connect: { ...trusting(ca), cert, key, servername: serverName, timeout: CONNECT_SECONDS * 1000 },
    headersTimeout: timeoutSeconds * 1000,
    bodyTimeout: timeoutSeconds * 1000,
    connections,
  });
}

/** The dispatcher hears of the signal only once a connection is there: of requests that wait for one, each would take as long as that takes to fail. */
async function unlessCalledOff<T>(sent: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return sent;
  const { promise, reject } = Promise.withResolvers<never>();
  const callOff = (): void => reject(asError(signal.reason));
  signal.addEventListener('abort', callOff, { once: true });
  try {
    if (signal.aborted) callOff();
    return await Promise.race([sent, promise]);
  } finally {
    signal.removeEventListener('abort', callOff);
    sent.catch(() => undefined);
  }
}

/** The request without its query, which holds nothing that people need. */
function describe(request: Request): string {
  return `${request.verb} ${request.path.split('?')[0]}`;
}

function retryAfter(header: string | string[] | undefined): Seconds | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
