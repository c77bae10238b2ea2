/** Whose folder is removed, and whose never is: by real processes that live, have ended, and have ended and are not waited for. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../../test/ssh/connector.ts';
import { StateFolder } from './stateFolder.ts';

let place: string;
const started: ChildProcess[] = [];
const own: StateFolder[] = [];

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'holdfast-place-'));
});

afterEach(() => {
  own.splice(0).forEach((folder) => folder.remove());
  for (const { pid = 0 } of started.splice(0)) kill(-pid);
  rmSync(place, { recursive: true });
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function open(parent = place): StateFolder {
  const folder = new StateFolder(parent);
  own.push(folder);
  return folder;
}

const asRoot = process.getuid?.() === 0 ? test : test.skip;

const program = `
  import { StateFolder } from ${JSON.stringify(join(import.meta.dirname, 'stateFolder.ts'))};
  import { writeFileSync } from 'node:fs';
  const folder = new StateFolder(process.argv[1]);
  writeFileSync(folder.path + '/f1', 'a key', { mode: 0o600 });
  console.log(JSON.stringify({ pid: process.pid, path: folder.path }));
  setInterval(() => undefined, 60_000);`;

interface Other {
  readonly pid: number;
  readonly path: string;
  readonly exited: Promise<unknown>;
}

/** A process with a folder of its own; `wrapper` is a shell's way to start it. */
async function other(wrapper = 'exec "$@"'): Promise<Other> {
  const node = [process.execPath, '--input-type=module', '-e', program, place];
  const child = spawn('/bin/sh', ['-c', wrapper, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  started.push(child);
  const exited = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { ...(JSON.parse(line.toString()) as { pid: number; path: string }), exited };
}

test('a folder is its owner’s alone', () => {
  const { path } = open();
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(readdirSync(place)).toEqual([path.split('/').at(-1)]);
});

test('what a living process has stays, though it is stopped, and another opens the place at the same time', async () => {
  const { pid, path } = await other();
  process.kill(pid, 'SIGSTOP');
  open();
  open();
  expect(readFileSync(join(path, 'f1'), 'utf8')).toBe('a key');
  expect(readdirSync(place)).toHaveLength(3);
});

asRoot(
  'what a living process has stays, though its number says nothing here, as that of another container',
  async () => {
    const { path } = await other('exec unshare --pid --fork --kill-child --mount-proc "$@"');
    open();
    expect(existsSync(join(path, 'f1'))).toBe(true);
  },
);

test('what one had that was killed is removed, though others have its number', async () => {
  const { pid, path, exited } = await other();
  kill(pid);
  await exited;
  // A folder of that name, by the number of a process that lives.
  mkdirSync(join(place, `ssh-${process.pid}-abcdef`));
  const { path: kept } = open();
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(place)).toEqual([kept.split('/').at(-1)]);
});

test('what a zombie had is removed', async () => {
  const { pid, path } = await other('"$@" & exec sleep 1000');
  kill(pid);
  // Its other threads end in their time.
  await until(
    () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ') && readdirSync(`/proc/${pid}/task`).length === 1,
  );
  open();
  expect(existsSync(path)).toBe(false);
});

test('what still runs in the folder of one that ended is ended: shells, clients, what is stopped, and what has a session of its own', async () => {
  const { pid, path, exited } = await other();
  const running = ['exec sleep 1000', 'kill -STOP $$', 'trap "" TERM HUP; while :; do sleep 1; done'].map((script) =>
    spawn('/bin/sh', ['-c', script], { cwd: path, detached: true, stdio: 'ignore' }),
  );
  started.push(...running);
  const ends = running.map((child) => once(child, 'exit'));
  kill(pid);
  await exited;
  open();
  expect((await Promise.all(ends)).map(([, signal]) => signal as string)).toEqual(running.map(() => 'SIGKILL'));
  expect(existsSync(path)).toBe(false);
});

test('what runs in a folder that was removed already is ended too', async () => {
  const { pid, path, exited } = await other();
  const child = spawn('sleep', ['1000'], { cwd: path, detached: true, stdio: 'ignore' });
  started.push(child);
  const end = once(child, 'exit');
  kill(pid);
  await exited;
  rmSync(path, { recursive: true });
  open();
  expect(await end).toEqual([null, 'SIGKILL']);
});

test('what is not ours in the place stays', () => {
  writeFileSync(join(place, 'notes'), '');
  open();
  expect(existsSync(join(place, 'notes'))).toBe(true);
});

test('a place that is a symbolic link is refused, and nothing is removed where it leads', () => {
  mkdirSync(join(place, 'elsewhere'));
  mkdirSync(join(place, 'elsewhere/ssh-1-abcdef'));
  symlinkSync(join(place, 'elsewhere'), join(place, 'link'));
  for (const path of ['link', 'link/']) expect(() => open(join(place, path))).toThrow(/link is a symbolic link; set/);
  expect(readdirSync(join(place, 'elsewhere'))).toEqual(['ssh-1-abcdef']);
});

asRoot('a place of another user is refused', () => {
  mkdirSync(join(place, 'theirs'));
  chownSync(join(place, 'theirs'), 65_534, 65_534);
  expect(() => open(join(place, 'theirs'))).toThrow(/theirs belongs to user 65534; delete it/);
});

test('a place that others may read is closed to them', () => {
  chmodSync(place, 0o777);
  open();
  expect(statSync(place).mode & 0o777).toBe(0o700);
});
