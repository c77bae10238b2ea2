/** When witnesses that were away are asked again, and what is said of packs that lack them. Pure. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus, LateWitnesses, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { Outcome } from '../../runtime/feature.ts';
import { lastConditions } from './conditions.ts';
import { pauseSeconds } from './due.ts';
import type { LateFound } from './lateWitnesses.ts';
import type { WitnessingState } from './witnessing.ts';
import type { PackPlan, PackWorld } from './world.ts';

const runningSeconds = 5;
/** Of a chain that was read in part. */
const restSeconds = 10;

/** The plan, with what is known of witnesses. While a pack is made, nothing is asked: it is over soon, and then the chain has another end. */
export function attesting(pack: EvidencePack, world: PackWorld, plan: PackPlan, now: Date): PackPlan {
  const last = world.is === 'read' ? world.head?.pack.sequence : undefined;
  const state = world.is === 'read' ? world.witnessing : undefined;
  if (!pack.spec.signing.witnesses?.length) return withStatus(plan, withoutWitnessing(plan.status));
  if (last === undefined || !state || plan.afterStatus || plan.outcome.is === 'progressing') return plan;
  const again = againAt(state);
  const isDue = isAsked(state, last, again, now);
  const status = state.found ? told(plan.status, state.found, again) : plan.status;
  const begun = { attest: { uid: pack.metadata.uid ?? '', last } };
  const wait = state.isRunning || isDue ? runningSeconds : again && secondsUntil(again, now);
  return {
    ...withStatus(plan, status, state.found),
    outcome: sooner(plan.outcome, wait),
    ...(isDue && { afterStatus: [{ do: 'perform', effect: begun }] }),
  };
}

function isAsked({ isRunning, time, last }: WitnessingState, newest: number, again: Date | undefined, now: Date) {
  if (isRunning) return false;
  if (!time || last !== newest || time > now) return true;
  return again !== undefined && again <= now;
}

/** Undefined when nothing is left to ask for. */
function againAt({ time, found, attempts, failure }: WitnessingState): Date | undefined {
  if (!time) return undefined;
  const after = (seconds: number) => new Date(time.getTime() + seconds * 1000);
  if (failure === undefined && found && found.unread > 0) return after(restSeconds);
  return attempts > 0 ? after(pauseSeconds(attempts)) : undefined;
}

function told(status: EvidencePackStatus, found: LateFound, again: Date | undefined): EvidencePackStatus {
  const { last } = status;
  const rest = withoutWitnessing(status);
  const witnessing = lateWitnesses(found, again);
  return { ...rest, ...(last && { last: lastOf(last, found) }), ...(witnessing && { witnessing }) };
}

function lateWitnesses({ lacking, silent }: LateFound, again: Date | undefined): LateWitnesses | undefined {
  const [newest] = lacking;
  if (!newest) return undefined;
  const [first] = silent;
  return {
    packs: lacking.length,
    newest: newest.sequence,
    witnesses: [...new Set(lacking.flatMap(({ witnesses }) => witnesses))].toSorted(),
    ...(again && { nextTime: timestamp(again) }),
    ...(first && { message: first.reason.slice(0, 1000) }),
  };
}

/** Once it was read, the store says what the last pack lacks, and no longer what was remembered of its making. */
function lastOf({ unwitnessed: _, ...last }: StoredPack, { lacking, unread }: LateFound): StoredPack {
  const of = lacking.find(({ sequence }) => sequence === last.sequence);
  if (of) return { ...last, unwitnessed: [...of.witnesses] };
  return unread > 0 && _ ? { ...last, unwitnessed: _ } : last;
}

function withoutWitnessing({ witnessing: _, ...rest }: EvidencePackStatus): EvidencePackStatus {
  return rest;
}

function withStatus(plan: PackPlan, status: EvidencePackStatus, found?: LateFound): PackPlan {
  const { Signed } = lastConditions(status, found?.foreign);
  return { ...plan, status, conditions: { ...plan.conditions, ...(Signed && plan.conditions && { Signed }) } };
}

function sooner(outcome: Outcome, seconds: number | undefined): Outcome {
  if (seconds === undefined) return outcome;
  return { ...outcome, recheckAfter: Math.min(seconds, outcome.recheckAfter ?? Infinity) };
}
