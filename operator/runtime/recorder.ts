/**
 * Who keeps a record of what is decided. Promises: a recorder hears of every plan before anything that it wants is done, whatever becomes of that;
 * it is answered at once, and one that fails fails no pass.
 */
import type { Logger } from 'pino';
import type { Kind } from '../api/kind.ts';
import type { Resource, Suspend } from '../api/v1alpha1/shared.ts';
import type { Key, Plan, Reader } from './feature.ts';

/** What a pass came to. */
export interface Decided {
  readonly kind: Kind;
  /** Whether the kind runs to an end. */
  readonly bounded: boolean;
  readonly object: Resource;
  readonly plan: Plan<Resource, unknown>;
  readonly now: Date;
}

export interface Recorder {
  /** Once, when all caches are synced and we lead, before the first pass. */
  begin(read: Reader, now: Date): void;
  decided(decided: Decided): void;
  /** A person paused the object: nothing is decided until that ends. */
  suspended(kind: Kind, object: Resource, suspend: Suspend, now: Date): void;
  /** No object of that name is there. */
  gone(kind: Kind, key: Key, now: Date): void;
}

/** A recorder that throws is a bug, and costs nothing else. */
export function safely(recorder: Recorder, log: Logger): Recorder {
  const safe = (record: () => void): void => {
    try {
      record();
    } catch (error) {
      log.error({ err: error }, 'The recorder failed; this is a bug.');
    }
  };
  return {
    begin: (read, now) => safe(() => recorder.begin(read, now)),
    decided: (decided) => safe(() => recorder.decided(decided)),
    suspended: (kind, object, suspend, now) => safe(() => recorder.suspended(kind, object, suspend, now)),
    gone: (kind, key, now) => safe(() => recorder.gone(kind, key, now)),
  };
}
