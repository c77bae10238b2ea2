/** When it is looked for what is due to be deleted, and what is told of that. Pure. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus, RetentionState } from '../../api/v1alpha1/evidencePackStatus.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { listed } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { DomainCondition, Note, Plan } from '../../runtime/feature.ts';
import type { Guard } from '../../governance/approvalPolicies.ts';
import type { Kept } from '../retention/plan.ts';

/** How the last look in this process stands. */
export type DisposalState =
  | { readonly is: 'running' }
  | {
      readonly is: 'done';
      /** The newest pack then. */
      readonly sequence: number;
      readonly time: Date;
      readonly deleted: readonly string[];
      readonly notes: readonly string[];
      readonly oldest?: Kept;
      readonly isMore: boolean;
    }
  | { readonly is: 'failed'; readonly sequence: number; readonly time: Date; readonly message: string };

/** Looks for what is due, and deletes it. */
export interface DisposalOrder {
  readonly dispose: string;
  readonly sequence: number;
}

/** What a pass knows of it; undefined where the EvidenceStore does not say that anything is deleted. */
export interface DisposalWorld {
  /** Whether the apiserver checks who decides about holds. */
  readonly guard: Guard;
  readonly state: DisposalState | undefined;
}

const runningSeconds = 2;
const moreSeconds = 60;
const retrySeconds = 900;
const daySeconds = 86_400;

interface Given<Effect> {
  readonly pack: EvidencePack;
  readonly plan: Plan<EvidencePack, Effect | DisposalOrder>;
  /** Undefined where the store could not be read: what was known of it stays. */
  readonly world: DisposalWorld | 'off' | undefined;
  readonly now: Date;
}

export function withDisposal<Effect>({
  pack,
  plan,
  world,
  now,
}: Given<Effect>): Plan<EvidencePack, Effect | DisposalOrder> {
  if (world === 'off') return plan;
  const { state } = world ?? {};
  const known = knownOf(pack, state);
  const condition =
    world?.guard.is === 'broken'
      ? { status: 'False' as const, reason: 'Unguarded', message: world.guard.message, warns: true }
      : conditionOf(pack, state, now);
  const status: EvidencePackStatus = { ...plan.status, ...(known && { retention: known }) };
  const told = { ...plan, status, conditions: { ...plan.conditions, Disposed: condition } };
  const isResting = plan.outcome.is === 'ready' && !plan.afterStatus?.length;
  if (state?.is === 'running') return rechecked(told, runningSeconds);
  if (world?.guard.is !== 'intact' || !isResting || !status.last) return withNotes(told, pack, state);
  const { sequence } = status.last;
  const at = state === undefined || state.sequence < sequence ? undefined : againAt(state);
  const isNow = at === undefined || at <= now || (state !== undefined && state.time > now);
  const order: DisposalOrder = { dispose: pack.metadata.uid ?? '', sequence };
  const wait = isNow ? runningSeconds : secondsUntil(at, now);
  return withNotes(
    {
      ...rechecked(told, wait),
      ...(isNow && { afterStatus: [{ do: 'perform' as const, effect: order }] }),
    },
    pack,
    state,
  );
}

function rechecked<R extends Pick<Plan<EvidencePack, unknown>, 'outcome'>>(plan: R, seconds: number): R {
  const { outcome } = plan;
  return { ...plan, outcome: { ...outcome, recheckAfter: Math.min(seconds, outcome.recheckAfter ?? Infinity) } };
}

function againAt(state: Exclude<DisposalState, { is: 'running' }>): Date {
  const seconds = state.is === 'failed' ? retrySeconds : state.isMore ? moreSeconds : daySeconds;
  const later = new Date(state.time.getTime() + seconds * 1000);
  const due = state.is === 'done' && !isKept(state.oldest) ? state.oldest?.until : undefined;
  return due && due > state.time && due < later ? due : later;
}

function isKept(oldest: Kept | undefined): boolean {
  return oldest !== undefined && (oldest.isHeld || oldest.holds.length > 0);
}

function knownOf({ status }: EvidencePack, state: DisposalState | undefined): RetentionState | undefined {
  if (state?.is !== 'done') return status?.retention;
  const { time, oldest } = state;
  return {
    checkTime: timestamp(time),
    ...(oldest && { oldest: oldest.sequence }),
    ...(oldest?.until && { nextTime: timestamp(oldest.until) }),
  };
}

function conditionOf({ status }: EvidencePack, state: DisposalState | undefined, now: Date): DomainCondition {
  if (!state || state.is === 'running') {
    const before = status?.conditions?.find(({ type }) => type === 'Disposed');
    if (before) return { status: before.status, reason: before.reason, message: before.message };
    return { status: 'Unknown', reason: 'NotChecked', message: 'it was not looked for what is due yet' };
  }
  if (state.is === 'failed') {
    const message = `what is due could not be deleted: ${state.message}; it will be retried`;
    return { status: 'False', reason: 'Failed', message, warns: true };
  }
  const { notes, oldest } = state;
  if (notes.length > 0)
    return { status: 'False', reason: 'InDoubt', message: notes.slice(0, 2).join('; '), warns: true };
  if (!oldest) return { status: 'True', reason: 'UpToDate', message: 'nothing is due' };
  return keptBy(oldest, now);
}

function keptBy({ sequence, until, holds, isHeld }: Kept, now: Date): DomainCondition {
  const isOver = until !== undefined && until <= now;
  const pack = `pack ${sequence}, the oldest,`;
  if (holds.length > 0) {
    const those = `legal ${holds.length === 1 ? 'hold' : 'holds'} ${listed(holds)}`;
    const message = `${pack} is kept by ${those}${until ? `; without, it can be deleted ${timestamp(until)}` : ''}`;
    return { status: isOver ? 'False' : 'True', reason: 'Held', message };
  }
  if (isHeld) {
    const message = `${pack} has a legal hold in the store itself, and none that is declared covers it`;
    return { status: isOver ? 'False' : 'True', reason: 'HeldInStore', message };
  }
  if (!until) return { status: 'True', reason: 'UpToDate', message: `nothing is due; ${pack} stays` };
  if (isOver) return { status: 'False', reason: 'Due', message: `${pack} is due since ${timestamp(until)}` };
  return { status: 'True', reason: 'UpToDate', message: `nothing is due; ${pack} can be deleted ${timestamp(until)}` };
}

/** What was deleted is an event of its own, once. */
function withNotes<R extends Pick<Plan<EvidencePack, unknown>, 'notes'>>(
  plan: R,
  { status }: EvidencePack,
  state: DisposalState | undefined,
): R {
  if (state?.is !== 'done' || state.deleted.length === 0) return plan;
  if (status?.retention?.checkTime === timestamp(state.time)) return plan;
  const message = `deleted ${listed(state.deleted)}, because their retention is over; the store has a signed record of that`;
  const note: Note = { type: 'Normal', reason: 'Disposed', message };
  return { ...plan, notes: [...(plan.notes ?? []), note] };
}
