/**
 * What the kubelet and Prometheus ask: `/healthz` (is the event loop alive, and was each watch heard from in time),
 * `/readyz` (are all caches synced; true on standbys too), which are for everyone, and `/metrics`, which is for this machine and for
 * whom the apiserver allows it.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { http } from '../lib/nodeHttp.ts';
import type { Admit } from './metricsAccess.ts';

export interface HealthOptions {
  /** All addresses by default. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** Asked for everyone who is not on this machine. */
  readonly admit: Admit;
  /** What is wrong, in sentences; empty when nothing is. */
  readonly sick: () => readonly string[];
  readonly unready: () => readonly string[];
}

export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveHealth(options: HealthOptions): Promise<Health> {
  const server = http.createServer((request, response) => {
    void answer(options, request).then(({ status, type, body }) => {
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

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

async function answer(options: HealthOptions, request: IncomingMessage): Promise<Answer> {
  const { method = '' } = request;
  const path = (request.url ?? '').split('?')[0];
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'Only GET is supported.\n' };
  if (path === '/healthz' || path === '/livez') return verdict(options.sick());
  if (path === '/readyz') return verdict(options.unready());
  if (path === '/metrics') return metrics(options, request);
  return { status: 404, body: 'Not found. Available: /healthz, /readyz and /metrics.\n' };
}

async function metrics({ admit, registry }: HealthOptions, { headers, socket }: IncomingMessage): Promise<Answer> {
  if (!isLoopback(socket.remoteAddress)) {
    const admission = await admit(/^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]);
    if (admission.is === 'refused') return { status: admission.status, body: `${admission.message}\n` };
  }
  return { status: 200, type: registry.contentType, body: await registry.metrics() };
}

export function isLoopback(address = ''): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
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
