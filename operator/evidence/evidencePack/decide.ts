/** When a pack is made, and what is told of those that were. Pure. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus, PackInProgress, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { Note, Outcome } from '../../runtime/feature.ts';
import type { Period } from '../sections/section.ts';
import { attesting } from './attesting.ts';
import { chainCondition, lastConditions } from './conditions.ts';
import { calendarOf, dueAt, longestPause, pauseSeconds, type Calendar, type Due } from './due.ts';
import { chainState, latest, type ChainState } from './head.ts';
import { recording } from './recording.ts';
import { skipping, type Skipping } from './skips.ts';
import type { MakingState, PackOrder, PackPlan, PackWorld } from './world.ts';

const mostPacks = 30;
const mostMissing = 10;
const runningSeconds = 2;
/** Of a store or key that is not ready; a change of it is noticed at once. */
const unreadySeconds = 300;

export function decidePack(pack: EvidencePack, world: PackWorld, now: Date): PackPlan {
  const plan = attesting(pack, world, planned(pack, world, now), now);
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
  const { foreign } = skipping(pack.spec, newest?.sequence ?? 0, world.foreign);
  const chain = chainState(pack.status ?? {}, head, { ...world, foreign });
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

/** What a status says of packs that were stored. */
function remembered(status: EvidencePackStatus, world: PackWorld): EvidencePackStatus {
  const head = world.is === 'read' ? world.head : undefined;
  const last = latest(status, head);
  // One that cannot be followed now is not forgotten.
  const pin = (world.is === 'read' ? world.keys?.pin : undefined) ?? status.keys;
  const isNew = last !== undefined && last.sequence !== status.last?.sequence;
  const packs = isNew && status.last ? [status.last, ...(status.packs ?? [])] : (status.packs ?? []);
  const missing = isNew ? (head?.missing ?? []) : (status.missing ?? []);
  return {
    ...(last && { last }),
    ...(packs.length > 0 && { packs: packs.slice(0, mostPacks) }),
    ...(missing.length > 0 && { missing: missing.slice(0, mostMissing) }),
    ...(pin && { keys: pin }),
    ...(status.witnessing && { witnessing: status.witnessing }),
  };
}

function unready(
  pack: EvidencePack,
  { reason, message }: Extract<PackWorld, { is: 'unready' }>,
  { due, told, now }: { due: Due; told: EvidencePackStatus; now: Date },
): PackPlan {
  const { making } = pack.status ?? {};
  // It is tried within moments; that is no failure.
  const isTried = reason !== 'StoreNotTried';
  const overdue = isTried && due.period && `the pack that was due ${timestamp(due.period.end)} is not made: ${message}`;
  const recheckAfter = Math.min(unreadySeconds, due.next ? secondsUntil(due.next, now) : unreadySeconds);
  return {
    outcome: { is: 'waiting', reason, message, recheckAfter },
    conditions: {
      ...lastConditions(told),
      ...(typeof overdue === 'string' && {
        Stored: { status: 'False', reason: 'Overdue', message: overdue, warns: true },
      }),
    },
    status: { ...told, ...(making && { making }) },
    actions: [],
  };
}

function toMake(facts: Facts, period: Period): PackPlan {
  const { pack, world, newest, told, now } = facts;
  // Another pack of ours would begin a second history.
  const loose = world.foreign?.find(({ isSigned }) => isSigned);
  if (loose) return stopped(facts, 'ChainBroken', looseWords(loose.sequence, newest?.sequence));
  const { sequence, skipped } = skipping(pack.spec, newest?.sequence ?? 0, world.foreign);
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
  return begin(facts, period, { sequence, attempts, skipped });
}

interface Attempt extends Pick<Skipping, 'skipped'> {
  readonly sequence: number;
  readonly attempts: number;
}

function begin(facts: Facts, period: Period, { sequence, attempts, skipped }: Attempt): PackPlan {
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
    ...(skipped.length > 0 && { skipped }),
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

/** By how much clocks may differ. */
const skewMilliseconds = 300_000;

function resting(facts: Facts): PackPlan {
  const { due, told, chain, now, calendar, newest } = facts;
  const { last } = told;
  if (newest && Date.parse(newest.periodEnd) > now.getTime() + skewMilliseconds) return ahead(facts, newest);
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

function looseWords(sequence: number, last: number | undefined): string {
  const loose = last === undefined ? 'what was before it is gone' : `it does not follow pack ${last}`;
  return `pack ${sequence} in the store is signed with this key, and ${loose}: another pack would begin a second history; restore what was removed, with the records of what was deleted, or create another EvidencePack`;
}

/** A pack is made of what is over, so either the clock was ahead then, or it is behind now. None before its time could follow it. */
function ahead(facts: Facts, { sequence, periodEnd }: StoredPack): PackPlan {
  const message = `pack ${sequence} covers the time until ${periodEnd}, and the clock of the operator has ${timestamp(facts.now)}: no pack is made until then; set the clock by NTP, or, if it was ahead when that pack was made, create another EvidencePack`;
  return stopped(facts, 'ClockBehind', message);
}

/** Until a person changes something. */
function stopped({ told, chain }: Facts, reason: string, message: string): PackPlan {
  return {
    outcome: { is: 'stalled', reason, message, recheckAfter: unreadySeconds },
    conditions: {
      ...lastConditions(told),
      ...chainCondition(chain),
      Stored: { status: 'False', reason, message, warns: true },
    },
    status: told,
    actions: [],
  };
}

function inWords({ start, end }: Period): string {
  return `${timestamp(start)} to ${timestamp(end)}`;
}
