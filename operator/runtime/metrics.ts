/** What the runtime tells of itself to Prometheus: controller-runtime's names with their meaning, and a few of our own. */
import {
  Counter,
  Gauge,
  Registry,
  collectDefaultMetrics,
  type GaugeConfiguration,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';
import type { Gauge as DeclaredGauge, Sample } from './feature.ts';
import type { Queue, QueueMeter } from './queue.ts';
import { counterOf, histogramOf, type Tally } from './tally.ts';

const passResults = ['success', 'requeue_after', 'requeue', 'error'] as const;
export type PassResult = (typeof passResults)[number];
type Results = Readonly<Record<PassResult, Tally>>;

/** What one controller tells. */
export interface ControllerMeter {
  readonly queue: QueueMeter;
  result(result: PassResult): void;
  /** Our own code failed. */
  broke(): void;
  waitedForOwnWrite(): void;
  /** Lets depth and workers be read when someone asks for them. */
  observe(queue: Queue): void;
}

export interface Metrics {
  readonly registry: Registry;
  controller(name: string, workers: number): ControllerMeter;
  readonly requested: (verb: string, code: string) => void;
  relisted(kind: string): void;
  /** Lets the number of cached objects be read when someone asks for it. */
  observeCache(kind: string, size: () => number): void;
  leads(lease: string, leads: boolean): void;
  /** Lets the time be read since a watch was last answered, in seconds. */
  observeWatch(kind: string, silence: () => number): void;
  /** Lets it be read whether this process leads, and may write. */
  observeLeading(leads: () => boolean): void;
  /** Samples that differ only in labels that are left out are summed up. */
  gauge(declared: Omit<DeclaredGauge, 'samples'>, without: readonly string[], samples: () => readonly Sample[]): void;
}

const QUEUE_BUCKETS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];
const PASS_BUCKETS = [0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Gauges whose names say that they are counters. Those by type, which stay, add up to them. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** A registry of its own, to which features may add theirs. `version` is that of the operator. */
export function createMetrics(version = 'unknown'): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const registers = [registry];
  const build = new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1: the versions of the operator and of Node are its labels.',
    labelNames: ['version', 'node_version'],
    registers,
  });
  build.set({ version, node_version: process.version }, 1);
  const requests = counter(
    registers,
    'holdfast_apiserver_requests_total',
    'Requests to the apiserver, by verb and status code.',
    ['verb', 'code'],
  );
  const relists = counter(
    registers,
    'holdfast_watch_relists_total',
    'Full lists of a kind: the initial one, and those after a watch could not be resumed.',
    ['kind'],
  );
  const leading = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process is the leader.',
    labelNames: ['name'],
    registers,
  });
  const cached = gaugeOfSources(registers, 'holdfast_cache_objects', 'Objects in the cache.', 'kind');
  const silences = gaugeOfSources(
    registers,
    'holdfast_watch_silence_seconds',
    'Time since the apiserver last answered a watch or a list of a kind; up to a minute is usual.',
    'kind',
  );
  const controllers = controllerMetrics(registry);
  return {
    registry,
    controller: controllers,
    requested: (verb, code) => requests.inc({ verb, code }),
    relisted: (kind) => relists.inc({ kind }),
    observeCache: (kind, size) => cached.set(kind, size),
    observeWatch: (kind, silence) => silences.set(kind, silence),
    observeLeading: (leads) =>
      gaugeOf(registers, 'holdfast_leading', 'Whether this process leads and may write.', leads),
    leads: (name, leads) => leading.set({ name }, leads ? 1 : 0),
    gauge: (declared, without, samples) => sampled(registers, declared, without, samples),
  };
}

