/** An operator that is killed before or after any write of a rollout exposes no further host, and loses none. */
import { expect, test } from '@jest/globals';
import { FleetBed } from '../../../test/builders/fleetBed.ts';

const steps = [
  { percent: 20, soakSeconds: 20 },
  { percent: 50, soakSeconds: 20 },
  { percent: 100, soakSeconds: 20 },
];
const rounds = 45;
const points = ['before the status', 'after the status', 'after the creation', 'before the rollout'] as const;

async function told(isBad: boolean, killed?: { round: number; at: (typeof points)[number] }) {
  const bed = new FleetBed(6, 'A', { remediation: { maxUnavailable: 2, backend: 'Local' } });
  await bed.rounds(2);
  bed.roll({ steps });
  await bed.rounds(1);
  bed.declare('B');
  if (isBad) for (const host of bed.hosts.values()) host.fails = ['B'];
  for (let round = 0; round < rounds; round += 1) {
    if (killed?.round === round) await dying(bed, killed.at);
    await bed.rounds(1, 10);
  }
  return bed;
}

/** A round that ends there, and the operator that comes after it, which remembers nothing. */
async function dying(bed: FleetBed, at: (typeof points)[number]): Promise<void> {
  bed.pass(10);
  if (at === 'before the status') await bed.baselinePass('beforeStatus');
  if (at === 'after the status') await bed.baselinePass('afterStatus');
  if (at === 'after the creation') await bed.baselinePass('afterCreation');
  if (at === 'before the rollout') {
    await bed.baselinePass();
    bed.execute();
  }
  bed.restart();
}

test.each(points)('killed %s, in any round of a good rollout: all hosts have the revision in the end', async (at) => {
  for (let round = 0; round < 40; round += 2) {
    const bed = await told(false, { round, at });
    expect({ round, values: bed.values(), state: bed.rollout().status?.summary?.state }).toEqual({
      round,
      values: { B: 6 },
      state: 'Completed',
    });
  }
});

test.each(points)(
  'killed %s, in any round of a bad one: no host has it in the end, and none more than one had it',
  async (at) => {
    for (let round = 0; round < 30; round += 1) {
      const bed = await told(true, { round, at });
      expect({ round, values: bed.values(), exposed: bed.exposed.get('B') }).toEqual({
        round,
        values: { A: 6 },
        exposed: 1,
      });
      expect(bed.condition('RolledBack')?.status).toBe('True');
    }
  },
);
