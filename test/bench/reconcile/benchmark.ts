/**
 * The runtime against a small operator on controller-runtime, on the same apiserver: both watch the same objects, and
 * decide on the same changes by the digest of the spec. They take turns, each from a fresh start and alone, so that they
 * do not compete for processors; the writer's and the apiserver's work is not counted.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startCluster } from '../../cluster/cluster.ts';
import { setUp } from '../../cluster/setUp.ts';
import { ApiClient, forEachNumber } from '../apiClient.ts';
import type { Say } from '../benchmarks.ts';
import type { Figure, Measured } from '../report.ts';
import { Subject, numberIn } from '../subject.ts';
import { change, collection, nameOf, widget } from './widgets.ts';

const writers = 16;
const manager = 'platform';
const watched = { usual: 10_000, many: 50_000 };

interface Candidate {
  readonly name: string;
  readonly command: (kubeconfig: string) => string[];
}

/** Figures of one turn of one candidate. */
interface Turn {
  readonly candidate: string;
  readonly objects: number;
  /** CPU-seconds from the start of the process to a synced cache, as the process counts them at that moment. */
  readonly syncCpuSeconds: number;
  /** CPU-seconds until each object was decided once. */
  readonly firstPassCpuSeconds: number;
  readonly residentBytes: number;
  readonly peakBytes: number;
  readonly changes?: number;
  readonly decisions?: number;
  readonly changesCpuSeconds?: number;
  readonly wallSeconds?: number;
}

export async function reconcile(rounds: number, say: Say): Promise<Measured> {
  const candidates = await makeCandidates();
  const cluster = await startCluster({
    controllerManager: false,
    manifests: [join(import.meta.dirname, 'widgets.yaml')],
  });
  const client = await ApiClient.open(cluster.kubeconfig, writers);
  try {
    const bench = new Bench(cluster.kubeconfig, client, say);
    await bench.create(0, watched.usual);
    const turns: Turn[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const candidate of candidates) turns.push(await bench.turn(candidate, watched.usual, `round ${round}`));
    }
    await bench.create(watched.usual, watched.many);
    for (const candidate of candidates) turns.push(await bench.turn(candidate, watched.many));
    await bench.assertNobodyElseWrote();
    return summarise(turns, await bench.objectBytes(), rounds);
  } finally {
    await client.close();
    await cluster.stop();
  }
}

async function makeCandidates(): Promise<Candidate[]> {
  const go = join(await setUp('bench-operator'), 'bench-operator');
  const peer = (mode: string) => (kubeconfig: string) => [go, `--kubeconfig=${kubeconfig}`, `--mode=${mode}`];
  const ours = join(import.meta.dirname, 'ours.ts');
  return [
    { name: 'ours', command: (kubeconfig) => [process.execPath, ours, kubeconfig, 'whole'] },
    { name: 'typed', command: peer('typed') },
    { name: 'unstructured', command: peer('unstructured') },
  ];
}

class Bench {
  readonly #kubeconfig: string;
  readonly #client: ApiClient;
  readonly #say: Say;
  #generation = 1;

  constructor(kubeconfig: string, client: ApiClient, say: Say) {
    this.#kubeconfig = kubeconfig;
    this.#client = client;
    this.#say = say;
  }

  async create(from: number, to: number): Promise<void> {
    this.#say(`making ${to - from} objects…`);
    const apply = (index: number): Promise<void> => this.#client.apply(pathOf(index), manager, widget(index));
    await forEachNumber(from, to, writers, apply);
  }

