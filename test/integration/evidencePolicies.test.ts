/** Legal holds, deletion and unendorsed keys on the real apiserver: who may declare them, and who may not. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds, namespace } from '../operator/bed.ts';
import { Kubectl, type Answer } from '../operator/kubectl.ts';
import { createAs, patchAs, rightsOf, type People } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const policies = resolve(import.meta.dirname, '../../policies');
const collector = 'system:serviceaccount:kube-system:generic-garbage-collector';
const argo = 'system:serviceaccount:argocd:application-controller';
const everyday = ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const on = (resource: string, ...verbs: string[]) => ({ apiGroups: ['holdfast.dev'], resources: [resource], verbs });
const stores = (...verbs: string[]) => on('evidencestores', ...everyday, ...verbs);
const packs = (...verbs: string[]) => on('evidencepacks', ...everyday, ...verbs);
const people: People = {
  alice: [stores(), packs()],
  lena: [stores('hold')],
  lars: [stores('hold')],
  hers: [stores(), { ...on('evidencestores', 'hold'), resourceNames: ['hers'] }],
  dora: [stores('dispose')],
  kim: [packs('rotate-key')],
  [collector]: [stores()],
  [argo]: [stores()],
};
let cluster: Cluster;
let kubectl: Kubectl;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--filename', policies);
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...rightsOf(people));
  await until('the policies are in force', async () =>
    (await createAs(kubectl, 'alice', store({ disposal: 'WhenDue' }))).code === 0 ? undefined : true,
  );
  await until('that of EvidencePacks too', async () =>
    (await createAs(kubectl, 'alice', pack({ unendorsed: 'lost' }))).code === 0 ? undefined : true,
  );
}, 900_000);

afterAll(async () => {
  await cluster.stop();
}, 60_000);

const hold = (placedBy: string, more: object = {}) => ({ name: 'case-7', reason: 'Case 7', placedBy, ...more });
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: '00000000-0000-0000-0000-000000000001' };

function store(spec: object, name = `store-${(count += 1)}`, metadata: object = {}): object {
  return {
    apiVersion,
    kind: 'EvidenceStore',
    metadata: { name, namespace, ...metadata },
    spec: { filesystem: {}, ...spec },
  };
}

function pack(keyRef: object, name = `pack-${(count += 1)}`): object {
  return {
    apiVersion,
    kind: 'EvidencePack',
    metadata: { name, namespace },
    spec: { storeRef: { name: 'vault' }, signing: { keyRef: { name: 'key', ...keyRef } } },
  };
}

function accepted({ code, stderr }: Answer): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
}

function refused({ code, stderr }: Answer, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
}

async function held(by = 'lena', name = `store-${(count += 1)}`): Promise<string> {
  accepted(await createAs(kubectl, by, store({ holds: [hold(by)] }, name)));
  return name;
}

const patched = (person: string, name: string, spec: object) =>
  patchAs(kubectl, person, 'evidencestore', name, { spec });
const needs =
  /to add, change or remove legal holds \(case-7\), you need the verb `hold` on evidencestores.holdfast.dev\/[a-z0-9-]+ in namespace fleet; leave `spec.holds` out of what Argo CD, Helm/;
const remove = (person: string, name: string) =>
  kubectl.try(['delete', 'evidencestore', name, '--as', person, '--wait=false']);

describe('a hold', () => {
  test('is placed by who has the right, under their own name', async () => {
    refused(await createAs(kubectl, 'alice', store({ holds: [hold('alice')] })), needs);
    refused(
      await createAs(kubectl, 'lena', store({ holds: [hold('lars')] })),
      /`placedBy` of a legal hold that is new or changed must be your own user name: set it to lena/,
    );
    const name = await held();
    refused(await patched('alice', name, { holds: [hold('alice')] }), needs);
    refused(
      await patched('lars', name, { holds: [hold('lena', { until: '2026-01-01T00:00:00Z' })] }),
      /must be your own/,
    );
    accepted(await patched('lars', name, { holds: [hold('lena'), hold('lars', { name: 'case-8' })] }));
  });

  test('is changed or removed by nobody else', async () => {
    const name = await held();
    refused(await patched('alice', name, { holds: null }), needs);
    refused(await patched('alice', name, { holds: [] }), needs);
    refused(await patched('alice', name, { holds: [hold('lena', { packs: ['other'] })] }), needs);
    refused(await patched('alice', name, { holds: [hold('lena', { until: '2026-01-01T00:00:00Z' })] }), needs);
    refused(await kubectl.try(['replace', '--as', 'alice', '-f', '-'], JSON.stringify(store({}, name))), needs);
    refused(await remove('alice', name), /it has legal holds: to delete it, you need the verb `hold`/);
    refused(
      await kubectl.try([
        'delete',
        '--raw',
        `/apis/${apiVersion}/namespaces/${namespace}/evidencestores`,
        '--as',
        'alice',
      ]),
      /it has legal holds/,
    );
    accepted(await patched('lars', name, { holds: null }));
    accepted(await remove('alice', name));
  });

  test('that stays needs no right', async () => {
    const name = await held();
    accepted(await patched('alice', name, { suspend: { reason: 'moving' } }));
    accepted(await patchAs(kubectl, 'alice', 'evidencestore', name, { metadata: { labels: { a: 'b' } } }));
    accepted(
      await kubectl.try(
        ['replace', '--as', 'alice', '-f', '-'],
        JSON.stringify(store({ holds: [hold('lena')] }, name)),
      ),
    );
  });

  test('goes with no owner', async () => {
    const name = await held();
    const metadata = { ownerReferences: [owner] };
    const words = /it has legal holds: to give it an owner, with which it is deleted, you need the verb `hold`/;
    refused(await patchAs(kubectl, 'alice', 'evidencestore', name, { metadata }), words);
    accepted(await patchAs(kubectl, 'lena', 'evidencestore', name, { metadata }));
    const renamed = { ownerReferences: [{ ...owner, kind: 'Secret' }] };
    refused(await patchAs(kubectl, 'alice', 'evidencestore', name, { metadata: renamed }), words);
    accepted(await createAs(kubectl, 'alice', store({}, 'owned', metadata)));
    refused(await patched('lena', 'owned', { holds: [hold('alice')] }), /must be your own/);
    accepted(await remove(collector, name));
  });

  test('for one name is placed there alone', async () => {
    await held('hers', 'hers');
    refused(await createAs(kubectl, 'hers', store({ holds: [hold('hers')] })), needs);
  });

  test('is not touched by what applies the object without it, and what has it is told what to do', async () => {
    const name = await held();
    const apply = (object: object) =>
      kubectl.try(
        ['apply', '--server-side', '--force-conflicts', '--field-manager', 'argocd', '--as', argo, '-f', '-'],
        JSON.stringify(object),
      );
    accepted(await apply(store({}, name)));
    const found = await kubectl.get<{ spec: { holds?: object[] } } & object>('evidencestore', name);
    expect((found as unknown as { spec: { holds: object[] } }).spec.holds).toHaveLength(1);
    refused(
      await apply(store({ holds: [hold(argo, { name: 'case-9' })] }, name)),
      /leave `spec.holds` out of what Argo CD, Helm or another pipeline applies/,
    );
  });
});

test.each<[string, object, RegExp]>([
  ['two of one name', { holds: [hold('lena'), hold('lena', { reason: 'other' })] }, /Duplicate value/],
  [
    'one that ends before it begins',
    { holds: [hold('lena', { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' })] },
    /`to` must be after `from`/,
  ],
  ['a time that is none', { holds: [hold('lena', { until: 'soon' })] }, /until/],
  [
    'more than 50',
    { holds: Array.from({ length: 51 }, (_, at) => hold('lena', { name: `h${at}` })) },
    /Too many|must have at most 50/,
  ],
  ['no reason', { holds: [hold('lena', { reason: '' })] }, /reason/],
  ['a line break', { holds: [hold('lena', { reason: 'a\nb' })] }, /reason/],
  ['no packs', { holds: [hold('lena', { packs: [] })] }, /packs/],
  ['another rule of deletion', { disposal: 'Now' }, /Unsupported value/],
])('the apiserver refuses holds: %s', async (_, spec, message) => {
  refused(await createAs(kubectl, 'lena', store(spec)), message);
});

describe('deletion', () => {
  const words =
    /with `disposal: WhenDue`, evidence is deleted: to set it, you need the verb `dispose` on evidencestores.holdfast.dev\//;
  test('is switched on by who has the right, and off by anyone who may write', async () => {
    refused(await createAs(kubectl, 'alice', store({ disposal: 'WhenDue' })), words);
    refused(await createAs(kubectl, 'lena', store({ disposal: 'WhenDue' })), words);
    accepted(await createAs(kubectl, 'alice', store({ disposal: 'Never' }, 'deleting')));
    refused(await patched('alice', 'deleting', { disposal: 'WhenDue' }), words);
    accepted(await patched('dora', 'deleting', { disposal: 'WhenDue' }));
    accepted(await patched('alice', 'deleting', { suspend: { reason: 'moving' } }));
    accepted(await patched('alice', 'deleting', { disposal: null }));
    refused(await patched('alice', 'deleting', { disposal: 'WhenDue' }), words);
  });
});

describe('a key that none endorses', () => {
  const words =
    /a key is believed that no key before it endorses: you need the verb `rotate-key` on evidencepacks.holdfast.dev\//;
  test('is declared by who has the right', async () => {
    refused(await createAs(kubectl, 'alice', pack({ unendorsed: 'lost' })), words);
    accepted(await createAs(kubectl, 'alice', pack({}, 'nightly')));
    const change = (person: string, keyRef: object) =>
      patchAs(kubectl, person, 'evidencepack', 'nightly', { spec: { signing: { keyRef } } });
    refused(await change('alice', { unendorsed: 'lost' }), words);
    accepted(await change('kim', { unendorsed: 'lost' }));
    refused(await change('alice', { unendorsed: 'stolen' }), words);
    refused(await change('alice', { name: 'mine' }), words);
    accepted(await patchAs(kubectl, 'alice', 'evidencepack', 'nightly', { spec: { timeZone: 'Europe/Vienna' } }));
    accepted(await change('alice', { unendorsed: null }));
    accepted(await change('alice', { name: 'other' }));
  });
});
