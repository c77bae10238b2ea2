/** Some cases of `make faults NAME=writes` with hosts, and that what is seen there would be seen. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { editedDuring } from '../faults/scenarios/editedDuring.ts';
import { hostCorrection } from '../faults/scenarios/hostCorrection.ts';
import { startWireBed, type WireBed } from '../faults/wire/bed.ts';
import { caseName, refer } from '../faults/wire/case.ts';
import { executedOn, leftOn, pathOf } from '../faults/wire/hosts.ts';
import { leftovers } from '../faults/wire/leftovers.ts';
import { troubleNamed } from '../faults/wire/trouble.ts';
import { runAll } from '../faults/writes.ts';

let bed: WireBed;

beforeAll(async () => {
  bed = await startWireBed({ needsHost: true });
}, 900_000);

afterAll(() => bed.stop(), 120_000);

test('each execution is counted, the same one twice too, and what is left on a host is found', async () => {
  const { id, host } = bed.place();
  const put = `python3 -c 'import os; open("/etc/.new", "w").write("x"); os.rename("/etc/.new", "${pathOf(id)}")'`;
  await host!.mustRun(`${put} && ${put}`);
  expect(await executedOn(host!, id)).toEqual({ [`${pathOf(id)} "x"`]: 2 });
  expect(await leftOn(host!)).toEqual([]);
  await host!.mustRun('touch /etc/.holdfast-left');
  expect(await leftOn(host!)).toEqual([`${host!.name}: /etc/.holdfast-left`]);
  await host!.mustRun(`rm /etc/.holdfast-left ${pathOf(id)}`);
}, 60_000);

test('a few faults of the wire change nothing about corrections', async () => {
  const chosen = [
    { scenario: hostCorrection, names: ['w7:kill-after', 'w9:lost-reply', 'w13:504-after', 'f6:drop', 'f10:old-list'] },
    { scenario: editedDuring, names: ['w12:kill-after', 'w16:409', 'w20:kill-before', 'f12:drop'] },
  ];
  const planned = await Promise.all(
    chosen.map(async ({ scenario, names }) => {
      const reference = await refer(bed, scenario);
      return names.map((name) => ({ scenario, reference, trouble: troubleNamed(name) }));
    }),
  );
  const signal = new AbortController().signal;
  const results = await runAll(bed, planned.flat(), { say: () => undefined, signal, places: 4 });
  const failed = results.filter(({ problems }) => problems.length > 0);
  expect(failed.map((result) => [caseName(result), ...result.problems])).toEqual([]);
  expect(results.filter(({ struck }) => struck === undefined).map(caseName)).toEqual([]);
  expect(await leftovers(bed)).toEqual([]);
}, 900_000);
