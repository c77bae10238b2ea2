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
