/**
 * The operator is killed at moments spread over its life, while hosts hang and a run of Ansible is in progress, and started again: nothing
 * of the dead one is left then, and a polite end takes no more than 20 seconds.
 */
import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, namespace } from '../operator/bed.ts';
import { until } from '../operator/until.ts';
import type { Fault } from './faults.ts';
import { path, startKillBed, well, type KillBed, type Victim } from './killBed.ts';
import { leftBehind, workingIn } from './left.ts';

interface Scene {
  readonly bed: KillBed;
  readonly victim: Victim;
  /** Uids of the runs before. */
  readonly earlier: ReadonlySet<string | undefined>;
  readonly content: string;
}

type Moment = (scene: Scene) => boolean | Promise<boolean>;

const clients = ({ bed, victim }: Scene) =>
  workingIn(bed.state).filter(({ at, title }) => at.includes(`-${victim.pid}-`) && title.startsWith('ssh'));
const filesOf = ({ bed, victim }: Scene, pattern: string) =>
  globSync(`ssh/ssh-${victim.pid}-*/${pattern}`, { cwd: bed.state });
const newRun = async ({ bed, earlier }: Scene) =>
  (await bed.kubectl.list<AnsibleRun>('ansibleruns')).find(({ metadata }) => !earlier.has(metadata.uid));
const folderOf = async (scene: Scene) => `ansible/runs/${(await newRun(scene))?.metadata.uid ?? 'none'}`;
const inFolder =
  (pattern: string): Moment =>
  async (scene) =>
    globSync(`${await folderOf(scene)}/${pattern}`, { cwd: scene.bed.state }).length > 0;
const report = async ({ bed }: Scene) => bed.kubectl.get<DriftReport>('driftreport', `corrects.${well}`);

/** In the order of a life. */
export const moments: Readonly<Record<string, Moment>> = {
  'its process has started': () => true,
  'its program runs': ({ victim }) =>
    workingIn('/').some(({ pid, title }) => pid === victim.pid && title.includes('main.ts')),
  'it has a directory for connections': (scene) => filesOf(scene, 'in-use').length > 0,
  'it is ready': ({ victim }) => victim.isReady(),
  'its first shell runs': (scene) => filesOf(scene, 'r*').length > 0,
  'a key is written': (scene) => filesOf(scene, 'f*').length > 0,
  'three clients run': (scene) => clients(scene).length >= 3,
  'all hosts are asked': (scene) => clients(scene).length >= 4,
  'the report shows the drift': async (scene) => (await report(scene))?.status?.result === 'Fail',
  'the run is made': async (scene) => (await newRun(scene)) !== undefined,
  'the run is recorded as started': async (scene) => (await newRun(scene))?.status?.startTime !== undefined,
  'the key of the run is written': inFolder('attempt-*/keys/*'),
  'the run has started': inFolder('started'),
  'Ansible has a connection': async (scene) => {
    const folder = await folderOf(scene);
    return workingIn(scene.bed.state).some(({ at, title }) => at.startsWith(folder) && title.startsWith('ssh'));
  },
  'the file is written': async ({ bed, content }) => (await bed.host(well).run(`cat ${path}`)).stdout === content,
  'the result is written': inFolder('result.json'),
  'the run is complete': async (scene) => (await newRun(scene))?.status?.completionTime !== undefined,
  'the report shows no drift': async (scene) =>
    (await newRun(scene))?.status?.completionTime !== undefined && (await report(scene))?.status?.result === 'Pass',
  'a connection is kept': (scene) => clients(scene).some(({ title }) => title.endsWith('[mux]')),
  'a host that hangs is given up': ({ victim }) => victim.log().includes('no proof of identity'),
};

/** Signals one after the other, at once: a second one of the same kind may meet the first, and is then none. */
export const ends: Readonly<Record<string, readonly NodeJS.Signals[]>> = {
  kill: ['SIGKILL'],
  term: ['SIGTERM'],
  'term twice': ['SIGTERM', 'SIGTERM'],
  'term and kill': ['SIGTERM', 'SIGKILL'],
};

export interface Case {
  readonly moment: string;
  readonly end: keyof typeof ends;
  /** How it is started when not by a parent that waits for it. */
  readonly wrapper?: string;
}

const twice = ['it is ready', 'all hosts are asked', 'the run has started', 'a connection is kept'];

