/** Whether a host responds, and since when not. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';

export function responds(device: Device): boolean {
  return reachability(device)?.status === 'True';
}

/** Since when it has not responded; undefined when it does, or nobody has looked. */
export function silentSince(device: Device): string | undefined {
  const reachable = reachability(device);
  return reachable && reachable.status !== 'True' ? reachable.lastTransitionTime : undefined;
}

function reachability({ status }: Device) {
  return status?.conditions?.find(({ type }) => type === 'Reachable');
}
