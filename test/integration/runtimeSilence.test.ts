/** A connection that is open and on which nothing comes any more, between a runtime and a real apiserver. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { NoResponse } from '../../operator/runtime/apiError.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { removeFinalizer } from '../../operator/runtime/finalizer.ts';
import { Http } from '../../operator/runtime/http.ts';
import { Superseded } from '../../operator/runtime/interruptions.ts';
import type { Writes } from '../../operator/runtime/writes.ts';
import { until } from '../operator/until.ts';
import { ClusterBed } from '../wire/clusterBed.ts';
import { VALVE, ready, valve, type Valve } from '../wire/valves.ts';
let bed: ClusterBed;

beforeAll(async () => {
  bed = await ClusterBed.open();
}, 900_000);
afterEach(() => bed.clear(), 60_000);
afterAll(() => bed.close(), 60_000);

/** Forwards until it is told to hang: then the connections that are there stay open, and nothing passes. */
class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();

  static async open(port: number): Promise<Proxy> {
    const proxy = new Proxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  constructor(port: number) {
    this.#server = createServer((client) => {
      const server = connect(port, '127.0.0.1');
      const pair = [client, server] as const;
      this.#pairs.add(pair);
      client.pipe(server).pipe(client);
      for (const socket of pair) socket.on('error', () => pair.forEach((one) => one.destroy()));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  hang(): void {
    for (const [client, server] of this.#pairs) {
      client.unpipe(server);
      server.unpipe(client);
      client.pause();
      server.pause();
    }
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

test('a request that has no answer in time leaves its connection to nobody else', async () => {
  const proxy = await Proxy.open(Number(new URL(bed.cluster.url).port));
  const through = { ...(await connectionOf(bed.cluster.kubeconfig)), server: `https://127.0.0.1:${proxy.port}` };
  const http = new Http(through, { timeoutSeconds: 10, userAgent: 'test' });
  const ask = (signal?: AbortSignal) =>
    http.json({ verb: 'get', method: 'GET', path: '/api/v1/namespaces/default', signal });
  try {
    await ask();
    await ask();
    expect(proxy.connections).toBe(1);
    proxy.hang();
    await expect(ask()).rejects.toThrow(NoResponse);
    // Sooner than the silent one could be found dead.
    expect(await ask(AbortSignal.timeout(5000))).toMatchObject({ metadata: { name: 'default' } });
  } finally {
    await http.close();
    await proxy.close();
  }
}, 60_000);

test('a watch whose connection hangs is replaced, and what happened meanwhile is heard', async () => {
  const text = await readFile(bed.cluster.kubeconfig, 'utf8');
  const port = Number(/https:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
  const proxy = await Proxy.open(port);
  try {
    const kubeconfig = join(dirname(bed.cluster.kubeconfig), 'through-proxy');
    await writeFile(kubeconfig, text.replace(`127.0.0.1:${port}`, `127.0.0.1:${proxy.port}`), { mode: 0o600 });
    const feature = { kind: VALVE, observe: () => undefined, decide: (it: Valve) => ready({ level: it.spec.level }) };
    await bed.start([feature], { kubeconfig, watchSeconds: 3 });
    await bed.create('before');
    await bed.readyValve('before');
    const watches = (): number => bed.requests.filter((request) => request === 'watch 200').length;
    await until('it watches', () => watches() > 0 || undefined);
    proxy.hang();
    const before = watches();
    await bed.create('after', { level: 2 });
    await bed.readyValve('after');
    expect(watches()).toBeGreaterThan(before);
    // Over HTTP/2 the next watch would be on the same connection.
    expect(bed.requests).not.toContain('watch error');
  } finally {
    await bed.clear();
    await proxy.close();
  }
}, 120_000);

test('watches that end every few seconds lose nothing and list nothing again', async () => {
  const runtime = await bed.start(
    [{ kind: VALVE, observe: () => undefined, decide: (it: Valve) => ready({ level: it.spec.level }) }],
    { watchSeconds: 2 },
  );
  await runtime.leading;
  for (let i = 0; i < 30; i++) {
    await bed.create(`v-${i}`, { level: i });
    await bed.readyValve(`v-${i}`);
  }
  await until(
    'it has watched five times',
    () => bed.requests.filter((one) => one === 'watch 200').length >= 5 || undefined,
  );
  expect(bed.requests.filter((request) => request.startsWith('list'))).toEqual(['list 200']);
}, 60_000);

test('a finalizer is taken only from the object and the version that was decided upon', async () => {
  const made = (await bed.client.create(
    VALVE,
    { ...valve('held'), metadata: { name: 'held', namespace: 'default', finalizers: ['wire.holdfast.dev/valves'] } },
    { manager: 'test' },
  )) as unknown as Valve;
  const writes = {
    jsonPatch: (_owner: string, { kind, key, patch }: Parameters<Writes['jsonPatch']>[1]) =>
      bed.client.jsonPatch(kind, key, patch, { manager: 'test' }).catch((error: unknown) => {
        throw new Superseded(String(error));
      }),
  } as unknown as Writes;
  const take = (resource: Valve, version = resource.metadata.resourceVersion): Promise<void> =>
    removeFinalizer({ kind: VALVE, resource, version, owner: '', writes, signal: new AbortController().signal });
  await expect(take({ ...made, metadata: { ...made.metadata, uid: 'other' } })).rejects.toThrow('422');
  await expect(take(made, '1')).rejects.toThrow('422');
  await take(made);
  expect((await bed.get(VALVE, 'held'))?.metadata.finalizers).toBeUndefined();
}, 60_000);
