/**
 * Whether what decides about a correction is known as it is now. Caches may lag, and the watch of one kind alone may be silent for a while:
 * what was waived, closed or suspended meanwhile must not be corrected. So the apiserver is asked just before, only when there is something to
 * do. What happens between that answer and the act is not seen: some milliseconds as a rule, and at most two seconds and one request.
 */
import type { Kind } from '../api/kind.ts';
import { resources } from '../api/generated/resources.ts';
import type { Change, Observing } from '../runtime/feature.ts';

/** All objects of a kind, in a namespace, or in all where it is empty. */
export interface Deciding {
  readonly kind: Kind;
  readonly change: Change;
  readonly namespace: string;
}

/** Waivers go by what was decided of them, which is in their status. */
export function waiversIn(namespace: string): Deciding {
  return { kind: resources.PolicyWaiver, change: 'any', namespace };
}

export function declaredIn(namespace: string, ...kinds: readonly Kind[]): Deciding[] {
  return kinds.map((kind) => ({ kind, change: 'declaration', namespace }));
}

/** Why nothing may be done now, with what it waits for; undefined when all of it is known as it is now. What cannot be read is not known. */
export async function whyOutdated(
  deciding: readonly Deciding[],
  { read, signal }: Pick<Observing, 'read' | 'signal'>,
): Promise<string | undefined> {
  const answers = await Promise.all(deciding.map((one) => ask(one, { read, signal })));
  return answers.find((answer) => answer !== undefined);
}

async function ask(
  { kind, change, namespace }: Deciding,
  { read, signal }: Pick<Observing, 'read' | 'signal'>,
): Promise<string | undefined> {
  const what = `${kind.kind}s${namespace ? ` in namespace ${namespace}` : ''}`;
  try {
    const isCurrent = await read.isCurrent(kind, change, namespace, signal);
    return isCurrent ? undefined : `waits until recent changes of ${what} are seen`;
  } catch (error) {
    signal.throwIfAborted();
    return `waits, because ${what} could not be read: ${(error as Error).message}`.slice(0, 500);
  }
}
