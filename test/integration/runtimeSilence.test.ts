/** A connection that is open and on which nothing comes any more, between a client and a real apiserver. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { NoResponse } from '../../operator/runtime/apiError.ts';
import { connectionOf } from '../../operator/runtime/connection.ts';
import { Http } from '../../operator/runtime/http.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';

let cluster: Cluster;
let proxy: Server;
const pairs: [Socket, Socket][] = [];

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false });
  proxy = createServer((client) => {
    const server = connect(Number(new URL(cluster.url).port), '127.0.0.1');
    const pair: [Socket, Socket] = [client, server];
    pairs.push(pair);
    client.pipe(server).pipe(client);
    for (const socket of pair) socket.on('error', () => pair.forEach((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
}, 900_000);

afterAll(async () => {
  for (const socket of pairs.flat()) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
  await cluster.stop();
}, 60_000);

/** Those that are there stay open, and nothing passes. */
function hang(): void {
  for (const [client, server] of pairs) {
    client.unpipe(server);
    server.unpipe(client);
  }
}

test('a request that has no answer in time leaves its connection to nobody else', async () => {
  const connection = await connectionOf(cluster.kubeconfig);
  const through = { ...connection, server: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  const http = new Http(through, { timeoutSeconds: 10, userAgent: 'test' });
  const ask = (signal?: AbortSignal) =>
    http.json({ verb: 'get', method: 'GET', path: '/api/v1/namespaces/default', signal });
  try {
    await ask();
    expect(pairs).toHaveLength(1);
    await ask();
    expect(pairs).toHaveLength(1);
    hang();
    await expect(ask()).rejects.toThrow(NoResponse);
    // Sooner than the silent one could be found dead.
    expect(await ask(AbortSignal.timeout(5000))).toMatchObject({ metadata: { name: 'default' } });
  } finally {
    await http.close();
  }
}, 60_000);
