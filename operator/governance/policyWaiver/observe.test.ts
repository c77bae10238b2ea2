import { expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Finding, ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver, PolicyWaiverSpec } from '../../api/v1alpha1/policyWaiver.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd } from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeApproval, makeWaiver } from '../../../test/builders/waiver.ts';
import { findingSources } from '../../findingSources.ts';
import { observeWaiver, type WaiverWorld } from './observe.ts';
import { targetId } from '../../findings/waiver/subject.ts';

const needs = { sources: findingSources, policies: [] };

const named = ({ targets }: WaiverWorld) =>
  targets.map(({ subject, findings, isKnown }) => [targetId(subject.target), findings.length, isKnown]);

test('Devices that both the baseline and the waiver select, with what fails on them', () => {
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
  const world = observeWaiver(waiver, read, needs);
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
    metadata: { name: 'base' },
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
    metadata: { name: 'base.cluster.scope', namespace: 'platform' },
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
])('objects of a cluster that fail, %s', (_, waiver, expected) => {
  const world = observeWaiver(waiver, readerOf(cluster(), report(findings)), needs);
  expect(named(world)).toEqual(expected);
  expect(world.targets.map(({ subject }) => subject.source.namespace)).toEqual(expected.map(() => 'platform'));
  expect(world.source).toMatchObject({
    checks: new Map([
      ['motd', 'Medium'],
      ['no-latest', 'High'],
    ]),
  });
});

test('what a cluster baseline has no room to show is not known', () => {
  const waiver = about('platform', { names: ['web'] });
  expect(observeWaiver(waiver, readerOf(cluster()), needs).isComplete).toBe(true);
  expect(observeWaiver(waiver, readerOf(cluster(5)), needs).isComplete).toBe(false);
  expect(observeWaiver(waiver, readerOf(), needs)).toMatchObject({ isComplete: false, targets: [] });
});
