/** What is measured while it happens, and cannot be counted from the cache: looks at hosts, and how corrections end. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { Probe } from '../drift/device/observe.ts';
import type { Clock } from '../runtime/clock.ts';

export interface Meters {
  /** The probe, its time and outcome measured. */
  measured(probe: Probe): Probe;
  readonly onOutcome: (run: AnsibleRun, outcome: string) => void;
  /** A query to a Prometheus server: `answer`, or why there was none. */
  readonly onQuery: (server: string, result: string, seconds: number) => void;
}

export interface MeterOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Whether hosts are told apart. */
  readonly byHost: boolean;
  /** Whether there is a Device of that ID, `namespace/name`: of one that is deleted nothing is said any more. */
  readonly exists: (id: string) => boolean;
}

const scanBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const queryBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMeters({ registry, clock, byHost, exists }: MeterOptions): Meters {
  const registers = [registry];
  const scans = new Histogram({
    name: 'holdfast_device_scan_seconds',
    help: 'Time taken to evaluate a host, by result.',
    labelNames: ['result'],
    buckets: scanBuckets,
    registers,
  });
  for (const result of ['seen', 'unreachable', 'unreadable']) scans.zero({ result });
  const seen = lastSeen({ registry, byHost, exists });
  const corrections = new Counter({
    name: 'holdfast_corrections_total',
    help: 'Hosts of completed runs, by outcome.',
    labelNames: ['resource_namespace', 'baseline', 'outcome'],
    registers,
  });
  return {
    measured: (probe) => async (target, checks, signal) => {
      const begun = clock.elapsed();
      const observation = await probe(target, checks, signal);
      scans.observe({ result: observation.is }, (clock.elapsed() - begun) / 1000);
      if (observation.is === 'seen') seen.set(target.id, clock.now().getTime() / 1000);
      return observation;
    },
    onOutcome: ({ metadata, spec }, outcome) =>
      corrections.inc({
        resource_namespace: metadata.namespace ?? '',
        baseline: spec.baselineRef?.name ?? '',
        outcome,
      }),
    onQuery: queries(registers),
  };
}

function queries(registers: Registry[]): Meters['onQuery'] {
  const results = new Counter({
    name: 'holdfast_prometheus_queries_total',
    help: 'Queries to Prometheus servers, by result: answer, or why there was none.',
    labelNames: ['server', 'result'],
    registers,
  });
  const times = new Histogram({
    name: 'holdfast_prometheus_query_seconds',
    help: 'Time taken by a query to a Prometheus server, with waiting for its turn.',
    labelNames: ['server'],
    buckets: queryBuckets,
    registers,
  });
  return (server, result, seconds) => {
    results.inc({ server, result });
    times.observe({ server }, seconds);
  };
}

/** When each host was last evaluated, in seconds since 1970: the latest of a namespace, unless hosts are told apart. */
function lastSeen({ registry, byHost, exists }: Omit<MeterOptions, 'clock'>): Map<string, number> {
  const seen = new Map<string, number>();
  const collect = function (this: Gauge): void {
    this.reset();
    const latest = new Map<string, number>();
    for (const [id, seconds] of seen) {
      const [namespace = '', device = ''] = id.split('/');
      if (!exists(id)) seen.delete(id);
      else if (byHost) this.set({ resource_namespace: namespace, device }, seconds);
      else latest.set(namespace, Math.max(seconds, latest.get(namespace) ?? 0));
    }
    for (const [resource_namespace, seconds] of latest) this.set({ resource_namespace }, seconds);
  };
  new Gauge({
    name: 'holdfast_device_last_scan_timestamp_seconds',
    help: 'When a host was last evaluated successfully.',
    labelNames: ['resource_namespace', ...(byHost ? ['device'] : [])],
    registers: [registry],
    collect,
  });
  return seen;
}
