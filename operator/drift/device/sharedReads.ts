/** Reads of Secrets that hosts share: a thousand mostly name the same one, which each look would ask the apiserver for. */
import type { Reader } from '../../runtime/feature.ts';

export type SecretReader = Pick<Reader, 'tryFetch' | 'ungranted'>;

/** For so long a Secret that is deleted, or that may be read no longer, is still used. */
const sharedMilliseconds = 5000;

interface Shared {
  readonly at: number;
  readonly answer: ReturnType<Reader['tryFetch']>;
}

/** The reader of one look. */
export interface SharingReader extends SecretReader {
  /** Whether it was given what another look has read, so that by now the Secret may be another. */
  readonly hasShared: boolean;
}

export class SharedReads {
  /** In the order in which they began. */
  readonly #reads = new Map<string, Shared>();

  /** Gives what another has read lately, if that was found. */
  through(read: SecretReader, now: Date): SharingReader {
    const own = this.afresh(read, now);
    const reader = {
      ...own,
      hasShared: false,
      tryFetch: async <R>(...[kind, key, signal]: Parameters<Reader['tryFetch']>) => {
        const shared = this.#recent(idOf(kind, key), now);
        const found = shared && (await foundIn(shared));
        signal.throwIfAborted();
        if (found === undefined) return (await own.tryFetch(kind, key, signal)) as R;
        reader.hasShared = true;
        return found as R;
      },
    };
    return reader;
  }

  /** Asks the apiserver, and has others share the answer. */
  afresh(read: SecretReader, now: Date): SharingReader {
    return {
      hasShared: false,
      ungranted: (grant, place, signal) => read.ungranted(grant, place, signal),
      tryFetch: async <R>(...[kind, key, signal]: Parameters<Reader['tryFetch']>) =>
        (await this.#begin(idOf(kind, key), now, read.tryFetch(kind, key, signal))) as R,
    };
  }

  #recent(id: string, now: Date): Shared | undefined {
    const shared = this.#reads.get(id);
    return shared && isRecent(shared, now) ? shared : undefined;
  }

  #begin(id: string, now: Date, answer: Shared['answer']): Shared['answer'] {
    for (const [other, shared] of this.#reads) if (other === id || !isRecent(shared, now)) this.#reads.delete(other);
    this.#reads.set(id, { at: now.getTime(), answer });
    return answer;
  }
}

type Place = Parameters<Reader['tryFetch']>;

function idOf(kind: Place[0], { namespace, name }: Place[1]): string {
  return `${kind.group}/${kind.plural} ${namespace}/${name}`;
}

/** Who grants a right or creates the Secret asks for a look right away: only what was found is for others. */
function foundIn({ answer }: Shared): Promise<unknown> {
  return answer.then(
    (found) => (isRefused(found) ? undefined : found),
    // That pass may have been broken off, or its request: it is no answer for another.
    () => undefined,
  );
}

function isRefused(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'is' in answer;
}

function isRecent({ at }: Shared, now: Date): boolean {
  const age = now.getTime() - at;
  return age >= 0 && age < sharedMilliseconds;
}
