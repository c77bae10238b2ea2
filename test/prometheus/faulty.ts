/** A server in the place of Prometheus, that answers as a test says: only to cause what a real one does not do when it is asked to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Faulty {
  readonly url: string;
  /** What each request had: headers, and the form. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly form: URLSearchParams }[];
  /** Connections since the start. */
  connections(): number;
  stop(): Promise<void>;
}

export type Answer = (response: ServerResponse, form: URLSearchParams) => void;

export async function startFaulty(answer: Answer, tls?: { cert: string; key: string }): Promise<Faulty> {
  const requests: Faulty['requests'] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    let text = '';
    response.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(text);
      requests.push({ headers: request.headers, form });
      answer(response, form);
    });
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A body as Prometheus has it, in which every `TIME` is the time that was asked about. */
export const body =
  (text: string, status = 200): Answer =>
  (response, form) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(text.replaceAll('TIME', form.get('time') ?? ''));

export const vector = (...series: string[]): string =>
  `{"status":"success","data":{"resultType":"vector","result":[${series.join(',')}]}}`;
export const one = '{"metric":{},"value":[TIME,"1"]}';
