/** What a CanaryRollout asks of the assignment of its baseline. It decides nothing here: it says how far its status is. Pure. */
import { selects } from '../../api/selector.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import { sha256 } from '../../lib/digest.ts';

/** `forward`: hosts up to the share; `hold`: no further host; `back`: every host that has it; `complete`: it is the revision of all. */
export type Direction = 'forward' | 'hold' | 'back' | 'complete';

export interface Order {
  readonly revision: string;
  readonly percent: number;
  readonly direction: Direction;
  readonly rollout: CanaryRollout;
}

/** Of several rollouts of one baseline the oldest alone counts. */
export function rolloutOf(baseline: DeviceBaseline, rollouts: readonly CanaryRollout[]): CanaryRollout | undefined {
  return rollouts
    .filter(({ spec }) => spec.target.deviceBaselineRef.name === baseline.metadata.name)
    .toSorted(older)[0];
}

function older(a: CanaryRollout, b: CanaryRollout): number {
  return (
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
    a.metadata.name.localeCompare(b.metadata.name)
  );
}

export function orderOf(rollout: CanaryRollout | undefined, declared: string, now: Date): Order | undefined {
  const { revision, exposedPercent, rollback, completionTime, failure } = rollout?.status ?? {};
  if (!rollout || revision === undefined || exposedPercent === undefined) return undefined;
  const order = { revision, percent: exposedPercent, rollout };
  if (rollback) return { ...order, direction: 'back' };
  if (completionTime !== undefined) return { ...order, direction: 'complete' };
  const isHeld =
    failure !== undefined ||
    isSuspended(rollout.spec.pause, now) ||
    rollout.metadata.deletionTimestamp ||
    revision !== declared;
  return { ...order, direction: isHeld ? 'hold' : 'forward' };
}

export function isExcluded({ spec }: CanaryRollout, { metadata }: Device): boolean {
  return spec.excluded !== undefined && selects(spec.excluded, metadata.labels);
}

/** Pinned hosts first, then all in an order that depends on nothing but the rollout and the name of the host. */
export function inRolloutOrder(rollout: CanaryRollout, devices: readonly Device[]): Device[] {
  const { pinned } = rollout.spec;
  const placed = devices.map((device) => ({
    device,
    isPinned: pinned !== undefined && selects(pinned, device.metadata.labels),
    place: sha256(`${rollout.metadata.uid ?? ''}/${device.metadata.name}`),
  }));
  return placed
    .sort((a, b) => Number(b.isPinned) - Number(a.isPinned) || (a.place < b.place ? -1 : 1))
    .map(({ device }) => device);
}

/** How many of so many hosts a share allows: rounded down, and at least one. */
export function allowedShare(percent: number, total: number): number {
  return Math.min(total, Math.max(1, Math.floor((total * percent) / 100)));
}
