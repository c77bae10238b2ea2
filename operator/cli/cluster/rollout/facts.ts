/** Reads, with the rights of who asks, a rollout, its baseline, and whether another rollout is older. */
import { resources } from '../../../api/generated/resources.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import { rolloutOf } from '../../../drift/revision/order.ts';
import type { Cluster } from '../../command.ts';
import { listed } from '../listed.ts';
import { unread } from '../unread.ts';
import { allOf } from '../allOf.ts';

const readMilliseconds = 10_000;

export interface Facts {
  readonly rollout: CanaryRollout;
  /** Undefined when there is none, or when it was not read. */
  readonly baseline?: DeviceBaseline;
  /** The name of an older rollout of the same baseline, which alone counts. */
  readonly older?: string;
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

export async function readRollout({ client }: Cluster, place: Place): Promise<CanaryRollout | undefined> {
  return client.get<CanaryRollout>(resources.CanaryRollout, place, AbortSignal.timeout(readMilliseconds));
}

export async function readBaseline({ client }: Cluster, place: Place): Promise<DeviceBaseline | undefined> {
  return client.get<DeviceBaseline>(resources.DeviceBaseline, place, AbortSignal.timeout(readMilliseconds));
}

/** What is about the rollout; each thing that cannot be read is named, and stops nothing else. */
export async function factsOf(cluster: Cluster, rollout: CanaryRollout): Promise<Facts> {
  const { namespace = '' } = rollout.metadata;
  const { name } = rollout.spec.target.deviceBaselineRef;
  const unknown: string[] = [];
  const orNamed = <R>(what: string, reading: Promise<R>): Promise<R | undefined> =>
    reading.catch((error: unknown) => {
      unknown.push(`${what}: ${unread(error).message}`);
      return undefined;
    });
  const [baseline, rivals] = await allOf([
    orNamed(`DeviceBaseline ${name}`, readBaseline(cluster, { namespace, name })),
    orNamed('other rollouts', listed(cluster, resources.CanaryRollout, namespace)),
  ]);
  const oldest = baseline && rivals ? rolloutOf(baseline, rivals) : undefined;
  return {
    rollout,
    ...(baseline && { baseline }),
    ...(oldest && oldest.metadata.uid !== rollout.metadata.uid && { older: oldest.metadata.name }),
    unread: unknown,
  };
}

/** Whether the baseline is known: that there is none is known as well. */
export function knowsBaseline({ unread: unknown }: Facts): boolean {
  return !unknown.some((one) => one.startsWith('DeviceBaseline '));
}
