/** The same script on the same hosts by others: a loop of plain `ssh`, and Ansible's `raw`, which needs no Python there. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientArguments, knownHosts } from '../../../operator/connect/ssh/arguments.ts';
import { remoteCommand, remoteInput } from '../../../operator/connect/ssh/remoteCommand.ts';
import { checkTypes } from '../../../operator/drift/checks/index.ts';
import { requestsFor } from '../../../operator/drift/probe/requests.ts';
import { scriptFor } from '../../../operator/drift/probe/script.ts';
import { runPlaybook } from '../ansible.ts';
import { runMeasured } from '../spent.ts';
import type { ManyBed } from './bed.ts';
import { checks } from './checks.ts';
import type { Look } from './look.ts';

const nonce = 'benchmark';
/** The last line of a whole answer begins with it. */
const end = `Z\x1f${nonce}\x1f`;
const { input, types } = requestsFor(checks, nonce);
/** As the operator sends it: of the script, what the checks need. */
const request = {
  script: scriptFor(Object.values(checkTypes).filter(({ key }) => types.includes(key))),
  input,
  timeoutSeconds: 60,
  maxBytes: 1 << 20,
};
const times = { connectTimeoutSeconds: 10, idleSeconds: 90 };

/** One `ssh` a host with the options of the operator, each with a connection of its own, so many at once. */
export async function plainSsh({ targets, folder, privateKey }: ManyBed, atOnce: number): Promise<Look> {
  const first = targets[0]!;
  const place = await mkdtemp(join(folder, 'ssh-'));
  await mkdir(join(place, 'answers'));
  await writeFile(join(place, 'known_hosts'), knownHosts(first));
  await writeFile(join(place, 'input'), remoteInput(request));
  await writeFile(join(place, 'hosts'), targets.map(({ host }) => `${host}\n`).join(''));
  const options = clientArguments(first, { knownHosts: 'known_hosts', privateKey }, times).slice(0, -1);
  const loop = ['xargs', '-a', 'hosts', '-P', `${atOnce}`, '-I{}', 'sh', '-c', 'exec "$@" <input >"answers/$0"', '{}'];
  const command = [...loop, 'ssh', ...options, '{}', remoteCommand('none', request)];
  const environment = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  const { wallSeconds, cpuSeconds } = await runMeasured(command, { folder: place, environment });
  const answers = await Promise.all(targets.map(({ host }) => readFile(join(place, 'answers', host), 'utf8')));
  assertWhole(answers, targets.length, 'ssh');
  await rm(place, { recursive: true });
  return { hosts: targets.length, wallSeconds, cpuSeconds };
}

/** A play of one task. What it runs is encoded, so that Ansible finds nothing in it to take apart. */
export async function ansibleRaw(bed: ManyBed, count: number, forks: number): Promise<Look> {
  const shell = `/bin/sh -c "$(${decoded(request.script)})" holdfast`;
  const tasks = [{ name: 'look', 'ansible.builtin.raw': `${decoded(request.input)} | ${shell}`, changed_when: false }];
  const hosts = bed.targets.slice(0, count).map((target) => ({ name: target.id, target, variables: {} }));
  const playbook = { is: 'tasks', tasks } as const;
  const folder = await mkdtemp(join(bed.folder, 'raw-'));
  const run = { hosts, playbook, variables: {}, check: false, forks, timeoutSeconds: 600 };
  const { report, wallSeconds, cpuSeconds } = await runPlaybook(folder, run);
  const results = report.plays.flatMap((play) => play.tasks).flatMap((task) => Object.values(task.hosts));
  assertWhole(
    results.map(({ stdout = '' }) => stdout),
    count,
    'Ansible',
  );
  await rm(folder, { recursive: true });
  return { hosts: count, wallSeconds, cpuSeconds };
}

/** Text of base64 without its sign of equality, which Ansible would take for an option. */
function decoded(text: string): string {
  const bytes = Buffer.from(text);
  const padded = Buffer.concat([bytes, Buffer.alloc((3 - (bytes.length % 3)) % 3, '\n')]);
  return `echo ${padded.toString('base64')} | base64 -d`;
}

function assertWhole(answers: readonly string[], count: number, who: string): void {
  const whole = answers.filter((answer) => answer.includes(end)).length;
  if (whole !== count) throw new Error(`${who} brought ${whole} whole answers of ${count} hosts.`);
}
