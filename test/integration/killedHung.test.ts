/** A quick share of `make faults NAME=kill`: the operator is killed while hosts hang, and the next one finds nothing of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { round, type Case } from '../faults/kill.ts';
import { startKillBed, type KillBed } from '../faults/killBed.ts';

let bed: KillBed;

beforeAll(async () => {
  bed = await startKillBed(['hangs-01', 'floods-01']);
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const some: readonly Case[] = [
  { moment: 'a key is written', end: 'kill', wrapper: '"$@" & exec sleep 600' },
  { moment: 'the run has started', end: 'term and kill' },
  { moment: 'a connection is kept', end: 'term twice' },
];

test.each(some)(
  'once $moment, ended by $end, it leaves nothing',
  async (one) => {
    expect(await round(bed, one, one.moment)).toBeLessThan(20);
  },
  240_000,
);
