/** Hosts whose evaluation is overdue: reports stay as they are while their answer does, so that they do not show it. */
import { resources } from '../../api/generated/resources.ts';
import { selects } from '../../api/selector.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { ObjectMeta } from '../../api/v1alpha1/shared.ts';
import type { Gauge } from '../../runtime/feature.ts';
import { intervalOf, silenceSeconds, type LastLooks } from './lastLooks.ts';

/** A host may be evaluated as late as this many intervals after the last time, and a minute. */
const intervals = 2;
const graceSeconds = 60;

type Known = Pick<LastLooks, 'get' | 'begunAt' | 'since'>;

/** Of what this process has evaluated itself: one that has evaluated nothing yet, such as a standby, says nothing. */
export function overdueGauge(lastLooks: Known): Gauge {
  return {
    name: 'holdfast_devices_overdue',
    help: 'Hosts that were not evaluated, and not tried either, for more than twice the interval of their baselines.',
    labels: ['resource_namespace'],
    samples(read, now) {
      const { since } = lastLooks;
      if (!since) return [];
      const byNamespace = Map.groupBy(read.list(resources.Device, ''), ({ metadata }) => metadata.namespace ?? '');
      return [...byNamespace].map(([resource_namespace, devices]) => {
        const awake = read
          .list(resources.DeviceBaseline, resource_namespace)
          .filter(({ metadata, spec }) => !metadata.deletionTimestamp && !isSuspended(spec.suspend, now));
        // Most were looked at lately, whatever their baselines.
        const early = now.getTime() - overdueMilliseconds(intervalOf(awake));
        const late = devices.filter(({ metadata }) => begunAt(metadata, lastLooks, since) < early);
        return {
          labels: { resource_namespace },
          value: late.filter((device) => isOverdue(device, awake, lastLooks, { now, since })).length,
        };
      });
    },
  };
}

interface Instant {
  readonly now: Date;
  /** When the first host was evaluated. */
  readonly since: Date;
}

/** `awake`: the baselines of its namespace that are not suspended. */
function isOverdue(
  device: Device,
  awake: readonly DeviceBaseline[],
  lastLooks: Known,
  { now, since }: Instant,
): boolean {
  const { metadata, spec, status } = device;
  if (metadata.deletionTimestamp || isSuspended(spec.suspend, now)) return false;
  // Of which `Reachable` says why: it is not evaluated until a person acts.
  const reachable = status?.conditions?.find(({ type }) => type === 'Reachable');
  if (reachable?.reason === 'CredentialsMissing') return false;
  const asked = awake.filter((baseline) => selects(baseline.spec.selector, metadata.labels));
  if (!asked.length) return false;
  const interval = intervalOf(asked);
  const silence = lastLooks.get(metadata.uid ?? '')?.silence;
  const longest = silence ? Math.max(interval, silenceSeconds(silence.looks, interval)) : interval;
  return now.getTime() - begunAt(metadata, lastLooks, since) > overdueMilliseconds(longest);
}

/** When it was last looked at, or could have been first. */
function begunAt({ uid = '', creationTimestamp = '' }: ObjectMeta, lastLooks: Known, since: Date): number {
  return lastLooks.begunAt(uid)?.getTime() ?? Math.max(since.getTime(), Date.parse(creationTimestamp) || 0);
}

function overdueMilliseconds(intervalSeconds: number): number {
  return (intervals * intervalSeconds + graceSeconds) * 1000;
}
