/** The domain's measurements as Prometheus metrics. What is counted is read from the cache when it is asked for. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AnsibleRun } from './api/v1alpha1/ansibleRun.ts';
import { objectFindingSamples, objectSamples } from './drift/clusterBaseline/metrics.ts';
import { deviceSamples, findingSamples, waivedSamples, type Sample } from './drift/metrics.ts';
import type { Probe } from './drift/device/observe.ts';
import { expirySamples, waiverSamples } from './governance/policyWaiver/metrics.ts';
import type { Clock } from './runtime/clock.ts';
import type { Reader } from './runtime/feature.ts';

export interface Measures {
  /** The probe, its time and outcome measured. */
  measured(probe: Probe): Probe;
  readonly onOutcome: (run: AnsibleRun, outcome: string) => void;
  /** Counts what the cache holds from now on. */
  read(reader: Reader): void;
}

const scanBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function measures(registry: Registry, clock: Clock, byHost: boolean): Measures {
  const registers = [registry];
  const host = byHost ? ['device'] : [];
  const scans = new Histogram({
    name: 'holdfast_device_scan_seconds',
    help: 'Time of a look at a host, by how it came out.',
    labelNames: ['result'],
    buckets: scanBuckets,
    registers,
  });
  const last = new Gauge({
    name: 'holdfast_device_last_scan_timestamp_seconds',
    help: 'When a look at a host last gave an answer.',
    labelNames: ['namespace', ...host],
    registers,
  });
  const corrections = new Counter({
    name: 'holdfast_corrections_total',
    help: 'Hosts of complete runs, by outcome.',
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
    read(reader) {
      const labels = ['namespace', 'baseline'];
      gauge(
        registers,
        'holdfast_device_findings',
        'Failing checks by severity, without what is waived.',
        [...labels, ...host, 'severity'],
        () => findingSamples(reader, byHost, clock.now()),
      );
      gauge(
        registers,
        'holdfast_device_waived_findings',
        'Failing checks of which something is waived, by severity.',
        [...labels, ...host, 'severity'],
        () => waivedSamples(reader, byHost, clock.now()),
      );
      gauge(registers, 'holdfast_devices', 'Hosts by the result of their report.', [...labels, 'result'], () =>
        deviceSamples(reader, clock.now()),
      );
      gauge(
        registers,
        'holdfast_cluster_findings',
        'Differences of cluster objects by severity, without what is waived.',
        ['baseline', 'severity'],
        () => objectFindingSamples(reader, clock.now()),
      );
      gauge(
        registers,
        'holdfast_cluster_objects',
        'Cluster objects by how they stand to a baseline.',
        ['baseline', 'state'],
        () => objectSamples(reader),
      );
      gauge(registers, 'holdfast_policywaivers', 'Waivers by how they stand.', ['namespace', 'state'], () =>
        waiverSamples(reader, clock.now()),
      );
      gauge(
        registers,
        'holdfast_policywaiver_expiry_timestamp_seconds',
        'When a waiver that is in force ends.',
        ['namespace', 'name'],
        () => expirySamples(reader, clock.now()),
      );
    },
  };
}

function gauge(registers: Registry[], name: string, help: string, labelNames: string[], samples: () => Sample[]): void {
  const collect = function (this: Gauge): void {
    this.reset();
    for (const { labels, value } of samples()) this.set(labels, value);
  };
  new Gauge({ name, help, labelNames, registers, collect });
}
