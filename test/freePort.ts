/** Ports for servers on 127.0.0.1 that may be stopped and started again on the same port. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** One for each worker of jest, so that none is given a port that another has been given and not yet opened. */
const portsOfWorker = 1000;
const worker = process.env.JEST_WORKER_ID;
const first = 20_000 + portsOfWorker * (worker === undefined ? randomInt(10) : Number(worker) % 10);
let next = randomInt(portsOfWorker);

/**
 * A port that nothing listens on now, and that this process was not given lately. It is below the range from which
 * Linux takes the local port of a connection and below the one of NodePorts. In that range, a client that keeps trying
 * to reach a stopped server can be given the server's port as its own, and so connect to itself or keep the server
 * from coming back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (next++ % portsOfWorker);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
