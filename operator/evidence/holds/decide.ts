/** Which legal holds are in force, what of them is journaled, and what is told. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidenceStore, HoldInForce, LegalHold } from '../../api/v1alpha1/evidenceStore.ts';
import { isSuspended } from '../../api/suspension.ts';
import { digestOf } from '../../lib/digest.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted, listed } from '../../lib/text.ts';
import type { Action, DomainCondition, Plan } from '../../runtime/feature.ts';
import type { Draft } from '../journal/entry.ts';
import { isInForce } from '../retention/holds.ts';

/** How the last pass over the objects of a store stands, in this process. */
export type HoldingState =
  | { readonly is: 'running' }
  | {
      readonly is: 'done';
      readonly time: Date;
      /** Of the holds that were in force. */
      readonly digest: string;
      readonly held: number;
      readonly released: number;
      /** Objects that have what they must have. */
      readonly settled: number;
      readonly isMore: boolean;
      readonly foreign: readonly string[];
    }
  | {
      readonly is: 'failed';
      readonly time: Date;
      readonly digest: string;
      readonly reason: string;
      readonly message: string;
    };

export type HoldEffect = { readonly uid: string } & Act;
type Act =
  | { readonly journal: { readonly id: string; readonly entry: Omit<Draft, 'time'> } }
  | { readonly place: readonly LegalHold[] };

export interface HoldWorld {
  readonly state: HoldingState | undefined;
  /** Whether the journal takes entries. */
  readonly isJournaling: boolean;
  /** Of this namespace. */
  readonly packs: readonly EvidencePack[];
}

const moreSeconds = 5;
const retrySeconds = 300;
/** What was stored meanwhile is held within that time. */
const againSeconds = 1800;
const runningSeconds = 2;

