/** An object store as a tree, from its root. */
import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { MOST_FILES, TreeError, type Tree, type TreeFile } from './tree.ts';

export function storeTree(store: ObjectStore, signal: AbortSignal): Tree {
  return {
    async list() {
      const files: TreeFile[] = [];
      for await (const { key, size } of store.list('', {}, signal)) {
        // Some consoles make an empty object for a directory.
        if (key.endsWith('/') && size === 0) continue;
        files.push({ path: key, size, is: 'file' });
        if (files.length > MOST_FILES)
          throw new TreeError(`There are more than ${MOST_FILES} objects; verify one pack at a time.`);
      }
      return files;
    },
    async read(path, maxBytes) {
      const body = await store.get(path, { maxBytes }, signal);
      if (!body) throw new TreeError(`${path} was there when the store was listed, and is gone now.`);
      return body;
    },
    async digest(path) {
      const body = await store.stream(path, {}, signal);
      if (!body) throw new TreeError(`${path} was there when the store was listed, and is gone now.`);
      const hash = createHash('sha256');
      let size = 0;
      for await (const part of body as AsyncIterable<Buffer>) {
        size += part.length;
        hash.update(part);
      }
      return { sha256: hash.digest('hex'), size };
    },
    async *stream(path) {
      const body = await store.stream(path, {}, signal);
      if (!body) throw new TreeError(`${path} was there when the store was listed, and is gone now.`);
      yield* body as AsyncIterable<Buffer>;
    },
  };
}
