/** When a pack is made, and what is told of those that were. Pure. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus, PackInProgress, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted, listed } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { DomainConditions, Note, Outcome, Plan } from '../../runtime/feature.ts';
import type { Period } from '../sections/section.ts';
import { calendarOf, dueAt, longestPause, type Calendar, type Due } from './due.ts';
import type { DisposalOrder, DisposalWorld } from './disposing.ts';
import { chainState, latest, type ChainState, type Head } from './head.ts';
import { recording, type StoredRecord } from './recording.ts';

/** How the making of a pack stands, in this process. */
export type MakingState =
  | { readonly is: 'running'; readonly sequence: number }
  | {
      readonly is: 'failed';
      readonly sequence: number;
      readonly time: Date;
      readonly reason: string;
      readonly message: string;
      /** Whether a person must change something first. */
      readonly needsPerson: boolean;
    };

export type PackWorld =
  | { readonly is: 'unready'; readonly reason: string; readonly message: string }
  | {
      readonly is: 'read';
      readonly head: Head | undefined;
      readonly making: MakingState | undefined;
      /** The number of a pack in the store that is not ours. */
      readonly foreign?: number;
      readonly disposal?: DisposalWorld;
    };

/** All that making a pack takes, beside what is kept out of plans: the store, the key. */
export interface PackOrder {
  readonly uid: string;
  readonly sequence: number;
  readonly previous?: { readonly sequence: number; readonly digest: string };
  readonly period: { readonly start: string; readonly end: string };
  readonly missed: number;
  readonly schedule?: { readonly cron: string; readonly timeZone: string; readonly seconds: number };
}

export type PackEffect = PackOrder | StoredRecord | DisposalOrder;

const mostPacks = 30;
const mostMissing = 10;
const runningSeconds = 2;
/** Of a store or key that is not ready; a change of it is noticed at once. */
const unreadySeconds = 300;

export function decidePack(pack: EvidencePack, world: PackWorld, now: Date): PackPlan {
  const plan = planned(pack, world, now);
  return { ...plan, actions: [...plan.actions, ...recording(pack, world.is === 'read' ? world.head : undefined)] };
}

function planned(pack: EvidencePack, world: PackWorld, now: Date): PackPlan {
  const calendar = calendarOf(pack);
  const known = remembered(pack.status ?? {}, world);
  if (typeof calendar === 'string')
    return { outcome: { is: 'stalled', reason: 'InvalidSchedule', message: calendar }, status: known, actions: [] };
  const head = world.is === 'read' ? world.head : undefined;
  const newest = latest(pack.status ?? {}, head);
  const created = new Date(pack.metadata.creationTimestamp ?? now);
  const due = dueAt(calendar, newest && new Date(newest.periodEnd), created, now);
  const next = due.next && { nextTime: timestamp(due.next) };
  const told = { ...known, ...next };
  if (world.is === 'unready') return unready(pack, world, { due, told, now });
  const chain = chainState(pack.status ?? {}, head, world.foreign);
  const facts: Facts = { pack, world, calendar, due, newest, chain, told, now };
  return due.period ? toMake(facts, due.period) : resting(facts);
}

interface Facts {
  readonly pack: EvidencePack;
  readonly world: Extract<PackWorld, { is: 'read' }>;
  readonly calendar: Calendar;
  readonly due: Due;
  readonly newest: StoredPack | undefined;
  readonly chain: ChainState;
  readonly told: EvidencePackStatus;
  readonly now: Date;
}

type PackPlan = Plan<EvidencePack, PackEffect>;

/** What a status says of packs that were stored. */
function remembered(status: EvidencePackStatus, world: PackWorld): EvidencePackStatus {
  const head = world.is === 'read' ? world.head : undefined;
  const last = latest(status, head);
  const isNew = last !== undefined && last.sequence !== status.last?.sequence;
  const packs = isNew && status.last ? [status.last, ...(status.packs ?? [])] : (status.packs ?? []);
  const missing = isNew ? (head?.missing ?? []) : (status.missing ?? []);
  return {
    ...(last && { last }),
    ...(packs.length > 0 && { packs: packs.slice(0, mostPacks) }),
    ...(missing.length > 0 && { missing: missing.slice(0, mostMissing) }),
  };
}

