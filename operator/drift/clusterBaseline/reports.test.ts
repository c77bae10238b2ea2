import { expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { after, now } from '../../../test/builders/drift.ts';
import type { Action, Intent } from '../../runtime/feature.ts';
import { blindReports, reportedFindings, reporting } from './reports.ts';

const baseline: ClusterBaseline = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'ClusterBaseline',
  metadata: { name: 'platform', uid: 'uid-b' },
  spec: { serviceAccountRef: { namespace: 'home', name: 'writer' } },
};

function finding(namespace?: string, more: Partial<Finding> = {}): Finding {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', ...(namespace && { namespace }) };
  return { check: 'settings', severity: 'High', result: 'Fail', path: 'data.x', since: after(-60), object, ...more };
}

/** The reports as the apiserver would have them after the actions. */
function stored(actions: readonly Action[]): DriftReport[] {
  return actions.flatMap((action) =>
    action.do === 'apply'
      ? [{ ...(action.object as Intent & DriftReport), metadata: { ...action.object.metadata, uid: 'u' } }]
      : [],
  );
}

test('one for each namespace with findings and one for what is in none, in the home of the baseline', () => {
  const findings = [
    finding('shop', { severity: 'Critical' }),
    finding('shop', { check: 'limits' }),
    finding(undefined),
    finding('bank', { waiver: 'until-may' }),
    { ...finding(), object: undefined, result: 'Unknown', message: 'no such kind' } as Finding,
  ];
  const reports = stored(reporting(baseline, findings, [], { now, isCut: false }).actions);
  expect(
    reports.map(({ metadata: { namespace, name }, status }) => [
      `${namespace}/${name}`,
      status?.target?.kind,
      status?.target?.name,
      status?.result,
      status?.summary?.drift,
      status?.findings?.length,
    ]),
  ).toEqual([
    ['home/platform.namespace.shop', 'Namespace', 'shop', 'Fail', '2 (1 critical)', 2],
    ['home/platform.cluster.scope', 'Cluster', 'cluster', 'Fail', '1', 2],
    ['home/platform.namespace.bank', 'Namespace', 'bank', 'Waived', '0', 1],
  ]);
  expect(reports[0]?.metadata.labels).toMatchObject({ 'holdfast.dev/clusterbaseline': 'platform' });
  expect(reportedFindings(reports)).toHaveLength(5);
  expect(reportedFindings(reports).every(({ since }) => since === after(-60))).toBe(true);
});

test('the same answer is the same report; a namespace without findings has none', () => {
  const before = stored(reporting(baseline, [finding('shop'), finding('bank')], [], { now, isCut: false }).actions);
  const later = new Date(now.getTime() + 60_000);
  const { actions } = reporting(baseline, [finding('shop')], before, { now: later, isCut: false });
  expect(stored(actions).map(({ status }) => status?.observedTime)).toEqual([now.toISOString()]);
  expect(actions[1]).toMatchObject({
    do: 'delete',
    key: { namespace: 'home', name: 'platform.namespace.bank' },
    uid: 'u',
  });
});

test('reports are bounded, and what has no room is counted', () => {
  const many = Array.from({ length: 130 }, (_, at) => finding('shop', { check: `c-${at}` }));
  const wide = Array.from({ length: 120 }, (_, at) => finding(`ns-${at}`));
  const told = reporting(baseline, [...many, ...wide], [], { now, isCut: false });
  const reports = stored(told.actions);
  expect(reports).toHaveLength(100);
  expect(reports[0]?.status).toMatchObject({ moreFindings: 30, summary: { fail: 130 } });
  expect(told.unreported).toBe(30 + 21);
});

test('while nobody may look, they say so, once', () => {
  const before = stored(reporting(baseline, [finding('shop')], [], { now, isCut: false }).actions);
  const blind = stored(blindReports(baseline, before, 'apply policies/', now));
  expect(blind[0]?.status).toMatchObject({ result: 'Unknown', message: 'apply policies/', findings: [{}] });
  const later = new Date(now.getTime() + 60_000);
  expect(stored(blindReports(baseline, blind, 'apply policies/', later))[0]?.status).toEqual(blind[0]?.status);
  expect(
    stored(reporting(baseline, [finding('shop')], blind, { now: later, isCut: false }).actions)[0]?.status,
  ).not.toHaveProperty('message');
});
