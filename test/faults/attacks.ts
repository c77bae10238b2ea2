/**
 * What people with few rights, hostile hosts and neighbours try, on real components: the tests that are attacks, counted. Each is one attack with
 * the least rights that it needs; `docs/security.md` has the table.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Fault } from './faults.ts';

const root = resolve(import.meta.dirname, '../..');
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

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export const attacks: Fault = async (say, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-attacks-'));
  try {
    const { testResults } = await run(join(folder, 'report.json'), signal);
    const tried = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ fullName }) => !worksStill.test(fullName))
        .map(({ fullName, status }) => ({
          file: basename(name, '.test.ts'),
          attack: fullName,
          held: status === 'passed',
        })),
    );
    for (const { file, attack, held } of tried) say(`${held ? 'held' : 'GOT THROUGH'}  ${file}: ${attack}`);
    const through = tried.filter(({ held }) => !held);
    const lines = [...Map.groupBy(tried, ({ file }) => file)].map(
      ([file, all]) => `${file.padEnd(16)} ${all.length} tried, ${all.filter(({ held }) => held).length} held`,
    );
    return {
      lines: [...lines, `${tried.length} attacks tried, ${tried.length - through.length} held`],
      problems: [
        ...through.map(({ file, attack }) => `${file}: ${attack}`),
        ...(tried.length < fewest ? [`only ${tried.length} attacks were tried, of at least ${fewest}`] : []),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function run(report: string, signal: AbortSignal): Promise<Report> {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--selectProjects', 'integration', 'programs', '--maxWorkers=2', '--json', `--outputFile=${report}`];
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  const child = spawn(process.execPath, [jest, ...args, ...files], { cwd: root, env, stdio: 'ignore', signal });
  await new Promise((settle, fail) => child.once('exit', settle).once('error', fail));
  return JSON.parse(await readFile(report, 'utf8')) as Report;
}
