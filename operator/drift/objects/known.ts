/**
 * What the apiserver fills in or leaves away. Pure, and no more than is needed so that common objects are not suspected in vain: whatever
 * is not here is sorted out by a dry run.
 *
 * Where the absence of a field means something of its own, it must never be here: `automountServiceAccountToken: false` is not the
 * same as nothing.
 */
import { isFilledInto, isInjected } from './filledIn.ts';
import type { FieldSchema } from './schema.ts';
import { sameJson } from './scalars.ts';

type Members = Readonly<Record<string, unknown>>;

/** What kubectl keeps to itself, in annotations; the operator's cache has it not. Whoever declares an exported object does not mean it. */
export const keptByKubectl = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields that are not stored when they are `false`, 0 or empty, by type. */
const leftAway: Readonly<Record<string, readonly string[]>> = {
  'core.v1.PodSpec': ['hostNetwork', 'hostPID', 'hostIPC', 'nodeName', 'hostname', 'subdomain', 'serviceAccountName'],
  'core.v1.Container': ['stdin', 'stdinOnce', 'tty', 'workingDir'],
  'core.v1.EnvVar': ['value'],
  'core.v1.VolumeMount': ['readOnly', 'subPath'],
  'core.v1.Probe': ['initialDelaySeconds'],
  'core.v1.PersistentVolumeClaimVolumeSource': ['readOnly'],
  'core.v1.CSIPersistentVolumeSource': ['readOnly'],
  'core.v1.NFSVolumeSource': ['readOnly'],
  'core.v1.ServiceSpec': ['externalName', 'loadBalancerIP', 'publishNotReadyAddresses'],
  'core.v1.ServicePort': ['name', 'nodePort'],
  'core.v1.ContainerPort': ['name', 'hostPort', 'hostIP'],
  'apps.v1.DeploymentSpec': ['minReadySeconds', 'paused'],
  'apps.v1.DaemonSetSpec': ['minReadySeconds'],
  'apps.v1.StatefulSetSpec': ['minReadySeconds'],
  'rbac.v1.Subject': ['apiGroup', 'namespace'],
  'scheduling.v1.PriorityClass': ['globalDefault', 'description'],
  'apiextensions.v1.JSONSchemaProps': [
    'description',
    'format',
    'id',
    'pattern',
    'title',
    'type',
    'exclusiveMaximum',
    'exclusiveMinimum',
    'nullable',
    'uniqueItems',
    'x-kubernetes-embedded-resource',
    'x-kubernetes-int-or-string',
  ],
  'apiextensions.v1.CustomResourceColumnDefinition': ['description', 'format', 'priority'],
  'apiextensions.v1.CustomResourceDefinitionVersion': ['deprecated'],
  'apiextensions.v1.CustomResourceDefinitionSpec': ['preserveUnknownFields'],
};

/** Whether a live field that nobody asked for is only what the apiserver fills in, or says nothing. `beside` are all live fields there. */
export function isFilledIn(parent: FieldSchema | undefined, name: string, value: unknown, beside: Members): boolean {
  const field = parent && fieldIn(parent, name);
  if (isNothing(value, field) || isDefault(value, field)) return true;
  if (parent === undefined) return false;
  const items = field?.shape.items?.shape.name ?? '';
  if (Array.isArray(value) && value.every((item) => isInjected(items, item))) return true;
  return isFilledInto(parent.shape.name, name, value, beside);
}

/** Whether a declared value would not be stored, so that its absence is no difference. */
export function isLeftAway(parent: FieldSchema | undefined, name: string, value: unknown): boolean {
  if (value !== false && value !== 0 && value !== '') return false;
  return parent !== undefined && (own(leftAway, parent.shape.name)?.includes(name) ?? false);
}

/**
 * Whether the value says the same as no value: a list without items, or a map without entries. An object of fields says something by
 * being there: `podSelector: {}` selects all pods, no `podSelector` none.
 */
export function isNothing(value: unknown, field: FieldSchema | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && isMap(field) && Object.keys(value).length === 0;
}

/** Whether the value is the field's default; of an object, whether each of its fields is. */
export function isDefault(value: unknown, field: FieldSchema | undefined): boolean {
  if (field === undefined || field.default === undefined) return false;
  if (sameJson(field.default, value)) return true;
  if (!isObject(value) || !isObject(field.default) || Object.keys(field.default).length > 0) return false;
  return !isMap(field) && Object.keys(value).every((name) => isFilledIn(field, name, value[name], value));
}

/** Whether the field is a map, all of whose values are alike. */
export function isMap(field: FieldSchema | undefined): boolean {
  return field?.shape.values !== undefined && field.shape.fields === undefined;
}

/** Whether the value is a selector of labels that asks for none, and so selects everything. */
export function selectsAll(value: Members, field: FieldSchema | undefined): boolean {
  const fields = field?.shape.fields;
  if (!fields?.has('matchLabels') || !fields.has('matchExpressions')) return false;
  return Object.keys(value).every((name) => isNothing(value[name], fieldIn(field!, name)));
}

/** The field of an object, or the value of a map. */
export function fieldIn(parent: FieldSchema, name: string): FieldSchema | undefined {
  return parent.shape.fields?.get(name) ?? parent.shape.values;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names come from people: `constructor` must not find what every object inherits. */
export function own<T>(object: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
