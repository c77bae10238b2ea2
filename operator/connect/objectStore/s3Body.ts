/** What is uploaded, with its digests; a file is read again for each attempt, and its last bytes are sent only when it is still the same. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { asStoreError } from './folder.ts';
import { StoreError, type StoredFile } from './types.ts';

export interface Upload {
  readonly size: number;
  readonly sha256: string;
  /** In base64, where a store wants it. */
  readonly md5?: string;
  /** For one attempt. */
  readonly body: () => Uint8Array | Readable;
}

export async function uploadOf(body: Uint8Array | StoredFile, wantsMd5: boolean, signal: AbortSignal): Promise<Upload> {
  if (body instanceof Uint8Array) {
    const md5 = wantsMd5 && { md5: createHash('md5').update(body).digest('base64') };
    return {
      size: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      ...md5,
      body: () => body,
    };
  }
  const md5 = wantsMd5 && { md5: await md5Of(body, signal) };
  // Without bytes there is nothing to stream.
  const make = (): Uint8Array | Readable =>
    body.size === 0 ? Buffer.alloc(0) : Readable.from(unchanged(body, signal));
  return { size: body.size, sha256: body.sha256, ...md5, body: make };
}

async function md5Of(file: StoredFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of unchanged(file, signal)) hash.update(chunk);
  return hash.digest('base64');
}

async function* unchanged({ path, size, sha256 }: StoredFile, signal: AbortSignal): AsyncIterable<Buffer> {
  const hash = createHash('sha256');
  let length = 0;
  let held: Buffer | undefined;
  try {
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      length += chunk.length;
      if (length > size) break;
      if (held) yield held;
      held = chunk;
    }
  } catch (error) {
    throw asStoreError(error, path);
  }
  if (length !== size || hash.digest('hex') !== sha256)
    throw new StoreError('Invalid', `${path} changed after its digest was computed; make it again`);
  if (held) yield held;
}
