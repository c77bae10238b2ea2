/** Before a step begins that was approved, Approvals are known as they are now; otherwise the apiserver is not asked. */
import { expect, test } from '@jest/globals';
import { FleetBed } from '../../../test/builders/fleetBed.ts';
import type { Observing } from '../../runtime/feature.ts';
import { decideRollout } from './decide.ts';
import { withCurrentApprovals } from './observeApprovals.ts';
import { requestAnnotations } from './requests.ts';

const steps = [
  { percent: 10, soakSeconds: 10 },
  { percent: 100, soakSeconds: 10 },
];

async function rolling(beforeStep: number): Promise<FleetBed> {
  const bed = new FleetBed(10, 'A', { remediation: { maxUnavailable: 10, backend: 'Local' } });
  await bed.rounds(3);
  bed.roll({ steps, approvals: [{ beforeStep }] });
  await bed.rounds(3);
  bed.declare('B');
  await bed.rounds(40);
  return bed;
}

/** One pass whose cache of Approvals lags: how often the apiserver was asked, and what was decided. */
async function lagging(bed: FleetBed) {
  const asked: string[] = [];
  const isCurrent = (kind: { kind: string }): Promise<boolean> => {
    asked.push(kind.kind);
    return Promise.resolve(false);
  };
  const observing = { read: { isCurrent }, now: bed.now, signal: new AbortController().signal };
  const world = await withCurrentApprovals(bed.rollout(), bed.world(), observing as unknown as Observing);
  const plan = decideRollout(bed.rollout(), world, bed.now);
  return { asked, reason: plan.conditions?.['Progressing']?.reason, status: plan.status };
}

test.each([1, 2])('step %i does not begin by an old list, and the next pass is soon', async (step) => {
  const bed = await rolling(step);
  expect(await lagging(bed)).toMatchObject({ asked: [], reason: 'ApprovalNeeded' });
  bed.say('Approve', 'bob');
  const { asked, reason, status } = await lagging(bed);
  expect({ asked, reason }).toEqual({ asked: ['Approval'], reason: 'ApprovalsNotRead' });
  expect(status.step).toBe(step === 1 ? undefined : 1);
});

test('a revision that is rolled out again, at the step that it had, does not begin by an old list either', async () => {
  const bed = await rolling(1);
  for (const host of bed.hosts.values()) host.fails = ['B'];
  bed.say('Approve', 'bob');
  await bed.rounds(40, 5);
  const [rejection] = bed.baseline.status?.assignment?.rejected ?? [];
  bed.annotate({ [requestAnnotations.retry]: `${rejection?.revision}@${rejection?.time}` });
  await bed.rounds(3);
  bed.say('Approve', 'carol');
  const { asked, reason, status } = await lagging(bed);
  expect({ asked, reason }).toEqual({ asked: ['Approval'], reason: 'ApprovalsNotRead' });
  expect(status.rollback?.completionTime).toBeDefined();
});
