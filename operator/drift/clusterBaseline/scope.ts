/** Which objects a template or an expression is about. Pure. */
import { selects } from '../../api/selector.ts';
import type { NamespaceSelector } from '../../api/v1alpha1/objectTemplate.ts';
import type { LabelSelector, Resource } from '../../api/v1alpha1/shared.ts';
import { isPattern, matchesPattern } from '../../lib/wildcard.ts';
import type { Followed } from '../../runtime/feature.ts';

export type Current = Extract<Followed, { is: 'current' }>;

/** A place in which an object must or must not be: its namespace (empty for kinds without), and its name where it is known. */
export interface Place {
  readonly namespace: string;
  readonly name?: string;
}

/** What a place holds: an object, or nothing where a named one should be. */
export interface Spot {
  readonly namespace: string;
  readonly name: string;
  readonly object?: Resource;
}

/** Namespaces that the selector matches and that are not being deleted. */
export function namespacesOf(selector: NamespaceSelector, namespaces: readonly Resource[]): Resource[] {
  return namespaces.filter(({ metadata: { name, labels, deletionTimestamp } }) => {
    if (deletionTimestamp !== undefined) return false;
    const { include, exclude = [] } = selector;
    if (include && !include.some((pattern) => matchesPattern(pattern, name))) return false;
    return !exclude.some((pattern) => matchesPattern(pattern, name)) && selects(selector, labels);
  });
}

/** The objects that are there under a name or a pattern, and the named ones that are not; nothing for each that was looked at in vain. */
export function* spotsOf(
  name: string | undefined,
  namespaces: readonly string[],
  objects: Current,
  objectSelector: LabelSelector | undefined,
): Generator<Spot | undefined> {
  const isChosen = ({ metadata }: Resource) => !objectSelector || selects(objectSelector, metadata.labels);
  for (const namespace of namespaces) {
    if (name !== undefined && !isPattern(name)) {
      const object = objects.get({ namespace, name });
      yield object && !isChosen(object) ? undefined : { namespace, name, ...(object && { object }) };
      continue;
    }
    for (const object of objects.list(namespace)) {
      const { namespace: within = '', name: own } = object.metadata;
      const isMeant = (name === undefined || matchesPattern(name, own)) && isChosen(object);
      yield isMeant ? { namespace: within, name: own, object } : undefined;
    }
  }
}
