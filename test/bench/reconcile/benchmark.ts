/**
 * The runtime against a small operator on controller-runtime, on the same apiserver: both watch the same objects, and
 * decide on the same changes by the digest of the spec. They take turns, each from a fresh start and alone, so that they
 * do not compete for processors; the writer's and the apiserver's work is not counted.
 */
import { join } from 'node:path';
import { startCluster } from '../../cluster/cluster.ts';
import { setUp } from '../../cluster/setUp.ts';
import { type Options, scaled } from '../options.ts';
import type { Figure, Measured } from '../report.ts';
import { type Start, compiled } from '../start.ts';
import { type Candidate, Driver, type Turn, type TurnWithChanges, writers } from './driver.ts';

const sizes = { usual: 10_000, many: 50_000 };

interface Turns {
  readonly withChanges: readonly TurnWithChanges[];
  readonly withMany: readonly Turn[];
}

export async function reconcile(options: Options): Promise<Measured> {
  const { rounds, say } = options;
  const ours = await compiled(join(import.meta.dirname, 'ours.ts'), []);
  const candidates = await makeCandidates(ours);
  const manifests = [join(import.meta.dirname, 'widgets.yaml')];
  const cluster = await startCluster({ controllerManager: false, manifests });
  const driver = await Driver.open(cluster.kubeconfig);
  try {
    say('making objects…');
    await driver.makeObjects(scaled(sizes.usual, options));
    const withChanges: TurnWithChanges[] = [];
    for (let round = 1; round <= rounds; round++) {
      // One turn is enough to know where unstructured objects stand.
      for (const candidate of round === 1 ? candidates : candidates.slice(0, 2)) {
        const turn = await driver.turnWithChanges(candidate);
        say(`round ${round}, ${told(turn)}; ${toldChanges(turn)}`);
        withChanges.push(turn);
      }
    }
    say('making more objects…');
    await driver.makeObjects(scaled(sizes.many, options));
    const withMany: Turn[] = [];
    for (const candidate of [...candidates, projected(ours)]) {
      const turn = await driver.turn(candidate);
      say(told(turn));
      withMany.push(turn);
    }
    await driver.assertNobodyElseWrote();
    return summarise({ withChanges, withMany }, await driver.objectBytes());
  } finally {
    await driver.close();
    await cluster.stop();
    await ours.stop();
  }
}

function projected({ command }: Start): Candidate {
  return { name: 'projected', command: (kubeconfig) => command(kubeconfig, 'projected') };
}

/** The first two are those that the benchmark is about. */
async function makeCandidates({ command }: Start): Promise<Candidate[]> {
  const go = join(await setUp('bench-operator'), 'bench-operator');
  const peer = (mode: string) => (kubeconfig: string) => [go, `--kubeconfig=${kubeconfig}`, `--mode=${mode}`];
  return [
    { name: 'ours', command: (kubeconfig) => command(kubeconfig, 'whole') },
    { name: 'typed', command: peer('typed') },
    { name: 'unstructured', command: peer('unstructured') },
  ];
}

function told({ candidate, objects, syncCpu, firstPassCpu, resident }: Turn): string {
  const cpu = `${syncCpu.toFixed(2)} CPU-s to sync ${objects}, ${firstPassCpu.toFixed(2)} to have decided on all`;
  return `${candidate}: ${cpu}; ${Math.round(resident / 1e6)} MB`;
}

function toldChanges({ decisions, changesCpu, changesWall }: TurnWithChanges): string {
  return `${decisions} decisions in ${changesCpu.toFixed(2)} CPU-s over ${changesWall.toFixed(0)} s`;
}

function summarise({ withChanges, withMany }: Turns, objectBytes: number): Measured {
  const changes = comparison(withChanges);
  const many = comparison(withMany);
  const decisions = (peer: string): Figure =>
    changes(
      'decisions on changes',
      'decisions per CPU-second',
      'more',
      (turn) => turn.decisions / turn.changesCpu,
      peer,
    );
  const [usual, large] = [withChanges[0]!.objects, withMany[0]!.objects].map((count) => count.toLocaleString('en'));
  const sync = `to a synced cache of ${usual} objects`;
  const resident = `resident with ${large} objects`;
  return {
    peer: 'controller-runtime, typed',
    figures: [
      decisions('typed'),
      changes(sync, 'CPU-s', 'less', (turn) => turn.syncCpu, 'typed'),
      changes('to having decided on each of them once', 'CPU-s', 'less', (turn) => turn.firstPassCpu, 'typed'),
      changes(`resident after ${usual} changes`, 'MB', 'less', (turn) => turn.resident / 1e6, 'typed'),
      many(resident, 'MB', 'less', (turn) => turn.resident / 1e6, 'typed'),
      many(`peak with ${large} objects`, 'MB', 'less', (turn) => turn.peak / 1e6, 'typed'),
      many(`${resident}, our cache projected`, 'MB', 'less', (turn) => turn.resident / 1e6, 'typed', 'projected'),
      decisions('unstructured'),
      changes(sync, 'CPU-s', 'less', (turn) => turn.syncCpu, 'unstructured'),
      many(resident, 'MB', 'less', (turn) => turn.resident / 1e6, 'unstructured'),
    ],
    setting: {
      rounds: withChanges.filter(({ candidate }) => candidate === 'ours').length,
      objects: withChanges[0]!.objects,
      objectBytes,
      writers,
      controllerRuntime: 'v0.23.3',
      maxConcurrentReconciles: 1,
    },
    notes: [
      'Both drop managedFields, decide by SHA-256 of the spec as JSON, and write nothing. Ours also derives the status that it would write and finds it there.',
      'Each turn is a fresh process: start and warm-up of Node are in its CPU-seconds to sync; both were compiled beforehand.',
    ],
    runs: [...withChanges, ...withMany],
  };
}

function comparison<T extends Turn>(turns: readonly T[]) {
  return (
    what: string,
    unit: string,
    better: Figure['better'],
    value: (turn: T) => number,
    peer: string,
    ours = 'ours',
  ): Figure => {
    const of = (name: string): number[] => turns.filter(({ candidate }) => candidate === name).map(value);
    return { what, unit, better, ours: of(ours), peer: of(peer), against: `controller-runtime, ${peer}` };
  };
}
