/** Takes the bytes of a file in order: writes them, digests them, and searches them, so that each byte is gone over once. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { nextTurn } from '../../lib/eventLoop.ts';
import type { Gate, Verdict } from '../gate/gate.ts';

export interface FileSink {
  /** The bytes may be used again once it resolves. */
  write(chunk: Uint8Array): Promise<void>;
  end(): Promise<Recorded>;
  /** Also after `end`. */
  close(): Promise<void>;
}

export interface Recorded {
  readonly size: number;
  readonly sha256: string;
  readonly verdict: Verdict;
}

export interface Sinks {
  readonly here: () => Promise<FileSink>;
  /** For what is long: elsewhere, so that this thread has time for everything else; undefined where there is no room for it now. */
  readonly apart?: () => FileSink | undefined;
}

/** What is longer than this is worth a thread. */
const shortBytes = 2 ** 20;

export async function record(
  chunks: AsyncIterable<Uint8Array>,
  { here, apart }: Sinks,
  signal: AbortSignal,
): Promise<Recorded> {
  const first: Uint8Array[] = [];
  let size = 0;
  let sink: FileSink | undefined;
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      if (!sink) {
        first.push(chunk);
        size += chunk.byteLength;
        await nextTurn();
        if (size < shortBytes) continue;
        sink = apart?.() ?? (await here());
        for (const one of first.splice(0)) await sink.write(one);
      } else await sink.write(chunk);
    }
    sink ??= await here();
    for (const one of first) await sink.write(one);
    return await sink.end();
  } finally {
    await sink?.close();
  }
}

/** In this thread. */
export async function sinkHere(path: string, search: Gate): Promise<FileSink> {
  const file = await open(path, 'wx', 0o600);
  const digest = createHash('sha256');
  let size = 0;
  return {
    async write(chunk) {
      digest.update(chunk);
      search.push(chunk);
      size += chunk.byteLength;
      await file.writeFile(chunk);
    },
    end: () => Promise.resolve({ size, sha256: digest.digest('hex'), verdict: search.end() }),
    close: () => file.close(),
  };
}
