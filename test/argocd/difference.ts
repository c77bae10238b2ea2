/**
 * How Argo CD finds an object of a custom kind out of sync, unless it is told to ask the apiserver: it takes from the live object what was
 * never applied, in lists by position, and makes the three-way merge patch of what was applied, what Git declares and what is left.
 */
import { isMap, mergePatchOf, type Json } from './customizations.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** What a sync would set and remove, as merge patches; none while in sync. */
export function outOfSync(declared: object, live: object): Json[] {
  const config = withoutNamespace(declared as Json);
  const applied = withoutNamespace(lastApplied(live as Json) ?? (declared as Json));
  const left = onlyIn(applied, live) as Json;
  const patches = [addsOf(mergePatchOf(left, config)), deletionsOf(mergePatchOf(applied, config))];
  return patches.filter((patch) => Object.keys(patch).length > 0);
}

function lastApplied(live: Json): Json | undefined {
  const { annotations = {} } = live['metadata'] as { annotations?: Record<string, string> };
  const text = annotations[annotation];
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}

function withoutNamespace(object: Json): Json {
  const { annotations, ...rest } = object['metadata'] as Json;
  const metadata = Object.entries(rest).filter(([key]) => key !== 'namespace');
  const isEmpty = !isMap(annotations) || Object.keys(annotations).length === 0;
  return { ...object, metadata: { ...Object.fromEntries(metadata), ...(isEmpty ? {} : { annotations }) } };
}

function onlyIn(applied: unknown, live: unknown): unknown {
  if (isMap(applied) && isMap(live)) {
    const both = Object.keys(applied).filter((key) => key in live);
    return Object.fromEntries(both.map((key) => [key, onlyIn(applied[key], live[key])]));
  }
  if (Array.isArray(applied) && Array.isArray(live))
    return live.map((item, at) => (at < applied.length ? onlyIn(applied[at], item) : (item as unknown)));
  return live;
}

function addsOf(patch: Json): Json {
  return kept(patch, (value) => value !== null);
}

function deletionsOf(patch: Json): Json {
  return kept(patch, (value) => value === null);
}

function kept(patch: Json, keeps: (value: unknown) => boolean): Json {
  const found = Object.entries(patch).flatMap(([key, value]): [string, unknown][] => {
    if (!isMap(value)) return keeps(value) ? [[key, value]] : [];
    const inner = kept(value, keeps);
    return Object.keys(inner).length > 0 ? [[key, inner]] : [];
  });
  return Object.fromEntries(found);
}
