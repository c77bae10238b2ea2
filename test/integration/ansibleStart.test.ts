/** A run starts once and ends once, whatever is killed: the operator at any step of a start, Ansible, or what watches over it. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalAnsible } from '../../operator/connect/ansible/local.ts';
import type { AnsibleRequest } from '../../operator/connect/ansible/types.ts';
import { countingPrograms, ended, filesWith, goOn, linesOf, openBed, processesIn, tasks, until } from './ansibleBed.ts';
import type { AnsibleBed } from './ansibleBed.ts';

jest.setTimeout(300_000);
let bed: AnsibleBed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed.close());

const count = (counter: string) => ({ name: 'count', 'ansible.builtin.shell': `echo once >> ${counter}` });
const wait = { name: 'wait', 'ansible.builtin.command': { argv: ['/bin/sleep', '600'] } };
const runFolder = (id: string) => join(bed.stateFolder, 'runs', id);
const attemptsOf = (id: string) => readdirSync(runFolder(id)).filter((name) => name.startsWith('attempt-'));

/** Starts the run in a process of its own that is killed on the way; says whether it came to that. */
async function startAndDie(python: string, id: string, request: AnsibleRequest, when: string): Promise<boolean> {
  const input = join(bed.folder, `${id}.json`);
  writeFileSync(input, JSON.stringify({ folder: bed.stateFolder, python, id, request }));
  const program = join(import.meta.dirname, 'dyingStart.ts');
  const child = spawn(process.execPath, [program, input, when], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The start ended with ${code ?? signal}.`);
  return signal === 'SIGKILL';
}

test('an operator killed at any step of a start leaves a run that starts exactly once', async () => {
  const counter = join(bed.folder, 'counter');
  const python = countingPrograms(bed, counter);
  const request = bed.request();
  const key = bed.server.clientKey.privateKey.split('\n')[1] ?? 'missing';
  let step = 0;
  for (let killed = true; killed;) {
    step += 1;
    const id = `step-${step}`;
    killed = await startAndDie(python, id, request, `${step}`);
    const state = await goOn(bed, python, id, request);
    expect({ step, is: state.is, times: linesOf(counter) }).toEqual({ step, is: 'finished', times: step });
    expect(filesWith(runFolder(id), key)).toEqual([]);
  }
  expect(step).toBeGreaterThan(30);
});

test.each(['spawned', 'started'])(
  'with real Ansible: an operator killed when the process of a run is %s',
  async (when) => {
    const counter = join(bed.folder, when);
    const request = bed.request(tasks(count(counter)));
    expect(await startAndDie(bed.python, when, request, when)).toBe(true);
    expect(await goOn(bed, bed.python, when, request)).toMatchObject({ is: 'finished', exitCode: 0 });
    expect(linesOf(counter)).toBe(1);
  },
);

test('of two operators that start the same run at once, one does', async () => {
  const counter = join(bed.folder, 'twice');
  const request = bed.request(tasks(count(counter)));
  const operators = [1, 2].map(() => openLocalAnsible({ folder: bed.stateFolder, python: bed.python }));
  await Promise.all(operators.map((local) => local.start('twice', request)));
  expect(await ended(bed.local, 'twice')).toMatchObject({ is: 'finished', exitCode: 0 });
  await until(() => processesIn(runFolder('twice')).length === 0);
  expect(linesOf(counter)).toBe(1);
});

test('Ansible killed half-way has failed, and none of its processes is left', async () => {
  const counter = join(bed.folder, 'runner-killed');
  await bed.local.start('runner-killed', bed.request(tasks(count(counter), wait)));
  await until(() => linesOf(counter) === 1);
  const runner = processesIn(runFolder('runner-killed')).find(({ command }) => command.includes('bin/ansible-runner'));
  process.kill(runner?.pid ?? 0, 'SIGKILL');
  const state = await ended(bed.local, 'runner-killed');
  const message = 'Ansible was killed by signal 9; how far it got is unknown.';
  expect(state).toEqual({ is: 'finished', exitCode: 137, hosts: [], message });
  await until(() => processesIn(runFolder('runner-killed')).length === 0);
});

test('a run whose watching process is killed is lost: its processes are ended, its keys removed, and it does not start again', async () => {
  const counter = join(bed.folder, 'lost');
  const request = bed.request(tasks(count(counter), wait));
  await bed.local.start('lost', request);
  await until(() => linesOf(counter) === 1);
  const { pid } = JSON.parse(readFileSync(join(runFolder('lost'), 'started'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  const state = await ended(bed.local, 'lost');
  expect(state).toMatchObject({ is: 'lost' });
  expect(processesIn(runFolder('lost'))).toEqual([]);
  expect(attemptsOf('lost')).toEqual([]);
  await bed.local.start('lost', request);
  expect(await bed.local.state('lost')).toEqual(state);
  expect(linesOf(counter)).toBe(1);
});

test('a run of an earlier boot, or whose process number was given to another, is lost', async () => {
  const identity = {
    pid: process.pid,
    start: '1',
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  };
  for (const [id, record] of Object.entries({ reused: identity, boot: { ...identity, boot: 'another' } })) {
    mkdirSync(runFolder(id), { recursive: true });
    writeFileSync(join(runFolder(id), 'started'), JSON.stringify(record));
    expect(await bed.local.state(id)).toMatchObject({ is: 'lost' });
  }
});

test('a cancelled run ends with all its processes, and says so', async () => {
  const counter = join(bed.folder, 'cancelled');
  await bed.local.start('cancelled', bed.request(tasks(count(counter), wait)));
  await until(() => linesOf(counter) === 1);
  await expect(bed.local.forget('cancelled')).rejects.toThrow('cancel it before');
  await bed.local.cancel('cancelled');
  expect(processesIn(runFolder('cancelled'))).toEqual([]);
  const message = 'Ansible was terminated before it finished, because the run was canceled.';
  expect(await bed.local.state('cancelled')).toEqual({ is: 'finished', exitCode: 143, hosts: [], message });
  await bed.local.forget('cancelled');
  expect(existsSync(runFolder('cancelled'))).toBe(false);
});

test('a run that is forgotten never starts again, tells how it came out for a while, and is known for ever', async () => {
  const counter = join(bed.folder, 'forgotten');
  const python = countingPrograms(bed, counter, 'forgotten-programs');
  const local = openLocalAnsible({ folder: bed.stateFolder, python });
  const record = { namespace: 'fleet', name: 'forgotten', devices: ['web-01'], status: { executor: local.executor } };
  expect(await local.started('forgotten')).toBeUndefined();
  await local.start('forgotten', bed.request(), record);
  const state = await ended(local, 'forgotten');
  await local.forget('forgotten');
  for (const again of [local, openLocalAnsible({ folder: bed.stateFolder, python })]) {
    expect(await again.state('forgotten')).toEqual(state);
    expect(await again.started('forgotten')).toEqual({ record });
    await again.start('forgotten', bed.request(), record);
    await again.forget('forgotten');
  }
  expect(await local.atWork()).toEqual([]);
  rmSync(join(bed.stateFolder, 'ended'), { recursive: true });
  expect(await local.state('forgotten')).toMatchObject({ is: 'lost', message: expect.stringContaining('executed') });
  expect(await local.started('forgotten')).toEqual({});
  await local.start('forgotten', bed.request(), record);
  expect(linesOf(counter)).toBe(1);
});

test('a run is known to be at work as long as it is, with what was recorded of it', async () => {
  const record = { namespace: 'fleet', name: 'busy', devices: ['web-01'], status: {} };
  await bed.local.start('busy', bed.request(tasks(wait)), record);
  expect(await bed.local.atWork()).toEqual([{ id: 'busy', record }]);
  await bed.local.cancel('busy');
  expect(await bed.local.atWork()).toEqual([]);
});

test('a run that is cancelled while it is about to start never starts', async () => {
  const gate = join(bed.folder, 'gate');
  const counter = join(bed.folder, 'late-counter');
  const python = join(bed.folder, 'late');
  mkdirSync(python);
  writeFileSync(
    join(python, 'python3'),
    `#!/bin/sh\nwhile [ ! -e ${gate} ]; do sleep 0.05; done\nexec ${bed.python}/python3 "$@"\n`,
    { mode: 0o755 },
  );
  for (const name of ['ansible-runner', 'ansible-playbook'])
    writeFileSync(join(python, name), `#!/bin/sh\necho >> ${counter}\n`, { mode: 0o755 });
  const late = openLocalAnsible({ folder: bed.stateFolder, python });
  const starting = late.start('late', bed.request());
  await until(() => existsSync(runFolder('late')) && processesIn(runFolder('late')).length > 0);
  expect(await late.state('late')).toEqual({ is: 'absent' });
  await late.cancel('late');
  writeFileSync(gate, '');
  await starting;
  expect(await late.state('late')).toMatchObject({ is: 'finished', exitCode: 143 });
  expect(existsSync(counter)).toBe(false);
});

test('a run that is cancelled before it was asked for never starts', async () => {
  const counter = join(bed.folder, 'early-counter');
  const request = bed.request(tasks(count(counter)));
  await bed.local.cancel('early');
  await bed.local.start('early', request);
  expect(await bed.local.state('early')).toMatchObject({ is: 'finished', exitCode: 143 });
  await bed.local.forget('early');
  await bed.local.start('early', request);
  await bed.local.cancel('early');
  expect(existsSync(runFolder('early'))).toBe(false);
  expect(existsSync(counter)).toBe(false);
});