  /** Starts the candidate, lets it sync and look at all objects; with a round, changes each object once. */
  async turn(candidate: Candidate, objects: number, round?: string): Promise<Turn> {
    const subject = await Subject.start(candidate.command(this.#kubeconfig));
    try {
      const syncCpuSeconds = numberIn(await subject.next('synced'), 'cpuSeconds');
      await reached(subject, 'decisions', objects);
      const firstPassCpuSeconds = await subject.group.cpuSeconds();
      const changed = round === undefined ? {} : await this.#changeAll(subject, objects);
      const { resident, peak } = await subject.group.memory();
      const memory = { residentBytes: resident, peakBytes: peak };
      const turn = { candidate: candidate.name, objects, syncCpuSeconds, firstPassCpuSeconds, ...memory, ...changed };
      this.#say(`${round ?? `${objects} objects`}, ${candidate.name}: ${tell(turn)}`);
      return turn;
    } finally {
      await subject.stop();
    }
  }

  /** Every object gets another spec; ends when the subject has decided on each. */
  async #changeAll(subject: Subject, objects: number): Promise<Partial<Turn>> {
    const generation = ++this.#generation;
    const before = await subject.ask('count');
    const cpuBefore = await subject.group.cpuSeconds();
    const began = performance.now();
    const patch = (index: number): Promise<void> =>
      this.#client.mergePatch(pathOf(index), manager, change(index, generation));
    await forEachNumber(0, objects, writers, patch);
    const after = await reached(subject, 'changes', numberIn(before, 'changes') + objects);
    return {
      changes: numberIn(after, 'changes') - numberIn(before, 'changes'),
      decisions: numberIn(after, 'decisions') - numberIn(before, 'decisions'),
      changesCpuSeconds: (await subject.group.cpuSeconds()) - cpuBefore,
      wallSeconds: (performance.now() - began) / 1000,
    };
  }

  /** A subject that wrote did other work than was meant. */
  async assertNobodyElseWrote(): Promise<void> {
    const { items } = await this.#client.get<{ items: { metadata: { managedFields: { manager: string }[] } }[] }>(
      `${collection}?limit=500`,
    );
    const managers = new Set(items.flatMap(({ metadata }) => metadata.managedFields.map((field) => field.manager)));
    if (managers.size !== 1) throw new Error(`Besides the writer, somebody wrote: ${[...managers].join(', ')}.`);
  }

  /** Size of an object as the apiserver sends it. */
  async objectBytes(): Promise<number> {
    return (await this.#client.request('GET', pathOf(0))).length;
  }
}

/** Asks a few times a second, which costs the subject next to nothing. */
async function reached(subject: Subject, counter: string, goal: number): ReturnType<Subject['ask']> {
  for (;;) {
    const line = await subject.ask('count');
    if (numberIn(line, counter) >= goal) return line;
    await delay(200);
  }
}

function pathOf(index: number): string {
  return `${collection}/${nameOf(index)}`;
}

function tell(turn: Turn): string {
  const sync = `${turn.syncCpuSeconds.toFixed(2)} CPU-s to sync, ${turn.firstPassCpuSeconds.toFixed(2)} to have looked at all`;
  const memory = `${Math.round(turn.residentBytes / 1e6)} MB resident`;
  if (turn.decisions === undefined) return `${sync}, ${memory}`;
  const changes = `${turn.decisions} decisions in ${turn.changesCpuSeconds?.toFixed(2)} CPU-s (${turn.wallSeconds?.toFixed(0)} s)`;
  return `${sync}; ${changes}; ${memory}`;
}

function summarise(turns: readonly Turn[], objectBytes: number, rounds: number): Measured {
  const of = (candidate: string, objects: number, value: (turn: Turn) => number): number[] =>
    turns.filter((turn) => turn.candidate === candidate && turn.objects === objects).map(value);
  const figure =
    (what: string, unit: string, better: Figure['better'], value: (turn: Turn) => number, objects = watched.usual) =>
    (candidate: string): Figure => ({
      what,
      unit,
      better,
      ours: of('ours', objects, value),
      peer: of(candidate, objects, value),
      against: `controller-runtime, ${candidate} objects`,
    });
  const figures = [
    figure(
      'decisions on changes',
      'decisions per CPU-second',
      'more',
      (turn) => turn.decisions! / turn.changesCpuSeconds!,
    ),
    figure('to a synced cache of 10,000 objects', 'CPU-s', 'less', (turn) => turn.syncCpuSeconds),
    figure('to having decided on each of them once', 'CPU-s', 'less', (turn) => turn.firstPassCpuSeconds),
    figure('resident after 10,000 changes', 'MB', 'less', (turn) => turn.residentBytes / 1e6),
    figure('resident with 50,000 objects', 'MB', 'less', (turn) => turn.residentBytes / 1e6, watched.many),
    figure('peak with 50,000 objects', 'MB', 'less', (turn) => turn.peakBytes / 1e6, watched.many),
  ];
  const all = ['typed', 'unstructured'].flatMap((candidate) => figures.map((make) => make(candidate)));
  return {
    peer: 'controller-runtime, typed objects',
    figures: all as [Figure, ...Figure[]],
    setting: {
      rounds,
      objects: watched.usual,
      objectBytes,
      writers,
      controllerRuntime: 'v0.23.3',
      maxConcurrentReconciles: 1,
    },
    notes: [
      'Both strip managedFields, decide by SHA-256 of the spec as JSON, and write nothing. Ours also compares the status that it would write.',
      'The process is fresh in each turn: start-up, type stripping and warm-up of Node are in its CPU-seconds.',
    ],
    runs: turns,
  };
}
