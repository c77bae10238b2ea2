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
      'of the requester in other letters',
      'Alice',
      { approver: 'Alice' },
      /you requested PolicyWaiver waiver-\d+ yourself; someone else must decide/,
    ],
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

  test('of who requested it for someone else is refused, in any role', async () => {
    const made = waiver({ submittedBy: 'rita' });
    accepted(await createAs(kubectl, 'rita', made));
    const words = /you requested PolicyWaiver waiver-\d+ yourself; someone else must decide/;
    refused(await createAs(kubectl, 'rita', approval(made.metadata.name, { approver: 'rita' })), words);
    // Whoever changes the request of someone else has requested it as well.
    const other = await asked();
    accepted(
      await patchAs(kubectl, 'rita', 'policywaiver', other, { spec: { reason: 'another', submittedBy: 'rita' } }),
    );
    refused(await createAs(kubectl, 'rita', approval(other, { approver: 'rita' })), words);
    accepted(await createAs(kubectl, 'bob', approval(other)));
    // What its requester writes next is theirs alone.
    accepted(await patchAs(kubectl, 'alice', 'policywaiver', other, { spec: { reason: 'mine', submittedBy: null } }));
    refused(
      await patchAs(kubectl, 'alice', 'policywaiver', other, { spec: { submittedBy: 'bob' } }),
      /`spec.submittedBy` must be your own user name: remove it/,
    );
  });

  describe('of what a service account requested', () => {
    const account = 'system:serviceaccount:pipeline:syncer';
    const requested: [string, string, Partial<PolicyWaiverSpec>][] = [
      ['for itself', account, { requestedBy: account }],
      ['for a person', account, { submittedBy: account }],
    ];

    test.each(requested)('%s is refused to whoever may act as it', async (_, who, spec) => {
      const made = waiver(spec);
      accepted(await createAs(kubectl, who, made));
      const by = (person: string, more: object = {}): Promise<Answer> =>
        createAs(kubectl, person, approval(made.metadata.name, { approver: person, ...more }));
      const words = 'PolicyWaiver waiver-\\d+ was requested by a service account';
      refused(await by('tom'), new RegExp(`${words} whose tokens you may create; someone else must decide`));
      refused(await by('ian'), new RegExp(`${words} that you may impersonate; someone else must decide`));
      refused(await by('paul'), new RegExp(`${words} as which you may run pods; someone else must decide`));
      accepted(await by('tom', { decision: 'Reject' }));
      accepted(await by('bob'));
    });

    test('is refused to every service account, and so is all else', async () => {
      const robot = 'system:serviceaccount:pipeline:approver';
      for (const name of [await asked(), await asked({ ticket: 'SEC-1' })])
        refused(
          await createAs(kubectl, robot, approval(name, { approver: robot })),
          /a service account cannot approve: approve as a person/,
        );
    });
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
    ['asked for on behalf of somebody by who may', 'robot', { submittedBy: 'robot' }],
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
      'on behalf of somebody without saying by whom',
      'robot',
      {},
      /you request for alice: set `spec.submittedBy` to your own user name, robot/,
    ],
    ['on behalf of somebody by another', 'robot', { submittedBy: 'bob' }, /set `spec.submittedBy` to your own/],
    [
      'of oneself by another',
      'alice',
      { submittedBy: 'bob' },
      /`spec.submittedBy` must be your own user name: remove it/,
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
    ['who may ask on behalf of others changes it', 'robot', { reason: 'another', submittedBy: 'robot' }],
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

  test('that deletes objects when it goes is deleted only by who may act as its account', async () => {
    const pruning = (name: string, prune: string): object => {
      const made = baseline(name) as { spec: object };
      return { ...made, spec: { ...made.spec, prune } };
    };
    for (const prune of ['Keep', 'Created', 'All'])
      accepted(await createAs(kubectl, 'petra', pruning(prune.toLowerCase(), prune)));
    const remove = (person: string, name: string): Promise<Answer> =>
      kubectl.try(['delete', 'clusterbaseline', name, '--as', person, '--wait=false']);
    const words =
      /its deletion deletes objects as ServiceAccount platform\/baseline-writer, on which you need the verb/;
    for (const name of ['created', 'all']) refused(await remove('olga', name), words);
    refused(await patchAs(kubectl, 'olga', 'clusterbaseline', 'keep', { spec: { prune: 'All' } }), needs);
    const removed = [await remove('olga', 'keep'), await remove('petra', 'all'), await remove('petra', 'created')];
    expect(removed.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

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
