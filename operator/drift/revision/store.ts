/** Reads the checks of revisions. They are named by their digest, so that what is known of one is known for good. */
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Observing } from '../../runtime/feature.ts';
import { checksIn, controllerRevisions, revisionName } from './kept.ts';

const mostKnown = 500;
/** So often it is made sure that one that is known is still stored. */
const recheckSeconds = 300;

export interface Revisions {
  /** The checks of a revision of the baseline; undefined when they are stored nowhere. */
  checksOf(
    baseline: DeviceBaseline,
    revision: string,
    observing: Observing,
  ): Promise<readonly DeviceCheck[] | undefined>;
  /** Of these revisions, those that are not stored as ControllerRevisions of the baseline. */
  missing(baseline: DeviceBaseline, revisions: readonly string[], observing: Observing): Promise<readonly string[]>;
}

export function keptRevisions(): Revisions {
  const known = new Map<string, readonly DeviceCheck[]>();
  const stored = new Map<string, Date>();

  const remember = (revision: string, checks: readonly DeviceCheck[]) => {
    known.delete(revision);
    known.set(revision, checks);
    for (const oldest of known.keys()) if (known.size > mostKnown) known.delete(oldest);
  };

  const read = async (
    { metadata: { namespace = '', name, uid = '' } }: DeviceBaseline,
    revision: string,
    observing: Observing,
  ): Promise<readonly DeviceCheck[] | undefined> => {
    const key = { namespace, name: revisionName(name, revision) };
    const object = await observing.read.fetch(controllerRevisions, key, observing.signal);
    const checks = object && checksIn(object, revision);
    const isOwn = object?.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
    if (checks && isOwn) stored.set(`${uid}/${revision}`, observing.now);
    else stored.delete(`${uid}/${revision}`);
    for (const oldest of stored.keys()) if (stored.size > mostKnown) stored.delete(oldest);
    if (checks) remember(revision, checks);
    return isOwn ? checks : undefined;
  };

  return {
    async checksOf(baseline, revision, observing) {
      return known.get(revision) ?? (await read(baseline, revision, observing));
    },
    async missing(baseline, revisions, observing) {
      const isRecent = (revision: string) => {
        const seen = stored.get(`${baseline.metadata.uid ?? ''}/${revision}`);
        return seen !== undefined && observing.now.getTime() - seen.getTime() < recheckSeconds * 1000;
      };
      const asked = revisions.filter((revision) => !isRecent(revision));
      const found = await Promise.all(asked.map((revision) => read(baseline, revision, observing)));
      return asked.filter((_, at) => found[at] === undefined);
    },
  };
}
