/** What is mutated: each kind from its sample, in a place of its own with what it refers to. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import type { PolicyWaiverSpec } from '../../../operator/api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../../../operator/findings/waiver/digest.ts';
import { schemas } from '../../../operator/api/generated/schemas.ts';
import { resources } from '../../../operator/api/generated/resources.ts';
import { apiVersion } from '../../operator/bed.ts';
import { writer } from '../../operator/clusterOnly.ts';
import type { Schema } from './values.ts';

export type SubjectKind = Exclude<keyof typeof resources, 'DriftReport'>;

export interface Subject {
  /** Its kind, and what is special about it. */
  readonly name: string;
  readonly kind: SubjectKind;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly schema: Schema;
  /** Whether it cannot be changed: each mutation is an object of its own. */
  readonly isImmutable?: boolean;
  /** Who writes it; the administrator of the cluster when absent. */
  readonly as?: string;
  /** The name of its object in a place. */
  nameIn(id: string): string;
  /** The condition that is true before it is changed. */
  readonly begins?: string;
  /** Mutations that leave something by design, as reports print them. */
  readonly lasting?: readonly string[];
  /** What is there before it. */
  surroundings(id: string): readonly object[];
  /** A waiver that Alice asks for, in the namespace of the place. */
  readonly waiver?: PolicyWaiverSpec;
  spec(id: string): object;
}

const samples = resolve(import.meta.dirname, '../../../manifests/samples');

interface Sample {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: object };
  readonly spec: Readonly<Record<string, unknown>>;
}

function sample(file: string): Sample {
  return load(readFileSync(`${samples}/${file}.yaml`, 'utf8')) as Sample;
}

interface Named {
  readonly name: string;
}

/** A port of this machine at which nothing answers: every host is found unreachable at once. */
const silentPort = 1;

function deviceSpec(): object {
  const { spec } = sample('device');
  return { ...spec, ssh: { ...(spec['ssh'] as object), host: '127.0.0.1', port: silentPort } };
}

const deviceOf = (namespace: string): object => {
  const { kind, metadata } = sample('device');
  return { apiVersion, kind, metadata: { ...metadata, namespace }, spec: deviceSpec() };
};

const key = (namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'fleet-ssh', namespace },
  stringData: { 'ssh-privatekey': 'of no host' },
});

/** The sample with one check more of each type that it has not. */
function deviceBaselineSpec(): Sample['spec'] {
  const { spec } = sample('deviceBaseline');
  const own = spec['checks'] as readonly (Named & object)[];
  const types = new Set(own.flatMap((check) => Object.keys(check)));
  const more = (sample('cisRhel9').spec['checks'] as readonly (Named & object)[]).filter((check) => {
    const isNew = Object.keys(check).some((type) => !types.has(type));
    for (const type of Object.keys(check)) types.add(type);
    return isNew;
  });
  return { ...spec, checks: [...own, ...more] };
}

const deviceBaselineOf = (namespace: string): object => {
  const { kind, metadata } = sample('deviceBaseline');
  return { apiVersion, kind, metadata: { ...metadata, namespace }, spec: deviceBaselineSpec() };
};

/** The schema of the spec, but for a member that another kind has too. */
function without(schema: Schema, name: string): Schema {
  const spec = schema.properties!['spec']!;
  const properties = Object.entries(spec.properties ?? {}).filter(([key]) => key !== name);
  return { ...spec, properties: Object.fromEntries(properties) };
}

function subject(kind: SubjectKind, more: Pick<Subject, 'surroundings' | 'spec'> & Partial<Subject>): Subject {
  const { plural, namespaced } = resources[kind];
  const { properties } = schemas[kind] as Schema;
  return { kind, plural, namespaced, schema: properties!['spec']!, name: kind, nameIn: () => 'subject', ...more };
}

const rbac = 'rbac.authorization.k8s.io';

