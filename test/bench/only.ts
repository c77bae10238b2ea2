/**
 * One benchmark at a time on a machine: two would measure each other. The place is an abstract socket, which the kernel
 * gives back when its holder ends, however that ends.
 */
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

const place = '\0holdfast-bench';

/** Resolves to why there is no place now, or to nothing when it is ours until this process ends. */
export async function takePlace(what: string, address = place): Promise<string | undefined> {
  const server = createServer((socket) => socket.end(`${what} (process ${process.pid})`)).unref();
  server.listen(address);
  const error = await once(server, 'listening').then(
    () => undefined,
    (failure: NodeJS.ErrnoException) => failure,
  );
  if (!error) return undefined;
  if (error.code !== 'EADDRINUSE') throw error;
  const holder = await text(createConnection(address)).catch(() => 'one that ends just now');
  return `Another benchmark runs on this machine, ${holder}: wait for its end, or end it. Two would measure each other.`;
}
