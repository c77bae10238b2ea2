/** Reports for dashboards of policies: what is not known to pass is never counted or shown as a pass. */
import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd, rootLogin } from '../../../test/builders/drift.ts';
import { failuresReported } from '../../findings/report.ts';
import { resources } from '../../api/generated/resources.ts';
import { decideReport } from '../policyReport/index.ts';
import { policyReport } from './policyReport.ts';

const baseline = makeBaseline({ checks: [motd, rootLogin] });
const device = makeDevice('web-01');
const reported = (...findings: Finding[]) => makeReport(baseline, device, findings);

describe('the results', () => {
  test.each([
    ['a failure', {}, 'fail'],
    ['what is waived', { waiver: 'motd-later' }, 'skip'],
    ['what does not apply', { result: 'NotApplicable', message: 'there is none' }, 'skip'],
    ['what is unknown', { result: 'Unknown', message: 'it could not be read' }, 'error'],
    ['what is unknown, although a waiver names it', { result: 'Unknown', waiver: 'motd-later' }, 'error'],
  ] as const)('%s', (_, fields, result) => {
    const report = policyReport('openreports.io', reported(makeFinding(motd, fields)));
    expect(report).toMatchObject({ results: [{ rule: 'motd', policy: baseline.metadata.name, result }] });
  });

  test('of a host of which nothing is known is one error', () => {
    const report = reported();
    const blind = { ...report, status: { ...report.status!, message: 'no answer from 192.0.2.1' } };
    const { results } = policyReport('openreports.io', blind) as unknown as { results: object[] };
    expect(results).toMatchObject([{ result: 'error', message: 'no answer from 192.0.2.1' }]);
  });

  test('say what differs, of which object, with severities in small letters', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'limits' };
    const finding = makeFinding(motd, { path: 'mode', expected: '0644', found: '0600', object });
    const report = policyReport('openreports.io', reported(finding));
    expect(report).toMatchObject({
      results: [
        {
          severity: motd.severity?.toLowerCase() ?? 'medium',
          message: 'ConfigMap shop limits: mode: expected 0644, found 0600',
          resources: [object],
          properties: { path: 'mode', expected: '0644', found: '0600', baseline: 'DeviceBaseline' },
        },
      ],
    });
  });
});

describe('the report', () => {
  test('counts all checks, also those that it has no room for', () => {
    const findings = Array.from({ length: 120 }, (_, index) => makeFinding({ ...motd, name: `check-${index}` }));
    const { source, target } = reported().status!;
    const status = failuresReported(source!, target!, findings);
    const report = policyReport('openreports.io', { ...reported(), status });
    expect(report).toMatchObject({ summary: { pass: 0, fail: 120, warn: 0, error: 0, skip: 0 } });
    expect((report as unknown as { results: object[] }).results).toHaveLength(100);
  });

  test('belongs to the DriftReport, and goes with it', () => {
    const report = reported(makeFinding(motd));
    expect(policyReport('wgpolicyk8s.io', report)?.metadata).toMatchObject({
      name: report.metadata.name,
      ownerReferences: [{ kind: 'DriftReport', name: report.metadata.name, uid: report.metadata.uid }],
    });
  });

  test('is of the scope of its target; the cluster has no object that it could name', () => {
    const report = reported(makeFinding(motd));
    const scopeOf = (kind: 'Device' | 'Namespace' | 'Cluster', name: string) =>
      policyReport('openreports.io', { ...report, status: { ...report.status!, target: { kind, name } } })?.['scope'];
    expect([scopeOf('Device', 'web-01'), scopeOf('Namespace', 'shop'), scopeOf('Cluster', 'cluster')]).toEqual([
      { apiVersion: 'holdfast.dev/v1alpha1', kind: 'Device', namespace: 'fleet', name: 'web-01' },
      { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
      undefined,
    ]);
  });

  test('is not there while the DriftReport says nothing', () => {
    const { status, ...empty } = reported();
    expect(status).toBeDefined();
    expect(policyReport('openreports.io', empty)).toBeUndefined();
  });
});

describe('a pass', () => {
  const report = reported(makeFinding(motd));

  test('warns once of all reports of a namespace where it may not write', () => {
    const unable = { is: 'unable', message: 'Holdfast may not write reports' } as const;
    const plans = [true, false].map((isNews) => decideReport(report, { ...unable, isNews }));
    expect(plans.map(({ notes, actions }) => [notes?.length, actions.length])).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  test('writes the report, and no status', () => {
    const kind = { ...resources.DriftReport, group: 'openreports.io', kind: 'Report', plural: 'reports' };
    const plan = decideReport(report, { is: 'able', group: 'openreports.io', kind });
    expect(plan.status).toEqual({});
    expect(plan.actions).toMatchObject([{ do: 'apply', kind, object: { kind: 'Report' } }]);
  });
});
