/** Reads of Secrets that hosts share: a thousand mostly name the same one, which each look would ask the apiserver for. */
import type { Reader } from '../../runtime/feature.ts';

export type SecretReader = Pick<Reader, 'tryFetch' | 'ungranted'>;

/**
 * Less than it takes a person to change a Secret and then ask for a look: that look has the new one. A look that has the old one all the
 * same either gets an answer of the host, which is as good, or none, and then the Secret is read again within a minute.
 */
const sharedMilliseconds = 100;

interface Shared {
  readonly at: number;
  readonly answer: ReturnType<Reader['tryFetch']>;
}

export class SharedReads {
  /** In the order in which they began. */
  readonly #reads = new Map<string, Shared>();

  /** The reader of a pass, which is given what another has just read. */
  through(read: SecretReader, now: Date): SecretReader {
    return {
      ungranted: (grant, place, signal) => read.ungranted(grant, place, signal),
      tryFetch: async <R>(...[kind, key, signal]: Parameters<Reader['tryFetch']>) => {
        const id = `${kind.group}/${kind.plural} ${key.namespace}/${key.name}`;
        const shared = this.#recent(id, now);
        const found = shared && (await foundIn(shared));
        signal.throwIfAborted();
        if (found !== undefined) return found as R;
        return (await this.#begin(id, now, read.tryFetch(kind, key, signal))) as R;
      },
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
