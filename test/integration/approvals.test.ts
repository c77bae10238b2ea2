/** What the apiserver itself refuses about waivers, approvals and cluster baselines, person by person, with the policies that Holdfast ships. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import type { PolicyWaiverSpec } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, crds, namespace } from '../operator/bed.ts';
import { Kubectl, type Answer } from '../operator/kubectl.ts';
import { createAs, patchAs, people, rightsOf } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const policies = resolve(import.meta.dirname, '../../policies');
let cluster: Cluster;
let kubectl: Kubectl;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--filename', policies);
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...rightsOf(people));
  // The apiserver takes a moment to heed them.
  await until('the policies are in force', async () => {
    const { code } = await createAs(kubectl, 'alice', waiver({ requestedBy: 'nobody' }));
    return code === 0 ? undefined : true;
  });
  await until('the rule that looks at waivers is in force', async () => {
    await createAs(kubectl, 'alice', waiver({}, 'in-force'));
    const { code } = await createAs(kubectl, 'alice', approval('in-force', { approver: 'alice' }));
    return code === 0 ? undefined : true;
  });
}, 900_000);

afterAll(async () => {
  await cluster.stop();
}, 60_000);

type Declared = { metadata: { name: string; namespace: string } } & Record<string, unknown>;

function waiver(spec: Partial<PolicyWaiverSpec> = {}, name = `waiver-${(count += 1)}`): Declared {
  const expiryTime = '2099-01-01T00:00:00Z';
  return {
    apiVersion,
    kind: 'PolicyWaiver',
    metadata: { name, namespace },
    spec: { ...makeWaiver({ expiryTime, ...spec }).spec },
  };
}

function approval(name: string, spec: object = {}): Declared {
  const { spec: made } = makeApproval(makeWaiver({}, undefined, name));
  return {
    apiVersion,
    kind: 'Approval',
    metadata: { name: `approval-${(count += 1)}`, namespace },
    spec: { ...made, ...spec },
  };
}

function refused({ code, stderr }: Answer, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
}

function accepted({ code, stderr }: Answer): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** Asked for by alice, with a plan of one task. */
async function asked(spec: Partial<PolicyWaiverSpec> = {}): Promise<string> {
  const closurePlan = { tasks: [{ name: 'replace-host', owner: 'team-web' }] };
  const made = waiver({ closurePlan, ...spec });
  accepted(await createAs(kubectl, 'alice', made));
  return made.metadata.name;
}

describe('an approval', () => {
  test.each<[string, string, object]>([
    ['of who may approve', 'bob', {}],
    ['in a role of who may approve in that role', 'carol', { approver: 'carol', role: 'security' }],
    ['that asks for information', 'bob', { decision: 'RequestInformation', comment: 'which hosts?' }],
    ['that rejects', 'bob', { decision: 'Reject' }],
  ])('%s is accepted', async (_, person, spec) => {
    accepted(await createAs(kubectl, person, approval(await asked(), spec)));
  });

  test.each<[string, string, object, RegExp]>([
    [
      'of the requester, though she may approve',
      'alice',
      { approver: 'alice' },
      /you requested PolicyWaiver waiver-\d+ yourself; someone else must decide/,
    ],
    [
      'in the name of somebody else',
      'bob',
      { approver: 'carol' },
      /`spec.approver` must be your own user name: set it to bob/,
    ],
    [
      'without the right',
      'nina',
      { approver: 'nina' },
      /you need the verb `approve` on policywaivers.holdfast.dev\/waiver-\d+ in namespace fleet/,
    ],
    [
      'in a role that one does not have',
      'bob',
      { role: 'security' },
      /you need the verb `approve-security` on policywaivers.holdfast.dev/,
    ],
    [
      'without a role by who has the right in a role only',
      'carol',
      { approver: 'carol' },
      /you need the verb `approve` on/,
    ],
    ['a rejection without the right', 'nina', { approver: 'nina', decision: 'Reject' }, /you need the verb `approve`/],
  ])('%s is refused', async (_, person, spec, message) => {
    refused(await createAs(kubectl, person, approval(await asked(), spec)), message);
  });

  test('cannot be changed, not even by who made it; its labels can', async () => {
    const made = approval(await asked());
    accepted(await createAs(kubectl, 'bob', made));
    refused(
      await patchAs(kubectl, 'bob', 'approval', made.metadata.name, { spec: { comment: 'never mind' } }),
      /an Approval cannot be changed; create another/,
    );
    accepted(await patchAs(kubectl, 'nina', 'approval', made.metadata.name, { metadata: { labels: { seen: 'yes' } } }));
  });
});

