import { expect, test } from '@jest/globals';
import { FleetBed, revision } from '../../../test/builders/fleetBed.ts';
import { atStep, ofRejection, ofRevision, requestAnnotations } from './requests.ts';

const steps = [
  { percent: 10, soakSeconds: 60 },
  { percent: 50, soakSeconds: 60 },
  { percent: 100, soakSeconds: 60 },
];

async function begun(hosts = 20, spec = {}): Promise<FleetBed> {
  const bed = new FleetBed(hosts, 'A', { remediation: { maxUnavailable: 5, backend: 'Local' } });
  await bed.rounds(3);
  bed.roll({ steps, ...spec });
  await bed.rounds(2);
  return bed;
}

test('an edit changes nothing on any host as long as no rollout is there', async () => {
  const bed = new FleetBed(10);
  await bed.rounds(3);
  bed.declare('B');
  await bed.rounds(10, 60);
  expect(bed.values()).toEqual({ A: 10 });
  expect(bed.assigned('A')).toHaveLength(10);
});

test('a good revision goes through all steps, and never to more hosts than the step allows', async () => {
  const bed = await begun();
  bed.declare('B');
  await bed.rounds(5);
  expect(bed.values()).toEqual({ A: 18, B: 2 });
  expect(bed.rollout().status?.summary).toMatchObject({ step: '1/3 10%', hosts: '2/2' });
  await bed.rounds(30, 4);
  expect(bed.values()).toEqual({ A: 10, B: 10 });
  await bed.rounds(40, 4);
  expect(bed.values()).toEqual({ B: 20 });
  await bed.rounds(3);
  expect(bed.rollout().status).toMatchObject({ revision: revision('B'), summary: { state: 'Completed' } });
  expect(bed.baseline.status?.assignment).toMatchObject({ base: revision('B'), proven: true });
  expect(bed.baseline.status?.assignment?.moved).toBeUndefined();
});

test('a bad revision is taken back on each host, and not tried again until somebody asks for it', async () => {
  const bed = await begun();
  for (const host of bed.hosts.values()) host.fails = ['B'];
  bed.declare('B');
  await bed.rounds(40, 5);
  expect(bed.values()).toEqual({ A: 20 });
  expect(bed.exposed.get('B')).toBe(2);
  expect(bed.condition('RolledBack')).toMatchObject({ status: 'True' });
  expect(bed.rollout().status?.summary?.state).toBe('RolledBack');
  await bed.rounds(20, 600);
  expect(bed.values()).toEqual({ A: 20 });
  // Under another name neither.
  bed.rollouts.clear();
  bed.roll({ steps }, 'other');
  await bed.rounds(5, 60);
  expect(bed.values()).toEqual({ A: 20 });
  const [rejection] = bed.baseline.status?.assignment?.rejected ?? [];
  if (!rejection) throw new Error('nothing is rejected');
  for (const host of bed.hosts.values()) host.fails = [];
  bed.annotate({ [requestAnnotations.retry]: ofRejection(rejection) }, 'other');
  await bed.rounds(100, 5);
  expect(bed.values()).toEqual({ B: 20 });
});

test('a host that dies half-way is named, and the others go back', async () => {
  const bed = await begun(20, { maxFailed: 0, stepTimeoutSeconds: 120 });
  bed.declare('B');
  await bed.rounds(5);
  const [dead = '', other = ''] = bed.assigned('B');
  bed.host(dead).isDown = true;
  await bed.rounds(40, 5);
  expect(bed.host(other).value).toBe('A');
  expect(bed.rollout().status?.rollback?.incomplete).toEqual([{ device: dead, message: 'it does not respond' }]);
  bed.host(dead).isDown = false;
  await bed.rounds(10, 5);
  expect(bed.values()).toEqual({ A: 20 });
  expect(bed.condition('RolledBack')).toMatchObject({ status: 'True' });
});

const named = (bed: FleetBed, letter: string) => bed.assigned(letter).sort();