export const cases: readonly Case[] = [
  ...Object.keys(moments).flatMap((moment) => [
    { moment, end: 'kill' },
    { moment, end: 'term' },
  ]),
  ...twice.flatMap((moment) => [
    { moment, end: 'term twice' },
    { moment, end: 'term and kill' },
  ]),
  // Its parent does not wait for it: it becomes a zombie.
  { moment: 'all hosts are asked', end: 'kill', wrapper: '"$@" & exec sleep 3000' },
];

const mostSeconds = 20;

/** Throws with what is left. Resolves with the seconds that the operator took to end. */
export async function round(bed: KillBed, { moment, end, wrapper }: Case, content: string): Promise<number> {
  const runs = await bed.kubectl.list<AnsibleRun>('ansibleruns');
  const earlier = new Set(runs.map(({ metadata }) => metadata.uid));
  await bed.drift(content);
  const victim = await bed.start(wrapper);
  const scene: Scene = { bed, victim, earlier, content: `round ${content}\n` };
  const come = async (): Promise<true | undefined> => ((await moments[moment]?.(scene)) ? true : undefined);
  await until(moment, come, { seconds: 150, everyMilliseconds: 5, seen: () => victim.log().slice(-2000) });
  for (const name of ends[end] ?? []) victim.signal(name);
  const seconds = await victim.gone();
  if (seconds > mostSeconds) throw new Error(`it took ${seconds.toFixed(1)} s to end`);
  const next = await bed.start();
  await until('the next is ready', () => (next.isReady() ? true : undefined), { everyMilliseconds: 5 });
  const left = leftBehind(bed.state, next.pid).filter((line) => !/ansible/.test(line));
  if (left.length > 0) throw new Error(`left behind by ${victim.pid}, found by ${next.pid}:\n${left.join('\n')}`);
  next.signal('SIGKILL');
  await next.gone();
  return seconds;
}

/** A run that is in progress throughout, and outlives the operators. */
export async function startLongRun({ kubectl }: KillBed): Promise<void> {
  const tasks = [{ 'ansible.builtin.wait_for': { path: '/run/hf-never', timeout: 3000 } }];
  const playbook = { inline: JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]) };
  await kubectl.apply({
    apiVersion,
    kind: 'AnsibleRun',
    metadata: { name: 'long', namespace },
    spec: { deviceNames: ['leaves-01'], backend: 'Local', timeoutSeconds: 3000, playbook },
  });
}

/** In the end, all runs over, nothing is left of them here, nor of any look on the hosts. */
export async function assertNothingLeft(bed: KillBed): Promise<void> {
  const last = await bed.start();
  await bed.kubectl.run('delete', 'ansiblerun', 'long', '--ignore-not-found');
  const runs = () => bed.kubectl.list<AnsibleRun>('ansibleruns');
  await until(
    'all runs are complete',
    async () => ((await runs()).every(({ status }) => status?.completionTime) ? true : undefined),
    { seconds: 180, seen: runs },
  );
  await until('nothing is left of them', () => (leftBehind(bed.state, last.pid).length === 0 ? true : undefined), {
    seen: () => leftBehind(bed.state, last.pid),
  });
  last.signal('SIGTERM');
  await last.gone();
  const rest = [...readdirSync(join(bed.state, 'ssh')), ...workingIn(bed.state).map(({ title }) => title)];
  if (rest.length > 0) throw new Error(`left behind by the last:\n${rest.join('\n')}`);
  for (const { name } of bed.fleet.hosts)
    await until(
      `no look is left on ${name}`,
      async () => ((await bed.host(name).run('pgrep -f "^timeout -k 5 .* holdfast"')).code === 1 ? true : undefined),
      { seconds: 90, everyMilliseconds: 1000 },
    );
}

export const kill: Fault = async (say, signal, { isPart }) => {
  const bed = await startKillBed();
  try {
    await startLongRun(bed);
    const failed: string[] = [];
    // Each moment and each end, but not each with each.
    const chosen = cases.filter((_, at) => !isPart || at % 4 === 0 || at % 4 === 3);
    for (const [index, one] of chosen.entries()) {
      signal.throwIfAborted();
      const what = `${one.end} once ${one.moment}${one.wrapper ? ', as a zombie' : ''}`;
      try {
        say(`${what}: gone after ${(await round(bed, one, `${index}`)).toFixed(1)} s, nothing left`);
      } catch (error) {
        failed.push(what);
        say(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    await assertNothingLeft(bed);
    return {
      count: chosen.length,
      lines: [`${chosen.length - failed.length} of ${chosen.length} left nothing`],
      problems: failed.map((what) => `${what}: something was left, or it took too long`),
    };
  } finally {
    await bed.stop();
  }
};
