/** A tree of which each file is the same each time it is read: what was verified is what is used. */
import { sha256 as sha256Of } from '../../lib/digest.ts';
import { TreeError, type Tree, type TreeFile } from './tree.ts';

/** Of the files that are wanted alone; it is listed once. */
export function steadyTree(tree: Tree, isWanted: (path: string) => boolean): Tree {
  const digests = new Map<string, string>();
  let listed: Promise<readonly TreeFile[]> | undefined;
  const known = (path: string, sha256: string): void => {
    const before = digests.get(path);
    digests.set(path, before ?? sha256);
    if (before !== undefined && before !== sha256)
      throw new TreeError(`${path} was changed while it was read; find out by whom, and try again.`);
  };
  return {
    list: () => (listed ??= tree.list().then((files) => files.filter(({ path }) => isWanted(path)))),
    async read(path, maxBytes) {
      const bytes = await tree.read(path, maxBytes);
      known(path, sha256Of(bytes));
      return bytes;
    },
    async digest(path) {
      const found = await tree.digest(path);
      known(path, found.sha256);
      return found;
    },
    // Whoever reads it has its digest, and compares.
    stream: (path) => tree.stream(path),
  };
}