test('hosts that are pinned come first, and hosts that are excluded keep their revision', async () => {
  const bed = await begun(10, {
    excluded: { matchLabels: { frozen: 'yes' } },
    pinned: { matchLabels: { canary: 'yes' } },
  });
  bed.join('pinned', 'A', { os: 'rhel9', canary: 'yes' });
  bed.join('frozen', 'A', { os: 'rhel9', frozen: 'yes' });
  await bed.rounds(2);
  bed.declare('B');
  await bed.rounds(5);
  expect(named(bed, 'B')).toEqual(['pinned']);
  await bed.rounds(60, 10);
  expect(bed.values()).toEqual({ A: 1, B: 11 });
  expect(bed.host('frozen').value).toBe('A');
  // Also after the rollout: what is corrected there is what it is assigned.
  bed.host('frozen').value = 'by hand';
  await bed.rounds(5);
  expect(bed.host('frozen').value).toBe('A');
});

test('a share is rounded down, and is at least one host', async () => {
  const bed = await begun(9);
  bed.declare('B');
  await bed.rounds(5);
  expect(bed.assigned('B')).toHaveLength(1);
  const larger = await begun(19);
  larger.declare('B');
  await larger.rounds(5);
  expect(larger.assigned('B')).toHaveLength(1);
});

test('a newer revision takes the place of the one before, and going back undoes both', async () => {
  const bed = await begun();
  bed.declare('B');
  await bed.rounds(6);
  const before = named(bed, 'B');
  bed.declare('C');
  for (const host of bed.hosts.values()) host.fails = ['C'];
  await bed.rounds(60, 5);
  expect(before).toHaveLength(2);
  expect(bed.values()).toEqual({ A: 20 });
  expect(bed.exposed.get('C')).toBe(2);
});

test('to declare the revision before again takes the rollout back, and rejects nothing', async () => {
  const bed = await begun();
  bed.declare('B');
  await bed.rounds(6);
  bed.declare('A');
  await bed.rounds(15, 5);
  expect(bed.values()).toEqual({ A: 20 });
  expect(bed.baseline.status?.assignment?.rejected).toBeUndefined();
  bed.declare('B');
  await bed.rounds(80, 10);
  expect(bed.values()).toEqual({ B: 20 });
});

test('a rollout goes back to no revision that hosts never complied with, unless somebody says so', async () => {
  const bed = new FleetBed(10, 'A', { remediation: { maxUnavailable: 5, backend: 'Local' } });
  for (const host of bed.hosts.values()) Object.assign(host, { value: 'half of A', fails: ['A', 'B'] });
  await bed.rounds(3);
  bed.roll({ steps });
  bed.declare('B');
  await bed.rounds(40, 10);
  expect(bed.condition('Progressing')).toMatchObject({ reason: 'PreviousNotProven' });
  expect(bed.assigned('B')).toHaveLength(1);
  bed.join('web-99', 'A');
  await bed.rounds(5);
  expect(bed.assigned('B')).toHaveLength(1);
  bed.annotate({ [requestAnnotations.abort]: ofRevision(bed.rollout().status ?? {}) });
  await bed.rounds(20, 10);
  expect(bed.assigned('B')).toHaveLength(0);
});

test('without `rollback.automatic` a failed rollout stops, and waits to be aborted', async () => {
  const bed = await begun(20, { rollback: { automatic: false } });
  for (const host of bed.hosts.values()) host.fails = ['B'];
  bed.declare('B');
  await bed.rounds(60, 10);
  expect(bed.assigned('B')).toHaveLength(2);
  expect(bed.condition('Progressing')).toMatchObject({ status: 'False', reason: 'NotTakenBack' });
  bed.annotate({ [requestAnnotations.abort]: ofRevision(bed.rollout().status ?? {}) });
  await bed.rounds(20, 10);
  expect(bed.values()).toEqual({ A: 20 });
});

