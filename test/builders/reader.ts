/** A Reader over objects given, for tests of what observes. */
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Kind } from '../../operator/api/kind.ts';
import type { Index, Key, Reader } from '../../operator/runtime/feature.ts';

export function readerOf(...objects: readonly Resource[]): Reader {
  const ofKind = <R>(kind: string, namespace: string): R[] =>
    objects.filter((one) => one.kind === kind && (!namespace || one.metadata.namespace === namespace)) as R[];
  const reader: Pick<Reader, 'get' | 'list' | 'by' | 'fetch' | 'tryFetch' | 'ungranted' | 'isCurrent' | 'search'> = {
    get: <R extends Resource>({ kind }: Kind<R>, { namespace, name }: Key) =>
      ofKind<R>(kind, namespace).find(({ metadata }) => metadata.name === name),
    list: ({ kind }, namespace) => ofKind(kind, namespace),
    by: <R extends Resource>(index: Index<R>, namespace: string, value: string) =>
      ofKind<R>(index.kind.kind, namespace).filter((object) => index.valuesOf(object).includes(value)),
    fetch: () => Promise.resolve(undefined),
    tryFetch(this: Reader, ...asked) {
      return this.fetch(...asked);
    },
    ungranted: () => Promise.resolve(undefined),
    isCurrent: () => Promise.resolve(true),
    search: () => Promise.resolve([]),
  };
  return reader as Reader;
}
