/** Objects of ten kinds by chance, and templates about parts of them that want something else in a few places. */
import type { Body } from '../../operator/runtime/client.ts';

export type Json = Record<string, unknown>;
export type Chance = (below: number) => number;

export interface Sample {
  readonly object: Body;
  readonly template: Body;
  readonly match: 'MustHave' | 'MustContain' | 'MustOnlyHave';
  /** JSON pointers of what the template wants otherwise, and the text that must stand there. */
  readonly wanted: ReadonlyMap<string, string>;
}

export const group = 'numbers.example';

const beyond = 9007199254740993n;
/** Whole numbers that JavaScript cannot hold, and their neighbours. */
const large = [beyond, -beyond, 2n ** 63n - 1n, -(2n ** 63n), beyond + 2n, 9007199254740991, 2n ** 62n + 1n];
const odd: readonly unknown[] = [
  1e300,
  0.1,
  -0,
  1e-7,
  18446744073709552000,
  0,
  true,
  '',
  'text',
  '9007199254740993',
  null,
];

function pick<T>(chance: Chance, all: readonly T[]): T {
  return all[chance(all.length)]!;
}

function anything(chance: Chance, depth: number): unknown {
  switch (chance(depth > 2 ? 2 : 6)) {
    case 0:
      return pick(chance, large);
    case 1:
      return pick(chance, odd);
    case 2:
      return chance(3) === 0 ? {} : members(chance, depth + 1);
    case 3:
      return chance(3) === 0 ? [] : Array.from({ length: 1 + chance(3) }, () => anything(chance, depth + 1));
    case 4:
      return Number(pick(chance, [1, 80, -3, 1_234_567_890_123_456]));
    default:
      return pick(chance, large);
  }
}

function members(chance: Chance, depth: number): Json {
  const names = ['a', 'b/c', 'd~e', 'toString', '__proto', 'f.g', 'ключ', 'h'];
  return Object.fromEntries(names.filter(() => chance(2)).map((name) => [name, anything(chance, depth)]));
}

/** A part of what the object says: lists whole, because an apply replaces them, or also some items of lists, in another order. */
function partOf(chance: Chance, value: unknown, lists: 'whole' | 'some'): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    if (lists === 'whole') return value;
    const chosen = value.filter(() => chance(2)).reverse();
    return chosen.map((item) => (isObject(item) ? item : partOf(chance, item, lists)));
  }
  const chosen = Object.entries(value).filter(([, member]) => member !== null && chance(3) > 0);
  return Object.fromEntries(chosen.map(([name, member]) => [name, partOf(chance, member, lists)]));
}

const texts = (chance: Chance): Json =>
  Object.fromEntries(
    ['a', 'b', 'c.conf', 'd-e', 'f_g']
      .filter(() => chance(3))
      .map((name) => [name, pick(chance, ['', 'x', '9007199254740993', 'a\nb', '"'])]),
  );

const named = (apiVersion: string, kind: string, name: string, namespace: string | undefined, more: Json): Body => ({
  apiVersion,
  kind,
  metadata: {
    name,
    ...(namespace && { namespace }),
    labels: { 'example.com/n': '1' },
    annotations: { note: '9007199254740993' },
  },
  ...more,
});

interface Maker {
  readonly kind: string;
  /** The object; what of it a template may name; what the template wants otherwise, by pointer, as JSON. */
  make(chance: Chance): {
    readonly parts: Json;
    readonly changes: Json;
    readonly wanted: Readonly<Record<string, string>>;
  };
  readonly apiVersion: string;
  readonly isClusterScoped?: boolean;
  /** Whether a template may be about parts, or must have all that the kind needs. */
  readonly isWhole?: boolean;
}

const podSpec = (chance: Chance): Json => ({
  terminationGracePeriodSeconds: pick(chance, [beyond, 30, 2n ** 62n + 1n]),
  tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: pick(chance, large) }],
  containers: [
    { name: 'app', image: 'app:1', env: [{ name: 'N', value: '9007199254740993' }, { name: 'E' }], resources: {} },
  ],
  volumes: [{ name: 'scratch', emptyDir: {} }],
});