test('a baseline that may not correct makes no host late: suspended, in mode Inform', async () => {
  for (const change of [{ mode: 'Inform' as const }, { suspend: { reason: 'freeze' } }]) {
    const bed = await begun(10, { stepTimeoutSeconds: 60 });
    bed.declare('B');
    await bed.rounds(1);
    bed.baseline = { ...bed.baseline, spec: { ...bed.baseline.spec, ...change } };
    for (const name of bed.assigned('B')) bed.host(name).value = 'by hand';
    await bed.rounds(20, 60);
    expect(bed.rollout().status?.rollback).toBeUndefined();
  }
});

test('drift by hand on a canary host is corrected, and stops nothing', async () => {
  const bed = await begun();
  bed.declare('B');
  await bed.rounds(6);
  const [canary = ''] = bed.assigned('B');
  bed.host(canary).value = 'by hand';
  await bed.rounds(3);
  expect(bed.host(canary).value).toBe('B');
  await bed.rounds(80, 10);
  expect(bed.values()).toEqual({ B: 20 });
});

test('what cannot be undone is named, and the host has the checks of the revision before nevertheless', async () => {
  const bed = await begun();
  for (const host of bed.hosts.values()) Object.assign(host, { fails: ['B'], keeps: true });
  bed.declare('B');
  await bed.rounds(200, 10);
  expect(bed.values()).toEqual({ A: 20 });
  expect(bed.condition('RolledBack')).toMatchObject({ status: 'False', reason: 'RollbackIncomplete' });
  expect(bed.rollout().status?.rollback?.incomplete?.map(({ message }) => message)).toEqual(
    Array.from({ length: 2 }, () => expect.stringContaining('it was changed since')),
  );
});

test('of two rollouts the older counts, and the younger says so', async () => {
  const bed = await begun();
  bed.pass(5);
  bed.roll({ steps: [{ percent: 100, soakSeconds: 0 }] }, 'another');
  bed.declare('B');
  await bed.rounds(6);
  expect(bed.values()).toEqual({ A: 18, B: 2 });
  expect(bed.condition('Progressing', 'another')).toMatchObject({ reason: 'OlderRolloutExists' });
});

test('what was requested of a revision before it was taken back is not requested when it is rolled out again', async () => {
  const bed = await begun();
  const { skip, promote, abort, retry } = requestAnnotations;
  bed.declare('B');
  await bed.rounds(5);
  const first = bed.rollout().status ?? {};
  const before = { [skip]: atStep(first, 1), [promote]: atStep(first, 1), [abort]: ofRevision(first) };
  bed.annotate(before);
  await bed.rounds(10, 5);
  expect(bed.values()).toEqual({ A: 20 });
  const [rejection] = bed.baseline.status?.assignment?.rejected ?? [];
  if (!rejection) throw new Error('nothing is rejected');
  bed.annotate({ ...before, [retry]: ofRejection(rejection) });
  await bed.rounds(10, 5);
  expect(bed.values()).toEqual({ A: 18, B: 2 });
  // It can be aborted once more.
  bed.annotate({ ...before, [abort]: ofRevision(bed.rollout().status ?? {}) });
  await bed.rounds(10, 5);
  expect(bed.values()).toEqual({ A: 20 });
});

test('`promote` goes to the last step when the hosts comply, and `skip` ends one soak', async () => {
  const bed = await begun(20, { steps: steps.map(({ percent }) => ({ percent, soakSeconds: 3600 })) });
  bed.declare('B');
  await bed.rounds(6);
  bed.annotate({ [requestAnnotations.skip]: atStep(bed.rollout().status ?? {}, 1) });
  await bed.rounds(4);
  expect(bed.assigned('B')).toHaveLength(10);
  await bed.rounds(10, 60);
  expect(bed.assigned('B')).toHaveLength(10);
  bed.annotate({ [requestAnnotations.promote]: atStep(bed.rollout().status ?? {}, 2) });
  await bed.rounds(8);
  expect(bed.assigned('B')).toHaveLength(20);
});
