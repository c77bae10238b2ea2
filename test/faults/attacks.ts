/**
 * What people with few rights, hostile hosts and neighbours try, on real components: the tests that are attacks, counted. Each is one attack with
 * the least rights that it needs; `docs/security.md` has the table.
 */
import type { Fault } from './faults.ts';
import { runTests } from './tests.ts';

const fewest = 120;

/** Files of which every test is an attack, but for those whose names say what still works. */
const files = [
  'test/integration/tenantAttacks.test.ts',
  'test/integration/attacks.test.ts',
  'test/integration/leastPower.test.ts',
  'test/integration/unguarded.test.ts',
  'test/integration/runNeighbours.test.ts',
  'test/integration/hostAttacks.test.ts',
  'test/integration/fairShares.test.ts',
  'test/integration/evaluationLoad.test.ts',
  'operator/connect/ssh/limits.test.ts',
  'operator/connect/ssh/identity.test.ts',
];
const worksStill =
  /holds its Lease|is written by the operator|migration of stored versions|goes with its owner|by the role that is shipped/;

export const attacks: Fault = async (say, signal) => {
  const tests = await runTests(files, ['integration', 'programs'], signal);
  const tried = tests
    .filter(({ name }) => !worksStill.test(name))
    .map(({ file, name, passed }) => ({ file, attack: name, held: passed }));
  for (const { file, attack, held } of tried) say(`${held ? 'held' : 'GOT THROUGH'}  ${file}: ${attack}`);
  const through = tried.filter(({ held }) => !held);
  const lines = [...Map.groupBy(tried, ({ file }) => file)].map(
    ([file, all]) => `${file.padEnd(16)} ${all.length} tried, ${all.filter(({ held }) => held).length} held`,
  );
  return {
    count: tried.length,
    lines: [...lines, `${tried.length} attacks tried, ${tried.length - through.length} held`],
    problems: [
      ...through.map(({ file, attack }) => `${file}: ${attack}`),
      ...(tried.length < fewest ? [`only ${tried.length} attacks were tried, of at least ${fewest}`] : []),
    ],
  };
};
