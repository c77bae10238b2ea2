/** A tar file that depends on nothing but what is in it: the same files make the same bytes, whoever writes it, when and where. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Transform, type Writable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import { compare } from './selection.ts';

export interface TarFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** A file was changed since it was verified. The message is a sentence. */
export class ChangedFile extends Error {}

/** In the order of their names, all with the same time, owner and mode. Resolves to the digest and size of the archive. */
export async function writeTar(
  to: { readonly stream: Writable },
  files: readonly TarFile[],
  mtime: Date,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const archive = pack();
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const written = pipeline(archive, counting, to.stream);
  // Whoever adds the next file hears of it.
  written.catch(() => undefined);
  const second = new Date(Math.floor(mtime.getTime() / 1000) * 1000);
  for (const file of files.toSorted((a, b) => compare(a.path, b.path))) await add(archive, file, { second, written });
  archive.finalize();
  await written;
  return { sha256: hash.digest('hex'), bytes };
}

async function add(
  archive: Pack,
  { path, size, sha256, read }: TarFile,
  { second, written }: { second: Date; written: Promise<void> },
): Promise<void> {
  // No names of users: they differ from machine to machine.
  const header = {
    name: path,
    size,
    mode: 0o644,
    mtime: second,
    uid: 0,
    gid: 0,
    uname: '',
    gname: '',
    type: 'file' as const,
  };
  const entry = archive.entry(header);
  const failed = once(entry, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of read()) {
    length += chunk.length;
    hash.update(chunk);
    if (length > size) break;
    if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), written, failed]);
  }
  if (length !== size || hash.digest('hex') !== sha256)
    throw new ChangedFile(`${path} was changed while it was exported; find out by whom, and export again.`);
  entry.end(Buffer.alloc(0));
  await Promise.race([once(entry, 'finish'), written, failed]);
}
