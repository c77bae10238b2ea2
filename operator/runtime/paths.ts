/**
 * Addresses of kinds and objects on the apiserver. No name, from wherever it comes, can lead out of its segment: names
 * are checked and encoded.
 */
import type { Kind } from '../api/kind.ts';
import type { Key } from './feature.ts';

/** `/apis/holdfast.dev/v1alpha1/namespaces/team-a/devices`; of all namespaces when `namespace` is empty. */
export function collectionPath(kind: Kind, namespace: string): string {
  const root =
    kind.group === '' ? `/api/${segment(kind.version)}` : `/apis/${segment(kind.group)}/${segment(kind.version)}`;
  const scope = namespace === '' || !kind.namespaced ? '' : `/namespaces/${checkedNamespace(namespace)}`;
  return `${root}${scope}/${segment(kind.plural)}`;
}

export function objectPath(kind: Kind, key: Key, subresource?: 'status'): string {
  if (kind.namespaced && key.namespace === '') throw new Error(`${kind.kind} ${key.name} needs a namespace; set one.`);
  if (!kind.namespaced && key.namespace !== '') {
    throw new Error(`${kind.kind} ${key.name} is cluster-scoped; remove namespace '${key.namespace}'.`);
  }
  const path = `${collectionPath(kind, key.namespace)}/${segment(key.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

function checkedNamespace(namespace: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) return namespace;
  throw new Error(
    `${JSON.stringify(namespace)} is not the name of a namespace; use at most 63 lowercase letters, digits and '-'.`,
  );
}

/** What the apiserver itself accepts as one segment of a path; some kinds, such as roles, allow more than DNS names do. */
function segment(name: string): string {
  const isSegment =
    name.length > 0 && name.length <= 253 && name !== '.' && name !== '..' && !/[/%\s\p{Cc}]/u.test(name);
  if (!isSegment)
    throw new Error(`${JSON.stringify(name)} is not the name of an object; use one without '/', '%' and blanks.`);
  return encodeURIComponent(name);
}
