import { describe, expect, test } from '@jest/globals';
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { decideDevice } from '../../drift/device/decide.ts';
import type { DeviceWorld } from '../../drift/device/observe.ts';
import type { Plan } from '../../runtime/feature.ts';
import { fileFound, makeBaseline, makeDevice, makeReport, makeRun, now } from '../../../test/builders/drift.ts';
import { decisionOf, type Decision } from './decision.ts';

const checks = Array.from({ length: 130 }, (_, at) => ({ name: `f-${at}`, file: { path: `/f-${at}`, mode: '0644' } }));
const device = makeDevice();

function decided(world: Partial<DeviceWorld>): Decision {
  const observed = checks.map(() => fileFound(0o666));
  const complete: DeviceWorld = {
    asked: [makeBaseline({ checks })],
    unassigned: new Map(),
    suspended: [],
    reports: [],
    host: { is: 'seen', facts: { os: 'rhel', version: '9.4' }, observed },
    silentLooks: 0,
    lookedAt: now,
    runs: [],
    waivers: [],
    ...world,
  };
  const plan: unknown = decideDevice(device, complete, (text) => text, now);
  return of(resources.Device, device, plan as Plan<never, unknown>);
}

function of(kind: Kind, object: Resource, plan: Plan<never, unknown>, bounded = false): Decision {
  return decisionOf({ kind, bounded, object, plan: plan, now });
}

describe('of a host', () => {
  test('all findings count, not only those that a report has room for', () => {
    const [report] = decided({}).reports;
    expect([report?.is, report?.findings.length, report?.isCut]).toEqual(['evaluated', 130, false]);
    expect(report).toMatchObject({ name: 'rhel9.web-01', target: { kind: 'Device', name: 'web-01' } });
  });
  test('that is not reached nothing ends', () => {
    const { reports, conditions } = decided({
      host: { is: 'unreachable', reason: 'Refused', message: 'refused' },
      silentLooks: 1,
    });
    expect(reports).toMatchObject([{ is: 'blind', findings: [] }]);
    expect(conditions['Compliant']).toMatchObject({ status: 'Unknown' });
  });
  test('that no baseline selects any longer its report ends', () => {
    const report = makeReport(makeBaseline({ checks }), device);
    expect(decided({ asked: [], reports: [report] }).reports).toMatchObject([
      { name: report.metadata.name, is: 'ended' },
    ]);
  });
});

describe('of a cluster', () => {
  const compliant = (status: 'True' | 'False' | 'Unknown'): Plan<never, unknown> => ({
    outcome: { is: 'ready', reason: 'Evaluated', message: '' },
    conditions: { Compliant: { status, reason: 'x', message: '' } },
    status: {},
    actions: [],
  });
  const baseline = { metadata: { name: 'platform' }, spec: {} } as Resource;
  test('that complies, what is not named is not found; otherwise that is not known', () => {
    expect(of(resources.ClusterBaseline, baseline, compliant('True')).isInFull).toBe(true);
    for (const status of ['False', 'Unknown'] as const)
      expect(of(resources.ClusterBaseline, baseline, compliant(status)).isInFull).toBeUndefined();
    expect(of(resources.Device, device, compliant('True')).isInFull).toBeUndefined();
  });
  test('of which a report is blind, that is not known', () => {
    const object = { metadata: { name: 'platform.cluster.scope' }, status: { message: 'nobody looks' } };
    const plan = { ...compliant('True'), actions: [{ do: 'apply', kind: resources.DriftReport, object }] };
    expect(of(resources.ClusterBaseline, baseline, plan as unknown as Plan<never, unknown>).isInFull).toBeUndefined();
  });
});

test('what is on its way says nothing of the summary yet', () => {
  const outcome = { reason: 'Waiting', message: 'waits', recheckAfter: 1 };
  const waiting: Plan<never, unknown> = { outcome: { is: 'waiting', ...outcome }, status: {}, actions: [] };
  expect(of(resources.Device, device, waiting).conditions).toEqual({});
  const stalled: Plan<never, unknown> = {
    ...waiting,
    outcome: { is: 'stalled', reason: 'Invalid', message: 'fix it' },
  };
  expect(of(resources.Device, device, stalled).conditions).toMatchObject({
    Ready: { status: 'False', reason: 'Invalid' },
  });
});

test('a run that was over before it was journaled says that only its status shows it', () => {
  const run = makeRun('r-1');
  const status = { startTime: now.toISOString(), completionTime: now.toISOString(), hosts: [] };
  const over = (reason: string): Plan<never, unknown> => ({
    outcome: { is: 'ready', reason, message: '' },
    status: status as never,
    actions: [],
  });
  expect(of(resources.AnsibleRun, run, over('Complete'), true).facts).toMatchObject({
    phase: 'completed',
    facts: { asStored: true },
  });
  expect(of(resources.AnsibleRun, run, over('Verified'), true).facts?.facts).not.toHaveProperty('asStored');
});
