/** What people with few rights try on the statuses, reports and decisions of Holdfast: `docs/security.md` lists it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import type { PolicyWaiver } from '../../operator/api/v1alpha1/policyWaiver.ts';
import { markAnnotation } from '../../operator/drift/ansibleRun/mark.ts';
import { makeBaseline, makeFinding, motd } from '../builders/drift.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { apiVersion, conditionOf, namespace as fleet } from '../operator/bed.ts';
import { home, writer } from '../operator/clusterOnly.ts';
import type { Answer, Kubectl } from '../operator/kubectl.ts';
import { createAs } from '../operator/people.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';
import { accepted, inFleet, inSeconds, refused, startAttackBed, type AttackBed } from './attackBed.ts';

/** The administrator of a test cluster, who creates what is not about rights. */
const submittedBy = 'kubernetes-admin';
let scene: AttackBed;
let kubectl: Kubectl;
let operator: Operator;

beforeAll(async () => {
  scene = await startAttackBed();
  ({ kubectl } = scene);
  operator = await scene.bed.operator();
}, 900_000);

afterAll(() => scene.bed.stop(), 60_000);

describe('a status', () => {
  const ssh = {
    host: '127.0.0.1',
    port: 1,
    user: 'x',
    hostKeys: [`ssh-ed25519 ${'A'.repeat(68)}`],
    credentialsRef: { name: 'none' },
  };
  const objects: [kind: string, spec: () => object, status: object][] = [
    ['Device', () => ({ ssh, suspend: { reason: 'test' } }), { facts: { os: 'rhel', version: '9.4' } }],
    ['DeviceBaseline', () => makeBaseline({ checks: [motd] }).spec, { revision: `sha256:${'0'.repeat(64)}` }],
    [
      'MaintenanceWindow',
      () => ({ windows: [{ schedule: '0 2 * * 0', durationSeconds: 60 }] }),
      { nextOpenTime: inSeconds(1) },
    ],
    ['AnsibleRun', () => ({ revertOf: { name: 'nobody' } }), { completionTime: inSeconds(0) }],
    ['PolicyWaiver', () => makeWaiver({ submittedBy, expiryTime: inSeconds(86_400) }).spec, { decision: 'Approved' }],
    ['Approval', () => makeApproval(makeWaiver()).spec, { conditions: [] }],
    ['DriftReport', () => ({}), { result: 'Pass' }],
    [
      'ClusterBaseline',
      () => ({
        serviceAccountRef: { namespace: home, name: writer },
        suspend: { reason: 'test' },
        checks: [{ name: 'a', resource: { kind: 'Secret' }, expression: 'true' }],
      }),
      { moreFindings: 0 },
    ],
  ];

  test.each(objects)(
    'of a %s is written by nobody with the right to patch it, and by no ruler of its namespace',
    async (kind, spec, status) => {
      const name = `a-${kind.toLowerCase()}`;
      const metadata = kind === 'ClusterBaseline' ? { name } : inFleet(name);
      if (kind === 'Approval') accepted(await createAs(kubectl, 'bob', { apiVersion, kind, metadata, spec: spec() }));
      else await scene.make(kind, name, spec(), metadata);
      const words = new RegExp(
        `only Holdfast writes the status of ${kind.toLowerCase()}s?.holdfast.dev; anyone else needs the verb \`write-status\``,
      );
      refused(await scene.forge('sven', kind.toLowerCase(), name, status), words);
      refused(
        await scene.forge('nadia', kind.toLowerCase(), name, status),
        kind === 'ClusterBaseline' ? /nadia" cannot get resource/ : words,
      );
    },
  );

  test('is written by the operator, with the role that is shipped', async () => {
    await scene.tells<PolicyWaiver>('policywaiver', 'a-policywaiver', 'Approved', 'BaselineMissing');
  });
});

