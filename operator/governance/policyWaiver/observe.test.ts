import { expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Finding, ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver, PolicyWaiverSpec } from '../../api/v1alpha1/policyWaiver.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd, now } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeApproval, makeWaiver } from '../../../test/builders/waiver.ts';
import { findingSources } from '../../findingSources.ts';
import type { Reader } from '../../runtime/feature.ts';
import { deviceSamples } from '../../drift/metrics.ts';
import { observeWaiver, type WaiverWorld } from './observe.ts';
import { targetId } from '../../findings/waiver/subject.ts';

const observe = (waiver: PolicyWaiver, read: Reader): Promise<WaiverWorld> =>
  observeWaiver(waiver, { sources: findingSources, policies: [] }, { read, now, signal: AbortSignal.timeout(1000) });

const named = ({ targets }: WaiverWorld) =>
  targets.map(({ subject, findings, isKnown }) => [targetId(subject.target), findings.length, isKnown]);

test('Devices that both the baseline and the waiver select, with what fails on them', async () => {
  const baseline = makeBaseline();
  const [web, other, unseen, db] = [
    makeDevice('web-01'),
    makeDevice('web-02'),
    makeDevice('web-03'),
    makeDevice('db-01', {}, { os: 'rhel8' }),
  ];
  const unknown = makeFinding(motd, { result: 'Unknown' });
  const waiver = makeWaiver({ targets: { names: ['web-01', 'web-02', 'web-03', 'db-01', 'gone'] } });
  const read = readerOf(
    baseline,
    web,
    other,
    unseen,
    db,
    makeReport(baseline, web, [makeFinding(motd)]),
    makeReport(baseline, other, [unknown]),
    makeApproval(waiver),
  );
  const world = await observe(waiver, read);
  expect(named(world)).toEqual([
    ['web-01', 1, true],
    ['web-02', 0, false],
    ['web-03', 0, false],
  ]);
  expect(world).toMatchObject({
    isComplete: true,
    approvals: [{ spec: { approver: 'bob' } }],
    guard: { is: 'broken' },
  });
  expect([...(world.source?.checks ?? [])]).toEqual([
    ['motd', 'Low'],
    ['sshd-no-root', 'Critical'],
  ]);
});

const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const bank: ObjectRef = { ...web, namespace: 'bank' };
const role: ObjectRef = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'web' };

function cluster(more = 0): ClusterBaseline {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: 'base', uid: 'uid-base' },
    spec: {
      serviceAccountRef: { namespace: 'platform', name: 'writer' },
      objects: [{ name: 'motd', template: { apiVersion: 'apps/v1', kind: 'Deployment' } }],
      checks: [{ name: 'no-latest', severity: 'High', resource: { kind: 'Pod' }, expression: 'true' }],
    },
    status: {
      objects: { total: 3, compliant: 0, drifted: 3, waived: 0, unknown: 0 },
      ...(more && { moreFindings: more }),
    },
  };
}

function report(found: Finding[]): DriftReport {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'DriftReport',
    metadata: {
      name: 'base.cluster.scope',
      namespace: 'platform',
      ownerReferences: [
        {
          apiVersion: 'holdfast.dev/v1alpha1',
          kind: 'ClusterBaseline',
          name: 'base',
          uid: 'uid-base',
          controller: true,
        },
      ],
    },
    spec: {},
    status: { source: { kind: 'ClusterBaseline', name: 'base', revision: '1' }, findings: found },
  };
}

function about(namespace: string, targets: PolicyWaiverSpec['targets']): PolicyWaiver {
  const made = makeWaiver({ source: { kind: 'ClusterBaseline', name: 'base' }, targets });
  return { ...made, metadata: { ...made.metadata, namespace } };
}

const findings = [web, web, bank, role].map((object, index) => makeFinding(motd, { object, found: `${index}` }));

test.each<[string, PolicyWaiver, (string | number | boolean)[][]]>([
  [
    'from the home of its baseline',
    about('platform', { names: ['web'] }),
    [
      ['deployment/shop/web', 2, true],
      ['deployment/bank/web', 1, true],
      ['clusterrole/web', 1, true],
    ],
  ],
  ['from the home, in a namespace', about('platform', { namespaces: ['bank'] }), [['deployment/bank/web', 1, true]]],
  ['away from home, in its own namespace', about('shop', { names: ['web'] }), [['deployment/shop/web', 2, true]]],
])('objects of a cluster that fail, %s', async (_, waiver, expected) => {
  const world = await observe(waiver, readerOf(cluster(), report(findings)));
  expect(named(world)).toEqual(expected);
  expect(world.targets.map(({ subject }) => subject.source.namespace)).toEqual(expected.map(() => 'platform'));
  expect(world.source).toMatchObject({
    checks: new Map([
      ['motd', 'Medium'],
      ['no-latest', 'High'],
    ]),
  });
});

test('what a cluster baseline has no room to show is not known', async () => {
  const waiver = about('platform', { names: ['web'] });
  expect((await observe(waiver, readerOf(cluster()))).isComplete).toBe(true);
  expect((await observe(waiver, readerOf(cluster(5)))).isComplete).toBe(false);
  expect(await observe(waiver, readerOf())).toMatchObject({ isComplete: false, targets: [] });
});

test.each<[string, (made: DriftReport) => DriftReport]>([
  ['under another name', (made) => ({ ...made, metadata: { ...made.metadata, name: 'rhel9.web-01-too' } })],
  ['of nobody', (made) => ({ ...made, metadata: { ...made.metadata, ownerReferences: [] } })],
  [
    'of a host that was there before under this name',
    ({ metadata, ...made }) => ({
      ...made,
      metadata: { ...metadata, ownerReferences: metadata.ownerReferences?.map((one) => ({ ...one, uid: 'gone' })) },
    }),
  ],
])('a report %s says nothing of a host', async (_, forge) => {
  const [baseline, device] = [makeBaseline(), makeDevice('web-01')];
  const made = makeReport(baseline, device, [makeFinding(motd)]);
  const waiver = makeWaiver({ targets: { names: ['web-01'] } });
  expect(named(await observe(waiver, readerOf(baseline, device, made)))).toEqual([['web-01', 1, true]]);
  expect(named(await observe(waiver, readerOf(baseline, device, forge(made))))).toEqual([['web-01', 0, false]]);
  const results = (report: DriftReport) => deviceSamples(readerOf(baseline, device, report), now).length;
  expect([results(made) > 0, results(forge(made))]).toEqual([true, 0]);
});

test('a rejection of the same request under another name is heard; an approval of it is not', async () => {
  const [waiver, other] = [makeWaiver(), makeWaiver({}, undefined, 'another')];
  const said = [makeApproval(other, { decision: 'Reject' }), makeApproval(other, { approver: 'carol' })];
  const world = await observe(waiver, readerOf(waiver, other, ...said));
  expect(world.approvals.map(({ spec }) => spec.decision)).toEqual(['Reject']);
  expect((await observe(makeWaiver({ reason: 'x' }), readerOf(...said))).approvals).toEqual([]);
});
