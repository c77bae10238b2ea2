/** All that the effect of a DeviceBaseline is worked out of. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { ComparedCheck } from '../../drift/driftReport/report.ts';
import type { Reader } from '../../runtime/feature.ts';
import type { Asked } from './hosts.ts';

export interface BaselineWorld {
  /** As it is now; undefined where it is new. */
  readonly before: DeviceBaseline | undefined;
  readonly after: DeviceBaseline;
  /** Everything as it would be. */
  readonly read: Reader;
  /** What is known of the checks on a host, in their order. */
  readonly known: (device: Device) => readonly ComparedCheck[];
  /** What hosts said that were asked. */
  readonly asked: ReadonlyMap<string, Asked>;
  /** Why something that decides could not be read, in sentences. */
  readonly unread: readonly string[];
  readonly now: Date;
}