describe('a DriftReport', () => {
  const report = (name: string, more: object = {}) => ({
    apiVersion,
    kind: 'DriftReport',
    metadata: { ...inFleet(name), ...more },
    spec: {},
  });
  const words = /only Holdfast creates, changes and deletes DriftReports; anyone else needs the verb `write-status`/;

  test('is made, changed and deleted by nobody else', async () => {
    refused(await createAs(kubectl, 'sven', report('forged')), words);
    refused(await createAs(kubectl, 'nadia', report('forged')), words);
    await scene.make('DriftReport', 'real', {});
    refused(await scene.patchAs('sven', 'driftreport', 'real', { metadata: { labels: { a: 'b' } } }), words);
    refused(
      await scene.patchAs('nadia', 'driftreport', 'real', { metadata: { ownerReferences: [], labels: { a: 'b' } } }),
      words,
    );
    for (const person of ['sven', 'nadia'])
      refused(await kubectl.try(['delete', 'driftreport', 'real', '--as', person, '--namespace', fleet]), words);
    refused(await kubectl.try(['delete', 'driftreports', '--all', '--as', 'sven', '--namespace', fleet]), words);
    expect(await kubectl.get('driftreport', 'real', fleet)).toBeDefined();
  });

  test('may be written as it is, as a migration of stored versions does', async () => {
    await scene.make('DriftReport', 'migrated', {});
    const live = await kubectl.run(
      'get',
      'driftreport',
      'migrated',
      '--namespace',
      fleet,
      '--output=json',
      '--show-managed-fields',
    );
    accepted(await kubectl.try(['replace', '--as', 'sven', '--filename', '-'], live));
  });

  test('goes with its owner, and with its namespace', async () => {
    await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } });
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: inFleet('owner') };
    await kubectl.apply(config);
    const { uid = '' } = (await kubectl.get<{ metadata: { uid?: string } }>('configmap', 'owner', fleet))!.metadata;
    await kubectl.apply(
      report('owned', {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, controller: true, blockOwnerDeletion: true },
        ],
        finalizers: [],
      }),
      report('swept', { namespace: 'gone' }),
    );
    const gone = { name: 'legacy-motd', namespace: 'gone' };
    await scene.make('PolicyWaiver', gone.name, makeWaiver({ submittedBy, expiryTime: inSeconds(86_400) }).spec, gone);
    accepted(await createAs(kubectl, 'bob', { ...makeApproval(makeWaiver()), metadata: { ...gone, name: 'swept' } }));
    await kubectl.run('delete', 'configmap', 'owner', '--namespace', fleet, '--cascade=foreground');
    await until('the report is collected', async () =>
      (await kubectl.get('driftreport', 'owned', fleet)) ? undefined : true,
    );
    await kubectl.run('delete', 'namespace', 'gone', '--timeout=60s');
  }, 120_000);
});

describe('an Approval', () => {
  test('is deleted by who decided, by nobody else, and by who may delete any', async () => {
    const waiver = await scene.ask();
    const [own, others] = [await scene.say(waiver), await scene.say(waiver, { decision: 'Reject' })];
    const remove = (name: string, person: string): Promise<Answer> =>
      kubectl.try(['delete', 'approval', name, '--as', person, '--namespace', fleet]);
    for (const person of ['dora', 'alice', 'nadia'])
      refused(
        await remove(others, person),
        /only bob, who decided, may delete it; anyone else needs the verb `delete-any`/,
      );
    refused(
      await kubectl.try(['delete', 'approvals', '--all', '--as', 'dora', '--namespace', fleet]),
      /only bob, who decided/,
    );
    accepted(await remove(own, 'bob'));
    accepted(await remove(others, 'admin'));
  }, 60_000);

  test('is given no owner with which it goes, but by who decided and by who may delete any', async () => {
    const name = await scene.say(await scene.ask(), { decision: 'Reject' });
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: '00000000-0000-0000-0000-000000000001' };
    const own = (person: string, ...ownerReferences: object[]): Promise<Answer> =>
      scene.patchAs(person, 'approval', name, { metadata: { ownerReferences } });
    const words = /only bob, who decided, may give it an owner, with which it is deleted; anyone else needs the verb/;
    for (const person of ['dora', 'nadia']) refused(await own(person, owner), words);
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: inFleet('stays') };
    await kubectl.apply(config);
    const { uid = '' } = (await kubectl.get<{ metadata: { uid?: string } }>('configmap', 'stays', fleet))!.metadata;
    accepted(await own('bob', { ...owner, name: 'stays', uid }));
    // One of another name is as good as none.
    refused(await own('dora', { ...owner, name: 'none', uid }), words);
    accepted(await own('dora', { ...owner, name: 'stays', uid, controller: true }));
    expect(await kubectl.get('approval', name, fleet)).toBeDefined();
    accepted(await own('admin', owner));
    await until('it is collected', async () => ((await kubectl.get('approval', name, fleet)) ? undefined : true));
  }, 60_000);
});

describe('an emergency that was rejected', () => {
  const spec = {
    requestedBy: 'erin',
    checks: ['*'],
    targets: { names: ['*'] },
    breakGlass: { reason: 'outage' },
    expiryTime: inSeconds(80_000),
  };

  test('does not begin again, neither made again nor under another name', async () => {
    await scene.make('DeviceBaseline', 'rhel9', makeBaseline({ checks: [motd] }).spec);
    const waiver = await scene.ask(spec);
    await scene.tells<PolicyWaiver>('policywaiver', waiver, 'BreakGlass', 'ApprovalPending');
    await scene.say(waiver, { decision: 'Reject' });
    await scene.tells<PolicyWaiver>('policywaiver', waiver, 'Approved', 'Rejected');
    await kubectl.run('delete', 'policywaiver', waiver, '--namespace', fleet, '--as', 'erin');
    await scene.ask(spec, waiver);
    const other = await scene.ask(spec, 'another-name');
    for (const name of [waiver, other]) {
      const seen = await scene.tells<PolicyWaiver>('policywaiver', name, 'Approved', 'Rejected');
      expect(conditionOf(seen, 'Effective')?.status).toBe('False');
    }
  }, 90_000);
});

