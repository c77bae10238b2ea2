/** A proxy before a real S3 server, that causes what a real one does not do when it is asked to, and keeps what was requested. */
import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export type Fault =
  /** An answer in its place; nothing is passed on. */
  | {
      readonly do: 'answer';
      readonly status: number;
      readonly code?: string;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Passed on, and the connection is cut in place of the answer. */
  | { readonly do: 'loseReply' }
  /** Passed on, and answered with a status in its place. */
  | { readonly do: 'replaceReply'; readonly status: number; readonly body?: string }
  /** The connection is cut after so many bytes of the request. */
  | { readonly do: 'cut'; readonly afterBytes: number }
  /** The connection is cut after so many bytes of the answer. */
  | { readonly do: 'cutReply'; readonly afterBytes: number }
  | { readonly do: 'hang' }
  /** Passed on, and never answered; told once the server has answered in full. */
  | { readonly do: 'withhold'; readonly done: () => void }
  /** Passed on, after the server was said to continue, which nobody asked. */
  | { readonly do: 'continue' }
  /** Passed on once that is done. */
  | { readonly do: 'delay'; readonly until: () => Promise<unknown> }
  /** Passed on, but its answer begins and never ends. */
  | { readonly do: 'stall' }
  | { readonly do: 'endless' }
  /** A byte of the answer at a time, for as long as it takes. */
  | { readonly do: 'drip' }
  /** Passed on with other headers in the answer. */
  | { readonly do: 'alter'; readonly headers: Record<string, string | undefined> };

export interface FaultProxy {
  readonly url: string;
  readonly seen: Seen[];
  /** What happens to a request; nothing by default. */
  fault: (request: Seen) => Fault | undefined;
  stop(): Promise<void>;
}

export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const open = new Set<Socket>();
  const target = new URL(upstream);
  const server = createServer((incoming, response) => {
    response.on('error', () => undefined);
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    proxy.seen.push(request);
    const fault = proxy.fault(request);
    if (fault) cause(fault, incoming, response);
    else pass(incoming, response, {});
  });

  function pass(incoming: IncomingMessage, response: ServerResponse, how: Partial<Record<string, Fault>>): void {
    const passed = send({
      host: target.hostname,
      port: target.port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      agent: false,
    });
    passed.on('error', () => response.destroy());
    passed.on('response', (answer) => {
      const { fault } = how;
      if (fault?.do === 'loseReply') return void answer.resume().on('end', () => response.destroy());
      if (fault?.do === 'withhold') return void answer.resume().on('end', fault.done);
      if (fault?.do === 'replaceReply')
        return void answer.resume().on('end', () => response.writeHead(fault.status).end(fault.body ?? ''));
      const headers = { ...answer.headers, ...(fault?.do === 'alter' ? fault.headers : {}) };
      const kept = Object.entries(headers).filter(([, value]) => value !== undefined);
      response.writeHead(answer.statusCode ?? 500, Object.fromEntries(kept) as Record<string, string>);
      if (fault?.do === 'stall') return void response.flushHeaders();
      if (fault?.do === 'cutReply') {
        let left = fault.afterBytes;
        answer.on('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, left));
          left -= chunk.length;
          if (left <= 0) setImmediate(() => response.destroy());
        });
        return;
      }
      answer.pipe(response);
    });
    incoming.pipe(passed);
  }

  function cause(fault: Fault, incoming: IncomingMessage, response: ServerResponse): void {
    switch (fault.do) {
      case 'answer': {
        const { status, code = 'Error', headers = {} } = fault;
        const body = fault.body ?? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
        incoming
          .resume()
          .on('end', () => response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body));
        return;
      }
      case 'cut': {
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes >= fault.afterBytes) incoming.destroy();
        });
        return;
      }
      case 'hang':
        incoming.resume();
        return;
      case 'endless': {
        incoming.resume();
        response.writeHead(200, { 'content-type': 'application/xml' });
        const chunk = Buffer.alloc(64 * 1024, ' ');
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', more);
        more();
        return;
      }
      case 'drip': {
        incoming.resume();
        response.writeHead(200, { 'content-length': '1000000' });
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'continue':
        response.writeContinue();
        response.writeProcessing();
        pass(incoming, response, {});
        return;
      case 'delay':
        incoming.pause();
        void fault.until().then(
          () => pass(incoming, response, {}),
          () => response.destroy(),
        );
        return;
      default:
        pass(incoming, response, { fault });
    }
  }

  server.on('connection', (socket: Socket) => {
    open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    fault: () => undefined,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

/** The fault for the first so many requests of a method. */
export function first(method: string, fault: Fault, times = 1): FaultProxy['fault'] {
  let left = times;
  return (request) => (request.method === method && left-- > 0 ? fault : undefined);
}
