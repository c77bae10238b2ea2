/**
 * Runs Ansible on this machine, each run in a process of its own that outlives the operator.
 *
 * A run's folder holds a folder for each attempt to start it, `started` once one of them runs, and `result.json` in the end. An attempt is
 * prepared whole, then `run.py` starts in it, and makes `started` as its first act: a hard link to a file that says which process it is,
 * which is made whole or not at all, and only once. So `start` may be cut off anywhere and done again, at worst by two at a time, and the
 * run still starts once. What an attempt holds, keys too, is removed when the run has ended.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { access, link, mkdir, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { privateFolder } from '../privateFolder.ts';
import { privateData, requestProblem } from './privateData.ts';
import type { PrivateFile } from './privateData.ts';
import { endProcesses, hasEnded, isRunning, signal } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';
import { readResult } from './result.ts';
import type { AnsibleRequest, AnsibleState, LocalAnsible } from './types.ts';

export interface LocalOptions {
  /** Keeps the state of the runs; made when it is not there. Another operator must not use it. */
  readonly folder: string;
  /** Folder with the programs of a Python environment in which ansible-core and ansible-runner are installed. */
  readonly python: string;
}

/** Of a run: its folder and files, and the mark by which its processes are found. */
interface Run {
  readonly folder: string;
  readonly started: string;
  readonly result: string;
  readonly mark: string;
}

/** Throws a sentence when the folder cannot be made, or may be somebody else's. */
export function openLocalAnsible({ folder, python }: LocalOptions): LocalAnsible {
  const place = privateFolder(folder);
  const executor = executorOf(place);
  const runOf = (id: string): Run => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id))
      throw new Error(`${JSON.stringify(id)} is not a valid name of a run.`);
    const run = join(place, 'runs', id);
    return { folder: run, started: join(run, 'started'), result: join(run, 'result.json'), mark: `${executor}/${id}` };
  };
  return {
    executor,
    problem: () =>
      assertInstalled(resolve(python)).then(
        () => undefined,
        (error: Error) => error.message,
      ),
    problemOf: requestProblem,
    state: async (id) => stateOf(runOf(id)),
    start: async (id, request) => start(runOf(id), request, resolve(python)),
    cancel: async (id) => cancel(runOf(id)),
    forget: async (id) => forget(id, runOf(id)),
  };
}