/** An account that reads everything, and writes into its own namespace and to the objects of the sample that have none. */
function writerIn(id: string): object[] {
  const read = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] };
  const verbs = ['create', 'update', 'patch', 'delete'];
  const write = { apiGroups: [rbac, 'config.openshift.io'], resources: ['clusterrolebindings', 'apiservers'], verbs };
  const account = { kind: 'ServiceAccount', name: 'baseline-writer', namespace: id };
  const roleRef = (name: string): object => ({ apiGroup: rbac, kind: 'ClusterRole', name });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name, namespace: id } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: `writer-of-${id}` }, rules: [read, write] },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `writer-of-${id}` },
      roleRef: roleRef(`writer-of-${id}`),
      subjects: [account],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'writes', namespace: id },
      roleRef: roleRef(writer),
      subjects: [account],
    },
  ];
}

interface Template {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const settings = (id: string, name: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: id },
  data: { a: 'right' },
});

/** The sample, about its place alone and enforced: what it declares without a namespace has the name of the place. */
function clusterBaselineSpec(id: string): Sample['spec'] {
  const { spec } = sample('clusterBaseline');
  const objects = (spec['objects'] as readonly { template: Template; namespaceSelector?: object }[]).map((object) => {
    const { template, namespaceSelector } = object;
    const { name, namespace } = template.metadata;
    const metadata = namespace
      ? { ...template.metadata, namespace: id }
      : { ...template.metadata, name: namespaceSelector ? name : id };
    return {
      ...object,
      ...(namespaceSelector && { namespaceSelector: { ...namespaceSelector, matchLabels: { place: id } } }),
      template: { ...template, metadata },
    };
  });
  const checks = (spec['checks'] as readonly object[]).map((check) => ({
    ...check,
    namespaceSelector: { matchLabels: { place: id } },
  }));
  return {
    ...spec,
    mode: 'Enforce',
    prune: 'All',
    serviceAccountRef: { namespace: id, name: 'baseline-writer' },
    objects: [
      { name: 'settings', match: 'MustOnlyHave', template: settings(id, 'settings') },
      { name: 'forbidden', match: 'MustNotHave', template: settings(id, 'forbidden') },
      ...objects,
    ],
    checks,
  };
}

const waiver = { ...sample('policyWaiver').spec, requestedBy: 'alice' } as unknown as PolicyWaiverSpec;

export const subjects: readonly Subject[] = [
  subject('Device', {
    nameIn: () => sample('device').metadata.name,
    surroundings: (id) => [key(id), deviceBaselineOf(id)],
    spec: deviceSpec,
  }),
  subject('DeviceBaseline', { surroundings: (id) => [key(id), deviceOf(id)], spec: deviceBaselineSpec }),
  subject('ClusterBaseline', {
    nameIn: (id) => id,
    begins: 'Compliant',
    // Labels that are not declared are not looked at.
    lasting: ['spec.objects[0].template has a label more'],
    surroundings: writerIn,
    spec: clusterBaselineSpec,
  }),
  subject('MaintenanceWindow', { surroundings: () => [], spec: () => sample('maintenanceWindow').spec }),
  subject('PolicyWaiver', {
    as: 'alice',
    surroundings: (id) => [key(id), deviceOf(id), deviceBaselineOf(id)],
    spec: () => waiver,
  }),
  subject('Approval', {
    isImmutable: true,
    as: 'bob',
    // A version that was rejected is never approved again.
    lasting: ['spec.decision is "Reject"'],
    surroundings: (id) => [key(id), deviceOf(id), deviceBaselineOf(id)],
    waiver,
    spec: () => ({ ...sample('approval').spec, subjectDigest: waiverDigest(waiver), approver: 'bob' }),
  }),
  subject('AnsibleRun', {
    isImmutable: true,
    surroundings: (id) => [key(id), deviceOf(id)],
    schema: without(schemas.AnsibleRun, 'checks'),
    spec: () => ({ deviceNames: [sample('device').metadata.name], checks: deviceBaselineSpec()['checks'] }),
  }),
  subject('AnsibleRun', {
    name: 'AnsibleRun that undoes',
    isImmutable: true,
    surroundings: (id) => [key(id), deviceOf(id)],
    schema: without(schemas.AnsibleRun, 'checks'),
    spec: () => sample('ansibleRun').spec,
  }),
];
