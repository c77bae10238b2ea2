/** A Reader over objects given, for tests of what observes. Indexes are not looked at: a list is all of its kind and namespace. */
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Key, Kind, Reader } from '../../operator/runtime/feature.ts';

export function readerOf(...objects: readonly Resource[]): Reader {
  const ofKind = <R>(kind: string, namespace: string): R[] =>
    objects.filter((one) => one.kind === kind && (!namespace || one.metadata.namespace === namespace)) as R[];
  const reader: Pick<Reader, 'get' | 'list' | 'fetch' | 'search'> = {
    get: <R extends Resource>({ kind }: Kind, { namespace, name }: Key) =>
      ofKind<R>(kind, namespace).find(({ metadata }) => metadata.name === name),
    list: ({ kind }, namespace) => ofKind(kind, namespace),
    fetch: () => Promise.resolve(undefined),
    search: () => Promise.resolve([]),
  };
  return reader as Reader;
}