function controllerMetrics(registry: Registry): Metrics['controller'] {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labels: L[]) =>
    counterOf({ registry, name, help }, labels);
  const histogram = (name: string, help: string, label: string, buckets: readonly number[]) =>
    histogramOf({ registry, name, help }, label, buckets);
  const passes = counter('controller_runtime_reconcile_total', 'Reconciliations, by result.', ['controller', 'result']);
  const errors = counter('controller_runtime_reconcile_errors_total', 'Reconciliations that failed.', ['controller']);
  const panics = counter(
    'controller_runtime_reconcile_panics_total',
    'Reconciliations that failed because of a bug in the operator.',
    ['controller'],
  );
  const waits = counter(
    'holdfast_own_write_waits_total',
    'Reconciliations delayed until the cache had seen the last write.',
    ['controller'],
  );
  const times = histogram(
    'controller_runtime_reconcile_time_seconds',
    'Time taken by a reconciliation.',
    'controller',
    PASS_BUCKETS,
  );
  const maxWorkers = new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Maximum number of concurrent reconciliations.',
    labelNames: ['controller'],
    registers,
  });
  const adds = counter('workqueue_adds_total', 'Keys added to the queue.', ['name']);
  const retries = counter('workqueue_retries_total', 'Keys put back after a failure.', ['name']);
  const queued = histogram(
    'workqueue_queue_duration_seconds',
    'Time a key was due before its processing started.',
    'name',
    QUEUE_BUCKETS,
  );
  const worked = histogram('workqueue_work_duration_seconds', 'Time taken to process a key.', 'name', QUEUE_BUCKETS);
  const depth = gaugeOfSources(registers, 'workqueue_depth', 'Keys that are due and not yet being processed.', 'name');
  const active = gaugeOfSources(
    registers,
    'controller_runtime_active_workers',
    'Reconciliations in progress.',
    'controller',
  );
  return (name, workers) => {
    maxWorkers.set({ controller: name }, workers);
    const by = { controller: name };
    const results = Object.fromEntries(passResults.map((result) => [result, passes({ ...by, result })])) as Results;
    const [failed, broken, waited] = [errors(by), panics(by), waits(by)];
    const [added, retried] = [adds({ name }), retries({ name })];
    const [inQueue, atWork, took] = [queued(name), worked(name), times(name)];
    return {
      queue: {
        added: () => added.count++,
        started: (seconds) => inQueue.observe(seconds),
        finished(seconds) {
          atWork.observe(seconds);
          took.observe(seconds);
        },
        retried: () => retried.count++,
      },
      result(result) {
        results[result].count++;
        if (result === 'error') failed.count++;
      },
      broke: () => broken.count++,
      waitedForOwnWrite: () => waited.count++,
      observe(queue) {
        depth.set(name, () => queue.depth);
        active.set(name, () => queue.active);
      },
    };
  };
}

function counter<L extends string>(registers: Registry[], name: string, help: string, labelNames: L[]): Counter<L> {
  return new Counter({ name, help, labelNames, registers });
}

function sampled(
  registers: Registry[],
  { name, help, labels }: Omit<DeclaredGauge, 'samples'>,
  without: readonly string[],
  samples: () => readonly Sample[],
): void {
  const labelNames = labels.filter((label) => !without.includes(label));
  new SampledGauge({ name, help, labelNames, registers }, () => summed(samples(), labelNames));
}

/** Its values are those of the moment: to keep thousands, as gauges do, takes longer than the rest of an answer. */
class SampledGauge extends Gauge {
  readonly #values: () => MetricValue<string>[];

  constructor(configuration: GaugeConfiguration<string>, values: () => MetricValue<string>[]) {
    super(configuration);
    this.#values = values;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValue<string>>> {
    return { ...(await super.get()), values: this.#values() };
  }
}

/** One value for each combination of these labels. */
function summed(samples: readonly Sample[], labelNames: readonly string[]): MetricValue<string>[] {
  const values = new Map<string, MetricValue<string>>();
  for (const { labels, value } of samples) {
    let id = '';
    for (const name of labelNames) id += `${labels[name] ?? ''}\0`;
    const same = values.get(id);
    if (same) same.value += value;
    else values.set(id, { labels: Object.fromEntries(labelNames.map((name) => [name, labels[name] ?? ''])), value });
  }
  return [...values.values()];
}

function gaugeOf(registers: Registry[], name: string, help: string, read: () => boolean): void {
  const collect = function (this: Gauge): void {
    this.set(read() ? 1 : 0);
  };
  new Gauge({ name, help, registers, collect });
}

/** A gauge that asks its sources when it is read. */
function gaugeOfSources(registers: Registry[], name: string, help: string, label: string): Map<string, () => number> {
  const sources = new Map<string, () => number>();
  const collect = function (this: Gauge): void {
    for (const [value, read] of sources) this.set({ [label]: value }, read());
  };
  new Gauge({ name, help, labelNames: [label], registers, collect });
  return sources;
}