export function withHolds(
  store: EvidenceStore,
  plan: Plan<EvidenceStore>,
  world: HoldWorld,
  now: Date,
): Plan<EvidenceStore, HoldEffect> {
  const { holds = [], disposal } = store.spec;
  const inForce = holds.filter((hold) => isInForce(hold, now));
  const known = inForce.map(({ name, placedBy, ...rest }): HoldInForce => ({
    name,
    placedBy,
    digest: digestOf({ name, placedBy, ...rest }),
  }));
  const before = store.status?.holds ?? [];
  const told = world.isJournaling ? known : before;
  const canPlace = store.spec.s3?.objectLock !== undefined && plan.outcome.is === 'ready';
  const isSilent = isSuspended(store.spec.suspend, now);
  const wait = canPlace && !isSilent ? waitFor(world.state, inForce, now) : undefined;
  const next = disposal === 'WhenDue' ? nextDisposal(store, world.packs) : undefined;
  const ends = inForce.flatMap(({ until }) => (until === undefined ? [] : [secondsUntil(new Date(until), now)]));
  const again = [plan.outcome.recheckAfter, wait === 0 ? runningSeconds : wait, ...ends].filter(isNumber);
  return {
    ...plan,
    outcome: { ...plan.outcome, ...(again.length > 0 && { recheckAfter: Math.min(...again) }) },
    conditions: {
      ...plan.conditions,
      Held: heldCondition(store, inForce, world.state),
      Disposing: disposingCondition(store, next, inForce.length),
    },
    status: {
      ...plan.status,
      ...(told.length > 0 && { holds: told }),
      ...(next !== undefined && { nextDisposalTime: next }),
    },
    actions: [...plan.actions, ...(world.isJournaling ? journaled(store, inForce, before, now) : [])],
    ...(wait === 0 && {
      afterStatus: [{ do: 'perform' as const, effect: { uid: store.metadata.uid ?? '', place: inForce } }],
    }),
  };
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

/** Seconds until the next pass over the objects; 0 for now. */
function waitFor(state: HoldingState | undefined, inForce: readonly LegalHold[], now: Date): number {
  if (!state) return 0;
  if (state.is === 'running') return runningSeconds;
  if (state.digest !== digestOf(inForce) || state.time > now) return 0;
  // Without a hold there is nothing to come: what was ours is released.
  if (state.is === 'done' && !state.isMore && inForce.length === 0) return Infinity;
  const seconds = state.is === 'failed' ? retrySeconds : state.isMore ? moreSeconds : againSeconds;
  return Math.max(0, seconds - (now.getTime() - state.time.getTime()) / 1000);
}

/** Differences from what was journaled last, which the status has. */
function journaled(
  { metadata, spec }: EvidenceStore,
  inForce: readonly LegalHold[],
  before: readonly HoldInForce[],
  now: Date,
): Action<HoldEffect>[] {
  const { namespace = '', name, uid = '' } = metadata;
  const object = { kind: resources.EvidenceStore.kind, namespace, name, uid };
  const entry = (event: 'Held' | 'Released', digest: string, actor: string, facts: object): Action<HoldEffect> => ({
    do: 'perform',
    effect: {
      uid,
      journal: {
        id: `${event}/${uid}/${digest}/${event === 'Released' ? now.toISOString() : ''}`,
        entry: { event, object, actor, facts: { ...facts } },
      },
    },
  });
  const digests = new Map(inForce.map((hold) => [digestOf(hold), hold]));
  const placed = [...digests].filter(([digest]) => !before.some((one) => one.digest === digest));
  const ended = before.filter(({ digest }) => !digests.has(digest));
  return [
    ...ended.map((hold) => {
      const declared = spec.holds?.find((one) => one.name === hold.name);
      const because = !declared ? 'Removed' : digestOf(declared) === hold.digest ? 'Ended' : 'Changed';
      return entry('Released', hold.digest, hold.placedBy, { hold: hold.name, because });
    }),
    ...placed.map(([digest, { name: hold, placedBy, ...rest }]) => entry('Held', digest, placedBy, { hold, ...rest })),
  ];
}

function heldCondition(
  { spec }: EvidenceStore,
  inForce: readonly LegalHold[],
  state: HoldingState | undefined,
): DomainCondition {
  if (inForce.length === 0) {
    if (state?.is === 'failed')
      return {
        status: 'False',
        reason: state.reason,
        message: `no legal hold is in force; what is left in the store is not released: ${state.message}`,
        warns: true,
      };
    const more = spec.holds?.length ? `; ${counted(spec.holds.length, 'legal hold')} ended` : '';
    return { status: 'False', reason: 'NoHold', message: `no legal hold is in force${more}` };
  }
  const shown = inForce.map(({ name, placedBy, until }) => {
    const end = until === undefined ? '' : `, until ${until}`;
    return `${name} (by ${placedBy}${end})`;
  });
  const what = `in force: ${listed(shown, 5)}`;
  if (!spec.s3?.objectLock)
    return {
      status: 'True',
      reason: 'InForce',
      message: `${what}; the store itself locks nothing, so only Holdfast keeps to it`,
    };
  if (state?.is === 'failed')
    return {
      status: 'True',
      reason: 'NotPlaced',
      message: `${what}; not placed on all objects in the store: ${state.message}; it will be retried`,
      warns: true,
    };
  if (state?.is !== 'done' || state.isMore || state.digest !== digestOf(inForce))
    return { status: 'True', reason: 'Placing', message: `${what}; being placed on the objects in the store` };
  return {
    status: 'True',
    reason: 'Placed',
    message: `${what}; placed on what it covers in the store`,
  };
}

function disposingCondition({ spec }: EvidenceStore, next: string | undefined, holds: number): DomainCondition {
  if (spec.disposal !== 'WhenDue')
    return { status: 'False', reason: 'Never', message: 'nothing is deleted: `spec.disposal` is not `WhenDue`' };
  const held = holds > 0 ? ', unless a legal hold covers it' : '';
  const message =
    next === undefined
      ? 'evidence is deleted when its retention is over; no pack has a time for that'
      : `evidence is deleted when its retention is over; the next pack can be deleted ${next}${held}`;
  return { status: 'True', reason: 'WhenDue', message };
}

function nextDisposal({ metadata }: EvidenceStore, packs: readonly EvidencePack[]): string | undefined {
  return packs
    .filter(({ spec }) => spec.storeRef.name === metadata.name)
    .flatMap(({ status }) => status?.retention?.nextTime ?? [])
    .toSorted()[0];
}
