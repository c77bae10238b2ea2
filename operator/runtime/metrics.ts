/** What the runtime tells of itself to Prometheus: controller-runtime's names with their meaning, and a few of our own. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Gauge as DeclaredGauge, Sample } from './feature.ts';
import type { Queue, QueueMeter } from './queue.ts';

export type PassResult = 'success' | 'requeue_after' | 'requeue' | 'error';

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
  /** Samples that differ only in labels that are left out are summed up. */
  gauge(declared: Omit<DeclaredGauge, 'samples'>, without: readonly string[], samples: () => readonly Sample[]): void;
}

const QUEUE_BUCKETS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];
const PASS_BUCKETS = [0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** A registry of its own, to which features may add theirs. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const registers = [registry];
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
  const controllers = controllerMetrics(registers);
  return {
    registry,
    controller: controllers,
    requested: (verb, code) => requests.inc({ verb, code }),
    relisted: (kind) => relists.inc({ kind }),
    observeCache: (kind, size) => cached.set(kind, size),
    leads: (name, leads) => leading.set({ name }, leads ? 1 : 0),
    gauge: (declared, without, samples) => sampled(registers, declared, without, samples),
  };
}

function controllerMetrics(registers: Registry[]): Metrics['controller'] {
  const passes = counter(registers, 'controller_runtime_reconcile_total', 'Reconciliations, by result.', [
    'controller',
    'result',
  ]);
  const errors = counter(registers, 'controller_runtime_reconcile_errors_total', 'Reconciliations that failed.', [
    'controller',
  ]);
  const panics = counter(
    registers,
    'controller_runtime_reconcile_panics_total',
    'Reconciliations that failed because of a bug in the operator.',
    ['controller'],
  );
  const waits = counter(
    registers,
    'holdfast_own_write_waits_total',
    'Reconciliations delayed until the cache had seen the last write.',
    ['controller'],
  );
  const times = histogram(
    registers,
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
  const adds = counter(registers, 'workqueue_adds_total', 'Keys added to the queue.', ['name']);
  const retries = counter(registers, 'workqueue_retries_total', 'Keys put back after a failure.', ['name']);
  const queued = histogram(
    registers,
    'workqueue_queue_duration_seconds',
    'Time a key was due before its processing started.',
    'name',
    QUEUE_BUCKETS,
  );
  const worked = histogram(
    registers,
    'workqueue_work_duration_seconds',
    'Time taken to process a key.',
    'name',
    QUEUE_BUCKETS,
  );
  const depth = gaugeOfSources(registers, 'workqueue_depth', 'Keys that are due and not yet being processed.', 'name');
  const active = gaugeOfSources(
    registers,
    'controller_runtime_active_workers',
    'Reconciliations in progress.',
    'controller',
  );
  return (name, workers) => {
    maxWorkers.set({ controller: name }, workers);
    for (const result of ['success', 'requeue_after', 'requeue', 'error']) passes.inc({ controller: name, result }, 0);
    errors.inc({ controller: name }, 0);
    return {
      queue: {
        added: () => adds.inc({ name }),
        started: (seconds) => queued.observe({ name }, seconds),
        finished(seconds) {
          worked.observe({ name }, seconds);
          times.observe({ controller: name }, seconds);
        },
        retried: () => retries.inc({ name }),
      },
      result(result) {
        passes.inc({ controller: name, result });
        if (result === 'error') errors.inc({ controller: name });
      },
      broke: () => panics.inc({ controller: name }),
      waitedForOwnWrite: () => waits.inc({ controller: name }),
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

function histogram<L extends string>(
  registers: Registry[],
  name: string,
  help: string,
  label: L,
  buckets: number[],
): Histogram<L> {
  return new Histogram({ name, help, labelNames: [label], buckets, registers });
}

function sampled(
  registers: Registry[],
  { name, help, labels }: Omit<DeclaredGauge, 'samples'>,
  without: readonly string[],
  samples: () => readonly Sample[],
): void {
  const labelNames = labels.filter((label) => !without.includes(label));
  const collect = function (this: Gauge): void {
    this.reset();
    for (const sample of samples())
      this.inc(Object.fromEntries(labelNames.map((label) => [label, sample.labels[label] ?? ''])), sample.value);
  };
  new Gauge({ name, help, labelNames, registers, collect });
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
