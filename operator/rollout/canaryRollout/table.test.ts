/**
 * Every state of a rollout meets every event. Whatever happens: no revision that has not proved itself is on more hosts than its step allows, no step
 * begins on no data, and in the end each host that was changed has a good revision, or is named.
 */
import { describe, expect, test } from '@jest/globals';
import type { DeviceBaselineStatus } from '../../api/v1alpha1/deviceBaseline.ts';
import { checksOf, FleetBed, revision } from '../../../test/builders/fleetBed.ts';
import { assignedTo } from '../../drift/revision/assignment.ts';
import { allowedShare } from '../../drift/revision/order.ts';
import { atStep, ofRevision, requestAnnotations } from './requests.ts';

const steps = [
  { percent: 10, soakSeconds: 60 },
  { percent: 50, soakSeconds: 60 },
  { percent: 100, soakSeconds: 60 },
];
const fleet = 10;

async function begun(): Promise<FleetBed> {
  const bed = new FleetBed(fleet, 'A', { remediation: { maxUnavailable: 3, backend: 'Local' } });
  await bed.rounds(3);
  bed.roll({ steps, maxFailed: 0, stepTimeoutSeconds: 300 });
  await bed.rounds(2);
  return bed;
}

/** Rounds until the rollout says so. */
async function until(bed: FleetBed, holds: (bed: FleetBed) => boolean): Promise<FleetBed> {
  for (let round = 0; round < 200 && !holds(bed); round += 1) await bed.rounds(1, 5);
  expect(holds(bed)).toBe(true);
  return bed;
}

const status = (bed: FleetBed) => bed.rollout().status ?? {};
const inStep = (step: number, soaking: boolean) => (bed: FleetBed) =>
  status(bed).step === step &&
  (status(bed).soakStartTime !== undefined) === soaking &&
  status(bed).rollback === undefined &&
  status(bed).completionTime === undefined;

async function rolling(letter = 'B'): Promise<FleetBed> {
  const bed = await begun();
  bed.declare(letter);
  return bed;
}

async function failing(): Promise<FleetBed> {
  const bed = await begun();
  for (const host of bed.hosts.values()) host.fails = ['B'];
  bed.declare('B');
  return bed;
}

const states: Record<string, () => Promise<FleetBed>> = {
  idle: begun,
  'step 1 converges': async () => until(await rolling(), inStep(1, false)),
  'step 1 soaks': async () => until(await rolling(), inStep(1, true)),
  'step 2 converges': async () => until(await rolling(), inStep(2, false)),
  'step 2 soaks': async () => until(await rolling(), inStep(2, true)),
  'step 3 converges': async () => until(await rolling(), inStep(3, false)),
  'step 3 bakes': async () => until(await rolling(), inStep(3, true)),
  completed: async () => until(await rolling(), (bed) => status(bed).completionTime !== undefined),
  'fails in step 1': async () => until(await failing(), (bed) => bed.runs.length > 0),
  'goes back': async () => until(await failing(), (bed) => status(bed).rollback !== undefined),
  rejected: async () => until(await failing(), (bed) => status(bed).rollback?.completionTime !== undefined),
  paused: async () => {
    const bed = await until(await rolling(), inStep(2, true));
    bed.edit({ pause: { reason: 'on call is asleep' } });
    await bed.rounds(1);
    return bed;
  },
  superseded: async () => {
    const bed = await until(await rolling(), inStep(2, true));
    bed.declare('C');
    return until(bed, (one) => status(one).revision === revision('C'));
  },
};

const first = (bed: FleetBed) => [...bed.assigned('B'), ...bed.devices.keys()][0] ?? '';

const events: Record<string, (bed: FleetBed) => void> = {
  nothing: () => undefined,
  'a host dies': (bed) => void (bed.host(first(bed)).isDown = true),
  'all hosts die': (bed) => bed.hosts.forEach((host) => (host.isDown = true)),
  'a host is changed by hand': (bed) => void (bed.host(first(bed)).value = 'by hand'),
  'a host joins': (bed) => bed.join('web-99', 'A'),
  'ten hosts join': (bed) => Array.from({ length: 10 }, (_, at) => bed.join(`db-${at}`, 'A')).forEach(() => undefined),
  'a host leaves': (bed) => bed.leave(first(bed)),
  'all hosts leave': (bed) => [...bed.devices.keys()].forEach((name) => bed.leave(name)),
  'a newer revision is declared': (bed) => bed.declare('D'),
  'the revision before is declared again': (bed) => bed.declare('A'),
  'the steps are edited': (bed) =>
    bed.edit({
      steps: [
        { percent: 30, soakSeconds: 30 },
        { percent: 100, soakSeconds: 0 },
      ],
    }),
  'it is paused': (bed) => bed.edit({ pause: { reason: 'wait' } }),
  'it is aborted': (bed) => bed.annotate({ [requestAnnotations.abort]: ofRevision(status(bed)) }),
  'it is promoted': (bed) => bed.annotate({ [requestAnnotations.promote]: atStep(status(bed), status(bed).step ?? 1) }),
  'it is deleted': (bed) => void bed.rollouts.delete('rhel9'),
  'another rollout is created': (bed) => bed.roll({ steps: [{ percent: 100, soakSeconds: 0 }] }, 'second'),
  'a window that never opens is set': (bed) => bed.edit({ windowRef: { name: 'never' } }),
  'the operator is killed': (bed) => bed.restart(),
  'the ControllerRevisions are deleted': (bed) => {
    bed.stored.clear();
    bed.restart();
  },
  'the status of the rollout is lost': (bed) => {
    const { apiVersion, kind, metadata, spec } = bed.rollout();
    bed.rollouts.set('rhel9', { apiVersion, kind, metadata, spec });
  },
  'the assignment is lost': (bed) => {
    bed.baseline = { ...bed.baseline, status: withoutAssignment(bed.baseline.status ?? {}) };
  },
  'the baseline is suspended from correcting': (bed) => {
    bed.baseline = { ...bed.baseline, spec: { ...bed.baseline.spec, mode: 'Inform' } };
  },
};

