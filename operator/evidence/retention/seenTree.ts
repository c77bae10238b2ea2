/** A store as a tree, of which is known what was read: each object in the version, and with the digest, lock and hold that it had then. */
import { createHash } from 'node:crypto';
import type { ObjectFacts, ObjectStore } from '../../connect/objectStore/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { storeReason } from '../failures.ts';
import { TreeError, type Tree, type TreeFile } from '../verify/tree.ts';
import type { PartObject } from './plan.ts';

export interface SeenTree extends Tree {
  /** Of what was read. */
  seen(path: string): PartObject | undefined;
}

/** What is not among `files` is not there. */
export function seenTree(store: ObjectStore, files: readonly TreeFile[], signal: AbortSignal): SeenTree {
  const seen = new Map<string, PartObject>();
  const heads = new Map<string, Promise<ObjectFacts | undefined>>();

  async function headOf(path: string): Promise<ObjectFacts> {
    const asked = heads.get(path) ?? store.head(path, {}, signal);
    heads.set(path, asked);
    const facts = await asked;
    if (facts) return facts;
    throw new TreeError(`${path} was there when the store was listed, and is gone now.`);
  }

  function remember(path: string, { versionId, retention, isHeld }: ObjectFacts, digest: string): void {
    seen.set(path, {
      key: path,
      sha256: digest,
      ...(versionId !== undefined && { versionId }),
      ...(retention && { lockedUntil: retention.until }),
      ...(isHeld && { isHeld }),
    });
  }

  return {
    list: () => Promise.resolve(files),
    async read(path, maxBytes) {
      const facts = await headOf(path);
      const bytes = await store.get(path, { maxBytes, ...versionIn(facts) }, signal).catch(tooLong(path, maxBytes));
      if (!bytes) throw new TreeError(`${path} was there when the store was listed, and is gone now.`);
      remember(path, facts, sha256(bytes));
      return bytes;
    },
    async digest(path) {
      const facts = await headOf(path);
      const digest = facts.sha256 ?? (await digestOf(store, path, facts, signal));
      remember(path, facts, digest);
      return { sha256: digest, size: facts.size };
    },
    async *stream(path) {
      yield* (await store.stream(path, versionIn(await headOf(path)), signal)) ?? [];
    },
    seen: (path) => seen.get(path),
  };
}

/** All that is below a prefix, as files of a tree. */
export async function filesBelow(store: ObjectStore, prefix: string, signal: AbortSignal): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  for await (const { key, size } of store.list(prefix, {}, signal)) {
    // Some consoles make an empty object for a directory.
    if (!(key.endsWith('/') && size === 0)) files.push({ path: key, size, is: 'file' });
    if (files.length > mostFiles) throw new TreeError(`there are more than ${mostFiles} objects below ${prefix}`);
  }
  return files;
}

const mostFiles = 2_000_000;

function versionIn({ versionId }: ObjectFacts): { versionId?: string } {
  return versionId === undefined ? {} : { versionId };
}

async function digestOf(store: ObjectStore, path: string, facts: ObjectFacts, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of (await store.stream(path, versionIn(facts), signal)) ?? []) hash.update(part as Buffer);
  return hash.digest('hex');
}

function tooLong(path: string, maxBytes: number): (error: unknown) => never {
  return (error) => {
    if (storeReason(error) !== 'Invalid') throw error;
    throw new TreeError(`${path} is longer than ${maxBytes} bytes.`, { cause: error });
  };
}
