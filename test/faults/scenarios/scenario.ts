/** What every scenario is: a story of people and the operator in a place of its own, with one end whatever happens on the way. */
import type { Fleet, Host } from '../../fleet/fleet.ts';
import type { AsUser } from '../../operator/asUser.ts';
import type { Kubectl } from '../../operator/kubectl.ts';
import type { FrameTrouble, WriteTrouble } from '../wire/trouble.ts';

export interface Place {
  /** `case-12`: the name of its namespace, and in the names of all its objects that have none. */
  readonly id: string;
  /** With all rights. */
  readonly kubectl: Kubectl;
  readonly people: AsUser;
  /** The host of the bed, where the scenario asks for one. */
  readonly host?: Host;
  readonly fleet?: Fleet;
  /** What of the story has been done. */
  readonly done: Set<string>;
}

/** One; two of which one leads by a Lease, and a kill is to stand still until the other has taken over; or two that both believe that they lead. */
export type Operators = 'one' | 'leased' | 'both';

export interface Scenario {
  readonly name: string;
  /** Whether places have a host. */
  readonly needsHost?: boolean;
  /** What the operator is started with for it. */
  readonly flags?: readonly string[];
  /** `one` when absent. */
  readonly operators?: Operators;
  /** How many of its stories may be told at once: those with hosts take processors, where others wait. */
  readonly places?: number;
  /** The faults that it meets, all when absent; each of them at each `every`-th write or frame, the second by default. */
  readonly troubles?: {
    readonly write: readonly WriteTrouble[];
    readonly frame: readonly FrameTrouble[];
    readonly every?: number;
  };
  /** Applies the objects. */
  begin(place: Place): Promise<void>;
  /** What still differs from the end; `undefined` when it is reached. Takes the next step of the story when its time has come. */
  next(place: Place): Promise<string | undefined>;
  /** The end state; what differs from place to place and from time to time is removed by `normalized`. */
  end(place: Place): Promise<unknown>;
  /** How often each thing was executed on the host, by its name there. */
  executions?(place: Place): Promise<Readonly<Record<string, number>>>;
  /** Removes the objects; throws with what is left then. */
  remove(place: Place): Promise<void>;
}

/** Takes the step if it was not taken yet. */
export async function once({ done }: Place, step: string, take: () => Promise<unknown>): Promise<boolean> {
  if (done.has(step)) return false;
  await take();
  done.add(step);
  return true;
}

/** Also how often something was written: one that is killed before its write has recorded it. */
const passing =
  /Time$|Since$|^(uid|resourceVersion|seal|digest|revision|observedGeneration|generation|creationTimestamp|ownerReferences|managedFields|fingerprint|subjectDigest|observed|admission|rounds)$/;

/** The same for two places and at two times, without members of these names. */
export function normalized(value: unknown, id: string, without = passing): unknown {
  if (typeof value === 'string')
    return value
      .replaceAll(id, 'ID')
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z| UTC)?/g, 'TIME')
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID')
      .replace(/\b[0-9a-f]{32,}\b/g, 'DIGEST');
  if (Array.isArray(value)) return value.map((item) => normalized(item, id, without));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !without.test(key))
      .map(([key, item]): [string, unknown] => [key, normalized(item, id, without)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
