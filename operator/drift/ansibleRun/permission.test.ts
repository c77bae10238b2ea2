/** Runs that may not begin, or not continue: those of which their baseline has no record, and those that are being deleted. */
import { describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import {
  after,
  havingCreated,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  motd,
  now,
} from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { approved, makeWaiver } from '../../../test/builders/waiver.ts';
import { makeWindow } from '../../../test/builders/window.ts';
import type { Reader } from '../../runtime/feature.ts';
import { revisionOf } from '../driftReport/report.ts';
import { obstacleTo } from './checks.ts';
import { ansibleRun } from './index.ts';
import { meansOf, type RunNeeds } from './needs.ts';
import { observeRun } from './observe.ts';
import { unwantedWorld } from './permission.ts';

const needs = {
  local: {
    started: () => Promise.resolve(undefined),
    atWork: () => Promise.resolve([]),
    problem: () => Promise.resolve(undefined),
  },
  jobs: { isAvailable: true },
  nonce: () => '7f3a',
  elapsed: () => 0,
  mostLocalRuns: 8,
} as unknown as RunNeeds;
const baseline = makeBaseline({ mode: 'Enforce', remediation: { windowRef: { name: 'sunday-night' } } });

describe('a correction of which its baseline has no record', () => {
  const owner = { apiVersion: 'v1', kind: 'DeviceBaseline', name: 'rhel9', uid: baseline.metadata.uid ?? '' };
  const corrections = [{ device: 'web-01', checks: ['motd'], drifts: 'd' }];
  const spec = { deviceNames: ['web-01'], checks: [motd], corrections, revision: revisionOf(baseline) };
  const plain = makeRun('rhel9-1', spec);
  const run = { ...plain, metadata: { ...plain.metadata, ownerReferences: [{ ...owner, controller: true }] } };
  const open = makeWindow({ windows: [{ schedule: '0 11 * * 0', durationSeconds: 7200 }] });
  const unowned = {
    ...plain,
    metadata: { ...plain.metadata, ownerReferences: [{ ...owner, uid: 'u-other', controller: true }] },
  };

  test.each<[string, AnsibleRun, Resource | undefined, string]>([
    ['is not executed', run, baseline, 'NoLongerWanted'],
    ['is, when the apiserver has the record', run, havingCreated(baseline, [run]), 'DeviceNotReady'],
    ['is, when somebody else made it', unowned, baseline, 'DeviceNotReady'],
    ['is, when its baseline is gone', run, undefined, 'DeviceNotReady'],
  ])('%s', async (_, one, live, reason) => {
    const read = { ...readerOf(baseline, one, open), fetch: () => Promise.resolve(live) } as unknown as Reader;
    const world = await observeRun(one, needs, { read, now, signal: AbortSignal.timeout(5000) });
    const found = world.is === 'fresh' ? obstacleTo({ run: one, world, means: meansOf(needs) }) : undefined;
    expect(found?.reason ?? world.is).toBe(reason);
    if (reason === 'NoLongerWanted')
      expect(found?.message).toBe(
        'DeviceBaseline rhel9 has no record that it created this run, and creates another if one is needed; nothing was run',
      );
  });
});

describe('the Job of a run that is being deleted', () => {
  const gone = makeRun(
    'rhel9-1',
    { backend: 'Job' },
    { startTime: after(-5), executor: 'Job', job: { name: 'j', uid: 'u-job' } },
  );
  const run = { ...gone, metadata: { ...gone.metadata, deletionTimestamp: after(0) } };

  test.each<[string, object | undefined, string, string | undefined, number]>([
    ['is stopped before it begins', { metadata: { uid: 'u-job' } }, 'prepared', undefined, 1],
    ['is stopped while it is at work', { metadata: { uid: 'u-job' } }, 'running', undefined, 1],
    ['is left alone when it is over', { metadata: { uid: 'u-job' } }, 'finished', undefined, 0],
    ['is left alone when it is that of another', { metadata: { uid: 'u-other' } }, 'running', undefined, 0],
    ['may be gone', undefined, 'running', undefined, 0],
    ['may be out of reach', { metadata: { uid: 'u-job' } }, 'running', 'kubectl create rolebinding …', 0],
  ])('%s', async (_, job, is, ungranted, patches) => {
    const read = {
      ...readerOf(run),
      fetch: () => Promise.resolve(job),
      ungranted: () => Promise.resolve(ungranted),
    } as unknown as Reader;
    const stopping = { ...needs, jobs: { ...needs.jobs, stateOf: () => ({ is }), stopOf: () => [] } };
    const behavior = ansibleRun.open({ ...stopping, elapsed: () => 0 } as unknown as RunNeeds);
    const world = await behavior.observe(run, { read, now, signal: AbortSignal.timeout(5000) });
    const { outcome, actions } = behavior.cleanUp!(run, world, now);
    expect([outcome.is, actions.map((action) => action.do)]).toEqual(['ready', Array(patches).fill('patch')]);
  });
});

test('a report that Holdfast did not make keeps no run from beginning', () => {
  const its = makeBaseline({ mode: 'Enforce' });
  const device = makeDevice();
  const spec = { revision: revisionOf(its), corrections: [{ device: 'web-01', checks: ['motd'], drifts: 'd' }] };
  const run = makeRun('rhel9-1', { deviceNames: ['web-01'], checks: [motd], ...spec });
  const report = makeReport(its, device, [makeFinding(motd, { found: 'b' })]);
  const forged = { ...report, metadata: { ...report.metadata, name: 'a-forged-one' } };
  const why = (one: Resource) => {
    const read = readerOf(device, one, approved(makeWaiver()));
    return unwantedWorld(run, havingCreated(its, [run]), { read, now }).unwanted;
  };
  expect(why(report)).toBe('motd on web-01 is waived');
  expect(why(forged)).toBeUndefined();
});