function unready(
  pack: EvidencePack,
  { reason, message }: Extract<PackWorld, { is: 'unready' }>,
  { due, told, now }: { due: Due; told: EvidencePackStatus; now: Date },
): PackPlan {
  const { making } = pack.status ?? {};
  const overdue = due.period && `the pack that was due ${timestamp(due.period.end)} is not made: ${message}`;
  const recheckAfter = Math.min(unreadySeconds, due.next ? secondsUntil(due.next, now) : unreadySeconds);
  return {
    outcome: { is: 'waiting', reason, message, recheckAfter },
    conditions: {
      ...lastConditions(told),
      ...(overdue !== undefined && { Stored: { status: 'False', reason: 'Overdue', message: overdue, warns: true } }),
    },
    status: { ...told, ...(making && { making }) },
    actions: [],
  };
}

function toMake(facts: Facts, period: Period): PackPlan {
  const { pack, world, newest, told, now } = facts;
  const sequence = (newest?.sequence ?? 0) + 1;
  const before = pack.status?.making;
  const making = world.making?.sequence === sequence ? world.making : undefined;
  if (making?.is === 'running' && before)
    return {
      outcome: {
        is: 'progressing',
        reason: 'Making',
        message: `making pack ${sequence}, for ${inWords(period)}`,
        recheckAfter: runningSeconds,
      },
      conditions: { ...lastConditions(told), ...chainCondition(facts.chain) },
      status: { ...told, making: before },
      actions: [],
    };
  if (making?.is === 'failed' && before) {
    const again = new Date(making.time.getTime() + pauseSeconds(before.attempts) * 1000);
    // After a clock that was ahead was set back, it is not waited for.
    if (again > now && making.time <= now) return failed(facts, making, { before, again });
  }
  const attempts = (before?.sequence === sequence ? before.attempts : 0) + 1;
  return begin(facts, period, { sequence, attempts });
}

function begin(facts: Facts, period: Period, { sequence, attempts }: { sequence: number; attempts: number }): PackPlan {
  const { pack, calendar, due, newest, chain, told, now } = facts;
  const making: PackInProgress = {
    sequence,
    periodStart: exactly(period.start),
    periodEnd: exactly(period.end),
    startTime: timestamp(now),
    attempts,
  };
  const order: PackOrder = {
    uid: pack.metadata.uid ?? '',
    sequence,
    ...(newest && { previous: { sequence: newest.sequence, digest: newest.digest } }),
    period: { start: making.periodStart, end: making.periodEnd },
    missed: due.missed,
    ...(calendar.is === 'recurring' && { schedule: scheduleOf(calendar, now) }),
  };
  const isFirst = attempts === 1 && due.missed > 0;
  return {
    outcome: {
      is: 'progressing',
      reason: 'Making',
      message: `making pack ${sequence}, for ${inWords(period)}`,
      recheckAfter: runningSeconds,
    },
    conditions: { ...lastConditions(told), ...chainCondition(chain) },
    status: { ...told, making },
    actions: [],
    afterStatus: [{ do: 'perform', effect: order }],
    ...(isFirst && { notes: [missedNote(due.missed, sequence)] }),
  };
}

/** A period that ended earlier than it was declared would be due again. */
function exactly(time: Date): string {
  return time.getTime() % 1000 === 0 ? timestamp(time) : time.toISOString();
}

/** What is promised to whoever verifies the packs. */
function scheduleOf({ cron, timeZone, starts }: Extract<Calendar, { is: 'recurring' }>, now: Date) {
  return { cron, timeZone, seconds: longestPause(starts, now) };
}

function missedNote(missed: number, sequence: number): Note {
  const message = `${counted(missed, 'scheduled pack')} could not be made in time; pack ${sequence} covers that time too`;
  return { type: 'Warning', reason: 'RunsMissed', message };
}

