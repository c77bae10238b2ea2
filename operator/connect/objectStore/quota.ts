/**
 * How much the stores of one namespace may have in the operator's folder: whoever may create EvidenceStores could fill the disk of all others. What is
 * there is counted when it is first asked for, and again before anything is refused.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from './folder.ts';
import { StoreError, type ObjectStore } from './types.ts';

export class Quotas {
  readonly #folder: string;
  readonly #most: number;
  /** In bytes, by group: as counted, and what was stored since. */
  readonly #used = new Map<string, number>();

  /** `most` bytes for each group, which is a folder below `folder`. */
  constructor(folder: string, most: number) {
    this.#folder = folder;
    this.#most = most;
  }

  /** Rejects with `Full` where that much more is too much. */
  async take(group: string, bytes: number): Promise<void> {
    const known = this.#used.get(group);
    let used = known ?? (await this.#count(group));
    if (known !== undefined && used + bytes > this.#most) used = await this.#count(group);
    if (used + bytes > this.#most) {
      this.#used.set(group, used);
      throw new StoreError('Full', fullText(group, used, this.#most));
    }
    // Others may have stored something while it was counted.
    this.#used.set(group, Math.max(used, this.#used.get(group) ?? 0) + bytes);
  }

  giveBack(group: string, bytes: number): void {
    this.#used.set(group, Math.max(0, (this.#used.get(group) ?? 0) - bytes));
  }

  #count(group: string): Promise<number> {
    return sizeBelow(join(this.#folder, group));
  }
}

/** The store, which stores no more than the quota of its group allows. */
export function withQuota(store: ObjectStore, group: string, quotas: Quotas): ObjectStore {
  return {
    async put(key, body, options, signal) {
      const size = body instanceof Uint8Array ? body.length : body.size;
      await quotas.take(group, size);
      try {
        return await store.put(key, body, options, signal);
      } catch (error) {
        quotas.giveBack(group, size);
        throw error;
      }
    },
    get: (...given) => store.get(...given),
    stream: (...given) => store.stream(...given),
    head: (...given) => store.head(...given),
    list: (...given) => store.list(...given),
    // What is free again is seen before anything is refused.
    remove: (...given) => store.remove(...given),
    hold: (...given) => store.hold(...given),
    close: () => store.close(),
  };
}

function fullText(group: string, used: number, most: number): string {
  const namespace = group.split('/').at(-1) ?? '';
  const [has, may] = [used, most].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
  return `the EvidenceStores of namespace ${namespace} have ${has} of the ${may} that a namespace may have in the file system; use a bucket, or ask whoever installs the operator to raise \`--evidence-quota\``;
}

/** Links are not followed; a file that is gone meanwhile takes nothing. */
async function sizeBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  let sum = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await sizeBelow(path);
    else if (entry.isFile()) sum += (await stat(path).catch(() => undefined))?.size ?? 0;
  }
  return sum;
}
