/**
 * What became of the last write to each object of others. One that was accepted was stored as it was sent, however soon somebody changed it
 * again. Kept in memory alone: after a restart, nothing is known.
 */
import type { Kind } from '../api/kind.ts';
import type { AccountWrite, WriteOutcome } from './feature.ts';
import { keyId, keyOf, kindId } from './identity.ts';

interface Known {
  readonly outcome: WriteOutcome;
  readonly write: AccountWrite;
}

/** Within which the news of a deletion comes, even where a watch falls silent: that is noticed, and everything is listed again. */
const NEWS_MILLISECONDS = 65_000;
/** Of one owner; the oldest are forgotten beyond that. */
const MOST = 5000;

export class WriteOutcomes {
  readonly #now: () => Date;
  readonly #byOwner = new Map<string, Map<string, Known>>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  record(owner: string, kind: Kind, write: AccountWrite, outcome: WriteOutcome): void {
    const own = this.#byOwner.get(owner) ?? new Map<string, Known>();
    const id = idOf(kind, write);
    own.delete(id);
    own.set(id, { outcome, write });
    const [oldest] = own.keys();
    if (own.size > MOST && oldest !== undefined) own.delete(oldest);
    this.#byOwner.set(owner, own);
  }

  /**
   * Of the last write of the same manager to that object. A deletion that was accepted was ineffective where the object that is there is still
   * the same, in a later version, or once the news of it would have come; until then nothing is known, since an answer to a deletion has no version
   * to wait for.
   */
  lastOf(owner: string, kind: Kind, write: AccountWrite): WriteOutcome | undefined {
    const known = this.#byOwner.get(owner)?.get(idOf(kind, write));
    if (known?.outcome.is !== 'accepted' || !isStillThere(known.write, write)) return known?.outcome;
    const { time } = known.outcome;
    const isNews = isChanged(known.write, write) || this.#now().getTime() - time.getTime() >= NEWS_MILLISECONDS;
    return { is: isNews ? 'ineffective' : 'unanswered', time };
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

function isStillThere(done: AccountWrite, write: AccountWrite): boolean {
  return 'delete' in done && 'delete' in write && done.uid === write.uid;
}

/** Nothing changes what is being deleted but its end: it has been marked for that, and something keeps it. */
function isChanged(done: AccountWrite, write: AccountWrite): boolean {
  if (!('delete' in done) || !('delete' in write)) return false;
  return (
    done.resourceVersion !== undefined &&
    write.resourceVersion !== undefined &&
    done.resourceVersion !== write.resourceVersion
  );
}
