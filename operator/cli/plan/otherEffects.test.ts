import { describe, expect, test } from '@jest/globals';
import {
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  motd,
  now,
  rootLogin,
} from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { makeWaiver } from '../../../test/builders/waiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { otherEffect } from './otherEffects.ts';

const baseline = makeBaseline({ remediation: { windowRef: { name: 'sunday' } } });
const [web01, web02] = ['web-01', 'web-02'].map((name) => makeDevice(name)) as [Resource, Resource];
const reports = [web01, web02].map((device) =>
  makeReport(baseline, device as never, [makeFinding(motd), makeFinding(rootLogin)]),
);

function effectOf(object: Resource, unread: Readonly<Record<string, string>> = {}) {
  const seen = { read: readerOf(baseline, web01, web02, ...reports), unread: new Map(Object.entries(unread)) };
  const effect = otherEffect(object, { seen, now, isWide: false });
  return { ...effect, texts: effect?.branches.map(({ text }) => text) };
}
const of = (kind: string, spec: object): Resource => ({
  ...{ apiVersion: baseline.apiVersion, kind, metadata: { name: 'x', namespace: 'fleet', uid: 'u' } },
  spec,
});

describe('a waiver', () => {
  test('would cover what fails on its targets, and nothing else', () => {
    expect(effectOf(makeWaiver())).toMatchObject({
      acts: false,
      facts: { covers: { count: 1, names: ['motd on web-01'] } },
    });
  });

  test('covers nothing where its baseline is another', () => {
    const waiver = makeWaiver({ source: { kind: 'DeviceBaseline', name: 'other' } });
    expect(effectOf(waiver).texts![0]).toBe('covers no finding of now');
  });

  test('that would last too long says how long at most', () => {
    const checks = ['sshd-no-root'];
    expect(effectOf(makeWaiver({ checks })).texts).toContain(
      'it ends at most 14 days after its approval, whatever `expiryTime` says',
    );
  });

  test('is not known where the reports may not be read', () => {
    const { acts, texts } = effectOf(makeWaiver(), { DriftReport: 'you may not list driftreports' });
    expect([acts, texts![0]]).toEqual([true, 'unknown: you may not list driftreports']);
  });
});

test('a window says when it opens, and who waits for it', () => {
  const windows = [{ schedule: '0 2 * * 0', durationSeconds: 7200 }];
  const sunday = {
    ...of('MaintenanceWindow', { timeZone: 'Etc/UTC', windows }),
    metadata: { name: 'sunday', namespace: 'fleet' },
  };
  expect(effectOf(sunday).texts).toEqual([
    'opens Sun 2026-03-08 02:00 Etc/UTC',
    'corrections of DeviceBaseline rhel9 wait for it',
  ]);
});

test('a rollout takes pinned hosts first, and of others only their number is known before it is there', () => {
  const spec = {
    target: { deviceBaselineRef: { name: 'rhel9' } },
    steps: [
      { percent: 50, soakSeconds: 60 },
      { percent: 100, soakSeconds: 60 },
    ],
  };
  const planned = { ...of('CanaryRollout', spec), metadata: { name: 'x', namespace: 'fleet', uid: 'planned x' } };
  const stepsOf = (object: Resource) =>
    (effectOf(object).facts as { steps: { hosts: object }[] }).steps.map(({ hosts }) => hosts);
  expect(stepsOf(planned)).toEqual([
    { count: 1, names: [] },
    { count: 1, names: [] },
  ]);
  const names = stepsOf(of('CanaryRollout', spec)).flatMap((hosts) => (hosts as { names: string[] }).names);
  expect(names.toSorted()).toEqual(['web-01', 'web-02']);
});

test('a rollout of nothing says so', () => {
  const spec = { target: { deviceBaselineRef: { name: 'none' } } };
  expect(effectOf(of('CanaryRollout', spec)).texts).toEqual([
    'DeviceBaseline none does not exist: nothing is rolled out',
  ]);
});

test('a Device says which baselines take it', () => {
  expect(effectOf(makeDevice('web-03')).texts).toEqual(['selected by DeviceBaseline rhel9 (Inform)']);
  expect(effectOf(makeDevice('db-01', {}, { os: 'aix' })).texts).toEqual(['no DeviceBaseline selects it']);
});