function withoutAssignment(all: DeviceBaselineStatus): DeviceBaselineStatus {
  return Object.fromEntries(Object.entries(all).filter(([field]) => field !== 'assignment'));
}

/** The letters of revisions that are not proven, and on how many hosts they may be. */
function assertExposure(bed: FleetBed, before: ReadonlyMap<string, number>): void {
  for (const letter of ['B', 'C', 'D']) {
    const assigned = bed.assigned(letter).length;
    const { base } = bed.baseline.status?.assignment ?? {};
    if (base === revision(letter) || assigned <= (before.get(letter) ?? 0)) continue;
    const shares = [...bed.rollouts.values()].flatMap(({ status: said }) =>
      said?.revision === revision(letter) ? [allowedShare(said.exposedPercent ?? 0, bed.devices.size)] : [],
    );
    expect(assigned).toBeLessThanOrEqual(Math.max(0, ...shares));
  }
}

/** A step begins only when all hosts of the step before have been seen to comply, or somebody asked for it. */
function assertStep(bed: FleetBed, before: ReturnType<typeof status>, complied: boolean): void {
  const now = bed.rollouts.has('rhel9') ? status(bed) : {};
  if (now.revision !== before.revision || (now.step ?? 0) <= (before.step ?? 0) || before.rollback) return;
  expect({ step: now.step, complied }).toEqual({ step: now.step, complied: true });
}

function complies(bed: FleetBed): boolean {
  const hosts = [...bed.devices.keys()].filter(
    (name) => assignedTo(bed.baseline.status?.assignment, name) === status(bed).revision,
  );
  const letter = [...'ABCD'].find((one) => revision(one) === status(bed).revision);
  return hosts.length > 0 && hosts.every((name) => bed.host(name).value === letter && !bed.host(name).isDown);
}

async function watchedRounds(bed: FleetBed, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    const counts = new Map(['B', 'C', 'D'].map((letter) => [letter, bed.assigned(letter).length]));
    const isThere = bed.rollouts.has('rhel9');
    const before = isThere ? status(bed) : {};
    const didComply = isThere && complies(bed);
    await bed.rounds(1, 10);
    assertExposure(bed, counts);
    if (isThere) assertStep(bed, before, didComply || complies(bed));
  }
}

describe.each(Object.keys(states))('%s', (state) => {
  test.each(Object.keys(events))('%s', async (event) => {
    const bed = await (states[state] as () => Promise<FleetBed>)();
    (events[event] as (one: FleetBed) => void)(bed);
    await watchedRounds(bed, 60);
    // What died comes back, and what was broken is repaired: nothing half-changed stays that nobody names.
    for (const host of bed.hosts.values()) Object.assign(host, { isDown: false });
    await watchedRounds(bed, 40);
    const named = new Set(
      [...bed.rollouts.values()].flatMap(({ status: said }) =>
        (said?.rollback?.incomplete ?? []).map(({ device }) => device),
      ),
    );
    const isIdle =
      bed.baseline.spec.mode === 'Inform' ||
      event === 'the assignment is lost' ||
      event === 'the ControllerRevisions are deleted';
    const half = [...bed.hosts].filter(([name, { value }]) => value.startsWith('half') && !named.has(name));
    if (!isIdle && event !== 'it is deleted') expect(half).toEqual([]);
    // The declared checks are a revision that anybody can read again.
    expect(bed.baseline.spec.checks).toEqual(
      checksOf([...'ABCD'].find((one) => revision(one) === bed.baseline.status?.revision) ?? '?'),
    );
  });
});

test('there are enough cells', () => {
  expect(Object.keys(states).length * Object.keys(events).length).toBeGreaterThan(150);
});
