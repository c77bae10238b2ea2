/**
 * Runs Ansible on this machine, each run in a process of its own that outlives the operator.
 *
 * A run's folder holds a folder for each attempt to start it, `started` once one of them runs, and `result.json` in the end. An attempt is
 * prepared whole, then `run.py` starts in it, and makes `started` as its first act: a hard link to a file that says which process it is,
 * which is made whole or not at all, and only once. So `start` may be cut off anywhere and done again, at worst by two at a time, and the
 * run still starts once. What an attempt holds, keys too, is removed when the run has ended.
 *
 * A run that is forgotten stays known by its id (`executed.ts`), so that it never starts again, whatever etcd says of it after a restore; of the
 * latest, the folder without attempts is kept too, and tells how the run came out.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { privateFolder } from '../privateFolder.ts';
import { Executed } from './executed.ts';
import { codeOf, removeFolder, textOf, writeDurably, writePrivateData } from './files.ts';
import { assertInstalled, executorOf } from './installation.ts';
import { privateData, requestProblem } from './privateData.ts';
import { endProcesses, hasEnded, isRunning, signal } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';
import { readResult } from './result.ts';
import type { AnsibleRequest, AnsibleState, LocalAnsible, RunRecord, StartedRun } from './types.ts';

export interface LocalOptions {
  /** Keeps the state of the runs; made when it is not there. Another operator must not use it. */
  readonly folder: string;
  /** Folder with the programs of a Python environment in which ansible-core and ansible-runner are installed. */
  readonly python: string;
}

/** Of a run: its folder and files, and the mark by which its processes are found. */
interface Run {
  readonly id: string;
  readonly folder: string;
  readonly started: string;
  readonly result: string;
  /** What the operator recorded before it asked for the start. */
  readonly record: string;
  /** What becomes of its folder when it is forgotten. */
  readonly kept: string;
  readonly mark: string;
  readonly executed: Executed;
}

/** As many folders of runs that were forgotten. */
const mostKept = 200;

/** Throws a sentence when the folder cannot be made, or may be somebody else's. */
export function openLocalAnsible({ folder, python }: LocalOptions): LocalAnsible {
  const place = privateFolder(folder);
  const executor = executorOf(place);
  const executed = new Executed(join(place, 'executed'));
  const runOf = (id: string): Run => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id))
      throw new Error(`${JSON.stringify(id)} is not a valid name of a run.`);
    return {
      ...filesIn(join(place, 'runs', id)),
      id,
      kept: join(place, 'ended', id),
      mark: `${executor}/${id}`,
      executed,
    };
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
    started: async (id) => startedRun(runOf(id)),
    atWork: async () => atWork(join(place, 'runs'), runOf),
    start: async (id, request, record) => start(runOf(id), { request, record, python: resolve(python) }),
    cancel: async (id) => cancel(runOf(id)),
    forget: async (id) => forget(runOf(id)),
  };
}

function filesIn(folder: string): Pick<Run, 'folder' | 'started' | 'result' | 'record'> {
  const [started = '', result = '', record = ''] = ['started', 'result.json', 'record.json'].map((name) =>
    join(folder, name),
  );
  return { folder, started, result, record };
}

async function stateOf(run: Run): Promise<AnsibleState> {
  const finished = await endedState(run);
  if (finished) return finished;
  const identity = await startedProcess(run);
  if (!identity) return forgottenState(run);
  if (await isRunning(identity)) return { is: 'running' };
  // It may have written its result and ended while we looked.
  return (await endedState(run)) ?? lostState(run);
}

/** What an attempt holds that came to nothing is removed with it. */
async function endedState(run: Run): Promise<AnsibleState | undefined> {
  const finished = await finishedState(run);
  if (finished) await removeAttempts(run);
  return finished;
}

/** One that is known by its id alone was executed: it is not absent, whatever is left of it. */
async function forgottenState({ id, kept, executed }: Run): Promise<AnsibleState> {
  if (!(await executed.has(id))) return { is: 'absent' };
  return (await finishedState(filesIn(kept))) ?? { is: 'lost', message: notKept };
}

const notKept =
  'Ansible was executed for this run before, and what came of it is no longer kept, so what it did is unknown. Check the hosts, then run it again.';

async function startedRun(run: Run): Promise<StartedRun | undefined> {
  if (await startedProcess(run)) return recorded(run.record);
  return (await run.executed.has(run.id)) ? recorded(filesIn(run.kept).record) : undefined;
}

