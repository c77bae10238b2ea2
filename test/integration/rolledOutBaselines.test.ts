/** What the apiserver itself refuses about a baseline whose revisions are rolled out: nobody takes it off its rollout without the right to. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { motd } from '../builders/drift.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds, namespace } from '../operator/bed.ts';
import { Kubectl, type Answer } from '../operator/kubectl.ts';
import { createAs, patchAs, rightsOf, type People } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const collector = 'system:serviceaccount:kube-system:generic-garbage-collector';
const everyday = ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const baselines = (...verbs: string[]) => ({ apiGroups: ['holdfast.dev'], resources: ['devicebaselines'], verbs });
const people: People = {
  alice: [baselines(...everyday)],
  bea: [baselines(...everyday, 'bypass-rollout')],
  cleo: [baselines(...everyday), { ...baselines('bypass-rollout'), resourceNames: ['hers'] }],
  [collector]: [baselines(...everyday)],
};
let cluster: Cluster;
let kubectl: Kubectl;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--filename', policies);
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...rightsOf(people));
  await until('the policies are in force', async () => {
    const name = await declared('Rollout');
    return (await remove('alice', name)).code === 0 ? undefined : true;
  });
}, 900_000);

afterAll(async () => {
  await cluster.stop();
}, 60_000);

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: '00000000-0000-0000-0000-000000000001' };

function baseline(type: string | undefined, name: string, metadata: object = {}): object {
  const updateStrategy = type === undefined ? {} : { updateStrategy: { type } };
  const spec = { selector: { matchLabels: { os: 'rhel9' } }, checks: [motd], ...updateStrategy };
  return { apiVersion, kind: 'DeviceBaseline', metadata: { name, namespace, ...metadata }, spec };
}

async function declared(type?: string, name = `baseline-${(count += 1)}`): Promise<string> {
  accepted(await createAs(kubectl, 'alice', baseline(type, name)));
  return name;
}

function refused({ code, stderr }: Answer, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
}

function accepted({ code, stderr }: Answer): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

function remove(person: string, name: string): Promise<Answer> {
  return kubectl.try(['delete', 'devicebaseline', name, '--as', person, '--wait=false']);
}

function replace(person: string, object: object): Promise<Answer> {
  return kubectl.try(['replace', '--as', person, '--filename', '-'], JSON.stringify(object));
}

const patched = (person: string, name: string, patch: object) =>
  patchAs(kubectl, person, 'devicebaseline', name, patch);
const needs =
  /to change `updateStrategy.type` from `Rollout`, you need the verb `bypass-rollout` on devicebaselines.holdfast.dev\/baseline-\d+ in namespace fleet/;

test.each<[string, object]>([
  ['another type', { updateStrategy: { type: 'Immediate' } }],
  ['the type that is the default', { updateStrategy: { type: null } }],
  ['no strategy', { updateStrategy: null }],
])('one that is rolled out is not given %s without the right', async (_, spec) => {
  const name = await declared('Rollout');
  refused(await patched('alice', name, { spec }), needs);
  refused(await patched('cleo', name, { spec }), needs);
  accepted(await patched('bea', name, { spec }));
});

test('nor by a replacement, by server-side apply, or with another change beside', async () => {
  const name = await declared('Rollout');
  refused(await replace('alice', baseline(undefined, name)), needs);
  const apply = ['apply', '--server-side', '--force-conflicts', '--as', 'alice', '--filename', '-'];
  refused(await kubectl.try(apply, JSON.stringify(baseline('Immediate', name))), needs);
  const both = { metadata: { labels: { a: 'b' } }, spec: { mode: 'Enforce', updateStrategy: { type: 'Immediate' } } };
  refused(await patched('alice', name, both), needs);
});

test('what keeps the strategy needs no right, and neither does one that is not rolled out', async () => {
  const name = await declared('Rollout');
  accepted(await patched('alice', name, { spec: { checks: [{ ...motd, severity: 'High' }] } }));
  accepted(await patched('alice', name, { metadata: { labels: { a: 'b' } } }));
  accepted(await replace('alice', baseline('Rollout', name)));
  const other = await declared('Immediate');
  accepted(await patched('alice', other, { spec: { updateStrategy: null } }));
  accepted(await patched('alice', other, { spec: { updateStrategy: { type: 'Rollout' } } }));
  refused(await patched('alice', other, { spec: { updateStrategy: null } }), needs);
  accepted(await remove('alice', await declared()));
});

test('the right may be for one name', async () => {
  await declared('Rollout', 'hers');
  accepted(await patched('cleo', 'hers', { spec: { updateStrategy: null } }));
});

test('it is deleted, alone or with all others, by who has the right and by garbage collection', async () => {
  const name = await declared('Rollout');
  const words = /to delete a DeviceBaseline with `updateStrategy.type: Rollout`, you need the verb `bypass-rollout`/;
  refused(await remove('alice', name), words);
  const all = `/apis/${apiVersion}/namespaces/${namespace}/devicebaselines`;
  refused(await kubectl.try(['delete', '--raw', all, '--as', 'alice']), words);
  accepted(await remove('bea', name));
  accepted(await remove(collector, await declared('Rollout')));
  refused(await patched(collector, await declared('Rollout'), { spec: { updateStrategy: null } }), needs);
});

test('it gets no owner with which it is deleted, at its making and later', async () => {
  const name = await declared('Rollout');
  const words =
    /to give a DeviceBaseline with `updateStrategy.type: Rollout` an owner, with which it is deleted, you need/;
  const owned = { ownerReferences: [owner] };
  refused(await patched('alice', name, { metadata: owned }), words);
  refused(await createAs(kubectl, 'alice', baseline('Rollout', 'owned', owned)), words);
  accepted(await createAs(kubectl, 'alice', baseline('Immediate', 'owned', owned)));
  refused(await patched('alice', 'owned', { spec: { updateStrategy: { type: 'Rollout' } } }), words);
  accepted(await patched('bea', name, { metadata: owned }));
  accepted(await patched('alice', name, { metadata: { labels: { a: 'b' } } }));
  accepted(await patched('alice', name, { metadata: { ownerReferences: null } }));
});
