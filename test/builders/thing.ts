/** A kind that has fields of every sort: its OpenAPI v3 document as an apiserver gives it, its objects, and what is told of them. */
import { differences, type Wanted } from '../../operator/drift/objects/compare.ts';
import { schemaOf, type FieldSchema } from '../../operator/drift/objects/schema.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
/** How the apiserver refers to types of fields. */
const wrapped = (name: string, more: object = {}) => ({ allOf: [ref(name)], ...more });
const text = { type: 'string' };
const int = { type: 'integer', format: 'int32' };
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const duration = 'io.k8s.apimachinery.pkg.apis.meta.v1.Duration';
const time = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time';
const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const selector = 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector';
const container = 'io.k8s.api.core.v1.Container';
const port = 'io.k8s.api.core.v1.ContainerPort';
const subject = 'io.k8s.api.rbac.v1.Subject';
const networkPort = 'io.k8s.api.networking.v1.NetworkPolicyPort';
const tree = 'dev.holdfast.test.v1.Tree';
const spec = 'dev.holdfast.test.v1.ThingSpec';

const map = (values: object, more: object = {}) => ({ type: 'object', additionalProperties: values, ...more });
const list = (items: object, type?: string, ...keys: string[]) => ({
  type: 'array',
  items,
  ...(type && { 'x-kubernetes-list-type': type }),
  ...(keys.length && { 'x-kubernetes-list-map-keys': keys }),
});
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

const specFields = {
  replicas: { ...int, default: 1 },
  paused: { type: 'boolean' },
  name: text,
  mode: { type: 'string', default: 'Auto' },
  strategy: { default: {}, ...object({ type: { type: 'string', default: 'Rolling' }, surge: wrapped(intOrString) }) },
  pointer: object({ only: text }),
  limits: map(ref(quantity)),
  size: ref(quantity),
  crdSize: {
    'x-kubernetes-int-or-string': true,
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  },
  timeout: wrapped(duration),
  wait: { type: 'string', format: 'duration' },
  since: wrapped(time),
  bytes: { type: 'string', format: 'byte' },
  targetPort: wrapped(intOrString),
  selector: wrapped(selector),
  nodeSelector: map(text, { 'x-kubernetes-map-type': 'atomic' }),
  containers: list(wrapped(container, { default: {} }), 'map', 'name'),
  merged: {
    ...list(object({ type: text, value: text })),
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  },
  tags: list({ type: 'string', default: '' }, 'set'),
  args: list({ type: 'string', default: '' }, 'atomic'),
  subjects: list(wrapped(subject, { default: {} }), 'atomic'),
  ports: list(wrapped(networkPort, { default: {} }), 'atomic'),
  volumes: list(object({ name: text, emptyDir: object({ medium: text }), sizes: map(ref(quantity)) }), 'atomic'),
  tree: wrapped(tree),
  anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

const containerFields = {
  name: { type: 'string', default: '' },
  image: text,
  stdin: { type: 'boolean' },
  automount: { type: 'boolean' },
  args: list(text, 'atomic'),
  ports: list(wrapped(port, { default: {} }), 'map', 'containerPort', 'protocol'),
  resources: { default: {}, ...object({ limits: map(ref(quantity)), requests: map(ref(quantity)) }) },
};

export const thingKind = { group: 'test.holdfast.dev', version: 'v1', kind: 'Thing' };

export const openApi = {
  openapi: '3.0.0',
  components: {
    schemas: {
      'dev.holdfast.test.v1.Thing': {
        ...object({
          spec: wrapped(spec, { default: {} }),
          data: map(text),
          status: object({ phase: text, conditions: list(object({ type: text, status: text }), 'map', 'type') }),
        }),
        'x-kubernetes-group-version-kind': [thingKind],
      },
      [spec]: object(specFields),
      [container]: object(containerFields),
      [port]: object({ containerPort: int, name: text, protocol: { type: 'string', default: 'TCP' } }),
      [subject]: object({ kind: text, name: text, apiGroup: text }, { 'x-kubernetes-map-type': 'atomic' }),
      [networkPort]: object({ port: wrapped(intOrString), protocol: text }),
      [selector]: object(
        { matchLabels: map({ type: 'string', default: '' }), matchExpressions: list(object({}), 'atomic') },
        { 'x-kubernetes-map-type': 'atomic' },
      ),
      [tree]: object({ value: ref(quantity), left: ref(tree), children: map(wrapped(tree, { default: {} })) }),
      [quantity]: { oneOf: [{ type: 'string' }, { type: 'number' }] },
      [duration]: text,
      [time]: { type: 'string', format: 'date-time' },
      [intOrString]: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    },
  },
};

export const thingSchema = schemaOf(openApi, thingKind) as FieldSchema;

export type Json = Record<string, unknown>;
export const identity = { apiVersion: 'test.holdfast.dev/v1', kind: 'Thing' };

export function thing(spec: Json, more: Json = {}): Json {
  return { ...identity, spec, ...more };
}

/** `kind path expected actual` of each difference. */
export function told(
  template: Json,
  live: Json,
  match: Wanted = 'MustHave',
  schema: FieldSchema | undefined = thingSchema,
): string[] {
  return differences({ template, live, schema }, match).map(
    (one) => `${one.kind} ${one.path} ${one.expected} ${one.actual}`,
  );
}
