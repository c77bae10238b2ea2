/**
 * What the apiserver took and shows in other words, such as `1000m` as `1`, or beside what others wrote: it is not sent
 * again until the object or the wish changes. By it a status of our own is known when it comes back. Only the last ten
 * thousand are known; beyond, a write changes nothing.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import type { Kind } from '../api/kind.ts';
import { keyId, keyOf, kindId } from './identity.ts';

type Named = { readonly metadata: Resource['metadata'] };

const MOST = 10_000;

export class Sent {
  readonly #sent = new Map<string, string>();

  /** Whether `digest` was what was last sent of that part, and `live` is as that left it. */
  has(kind: Kind, part: 'object' | 'status', live: Named, digest: string): boolean {
    return this.#sent.get(idOf(kind, part, live)) === `${live.metadata.resourceVersion} ${digest}`;
  }

  /** Whether the status of `live`, at its version, is what was last sent. */
  isOwnStatus(kind: Kind, live: Named): boolean {
    return this.#sent.get(idOf(kind, 'status', live))?.startsWith(`${live.metadata.resourceVersion} `) ?? false;
  }

  /** `digest` is empty where what was sent shall be sent again in any case. */
  remember(kind: Kind, part: 'object' | 'status', written: Named, digest: string): void {
    const id = idOf(kind, part, written);
    this.#sent.delete(id);
    this.#sent.set(id, `${written.metadata.resourceVersion} ${digest}`);
    if (this.#sent.size > MOST) this.#sent.delete(this.#sent.keys().next().value!);
  }

  clear(): void {
    this.#sent.clear();
  }
}

function idOf(kind: Kind, part: string, object: Named): string {
  return `${kindId(kind)} ${keyId(keyOf(object))} ${part}`;
}
