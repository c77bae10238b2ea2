/**
 * Which writes to objects of others the apiserver accepted: each was then stored as it was sent, however soon somebody changed it again.
 * Kept in memory alone: after a restart, nothing was accepted.
 */
import type { Kind } from '../api/kind.ts';
import type { AccountWrite } from './feature.ts';
import { keyId, keyOf, kindId } from './identity.ts';

interface Accepted {
  readonly time: Date;
  /** Of what was deleted. */
  readonly uid: string | undefined;
}

/** Of one owner; the oldest are forgotten beyond that. */
const MOST = 1000;

export class AcceptedWrites {
  readonly #byOwner = new Map<string, Map<string, Accepted>>();

  record(owner: string, kind: Kind, write: AccountWrite, time: Date): void {
    const own = this.#byOwner.get(owner) ?? new Map<string, Accepted>();
    const id = idOf(kind, write);
    own.delete(id);
    own.set(id, { time, uid: uidOf(write) });
    const [oldest] = own.keys();
    if (own.size > MOST && oldest !== undefined) own.delete(oldest);
    this.#byOwner.set(owner, own);
  }

  /**
   * When a write of the same manager to that object was last accepted; of a deletion, only if the object is there again: one that is still
   * the same has not gone.
   */
  timeOf(owner: string, kind: Kind, write: AccountWrite): Date | undefined {
    const accepted = this.#byOwner.get(owner)?.get(idOf(kind, write));
    const isStillThere = accepted?.uid !== undefined && accepted.uid === uidOf(write);
    return isStillThere ? undefined : accepted?.time;
  }

  forget(owner: string): void {
    this.#byOwner.delete(owner);
  }

  clear(): void {
    this.#byOwner.clear();
  }
}

function idOf(kind: Kind, write: AccountWrite): string {
  return `${kindId(kind)} ${keyId(keyIn(write))} ${'manager' in write ? write.manager : ''}`;
}

function keyIn(write: AccountWrite) {
  if ('apply' in write) return keyOf(write.apply);
  if ('create' in write) return keyOf(write.create);
  return 'patch' in write ? write.key : write.delete;
}

function uidOf(write: AccountWrite): string | undefined {
  return 'delete' in write ? write.uid : undefined;
}