async function recorded(file: string): Promise<StartedRun> {
  const text = await textOf(file);
  return text === undefined ? {} : { record: JSON.parse(text) as RunRecord };
}

/** What is left of those that were killed is removed, for nobody else may ask for them. */
async function atWork(runs: string, runOf: (id: string) => Run): Promise<(StartedRun & { id: string })[]> {
  const ids = await readdir(runs).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return [];
  });
  const all = await Promise.all(
    ids.map(async (id) => {
      const run = runOf(id);
      const isAtWork = existsSync(run.started) && !existsSync(run.result) && (await stateOf(run)).is === 'running';
      return isAtWork ? [{ id, ...(await recorded(run.record)) }] : [];
    }),
  );
  return all.flat();
}

async function finishedState({ result }: Pick<Run, 'result'>): Promise<AnsibleState | undefined> {
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

interface Start {
  readonly request: AnsibleRequest;
  readonly record: RunRecord | undefined;
  readonly python: string;
}

async function start(run: Run, { request, record, python }: Start): Promise<void> {
  // In this order: one that is forgotten meanwhile is known by its id first.
  if ((await startedProcess(run)) || (await run.executed.has(run.id))) return;
  const files = privateData(request);
  await assertInstalled(python);
  const attempt = join(run.folder, `attempt-${randomUUID()}`);
  let errors: FileHandle;
  try {
    await mkdir(attempt, { recursive: true, mode: 0o700 });
    await writePrivateData(attempt, files);
    if (record) {
      const draft = join(attempt, 'record.json');
      await writeDurably(draft, 'w', JSON.stringify(record));
      await rename(draft, run.record);
    }
    errors = await open(join(attempt, errorsName), 'wx', 0o600);
  } catch (error) {
    // As on a full disk: it will be tried again, and must not fill up further.
    await removeFolder(attempt);
    throw error;
  }
  await launch(run, { attempt, errors, seconds: request.timeoutSeconds, python });
}

interface Launch {
  readonly attempt: string;
  /** What the process says before the run has started. */
  readonly errors: FileHandle;
  readonly seconds: number;
  readonly python: string;
}

const errorsName = 'start-errors';
const runProgram = fileURLToPath(new URL('./run.py', import.meta.url));
/** As in `run.py`. */
const markVariable = 'HOLDFAST_RUN';

/** Returns when the run has started, here or by another attempt. */
async function launch(run: Run, { attempt, errors, seconds, python }: Launch): Promise<void> {
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
  const said = (await textOf(join(attempt, errorsName))) ?? '';
  const reason = outcome instanceof Error ? outcome.message : said.trim().split('\n').at(-1);
  await removeFolder(attempt);
  throw new Error(
    `Ansible could not be started: ${reason || 'its process exited immediately; see if the disk is full'}.`,
  );
}

/** One that was never started never will be: somebody may be about to ask for that. */
async function cancel(run: Run): Promise<void> {
  if (!existsSync(run.folder)) {
    if (await run.executed.has(run.id)) return;
    await mkdir(run.folder, { recursive: true, mode: 0o700 });
  }
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
  const result = `${draft}.json`;
  try {
    // Both are whole before the fence is closed: a full disk is noticed before.
    await writeFile(draft, JSON.stringify(nobody), { mode: 0o600 });
    await writeFile(result, JSON.stringify({ rc: 143, cancelled: true }), { mode: 0o600 });
    await link(draft, run.started);
    await rename(result, run.result);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await Promise.all([draft, result].map((path) => rm(path, { force: true })));
  }
  return (await startedProcess(run)) ?? nobody;
}

async function forget(run: Run): Promise<void> {
  if ((await stateOf(run)).is === 'running')
    throw new Error(`The run "${run.id}" is still running: cancel it before it is removed.`);
  if (!(await startedProcess(run))) return removeFolder(run.folder);
  await run.executed.add(run.id);
  const ended = dirname(run.kept);
  await mkdir(ended, { recursive: true, mode: 0o700 });
  await removeFolder(run.kept);
  await rename(run.folder, run.kept);
  const latest = new Set(await run.executed.latest(mostKept));
  const old = (await readdir(ended)).filter((id) => !latest.has(id));
  await Promise.all(old.map((id) => removeFolder(join(ended, id))));
}

async function startedProcess({ started }: Run): Promise<ProcessIdentity | undefined> {
  const text = await textOf(started);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
}

async function removeAttempts({ folder }: Run): Promise<void> {
  const attempts = (await readdir(folder)).filter((name) => name.startsWith('attempt-'));
  await Promise.all(attempts.map((name) => removeFolder(join(folder, name))));
}
