/** A folder of this machine, or one pack of it, as a tree. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MOST_FILES, TreeError, type Tree, type TreeFile } from './tree.ts';

const DEEPEST = 16;

export function folderTree(folder: string): Tree {
  return {
    async list() {
      const files: TreeFile[] = [];
      await collect(folder, '', files);
      return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
    async read(path, maxBytes) {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of partsOf(join(folder, path))) {
        length += part.length;
        if (length > maxBytes) throw new TreeError(`${path} is longer than ${maxBytes} bytes.`);
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
    async digest(path) {
      const hash = createHash('sha256');
      let size = 0;
      for await (const part of partsOf(join(folder, path))) {
        size += part.length;
        hash.update(part);
      }
      return { sha256: hash.digest('hex'), size };
    },
    stream: (path) => partsOf(join(folder, path)),
  };
}

/** The bundle of one pack, what witnesses added to it, and its files. */
export function packTree(bundle: string): Tree {
  const number = basename(bundle).split('.', 1)[0] ?? '';
  const tree = folderTree(dirname(bundle));
  return {
    ...tree,
    list: async () =>
      (await tree.list()).filter(({ path }) => path.startsWith(`${number}.`) || path.startsWith(`${number}-`)),
  };
}

async function collect(folder: string, below: string, files: TreeFile[]): Promise<void> {
  if (below.split('/').length > DEEPEST) throw new TreeError(`${below} is more than ${DEEPEST} directories deep.`);
  for (const { name } of await readdir(join(folder, below), { withFileTypes: true }).catch(failed(folder))) {
    const path = below === '' ? name : `${below}/${name}`;
    const stats = await lstat(join(folder, path)).catch(failed(path));
    if (stats.isDirectory()) await collect(folder, path, files);
    else {
      const is = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';
      files.push({ path, size: stats.size, is });
    }
    if (files.length > MOST_FILES)
      throw new TreeError(`There are more than ${MOST_FILES} files; verify one pack at a time.`);
  }
}

/** Through a link that took the place of a file meanwhile, nothing is read; nor does a pipe block. */
async function* partsOf(path: string): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(failed(path));
  try {
    for await (const part of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) yield part as Buffer;
  } catch (error) {
    failed(path)(error);
  } finally {
    await file.close();
  }
}

function failed(path: string): (error: unknown) => never {
  return (error) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new TreeError(`${path} cannot be read (${code ?? message}).`, { cause: error });
  };
}
