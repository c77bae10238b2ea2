/** A sample of `make faults NAME=writes`, and that its oracles find what they are there for. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scenarios } from '../faults/scenarios/index.ts';
import { normalized } from '../faults/scenarios/scenario.ts';
import { startWireBed, type WireBed } from '../faults/wire/bed.ts';
import { caseName, differences, refer } from '../faults/wire/case.ts';
import { sampleOf } from '../faults/wire/chosen.ts';
import { nameOf, troubleNamed } from '../faults/wire/trouble.ts';
import { faultsOfWarnings, learnWarns, type Turn } from '../faults/wire/witness.ts';
import { runAll } from '../faults/writes.ts';

describe('what the harness finds', () => {
  const turn: Turn = { uid: 'u', kind: 'ClusterBaseline', facts: ['Compliant=False'], reason: 'Drifted' };
  const warning = (count: number) =>
    new Map(
      Array.from({ length: count }, (_, at) => {
        const regarding = { kind: turn.kind, uid: turn.uid, name: 'case-1' };
        const metadata = { name: `event-${at}` };
        return [metadata.name, { metadata, type: 'Warning', reason: turn.reason, regarding }];
      }),
    );
  const warns = learnWarns({ turns: [turn], events: warning(1) });

  test.each([
    ['as many warnings as changes', 2, 2, []],
    ['a lost one', 2, 1, [expect.stringContaining('1 Warning events instead of 2')]],
    ['one too many', 1, 2, [expect.stringContaining('2 Warning events instead of 1')]],
  ])('%s', (_, turns, given, found) => {
    const story = { turns: Array.from({ length: turns }, () => turn), events: warning(given) };
    expect(faultsOfWarnings(story, warns)).toEqual(found);
  });

  test('an end that differs, and none that differs in time and place alone', () => {
    const end = (id: string, time: string, result: string) =>
      normalized({ name: `${id}.x`, observedTime: time, message: `at ${time}`, result: [result] }, id);
    const wanted = end('case-1', '2026-01-01T00:00:00Z', 'Pass');
    expect(differences(wanted, end('case-2', '2027-02-02T00:00:00Z', 'Pass'))).toEqual([]);
    const found = differences(wanted, end('case-2', '2027-02-02T00:00:00Z', 'Fail'));
    expect(found).toEqual(['end.result.0 is "Fail", and without a fault "Pass"']);
  });

  test('names of faults are read as they are printed, and no others', () => {
    expect(nameOf(troubleNamed('w3:lost-reply'))).toBe('w3:lost-reply');
    for (const wrong of ['w0:drop', 'w3:silence', 'f2:lost-reply', 'x1:drop'])
      expect(() => troubleNamed(wrong)).toThrow('is not a fault');
  });
});

describe('faults of the wire', () => {
  let bed: WireBed;
  beforeAll(async () => {
    bed = await startWireBed({ flags: scenarios.flatMap(({ flags }) => flags ?? []) });
  }, 900_000);
  afterAll(() => bed.stop(), 60_000);

  test('a sample of them changes nothing about the end', async () => {
    const signal = new AbortController().signal;
    const told = scenarios
      .filter(({ needsHost }) => !needsHost)
      .map(async (scenario) => {
        const reference = await refer(bed, scenario);
        const planned = sampleOf(scenario, reference).map((trouble) => ({ scenario, reference, trouble }));
        return runAll(bed, planned, { say: () => undefined, signal, places: planned.length });
      });
    const results = (await Promise.all(told)).flat();
    const failed = results.filter(({ problems }) => problems.length > 0);
    expect(failed.map((result) => [caseName(result), ...result.problems])).toEqual([]);
    expect(results.filter(({ struck }) => struck !== undefined).length).toBeGreaterThanOrEqual(40);
    expect(bed.victim.deaths).toEqual([]);
  }, 600_000);
});