function failed(
  { told, chain, now, due }: Facts,
  { sequence, reason, message, needsPerson }: Extract<MakingState, { is: 'failed' }>,
  { before, again }: { before: PackInProgress; again: Date },
): PackPlan {
  const words = `pack ${sequence} was not stored: ${message}`;
  const recheckAfter = Math.min(secondsUntil(again, now), due.next ? secondsUntil(due.next, now) : Infinity);
  const outcome: Outcome = needsPerson
    ? { is: 'stalled', reason, message: words, recheckAfter }
    : { is: 'waiting', reason, message: `${words}; it will be retried at ${timestamp(again)}`, recheckAfter };
  return {
    outcome,
    conditions: {
      ...lastConditions(told),
      ...chainCondition(chain),
      Stored: { status: 'False', reason, message: words, warns: true },
    },
    status: { ...told, making: before },
    actions: [],
  };
}

function pauseSeconds(attempts: number): number {
  return Math.min(3600, 15 * 2 ** Math.min(attempts, 10));
}

function resting({ due, told, chain, now, calendar }: Facts): PackPlan {
  const { last } = told;
  const then = due.next ? `; the next is due ${timestamp(due.next)}` : '';
  const message = last ? `pack ${last.sequence} is stored${then}` : `no pack yet${then}`;
  const isOver = calendar.is === 'once' && last !== undefined;
  return {
    outcome: {
      is: 'ready',
      reason: isOver ? 'Stored' : 'Scheduled',
      message,
      ...(due.next && { recheckAfter: secondsUntil(due.next, now) }),
    },
    conditions: { ...lastConditions(told), ...chainCondition(chain) },
    status: told,
    actions: [],
  };
}

/** What is told of the last pack. */
function lastConditions({ last, missing = [] }: EvidencePackStatus): DomainConditions {
  if (!last) {
    const message = 'no pack was made yet';
    const none = { status: 'Unknown', reason: 'NoPack', message } as const;
    return { Signed: none, Stored: none, Complete: none };
  }
  const lacking = missing.slice(0, 3).map(({ what, reason }) => `${what} (${reason})`);
  const more = missing.length > 3 ? `, and ${missing.length - 3} more; see status.missing` : '';
  return {
    Signed: signedCondition(last),
    Stored: { status: 'True', reason: 'Stored', message: `pack ${last.sequence} is at ${last.uri}` },
    Complete: last.complete
      ? { status: 'True', reason: 'Complete', message: `pack ${last.sequence} has all that it should` }
      : {
          status: 'False',
          reason: 'Partial',
          message: `pack ${last.sequence} lacks ${listed(lacking)}${more}`,
          warns: true,
        },
  };
}

function signedCondition({ sequence, time, unwitnessed = [] }: StoredPack): DomainConditions[string] {
  const message = `pack ${sequence} was signed at ${time}`;
  if (unwitnessed.length === 0) return { status: 'True', reason: 'Signed', message };
  const without = `${message}, without ${listed(unwitnessed)}, which did not respond: nothing else proves when`;
  return { status: 'True', reason: 'NotWitnessed', message: without, warns: true };
}

function chainCondition(chain: ChainState): DomainConditions {
  if (chain.is === 'intact')
    return { ChainIntact: { status: 'True', reason: 'Intact', message: 'the store has every pack that was stored' } };
  return { ChainIntact: { status: 'False', ...brokenBy(chain), warns: true } };
}

function brokenBy(chain: Exclude<ChainState, { is: 'intact' }>): { reason: string; message: string } {
  switch (chain.is) {
    case 'gone': {
      const packs = chain.from === chain.to ? `pack ${chain.to}` : `packs ${chain.from} to ${chain.to}`;
      const message = `the store lacks ${packs}; find out who removed it, and restore the version that the store still has`;
      return { reason: 'PacksGone', message };
    }
    case 'altered': {
      const message = `pack ${chain.sequence} in the store is not the one that was stored; find out who replaced it, and restore the version of before`;
      return { reason: 'PackAltered', message };
    }
    case 'foreign': {
      const message = `pack ${chain.sequence} in the store was not made with this key, or does not follow the one before; find out who stored it, and remove it`;
      return { reason: 'PackForeign', message };
    }
  }
}

function inWords({ start, end }: Period): string {
  return `${timestamp(start)} to ${timestamp(end)}`;
}
