/** What is measured while it happens, and cannot be counted from the cache: looks at hosts, and how corrections end. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { Probe } from '../drift/device/observe.ts';
import type { Clock } from '../runtime/clock.ts';

export interface Meters {
  /** The probe, its time and outcome measured. */
  measured(probe: Probe): Probe;
  readonly onOutcome: (run: AnsibleRun, outcome: string) => void;
}

const scanBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMeters(registry: Registry, clock: Clock, byHost: boolean): Meters {
  const registers = [registry];
  const scans = new Histogram({
    name: 'holdfast_device_scan_seconds',
    help: 'Time taken to evaluate a host, by result.',
    labelNames: ['result'],
    buckets: scanBuckets,
    registers,
  });
  const last = new Gauge({
    name: 'holdfast_device_last_scan_timestamp_seconds',
    help: 'When a host was last evaluated successfully.',
    labelNames: ['namespace', ...(byHost ? ['device'] : [])],
    registers,
  });
  const corrections = new Counter({
    name: 'holdfast_corrections_total',
    help: 'Hosts of completed runs, by outcome.',
    labelNames: ['namespace', 'baseline', 'outcome'],
    registers,
  });
  return {
    measured: (probe) => async (target, checks, signal) => {
      const begun = clock.elapsed();
      const observation = await probe(target, checks, signal);
      scans.observe({ result: observation.is }, (clock.elapsed() - begun) / 1000);
      const [namespace = '', device = ''] = target.id.split('/');
      if (observation.is === 'seen') last.set({ namespace, ...(byHost && { device }) }, clock.now().getTime() / 1000);
      return observation;
    },
    onOutcome: ({ metadata, spec }, outcome) =>
      corrections.inc({ namespace: metadata.namespace ?? '', baseline: spec.baselineRef?.name ?? '', outcome }),
  };
}
