/**
 * What a template must say so that it means what it meant, and what cannot be said. Pure.
 *
 * - `musthave` is `MustContain`: lists and maps may have more, and only what is missing is put in.
 * - `mustnothave` with a name is about the name alone: whatever fields stand beside it, the object must not be there.
 * - `mustonlyhave` is about all fields of the object: those that the template does not name must not be there.
 */
import type { ObjectTemplate } from '../../../api/v1alpha1/objectTemplate.ts';
import { asList, asObject, asText, at, findValue, without, type Json } from './json.ts';
import { note, type Note } from './report.ts';

export type Match = NonNullable<ObjectTemplate['match']>;
export type Template = Readonly<Record<string, unknown>> & { readonly apiVersion: string; readonly kind: string };
interface Meant {
  readonly template: Template;
  readonly notes: readonly Note[];
}

const identity = ['apiVersion', 'kind', 'metadata'];

export function meantBy(item: Json, match: Match, template: Template, isNamed: boolean): Meant {
  switch (match) {
    case 'MustNotHave':
      return isNamed ? nameAlone(template) : { template, notes: zeroNotes(template) };
    case 'MustOnlyHave':
      return only(item, template);
    default:
      return { template, notes: nullNotes(template) };
  }
}

function nameAlone({ apiVersion, kind, metadata, ...fields }: Template): Meant {
  const { name, namespace, ...others } = asObject(metadata) ?? {};
  const template = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  const left = [...Object.keys(others).map((key) => `metadata.${key}`), ...Object.keys(fields)];
  if (left.length === 0) return { template, notes: [] };
  return {
    template,
    notes: [note('Fields', `${left.join(', ')}: with a name, mustnothave ignores all other fields; left out`)],
  };
}

/** An object that lacks a field has its zero there, when objects are looked for. */
function zeroNotes(template: Template): Note[] {
  const found = findValue(without(template, ...identity), (value) => value === false || value === 0 || value === '');
  if (!found) return [];
  return [
    note('Comparison', `${found.path} is ${JSON.stringify(found.value)}: OCM also forbids objects without that field`),
  ];
}

/** `null` there takes away a value, and leaves a map as it is. */
function nullNotes(template: Template): Note[] {
  const found = findValue(without(template, 'metadata'), (value) => value === null);
  if (!found) return [];
  return [
    note('Comparison', `${found.path} is null: the field must not exist, even if it is a map, which OCM leaves alone`),
  ];
}

/** Fields at top level of kinds that have more than a spec, beside those that are required or that the apiserver fills in. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  'rbac.authorization.k8s.io/Role': ['rules'],
  'rbac.authorization.k8s.io/ClusterRole': ['rules', 'aggregationRule'],
  'rbac.authorization.k8s.io/RoleBinding': ['subjects'],
  'rbac.authorization.k8s.io/ClusterRoleBinding': ['subjects'],
  '/ConfigMap': ['data', 'binaryData', 'immutable'],
  '/ServiceAccount': ['automountServiceAccountToken'],
};
/** Kinds with a spec and a status, by group; `*` is all of them. */
const withSpecAlone: Readonly<Record<string, string>> = {
  '': 'Namespace Node PersistentVolume PersistentVolumeClaim Pod ResourceQuota LimitRange Service ReplicationController',
  apps: 'Deployment StatefulSet DaemonSet ReplicaSet',
  autoscaling: '*',
  batch: '*',
  policy: '*',
  'networking.k8s.io': '*',
  'config.openshift.io': '*',
  'operator.openshift.io': '*',
  'operators.coreos.com': '*',
  'machineconfiguration.openshift.io': '*',
  'route.openshift.io': '*',
};

function only(item: Json, template: Template): Meant {
  const group = template.apiVersion.includes('/') ? (template.apiVersion.split('/')[0] ?? '') : '';
  const fields = fieldsOf[`${group}/${template.kind}`];
  const kinds = Object.hasOwn(withSpecAlone, group) ? withSpecAlone[group]! : '';
  const isKnown = fields !== undefined || kinds === '*' || kinds.split(' ').includes(template.kind);
  const absent = (fields ?? []).filter((field) => !Object.hasOwn(template, field));
  const full = { ...template, ...Object.fromEntries(absent.map((field) => [field, null])) };
  return { template: full, notes: [...(isKnown ? [] : [beside(template.kind)]), ...onlyNotes(item, template)] };
}

function beside(kind: string): Note {
  return note(
    'Comparison',
    `top-level fields of a ${kind} that the template does not name are left alone, but OCM removes them; set those to null that must not exist`,
  );
}

function onlyNotes(item: Json, template: Template): Note[] {
  const notes: Note[] = [];
  const isLenient = asText(item['metadataComplianceType'])?.toLowerCase() === 'musthave';
  const named = ['labels', 'annotations'].filter((key) => at(template, 'metadata', key) !== undefined);
  if (named.length > 0 && !isLenient)
    notes.push(note('Comparison', `other ${named.join(' and ')} are left alone, but OCM removes them`));
  if (Object.hasOwn(template, 'status'))
    notes.push(note('Comparison', 'status: it may have more fields than the template, which OCM does not allow'));
  const list = findValue(without(template, ...identity, 'status'), (value) => (asList(value)?.length ?? 0) > 1);
  if (list)
    notes.push(
      note('Lists', `the order of ${list.path} matters unless its items have keys, but it does not matter in OCM`),
    );
  return notes;
}
