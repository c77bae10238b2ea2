/** Objects as the cache of the operator has them: by name, by namespace, and indexed. Without a namespace, all of a kind. */
import type { Kind } from '../../operator/api/kind.ts';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Index, Key, Reader } from '../../operator/runtime/feature.ts';

export function readerOver(all: readonly Resource[]): Reader {
  const objects = new Map<string, Resource[]>();
  for (const object of all) {
    for (const namespace of new Set(['', object.metadata.namespace ?? ''])) {
      const place = `${object.kind}/${namespace}`;
      const there = objects.get(place) ?? [];
      there.push(object);
      objects.set(place, there);
    }
  }
  const byName = new Map(
    [...objects].map(([place, all]) => [place, new Map(all.map((object) => [object.metadata.name, object]))]),
  );
  const indexed = new Map<string, Map<string, Resource[]>>();
  const reader: Pick<Reader, 'get' | 'list' | 'by'> = {
    get: <R extends Resource>({ kind }: Kind<R>, { namespace, name }: Key) =>
      byName.get(`${kind}/${namespace}`)?.get(name) as R | undefined,
    list: <R extends Resource>({ kind }: Kind<R>, namespace: string) =>
      (objects.get(`${kind}/${namespace}`) ?? []) as readonly Resource[] as readonly R[],
    by: <R extends Resource>(index: Index<R>, namespace: string, value: string) => {
      const place = `${index.kind.kind}/${namespace}/${index.name}`;
      const known = indexed.get(place) ?? grouped(index, objects.get(`${index.kind.kind}/${namespace}`) ?? []);
      indexed.set(place, known);
      return (known.get(value) ?? []) as readonly Resource[] as readonly R[];
    },
  };
  return reader as Reader;
}

function grouped<R extends Resource>(index: Index<R>, objects: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const object of objects)
    for (const value of index.valuesOf(object as R)) {
      const group = groups.get(value) ?? [];
      group.push(object);
      groups.set(value, group);
    }
  return groups;
}
