/** A compressed tar file that is written as it comes: no more than one entry is in memory. */
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { NewFile } from '../../command.ts';

export interface Archive {
  /** Adds a file; resolves when what follows may be made. */
  add(path: string, text: string): Promise<void>;
  /** Resolves when all of it is on the disk under its name. */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** All paths are below `root`. */
export function archive(file: NewFile, root: string, now: Date): Archive {
  const entries = pack();
  const written = pipeline(entries, createGzip(), file.stream);
  // Whoever adds the next entry, or finishes, hears of it.
  written.catch(() => undefined);
  return {
    add: async (path, text) => {
      const body = Buffer.from(text);
      const entry = entries.entry({ name: `${root}/${path}`, size: body.length, mode: 0o600, mtime: now });
      entry.end(body);
      await Promise.race([once(entry, 'finish'), written]);
    },
    finish: async () => {
      entries.finalize();
      await written;
      await file.keep();
    },
    discard: async () => {
      entries.destroy();
      await written.catch(() => undefined);
      await file.discard();
    },
  };
}
