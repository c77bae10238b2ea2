/**
 * What the kubelet and Prometheus ask: `/healthz` (is the event loop alive, and was each watch heard from in time),
 * `/readyz` (are all caches synced; true on standbys too) and `/metrics`. It answers nothing that is not for everybody.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface HealthOptions {
  /** All addresses by default. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** What is wrong, in sentences; empty when nothing is. */
  readonly sick: () => readonly string[];
  readonly unready: () => readonly string[];
}

export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveHealth(options: HealthOptions): Promise<Health> {
  const server = createServer((request, response) => {
    void answer(options, request.method ?? '', (request.url ?? '').split('?')[0]!).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8' }).end(body);
    });
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: HealthOptions,
  method: string,
  path: string,
): Promise<{ status: number; type?: string; body: string }> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'Only GET is supported.\n' };
  if (path === '/healthz' || path === '/livez') return verdict(options.sick());
  if (path === '/readyz') return verdict(options.unready());
  if (path === '/metrics')
    return { status: 200, type: options.registry.contentType, body: await options.registry.metrics() };
  return { status: 404, body: 'Not found. Available: /healthz, /readyz and /metrics.\n' };
}

function verdict(problems: readonly string[]): { status: number; body: string } {
  return problems.length === 0 ? { status: 200, body: 'ok\n' } : { status: 503, body: `${problems.join('\n')}\n` };
}

function listen(server: Server, { host, port }: HealthOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
