/** Sums areas up: counts by state, and the objects that somebody has to look into, the worst first. Pure. */
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import type { Area } from './areas.ts';

/** What was read of an area, or why nothing was. */
export type Read =
  { readonly area: Area; readonly objects: readonly Resource[] } | { readonly area: Area; readonly unread: string };

export type AreaSummary = { readonly title: string; readonly kind: string } & (
  | {
      readonly total: number;
      /** In the order of the area, without those of which there are none. */
      readonly states: readonly { readonly state: string; readonly count: number; readonly isWell: boolean }[];
    }
  | { readonly unread: string }
);

export interface Concern {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly state: string;
  readonly detail: string;
}

export interface Summary {
  readonly areas: readonly AreaSummary[];
  /** At most so many as were asked for, the worst first. */
  readonly concerns: readonly Concern[];
  readonly moreConcerns: number;
  /** Whether all was read, is known, and is as it should be. */
  readonly isWell: boolean;
}

interface Weighed {
  readonly concern: Concern;
  /** How bad the state is, of those of its area. */
  readonly rank: number;
  /** Of the area. */
  readonly order: number;
  readonly weight: number;
}

export function summaryOf(reads: readonly Read[], now: Date, most: number): Summary {
  const areas = reads.map((read) => areaSummary(read, now));
  const all = reads.flatMap((read, order) => ('objects' in read ? concernsIn(read, order, now) : [])).sort(worstFirst);
  const concerns = all.slice(0, most).map(({ concern }) => concern);
  return {
    areas,
    concerns,
    moreConcerns: all.length - concerns.length,
    isWell: all.length === 0 && areas.every((area) => 'total' in area),
  };
}

function areaSummary(read: Read, now: Date): AreaSummary {
  const { title, kind, states } = read.area;
  const about = { title, kind: kind.kind };
  if ('unread' in read) return { ...about, unread: read.unread };
  const counts = Map.groupBy(read.objects, (object) => read.area.stateOf(object, now));
  return {
    ...about,
    total: read.objects.length,
    states: states.flatMap(({ state, isWell }) => {
      const count = counts.get(state)?.length ?? 0;
      return count > 0 ? [{ state, count, isWell }] : [];
    }),
  };
}

function concernsIn(
  { area, objects }: { readonly area: Area; readonly objects: readonly Resource[] },
  order: number,
  now: Date,
): Weighed[] {
  const ill = area.states.filter(({ isWell }) => !isWell);
  return objects.flatMap((object): Weighed[] => {
    const state = area.stateOf(object, now);
    const rank = ill.findIndex((one) => one.state === state);
    if (rank < 0) return [];
    const { namespace, name } = object.metadata;
    const detail = area.detailOf?.(object) ?? '';
    const concern = { kind: area.kind.kind, ...(namespace !== undefined && { namespace }), name, state, detail };
    return [{ concern, rank, order, weight: area.weightOf?.(object) ?? 0 }];
  });
}

/** The worst state of each area first, in the order of the areas; within one, what weighs most. */
function worstFirst(a: Weighed, b: Weighed): number {
  return (
    a.rank - b.rank || a.order - b.order || b.weight - a.weight || place(a.concern).localeCompare(place(b.concern))
  );
}

function place({ namespace, name }: Concern): string {
  return `${namespace ?? ''}/${name}`;
}
