/** The apiserver as the proxy asks it, with the certificate of the operator. */
import { Agent, request as send, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Answer } from './trouble.ts';

export interface Credentials {
  readonly server: string;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A request as it came. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export class Upstream {
  readonly #server: URL;
  readonly #agent: Agent;

  constructor({ server, ...tls }: Credentials) {
    this.#server = new URL(server);
    this.#agent = new Agent({ ...tls, keepAlive: true });
  }

  async ask(request: Request): Promise<Answer> {
    return read(await this.open(request));
  }

  /** The answer as it begins. */
  open({ method, path, headers, body }: Request, signal?: AbortSignal): Promise<IncomingMessage> {
    const options: RequestOptions = {
      host: this.#server.hostname,
      port: this.#server.port,
      method,
      path,
      headers: { ...without(headers, ['host', ...hopByHop]), 'content-length': body.length },
      agent: this.#agent,
      signal,
    };
    return new Promise((settle, fail) => send(options, settle).once('error', fail).end(body));
  }

  close(): void {
    this.#agent.destroy();
  }
}

export async function read(answer: IncomingMessage): Promise<Answer> {
  const body = await contentOf(answer);
  const headers = without(answer.headers, hopByHop);
  return { status: answer.statusCode ?? 502, headers: { ...headers, 'content-length': `${body.length}` }, body };
}

export async function contentOf(message: IncomingMessage): Promise<Buffer> {
  return Buffer.concat((await message.toArray()) as Buffer[]);
}

/** What is between two neighbors alone. */
const hopByHop = ['connection', 'transfer-encoding', 'content-length'];

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
