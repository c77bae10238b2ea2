/** Reads what the gates of a rollout need, when they are due: single values, counts of hosts, and what baselines found. */
import { selects } from '../../api/selector.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { ComparisonGate, MetricGate } from '../../api/v1alpha1/rolloutGates.ts';
import type { AskMetrics, AskValue } from '../../connect/prometheus/types.ts';
import { baselinesOf } from '../../drift/device/observe.ts';
import { reportsByDevice } from '../../drift/indexes.ts';
import { isReportOn } from '../../drift/driftReport/report.ts';
import { isSuspended } from '../../api/suspension.ts';
import { unfold } from '../../findings/finding.ts';
import type { Observing } from '../../runtime/feature.ts';
import type { ComparisonEvidence, Evidence, MetricEvidence, ReportEvidence } from '../verdict/evidence.ts';
import { queryWithin } from '../verdict/gates/comparedHosts.ts';
import { isDue } from '../verdict/recommendation.ts';
import { fleetNow } from './fleet.ts';
import type { RolloutWorld } from './observe.ts';
import { gatedOf } from './gated.ts';

export interface Asking {
  readonly askValue: AskValue;
  readonly askMetrics: AskMetrics;
}

export type Asked = Omit<Evidence, 'fleet' | 'objectives'>;

/** Undefined when no gate is due: then the verdict that there is counts on. */
export async function askedOf(
  rollout: CanaryRollout,
  world: RolloutWorld,
  asking: Asking,
  observing: Observing,
): Promise<Asked | undefined> {
  const { status = {} } = rollout;
  const { now } = observing;
  const isMoving = status.revision !== undefined && !status.rollback && status.completionTime === undefined;
  if (!world.baseline || !isMoving || !isDue(gatedOf(rollout, status), now)) return undefined;
  const { gates = {} } = rollout.spec;
  const [metrics, comparisons] = await Promise.all([
    Promise.all((gates.metrics ?? []).map((gate) => metricOf(gate, rollout, asking, observing))),
    Promise.all((gates.comparisons ?? []).map((gate) => comparisonOf(gate, { rollout, world }, asking, observing))),
  ]);
  return { metrics, comparisons, ...(gates.findings && { findings: findingsOf(rollout, world, observing) }) };
}

async function metricOf(
  { name, query, server, samplesQuery }: MetricGate,
  { metadata: { namespace = '' } }: CanaryRollout,
  { askValue }: Asking,
  { now, signal }: Observing,
): Promise<MetricEvidence> {
  const about = { namespace, time: now, ...(server !== undefined && { server }) };
  const [value, samples] = await Promise.all([
    askValue({ ...about, query }, signal),
    samplesQuery === undefined ? undefined : askValue({ ...about, query: samplesQuery }, signal),
  ]);
  return { name, value, ...(samples && { samples }) };
}

async function comparisonOf(
  { name, errorsQuery, totalQuery, server, selector }: ComparisonGate,
  { rollout, world }: { readonly rollout: CanaryRollout; readonly world: RolloutWorld },
  { askMetrics }: Asking,
  { now, signal }: Observing,
): Promise<ComparisonEvidence> {
  const { hosts, candidates } = fleetNow(rollout, world, now);
  const isCompared = ({ metadata }: Device) => selector === undefined || selects(selector, metadata.labels);
  const changed = new Set(hosts.map(({ device }) => device.metadata.name));
  const compared = {
    name,
    changed: hosts.filter(({ device, responds }) => responds && isCompared(device)).map(({ device }) => hostOf(device)),
    unchanged: candidates.filter((device) => !changed.has(device.metadata.name) && isCompared(device)).map(hostOf),
  };
  const since = rollout.status?.soakStartTime;
  if (since === undefined) {
    const none = { is: 'none', reason: 'Refused', message: 'the step does not soak yet' } as const;
    return { ...compared, errors: none, total: none };
  }
  const windowSeconds = Math.max(1, Math.floor((now.getTime() - Date.parse(since)) / 1000));
  const about = { namespace: rollout.metadata.namespace ?? '', time: now, ...(server !== undefined && { server }) };
  const [errors, total] = await Promise.all(
    [errorsQuery, totalQuery].map((query) =>
      askMetrics({ ...about, query: queryWithin(query, windowSeconds) }, signal),
    ),
  );
  if (!errors || !total) throw new Error('two queries have two answers');
  return { ...compared, windowSeconds, errors, total };
}

function hostOf({ metadata, spec }: Device): { device: string; address: string } {
  return { device: metadata.name, address: spec.ssh.host };
}

/** What baselines other than the one that is rolled out find on the hosts that have the revision; of that one, what drifts after the hosts complied. */
function findingsOf(rollout: CanaryRollout, world: RolloutWorld, { read, now }: Observing): ReportEvidence[] {
  const { startTime = '', soakStartTime } = rollout.status ?? {};
  const { hosts } = fleetNow(rollout, world, now);
  return hosts.flatMap(({ device }) => {
    const { namespace = '', name } = device.metadata;
    const reports = read.by(reportsByDevice, namespace, name);
    const baselines = baselinesOf(device, read).filter(({ spec }) => !isSuspended(spec.suspend, now));
    return baselines.flatMap((baseline): ReportEvidence[] => {
      const isOwn = baseline.metadata.name === rollout.spec.target.deviceBaselineRef.name;
      if (isOwn && soakStartTime === undefined) return [];
      const status = reports.find((report) => isReportOn(report, device, baseline.metadata.name))?.status;
      const { message, moreFindings } = status ?? {};
      return [
        {
          device: name,
          baseline: baseline.metadata.name,
          since: isOwn ? (soakStartTime ?? startTime) : startTime,
          isKnown: status?.summary !== undefined && message === undefined,
          ...(message !== undefined && { message }),
          findings: unfold(status),
          ...(moreFindings !== undefined && { moreFindings }),
        },
      ];
    });
  });
}
