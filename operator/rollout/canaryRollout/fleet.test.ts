import { expect, test } from '@jest/globals';
import { FleetBed, revision } from '../../../test/builders/fleetBed.ts';
import { ofRejection, requestAnnotations } from './requests.ts';

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
  expect(bed.rollout().status?.summary).toMatchObject({ step: '1/3 10%', hosts: '2/2 of 20' });
  await bed.rounds(30, 4);
  expect(bed.values()).toEqual({ A: 10, B: 10 });
  await bed.rounds(40, 4);
  expect(bed.values()).toEqual({ B: 20 });
  await bed.rounds(3);
  expect(bed.rollout().status).toMatchObject({ revision: revision('B'), summary: { state: 'NothingToDo' } });
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