export const makers: readonly Maker[] = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    make: (chance) => ({
      parts: { data: texts(chance) },
      changes: { data: { changed: 'yes' } },
      wanted: { '/data/changed': '"yes"' },
    }),
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    make: (chance) => ({
      parts: { data: { a: pick(chance, ['YQ==', 'OTAwNzE5OTI1NDc0MDk5Mw==']), b: '' } },
      changes: { data: { changed: 'eA==' } },
      wanted: { '/data/changed': '"eA=="' },
    }),
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    isWhole: true,
    make: (chance) => ({
      parts: {
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'a' } },
          template: { metadata: { labels: { app: 'a' } }, spec: podSpec(chance) },
        },
      },
      changes: { spec: { minReadySeconds: 7 } },
      wanted: { '/spec/minReadySeconds': '7' },
    }),
  },
  {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    isWhole: true,
    make: (chance) => ({
      parts: { template: { metadata: { labels: { app: 'a' } }, spec: podSpec(chance) } },
      changes: { template: { spec: { priorityClassName: 'changed' } } },
      wanted: { '/template/spec/priorityClassName': '"changed"' },
    }),
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    make: () => ({
      parts: { spec: { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] } },
      changes: { spec: { podSelector: { matchLabels: { changed: 'yes' } } } },
      wanted: { '/spec/podSelector/matchLabels/changed': '"yes"' },
    }),
  },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    make: (chance) => ({
      parts: { spec: { hard: { pods: String(pick(chance, [beyond, 10])), 'limits.memory': '9007199254740993' } } },
      changes: { spec: { hard: { services: '9007199254740995' } } },
      wanted: { '/spec/hard/services': '"9007199254740995"' },
    }),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    isClusterScoped: true,
    make: () => ({
      parts: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
      changes: { metadata: { labels: { changed: 'yes' } } },
      wanted: { '/metadata/labels/changed': '"yes"' },
    }),
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    isWhole: true,
    make: (chance) => ({
      parts: {
        spec: {
          schedule: '0 0 1 1 *',
          suspend: true,
          startingDeadlineSeconds: pick(chance, [beyond, 60]),
          jobTemplate: { spec: { template: { spec: { ...podSpec(chance), restartPolicy: 'Never' } } } },
        },
      },
      changes: { spec: { failedJobsHistoryLimit: 3 } },
      wanted: { '/spec/failedJobsHistoryLimit': '3' },
    }),
  },
  {
    apiVersion: `${group}/v1`,
    kind: 'Typed',
    make: (chance) => ({
      parts: {
        spec: {
          size: pick(chance, large),
          ratio: pick(chance, [1e300, 0.1, 3]),
          empty: {},
          counts: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, pick(chance, large)])),
          list: [pick(chance, large), 1],
        },
      },
      changes: { spec: { other: beyond + 4n } },
      wanted: { '/spec/other': '9007199254740997' },
    }),
  },
  {
    apiVersion: `${group}/v1`,
    kind: 'Free',
    make: (chance) => ({
      parts: {
        spec: {
          ...members(chance, 0),
          'not~known/at all': { nothing: null, none: {}, list: [], n: pick(chance, large) },
        },
      },
      changes: { spec: { changed: { n: -beyond } } },
      wanted: { '/spec/changed/n': '-9007199254740993' },
    }),
  },
];

export function sampleOf(chance: Chance, at: number, namespace: string): Sample {
  const maker = makers[at % makers.length]!;
  const { parts, changes, wanted } = maker.make(chance);
  const own = maker.isClusterScoped ? undefined : namespace;
  const object = named(maker.apiVersion, maker.kind, `sample-${at}`, own, parts);
  const isOnly = ['Typed', 'Free', 'PodTemplate'].includes(maker.kind) && chance(3) === 0;
  const isPart = !isOnly && chance(2) === 0;
  const said =
    isPart || (!maker.isWhole && !isOnly) ? (partOf(chance, parts, isPart ? 'some' : 'whole') as Json) : parts;
  const metadata = { name: `sample-${at}`, ...(own && { namespace: own }) };
  const template = merged({ apiVersion: maker.apiVersion, kind: maker.kind, metadata, ...said }, changes) as Body;
  const match = isOnly ? 'MustOnlyHave' : isPart ? 'MustContain' : 'MustHave';
  return { object, template, match, wanted: new Map(Object.entries(wanted)) };
}

function merged(one: unknown, other: unknown): unknown {
  if (!isObject(one) || !isObject(other)) return other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(other, name) ? merged(one[name], other[name]) : one[name]]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const crd = (kind: string, spec: Json): Json => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.toLowerCase()}s.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      },
    ],
  },
});
const int64 = { type: 'integer', format: 'int64' };

export const definitions: readonly Json[] = [
  crd('Typed', {
    type: 'object',
    properties: {
      size: int64,
      other: int64,
      ratio: { type: 'number' },
      empty: { type: 'object', properties: { x: int64 } },
      counts: { type: 'object', additionalProperties: int64 },
      list: { type: 'array', items: int64 },
    },
  }),
  crd('Free', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
];
