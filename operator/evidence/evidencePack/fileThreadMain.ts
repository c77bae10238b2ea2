/** What the thread for long files runs: it is sent their bytes, and writes, digests and searches them. After a failure it takes nothing of that file. */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { gate, type Gate } from '../gate/gate.ts';
import type { Opening, Order, Reply } from './fileThread.ts';

interface Open {
  readonly of: number;
  readonly file: number;
  readonly digest: Hash;
  readonly search: Gate;
  readonly slots: readonly SharedArrayBuffer[];
  size: number;
}

let current: Open | undefined;

parentPort?.on('message', (order: Order) => {
  try {
    if (order.do === 'open') current = opened(order);
    else if (current?.of !== order.of) return;
    else if (order.do === 'take') take(current, order.slot, order.length);
    else end(current);
  } catch (error) {
    forget();
    reply({ of: order.of, is: 'failed', message: (error as Error).message });
  }
});

function opened({ of, path, file, options, slots }: Opening & Pick<Order, 'of'>): Open {
  forget();
  // The values themselves: who asked conceals them.
  const search = gate(file, { ...options, conceal: (value) => value });
  return { of, file: openSync(path, 'wx', 0o600), digest: createHash('sha256'), search, slots, size: 0 };
}

function take(open: Open, slot: number, length: number): void {
  const bytes = new Uint8Array(open.slots[slot]!, 0, length);
  open.digest.update(bytes);
  open.search.push(bytes);
  for (let at = 0; at < length;) at += writeSync(open.file, bytes, at);
  open.size += length;
  reply({ of: open.of, is: 'taken', slot });
}

function end({ of, digest, search, size }: Open): void {
  forget();
  reply({ of, is: 'ended', recorded: { size, sha256: digest.digest('hex'), verdict: search.end() } });
}

function forget(): void {
  const file = current?.file;
  current = undefined;
  if (file !== undefined) closeSync(file);
}

function reply(message: Reply): void {
  parentPort?.postMessage(message);
}
