/** Test files run as faults: those of which every test is one. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface RunTest {
  /** `restore`, of `restore.test.ts`. */
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
  /** Why it failed, its first lines. */
  readonly failure: string;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Those of the files, which belong to these projects of Jest. A file that cannot be run is one test that failed. */
export async function runTests(
  files: readonly string[],
  projects: readonly string[],
  signal: AbortSignal,
): Promise<RunTest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-tests-'));
  try {
    const { testResults } = await run(files, projects, { report: join(folder, 'report.json'), signal });
    return testResults.flatMap(({ name, message, assertionResults }) => {
      const file = basename(name, '.test.ts');
      if (assertionResults.length === 0) return [{ file, name: 'runs', passed: false, failure: firstOf(message) }];
      return assertionResults.map(({ fullName, status, failureMessages }) => ({
        file,
        name: fullName,
        passed: status === 'passed',
        failure: firstOf(failureMessages.join('\n')),
      }));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  files: readonly string[],
  projects: readonly string[],
  { report, signal }: { report: string; signal: AbortSignal },
): Promise<Report> {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--selectProjects', ...projects, '--maxWorkers=2', '--json', `--outputFile=${report}`, '--'];
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  const child = spawn(process.execPath, [jest, ...args, ...files], { cwd: root, env, stdio: 'ignore', signal });
  await new Promise((settle, fail) => child.once('exit', settle).once('error', fail));
  return JSON.parse(await readFile(report, 'utf8')) as Report;
}

function firstOf(message: string): string {
  return message.trim().split('\n').slice(0, 12).join('\n').slice(0, 2000);
}
