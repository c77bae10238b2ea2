/** What a pass works with: the object that it visits, the services of the runtime, and the controller that it belongs to. */
import type { Logger } from 'pino';
import type { Resource, ResourceStatus } from '../api/v1alpha1/shared.ts';
import type { Followers } from './accountReader.ts';
import type { Caches } from './caches.ts';
import type { OnChange } from './changes.ts';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import type { OpenFeature, Plan, Ref, Seconds } from './feature.ts';
import type { ControllerMeter } from './metrics.ts';
import type { OwnWrites } from './ownWrites.ts';
import type { Recorder } from './recorder.ts';
import type { Sent } from './sent.ts';
import type { Writes } from './writes.ts';

export interface PassServices {
  readonly caches: Caches;
  readonly writes: Writes;
  readonly ownWrites: OwnWrites;
  readonly sent: Sent;
  readonly followers: Followers;
  readonly events: Pick<Events, 'tell' | 'seen' | 'warn' | 'shown' | 'warnAgain'>;
  readonly onChange: OnChange;
  readonly recorder?: Recorder;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Pass {
  readonly feature: OpenFeature;
  readonly services: PassServices;
  readonly meter: ControllerMeter;
  /** Made when there is something to say, which is seldom. */
  readonly log: () => Logger;
  readonly signal: AbortSignal;
  /** Waits without a worker. */
  readonly aside: (waiting: Promise<unknown>) => Promise<void>;
  /** Looks at the key again: at once, or after so many seconds in which further changes are gathered. */
  readonly wake: (settle?: Seconds) => void;
  /** Told which object the key waits for. */
  readonly waitFor: (on: Ref | undefined) => void;
}

export type AnyPlan = Plan<Resource, unknown>;

/** An object on its way through the pass. */
export interface Visit extends Pass {
  readonly resource: Resource;
  /** The key whose pass this is, among those of all features. */
  readonly owner: string;
  /** As the apiserver has it. */
  status: ResourceStatus | undefined;
  /** The version that has that status. */
  version: string | undefined;
}
