/** Legal holds: while one is in force, what it covers is not deleted, whatever its class. Pure. */

export interface Hold {
  readonly name: string;
  readonly reason: string;
  /** Names of EvidencePacks; all when absent. The journal is always covered. */
  readonly packs?: readonly string[];
  /** Covers what has a period after that. */
  readonly from?: string;
  /** Covers what has a period before that. */
  readonly to?: string;
  /** When it ends; only by hand when absent. */
  readonly until?: string;
}

/** What may be under a hold: a pack, or a segment of the journal, which has no name. */
export interface Holdable {
  readonly pack?: string;
  readonly start: Date;
  readonly end: Date;
}

/** A time that is not understood ends nothing. */
export function isInForce({ until }: Hold, now: Date): boolean {
  return until === undefined || !(now.getTime() >= Date.parse(until));
}

export function isCovered(item: Holdable, { packs, from, to }: Hold): boolean {
  if (item.pack !== undefined && packs && packs.length > 0 && !packs.includes(item.pack)) return false;
  return (
    !(from !== undefined && item.end.getTime() <= Date.parse(from)) &&
    !(to !== undefined && item.start.getTime() >= Date.parse(to))
  );
}

/** The holds that keep it. */
export function holdsOn(item: Holdable, holds: readonly Hold[], now: Date): readonly Hold[] {
  return holds.filter((hold) => isInForce(hold, now) && isCovered(item, hold));
}

export interface HeldObject extends Holdable {
  readonly key: string;
  readonly versionId?: string;
  /** What the store says now. */
  readonly isHeld: boolean;
}

export interface HoldStep {
  readonly do: 'hold' | 'release';
  readonly key: string;
  readonly versionId?: string;
}

/**
 * What the store's own holds have to become. Only what an ended hold of ours covered is released: a hold that someone placed in the store
 * itself stays. One of several that end releases nothing while another covers the object.
 */
export function holdSteps(
  objects: readonly HeldObject[],
  { holds, ended, now }: { readonly holds: readonly Hold[]; readonly ended: readonly Hold[]; readonly now: Date },
): readonly HoldStep[] {
  return objects.flatMap((object): HoldStep[] => {
    const { key, versionId, isHeld } = object;
    const where = { key, ...(versionId !== undefined && { versionId }) };
    const isKept = holdsOn(object, holds, now).length > 0;
    if (isKept) return isHeld ? [] : [{ do: 'hold', ...where }];
    const wasOurs = ended.some((hold) => isCovered(object, hold));
    return isHeld && wasOurs ? [{ do: 'release', ...where }] : [];
  });
}