function executorOf(folder: string): string {
  const file = join(folder, 'executor');
  if (!existsSync(file)) {
    // Linked when whole, so that a crash leaves no empty name; of two that open it at once, the first names it.
    const draft = join(folder, `executor-${randomUUID()}`);
    writeFileSync(draft, randomUUID(), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    rmSync(draft);
  }
  return readFileSync(file, 'utf8');
}

async function stateOf(run: Run): Promise<AnsibleState> {
  const finished = await finishedState(run);
  if (finished) {
    await removeAttempts(run);
    return finished;
  }
  const identity = await startedProcess(run);
  if (!identity) return { is: 'absent' };
  if (await isRunning(identity)) return { is: 'running' };
  // It may have written its result and ended while we looked.
  return (await finishedState(run)) ?? lostState(run);
}

async function finishedState({ result }: Run): Promise<AnsibleState | undefined> {
  const text = await textOf(result);
  return text === undefined ? undefined : readResult(text);
}

async function lostState(run: Run): Promise<AnsibleState> {
  await endProcesses(`${markVariable}=${run.mark}`, run.folder);
  await removeAttempts(run);
  return {
    is: 'lost',
    message: 'The process that ran Ansible was killed, so what it did is unknown. Check the hosts, then run it again.',
  };
}

async function start(run: Run, request: AnsibleRequest, python: string): Promise<void> {
  if (await startedProcess(run)) return;
  const files = privateData(request);
  await assertInstalled(python);
  const attempt = join(run.folder, `attempt-${randomUUID()}`);
  try {
    await mkdir(attempt, { recursive: true, mode: 0o700 });
    await writePrivateData(attempt, files);
  } catch (error) {
    // As on a full disk: it will be tried again, and must not fill up further.
    await removeFolder(attempt);
    throw error;
  }
  await launch(run, attempt, request.timeoutSeconds, python);
}

/** Writes the files so that only this user can read them. */
export async function writePrivateData(folder: string, files: readonly PrivateFile[]): Promise<void> {
  for (const { path, text } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  }
}

const runProgram = fileURLToPath(new URL('./run.py', import.meta.url));
/** As in `run.py`. */
const markVariable = 'HOLDFAST_RUN';

/** Returns when the run has started, here or by another attempt. */
async function launch(run: Run, attempt: string, seconds: number, python: string): Promise<void> {
  const errorFile = join(attempt, 'start-errors');
  const errors = await open(errorFile, 'wx', 0o600);
  const options = { data: attempt, fence: run.started, mark: run.mark, seconds, result: run.result, limit: 4_194_304 };
  const child = spawn(
    join(python, 'python3'),
    ['-I', runProgram, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
    {
      cwd: run.folder,
      // Nothing is inherited: the operator's environment holds what Ansible must not see.
      env: { PATH: `${python}:/usr/bin:/bin`, LANG: 'C.UTF-8' },
      detached: true,
      stdio: ['ignore', 'pipe', errors.fd],
    },
  );
  const ended = new Promise<number | Error>((settle) => {
    child.once('error', settle);
    child.once('exit', (code) => settle(code ?? -1));
  });
  const started = new Promise<'started'>((settle) => child.stdout?.once('data', () => settle('started')));
  const outcome = await Promise.race([ended, started]);
  child.stdout?.destroy();
  child.unref();
  await errors.close();
  if (outcome === 'started' || outcome === 0 || (await startedProcess(run))) return;
  const reason =
    outcome instanceof Error ? outcome.message : ((await textOf(errorFile)) ?? '').trim().split('\n').at(-1);
  await removeFolder(attempt);
  throw new Error(`Ansible could not be started: ${reason || 'its process exited immediately'}.`);
}

async function cancel(run: Run): Promise<void> {
  if (!existsSync(run.folder)) return;
  const identity = (await startedProcess(run)) ?? (await closeFence(run));
  if (await isRunning(identity)) {
    signal(identity.pid, 'SIGTERM');
    // Stopped, it would not end by itself.
    signal(identity.pid, 'SIGCONT');
    if (!(await hasEnded(identity, 75))) signal(identity.pid, 'SIGKILL');
    await hasEnded(identity, 5);
  }
  await endProcesses(`${markVariable}=${run.mark}`, run.folder);
  await removeAttempts(run);
}

/** An attempt may be about to start: it must find the run started, by a process that there never was. */
async function closeFence(run: Run): Promise<ProcessIdentity> {
  const nobody: ProcessIdentity = { pid: 0, start: '', boot: '' };
  const draft = join(run.folder, `cancelled-${randomUUID()}`);
  await writeFile(draft, JSON.stringify(nobody), { mode: 0o600 });
  try {
    await link(draft, run.started);
    await writeFile(run.result, JSON.stringify({ rc: 143, cancelled: true }), { mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  await rm(draft);
  return (await startedProcess(run)) ?? nobody;
}

async function forget(id: string, run: Run): Promise<void> {
  if ((await stateOf(run)).is === 'running')
    throw new Error(`The run "${id}" is still running: cancel it before it is removed.`);
  await removeFolder(run.folder);
}

async function startedProcess({ started }: Run): Promise<ProcessIdentity | undefined> {
  const text = await textOf(started);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
}

async function removeAttempts({ folder }: Run): Promise<void> {
  const attempts = (await readdir(folder)).filter((name) => name.startsWith('attempt-'));
  await Promise.all(attempts.map((name) => removeFolder(join(folder, name))));
}

/** The run's own process may be removing it as well. */
function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}

async function assertInstalled(python: string): Promise<void> {
  for (const program of ['python3', 'ansible-runner', 'ansible-playbook']) {
    await access(join(python, program), constants.X_OK).catch(() => {
      throw new Error(
        `Ansible is not installed: ${python} does not contain ${program}. Install it with "pip install ansible-core==2.19.* ansible-runner==2.4.*", ` +
          'set --ansible-bin to the directory of its programs, or use the backend Job.',
      );
    });
  }
}

/** The file's text; `undefined` when there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
