/**
 * Sends the requests of the S3 client: over connections of one store alone, within limits of time and size, to its endpoint and nowhere else.
 * Answers are read here up to a limit, except for the object that is streamed.
 */
import type { Agent as PlainAgent, ClientRequest, IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { http } from '../../lib/nodeHttp.ts';
import { trusting } from '../../lib/trust.ts';
import { StoreError } from './types.ts';

export interface HandlerOptions {
  /** Certificates in PEM; those of the system when it is undefined. */
  readonly ca?: Buffer;
  readonly maxConnections: number;
  readonly connectSeconds: number;
  /** Without a byte in either direction. */
  readonly silenceSeconds: number;
  /** For the request and its answer; of an object that is streamed, for the request alone. */
  readonly requestSeconds: number;
}

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** What a call may say beside its command. */
export interface CallOptions {
  readonly abortSignal?: AbortSignal;
  /** The body of a good answer is left to whoever called. */
  readonly isStreamed?: boolean;
}

interface Answer {
  readonly statusCode: number;
  readonly reason: string;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** Lists of a thousand keys are shorter. */
const maxAnswerBytes = 4 * 1024 * 1024;

export class S3Handler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #options: HandlerOptions;
  readonly #plain: PlainAgent;
  readonly #tls: TlsAgent;

  constructor(options: HandlerOptions) {
    this.#options = options;
    const pool = { keepAlive: true, maxSockets: options.maxConnections, maxFreeSockets: 2, timeout: 30_000 };
    this.#plain = new http.Agent(pool);
    this.#tls = new TlsAgent({ ...pool, minVersion: 'TLSv1.2', ...trusting(options.ca) });
  }

  async handle(request: Request, call: CallOptions = {}): Promise<{ response: Answer }> {
    call.abortSignal?.throwIfAborted();
    const isTls = request.protocol === 'https:';
    const sent = (isTls ? tlsRequest : http.request)({
      agent: isTls ? this.#tls : this.#plain,
      host: request.hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(request.port !== undefined && { port: request.port }),
      method: request.method,
      path: `${request.path}${queryText(request.query)}`,
      headers: request.headers,
    });
    const timer = setTimeout(
      () => sent.destroy(slow(`did not complete a request in ${this.#options.requestSeconds} s`)),
      this.#options.requestSeconds * 1000,
    );
    const onAbort = (): void => void sent.destroy(call.abortSignal?.reason as Error);
    call.abortSignal?.addEventListener('abort', onAbort, { once: true });
    sent.once('close', () => call.abortSignal?.removeEventListener('abort', onAbort));
    try {
      this.#watch(sent, isTls);
      const answer = await exchanged(sent, request.body);
      const isGood = (answer.statusCode ?? 0) >= 200 && (answer.statusCode ?? 0) < 300;
      const body = call.isStreamed && isGood ? answer : Readable.from([await readAtMost(answer, maxAnswerBytes)]);
      return { response: { ...headOf(answer), body } };
    } catch (error) {
      sent.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  destroy(): void {
    this.#plain.destroy();
    this.#tls.destroy();
  }

  httpHandlerConfigs(): object {
    return {};
  }

  updateHttpClientConfig(): void {
    // Its configuration is that of the store.
  }

  #watch(sent: ClientRequest, isTls: boolean): void {
    const { connectSeconds, silenceSeconds } = this.#options;
    sent.setTimeout(silenceSeconds * 1000, () => sent.destroy(slow(`was silent for ${silenceSeconds} s`)));
    sent.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = setTimeout(
        () => sent.destroy(slow(`did not accept a connection in ${connectSeconds} s`)),
        connectSeconds * 1000,
      );
      const clear = (): void => clearTimeout(late);
      socket.once(isTls ? 'secureConnect' : 'connect', clear);
      socket.once('close', clear);
    });
  }
}

/** Sends the body until it is answered: an answer that comes early ends it. */
async function exchanged(sent: ClientRequest, body: unknown): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.on('error', reject);
    sent.once('close', () => reject(new Error('the connection was closed')));
  });
  const content = body instanceof Uint8Array || typeof body === 'string' ? [body] : (body as Readable | undefined);
  const written = content ? pipeline(content, sent) : Promise.resolve(sent.end());
  const failed = written.then(
    () => answered,
    async (error: unknown) => {
      // Why a body was not made is said before that the connection broke.
      if (error instanceof StoreError) throw error;
      return answered;
    },
  );
  void failed.catch(() => undefined);
  return Promise.race([answered, failed]);
}

/** Reads the answer. Rejects when it is cut, or longer than it may be. */
export async function readAtMost(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes)
      throw new StoreError('Invalid', `more than ${maxBytes} bytes were answered; check that the address is one of S3`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headOf({ statusCode = 0, statusMessage = '', headers }: IncomingMessage): Omit<Answer, 'body'> {
  const flat = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]);
  return { statusCode, reason: statusMessage, headers: Object.fromEntries(flat) as Record<string, string> };
}

function queryText(query: Request['query'] = {}): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) =>
      one === null || one === '' ? escaped(name) + (one === null ? '' : '=') : `${escaped(name)}=${escaped(one)}`,
    ),
  );
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** As signatures have it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function slow(what: string): StoreError {
  return new StoreError('Slow', `the object store ${what}`);
}
