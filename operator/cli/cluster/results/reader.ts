/** A Reader over what was listed once. Pure. */
import type { Kind } from '../../../api/kind.ts';
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import type { Index, Key, Reader } from '../../../runtime/feature.ts';

/** `objects` by kind. Of a kind that is not there, as of anything that only the apiserver knows, nothing may be asked. */
export function readerOver(objects: ReadonlyMap<string, readonly Resource[]>): Reader {
  const ofKind = <R>({ kind }: Kind, namespace: string): R[] => {
    const all = objects.get(kind);
    if (!all) throw new Error(`${kind} was not listed.`);
    return all.filter(({ metadata }) => !namespace || metadata.namespace === namespace) as R[];
  };
  const refuse = (): never => {
    throw new Error('only what was listed can be read.');
  };
  return {
    get: <R extends Resource>(kind: Kind<R>, { namespace, name }: Key) =>
      ofKind<R>(kind, namespace).find(({ metadata }) => metadata.name === name),
    list: (kind, namespace) => ofKind(kind, namespace),
    by: <R extends Resource>(index: Index<R>, namespace: string, value: string) =>
      ofKind<R>(index.kind, namespace).filter((object) => index.valuesOf(object).includes(value)),
    fetch: refuse,
    tryFetch: refuse,
    ungranted: refuse,
    isCurrent: refuse,
    search: refuse,
    as: refuse,
  };
}