const quiet = {
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name: 'quiet' },
  spec: {
    serviceAccountRef: { namespace: home, name: writer },
    checks: [{ name: 'motd', resource: { kind: 'ConfigMap' }, expression: 'true' }],
  },
};

describe('a forged report', () => {
  /** What Prometheus is told. */
  async function openFindings(source: string): Promise<number> {
    const port = [...operator.log().matchAll(/"port":(\d+),"msg":"started"/g)].at(-1)?.[1];
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith('holdfast_findings{') && line.includes(`source="${source}"`));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  test('in the home of a baseline is counted by nobody, whoever could make it', async () => {
    accepted(await createAs(kubectl, 'petra', quiet));
    await scene.tells<ClusterBaseline>('clusterbaseline', 'quiet', 'Ready', 'Watching', '');
    const finding = makeFinding(motd, {
      object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: fleet, name: 'kept' },
    });
    const source = { kind: 'ClusterBaseline', name: 'quiet', revision: `sha256:${'0'.repeat(64)}` };
    const status = { source, target: { kind: 'Namespace', name: fleet }, result: 'Fail', findings: [finding] };
    // As an administrator, since nobody else can.
    await kubectl.apply({
      apiVersion,
      kind: 'DriftReport',
      metadata: { name: 'quiet.forged', namespace: home },
      spec: {},
    });
    await kubectl.merge('driftreport', 'quiet.forged', { status }, { namespace: home, subresource: 'status' });
    expect(await openFindings('quiet')).toBe(0);
    await kubectl.merge('clusterbaseline', 'quiet', { metadata: { annotations: { look: 'again' } } });
    await until('it is deleted', async () =>
      (await kubectl.get('driftreport', 'quiet.forged', home)) ? undefined : true,
    );
    expect(await openFindings('quiet')).toBe(0);
  }, 60_000);
});

test('a baseline that deletes objects when it goes is not given an owner with which it goes', async () => {
  accepted(
    await createAs(kubectl, 'petra', {
      ...quiet,
      metadata: { name: 'pruning' },
      spec: { ...quiet.spec, prune: 'All' },
    }),
  );
  const gone = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'gone', uid: randomUUID() };
  refused(
    await scene.patchAs('olga', 'clusterbaseline', 'pruning', { metadata: { ownerReferences: [gone] } }),
    /it acts as ServiceAccount platform\/baseline-writer, on which you need the verb `impersonate`/,
  );
  accepted(await scene.patchAs('olga', 'clusterbaseline', 'pruning', { metadata: { labels: { seen: 'yes' } } }));
  refused(
    await kubectl.try(['delete', 'clusterbaseline', 'pruning', '--as', 'olga', '--wait=false']),
    /its deletion deletes objects as ServiceAccount platform\/baseline-writer/,
  );
}, 60_000);

test('a run that is made to bear the uid of another ends without having begun, for good', async () => {
  const bearing = (uid: string | null) => ({ metadata: { annotations: { [markAnnotation]: uid } } });
  await scene.make('AnsibleRun', 'waits', { revertOf: { name: 'nobody' }, backend: 'Local' });
  await scene.tells('ansiblerun', 'waits', 'Succeeded', 'RunNotFound');
  accepted(await scene.patchAs('nadia', 'ansiblerun', 'waits', bearing(randomUUID())));
  const ended = await scene.tells<AnsibleRun>('ansiblerun', 'waits', 'Succeeded', 'Copied');
  expect([ended.status?.startTime, ended.status?.hosts]).toEqual([undefined, undefined]);
  accepted(await scene.patchAs('nadia', 'ansiblerun', 'waits', bearing(ended.metadata.uid ?? '')));
  accepted(await scene.patchAs('nadia', 'ansiblerun', 'waits', bearing(null)));
  await scene.make('AnsibleRun', 'later', { revertOf: { name: 'waits' }, backend: 'Local' });
  await scene.tells('ansiblerun', 'later', 'Succeeded', 'NothingToUndo');
  expect((await kubectl.get<AnsibleRun>('ansiblerun', 'waits', fleet))?.status).toEqual(ended.status);
}, 60_000);