describe('a waiver', () => {
  test.each<[string, string, Partial<PolicyWaiverSpec>]>([
    ['asked for by oneself', 'alice', {}],
    ['asked for on behalf of somebody by who may', 'robot', {}],
    [
      'in an emergency by who may break the glass',
      'erin',
      { requestedBy: 'erin', checks: ['*'], targets: { names: ['*'] }, breakGlass: { reason: 'outage' } },
    ],
  ])('%s is accepted', async (_, person, spec) => {
    accepted(await createAs(kubectl, person, waiver(spec)));
  });

  test.each<[string, string, Partial<PolicyWaiverSpec>, RegExp]>([
    [
      'asked for in the name of somebody else',
      'nina',
      {},
      /`spec.requestedBy` must be your own user name: set it to nina; to request for someone else, you need the verb `request-on-behalf`/,
    ],
    [
      'in an emergency by who may not',
      'alice',
      { breakGlass: { reason: 'hurry' } },
      /you need the verb `break-glass`.*remove it to request approval/,
    ],
    ['of all checks without an emergency', 'alice', { checks: ['*'] }, /name the checks, or use `breakGlass`/],
    [
      'of all targets without an emergency',
      'alice',
      { targets: { names: ['*'] } },
      /name them, select them, or use `breakGlass`/,
    ],
    [
      'of all targets by an empty selector',
      'alice',
      { targets: { selector: {} } },
      /an empty `targets.selector` waives every target/,
    ],
    ['of no targets', 'alice', { targets: {} }, /set `names`, `selector` or `namespaces`/],
    [
      'of objects by labels of Devices',
      'alice',
      { source: { kind: 'ClusterBaseline', name: 'base' }, targets: { selector: { matchLabels: { a: 'b' } } } },
      /`targets.selector` is for Devices/,
    ],
    [
      'of Devices by namespaces',
      'alice',
      { targets: { namespaces: ['shop'] } },
      /`targets.namespaces` is for cluster objects/,
    ],
    [
      'that ends before it begins',
      'alice',
      { effectiveTime: '2099-01-01T00:00:00.000Z' },
      /`expiryTime` must be after `effectiveTime`/,
    ],
  ])('%s is refused', async (_, person, spec, message) => {
    refused(await createAs(kubectl, person, waiver(spec)), message);
  });

  const task = { name: 'replace-host', owner: 'team-web' };
  test.each<[string, string, object]>([
    ['its requester changes anything', 'alice', { reason: 'another', expiryTime: '2098-01-01T00:00:00Z' }],
    ['anybody says that a task is done', 'nina', { closurePlan: { tasks: [{ ...task, done: true }] } }],
    ['somebody labels it', 'nina', {}],
    ['who may ask on behalf of others changes it', 'robot', { reason: 'another' }],
  ])('may be changed when %s', async (_, person, spec) => {
    accepted(
      await patchAs(kubectl, person, 'policywaiver', await asked(), { metadata: { labels: { seen: 'yes' } }, spec }),
    );
  });

  test.each<[string, object]>([
    ['its reason', { reason: 'another' }],
    ['its expiry', { expiryTime: '2098-01-01T00:00:00Z' }],
    ['its checks', { checks: ['motd', 'sshd-no-root'] }],
    ['its targets', { targets: { names: ['web-01', 'web-02'] } }],
    ['whose it is', { requestedBy: 'bob' }],
    ['the owner of a task', { closurePlan: { tasks: [{ ...task, owner: 'bob' }] } }],
    ['a due time of a task', { closurePlan: { tasks: [{ ...task, dueTime: '2099-01-01T00:00:00Z' }] } }],
    ['the number of tasks', { closurePlan: { tasks: [task, { ...task, name: 'more' }] } }],
    ['that there is a plan', { closurePlan: null }],
    ['a field that was not there', { ticket: 'SEC-1' }],
  ])('of somebody else is not changed: %s', async (_, spec) => {
    refused(
      await patchAs(kubectl, 'bob', 'policywaiver', await asked(), { spec }),
      /only alice, who requested it, may change it, except to mark tasks/,
    );
  });

  test('of an emergency is not widened by who may not break the glass', async () => {
    const made = waiver({ requestedBy: 'erin', breakGlass: { reason: 'outage' } });
    accepted(await createAs(kubectl, 'erin', made));
    await kubectl.run('delete', 'clusterrolebinding', 'person-erin');
    await kubectl.apply(...rightsOf({ erin: people['alice']! }));
    const widened = { spec: { checks: ['motd', 'sshd-no-root'] } };
    await until('the right is gone', async () => {
      const { code } = await kubectl.try([
        'auth',
        'can-i',
        'break-glass',
        'policywaivers.holdfast.dev',
        '--as',
        'erin',
        '--quiet',
      ]);
      return code === 0 ? undefined : true;
    });
    refused(
      await patchAs(kubectl, 'erin', 'policywaiver', made.metadata.name, widened),
      /you need the verb `break-glass`/,
    );
    accepted(await patchAs(kubectl, 'erin', 'policywaiver', made.metadata.name, { spec: { breakGlass: null } }));
  });
});

describe('a cluster baseline', () => {
  const baseline = (name: string, account = 'baseline-writer'): object => ({
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name },
    spec: {
      serviceAccountRef: { namespace: 'platform', name: account },
      objects: [
        {
          name: 'quota',
          template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' } },
        },
      ],
    },
  });
  const needs = /it acts as ServiceAccount platform\/[a-z-]+, on which you need the verb `impersonate`/;

  test('needs the right to act as its account, at its making and at every change', async () => {
    refused(await createAs(kubectl, 'olga', baseline('one')), needs);
    refused(await createAs(kubectl, 'petra', baseline('one', 'cluster-admin')), needs);
    accepted(await createAs(kubectl, 'petra', baseline('one')));
    refused(await patchAs(kubectl, 'olga', 'clusterbaseline', 'one', { spec: { mode: 'Enforce' } }), needs);
    refused(
      await patchAs(kubectl, 'petra', 'clusterbaseline', 'one', {
        spec: { serviceAccountRef: { name: 'cluster-admin' } },
      }),
      needs,
    );
    accepted(await patchAs(kubectl, 'petra', 'clusterbaseline', 'one', { spec: { mode: 'Enforce' } }));
    accepted(await patchAs(kubectl, 'olga', 'clusterbaseline', 'one', { metadata: { labels: { seen: 'yes' } } }));
  });
});
