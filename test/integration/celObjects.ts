/** Objects that expressions are asked about: with and without what people look for in them. */
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Kind } from '../../operator/api/kind.ts';

const core = (kind: string, namespaced = true): Kind => ({
  group: '',
  version: 'v1',
  kind,
  plural: `${kind.toLowerCase()}s`,
  namespaced,
});

export const celKinds = {
  Namespace: core('Namespace', false),
  ConfigMap: core('ConfigMap'),
  Secret: core('Secret'),
  Pod: core('Pod'),
  Deployment: { ...core('Deployment'), group: 'apps' },
  CustomResourceDefinition: { ...core('CustomResourceDefinition', false), group: 'apiextensions.k8s.io' },
  Sample: { ...core('Sample'), group: 'test.holdfast.dev' },
} satisfies Record<string, Kind>;

const shop = (name: string, more: object = {}) => ({ name, namespace: 'shop', ...more });
const full = {
  labels: { team: 'shop', empty: '' },
  annotations: { 'example.com/owner': 'owner@example.com' },
  finalizers: ['example.com/wait'],
};
const containers = [
  {
    name: 'app',
    image: 'registry.example/app:1',
    ports: [{ containerPort: 8080 }],
    resources: { limits: { memory: '1Gi', cpu: '500m' } },
  },
  { name: 'side', image: 'registry.example/side:1' },
];
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [containers[0]] } };
const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const spec = {
  whole: 3,
  part: 0.5,
  zero: 0,
  empty: '',
  no: false,
  list: [],
  map: {},
  nothing: null,
  nested: [{ a: 1 }, { b: 2 }],
  ports: [1, 2],
  'a b': 1,
  large: 4503599627370497,
  mixed: [1, 'a', true],
  maxUnavailable: 0,
  size: 5,
  replicas: 2,
};

function of(kind: Kind, metadata: object, more: object = {}): { kind: Kind; object: Resource } {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  return { kind, object: { apiVersion, kind: kind.kind, metadata, ...more } as Resource };
}

/** In the order in which they can be made. */
export const celObjects: readonly { readonly kind: Kind; readonly object: Resource }[] = [
  of(celKinds.Namespace, { name: 'shop', labels: { team: 'shop' } }),
  of(celKinds.ConfigMap, shop('bare')),
  of(celKinds.ConfigMap, shop('full', full), { data: { key: 'value' }, immutable: true }),
  of(celKinds.ConfigMap, shop('empty', { labels: {}, annotations: {}, finalizers: [] }), { data: {} }),
  of(celKinds.Secret, shop('secret', { labels: { team: 'other' } }), { type: 'Opaque', data: { key: 'dmFsdWU=' } }),
  of(celKinds.Deployment, shop('web'), {
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
  }),
  of(
    celKinds.CustomResourceDefinition,
    { name: 'samples.test.holdfast.dev' },
    {
      spec: {
        group: 'test.holdfast.dev',
        scope: 'Namespaced',
        names: { kind: 'Sample', plural: 'samples' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything } } },
          },
        ],
      },
    },
  ),
  of(celKinds.Sample, shop('sample', { annotations: { note: 'x' } }), { spec }),
  of(celKinds.Sample, shop('like-a-pod'), {
    spec: {
      containers,
      replicas: 1,
      hostNetwork: true,
      maxUnavailable: '25%',
      size: '1Gi',
      namespace: 'shop',
      if: true,
      for: 1,
      'a-b': 1,
    },
  }),
  of(celKinds.Sample, shop('without-a-spec', { labels: { team: 'x' } })),
];

/** Those that expressions are asked about. */
export const asked = celObjects.filter(({ kind }) => kind !== celKinds.CustomResourceDefinition);
