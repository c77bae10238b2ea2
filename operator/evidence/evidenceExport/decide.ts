/** What an export does next, and what is told of it. Pure. */
import type { AdmissionRecord } from '../../api/v1alpha1/shared.ts';
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { Admission } from '../../governance/admission.ts';
import { untilHeeded } from '../../governance/admission.ts';
import type { Guard } from '../../governance/approvalPolicies.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted } from '../../lib/text.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { DomainCondition, DomainConditions, Outcome, Plan } from '../../runtime/feature.ts';
import type { ExportOrder, ExportState } from './kit.ts';
import { mostLinks } from './link.ts';
import { endOf, linkWanted, progressOf, type Progress, type Remembered } from './progress.ts';

export interface ExportWorld {
  readonly guard: Guard;
  readonly admission: Admission;
  /** What is wrong with the request itself. */
  readonly fault?: Reason;
  readonly state?: ExportState;
  /** Why the step that is due cannot be done; `isGone` where there is no such store. */
  readonly unready?: Reason & { readonly isGone?: boolean };
  /** Whether the store is open for the step that is due. */
  readonly isOpen: boolean;
}

interface Reason {
  readonly reason: string;
  readonly message: string;
}

export type ExportPlan = Plan<EvidenceExport, ExportOrder>;

const runningSeconds = 2;
const unreadySeconds = 300;
/** So long a deletion waits for a store that cannot be reached. */
const farewellMilliseconds = 3_600_000;

export function decideExport(object: EvidenceExport, world: ExportWorld, now: Date): ExportPlan {
  const progress = progressOf(object, world.state, now);
  const record = world.admission.record ?? progress.status.admission;
  const facts: Facts = { object, world, progress, now, status: withAdmission(progress.status, record) };
  const { archive, removal } = facts.status;
  if (removal) return over(facts);
  if (!archive) {
    const refused = refusalOf(facts);
    if (refused) return told(facts, refused);
  }
  if (world.state?.is === 'running') return told(facts, running(world.state.step));
  if (!progress.next)
    return told(facts, {
      is: 'stalled',
      reason: 'Expired',
      message: 'it was not exported within its time; create another EvidenceExport',
    });
  return progress.next.at > now ? resting(facts, progress.next.at) : doing(facts);
}

interface Facts {
  readonly object: EvidenceExport;
  readonly world: ExportWorld;
  readonly progress: Progress;
  readonly status: Remembered;
  readonly now: Date;
}

function withAdmission(status: Remembered, admission: AdmissionRecord | undefined): Remembered {
  return { ...status, ...(admission && { admission }) };
}

/** Why nothing is exported, whatever the store has. */
function refusalOf({ world: { guard, admission, fault }, now }: Facts): Outcome | undefined {
  if (guard.is === 'broken')
    return { is: 'waiting', reason: 'PoliciesMissing', message: guard.message, recheckAfter: unreadySeconds };
  if (!admission.isChecked) {
    const wait = untilHeeded(guard, now);
    const message = 'it was created before the apiserver checked who exports; create it again';
    return wait === undefined
      ? { is: 'stalled', reason: 'CreatedBeforePolicies', message }
      : {
          is: 'waiting',
          reason: 'PoliciesNew',
          message: `the admission policies apply in ${wait} s`,
          recheckAfter: wait,
        };
  }
  return fault && { is: 'stalled', ...fault };
}

function running(step: string): Outcome {
  const doing = step === 'make' ? 'verifying the evidence, and making the archive' : 'working on the archive';
  return { is: 'progressing', reason: 'Exporting', message: doing, recheckAfter: runningSeconds };
}

/** A step is due. */
function doing(facts: Facts): ExportPlan {
  const { object, world, progress, status, now } = facts;
  const step = progress.next?.step;
  if (world.unready) {
    const { reason, message } = world.unready;
    return told(facts, { is: 'waiting', reason, message, recheckAfter: unreadySeconds });
  }
  if (!step || !world.isOpen) return told(facts, running(''));
  // The finalizer comes first: what is stored must not be forgotten.
  if (step === 'store' && !object.metadata.finalizers?.length) return told(facts, running(step));
  const isMaking = step === 'make';
  const begun: Remembered = isMaking
    ? { ...status, startTime: status.startTime ?? now.toISOString(), attempts: (status.attempts ?? 0) + 1 }
    : status;
  const link = linkWanted(object, status);
  const order: ExportOrder = {
    step,
    uid: object.metadata.uid ?? '',
    startTime: begun.startTime ?? now.toISOString(),
    ...(status.archive && { archive: status.archive }),
    ...(link && { link }),
  };
  const plan = step === 'make' || step === 'store' ? told(facts, running(step)) : resting(facts, now);
  return { ...plan, status: begun, afterStatus: [{ do: 'perform', effect: order }], outcome: soon(plan.outcome) };
}

function soon(outcome: Outcome): Outcome {
  return { ...outcome, recheckAfter: runningSeconds };
}

/** Nothing is due until then. */
function resting(facts: Facts, at: Date): ExportPlan {
  const { object, world, status, now } = facts;
  const { state } = world;
  const { archive, expiryTime = '', link } = status;
  const end = endOf(object, status);
  const recheckAfter = Math.min(secondsUntil(at, now), end ? secondsUntil(end, now) : Infinity);
  if (archive?.storedTime === undefined) {
    const { reason = 'Failed', message = '', needsPerson = false } = state?.is === 'failed' ? state : {};
    return told(facts, {
      is: needsPerson ? 'stalled' : 'waiting',
      reason,
      message: `it was not exported: ${message}${needsPerson ? '' : `; it will be retried at ${timestamp(at)}`}`,
      recheckAfter,
    });
  }
  if (state?.is === 'failed' && state.step === 'remove')
    return told(facts, {
      is: 'waiting',
      reason: state.reason,
      message: `the archive is not deleted yet: ${lockWords(facts)}${state.message}; it will be retried`,
      recheckAfter,
    });
  if (state?.is === 'seen' && state.found !== 'There') {
    const { reason, message } = lost(state.found);
    return told(facts, { is: 'stalled', reason, message, recheckAfter });
  }
  const why = state?.is === 'failed' && state.step === 'link' ? `; there is no link: ${state.message}` : '';
  const most = (link?.count ?? 0) >= mostLinks ? `; it had ${mostLinks} links, and gets no other` : '';
  const message = `the archive is at ${archive.uri ?? archive.key} until ${expiryTime}${why}${most}`;
  return told(facts, { is: 'ready', reason: 'Stored', message, recheckAfter });
}

function lockWords({ status: { archive }, now }: Facts): string {
  const { lockedUntil } = archive ?? {};
  return lockedUntil !== undefined && Date.parse(lockedUntil) > now.getTime()
    ? `the bucket locks it until ${lockedUntil}; `
    : '';
}

function lost(found: 'Gone' | 'Altered'): Reason {
  return found === 'Gone'
    ? {
        reason: 'ArchiveGone',
        message: 'the archive is no longer in the store; find out who removed it, and create another EvidenceExport',
      }
    : {
        reason: 'ArchiveAltered',
        message: 'the archive in the store is not the one that was recorded; do not use it, and find out who wrote it',
      };
}

function over(facts: Facts): ExportPlan {
  const { result = 'Gone', message = '' } = facts.status.removal ?? {};
  return told(
    facts,
    result === 'Left' ? { is: 'stalled', reason: 'ArchiveLeft', message } : { is: 'ready', reason: 'Expired', message },
  );
}

function told(facts: Facts, outcome: Outcome): ExportPlan {
  return { outcome, conditions: conditionsOf(facts), status: facts.status, actions: [] };
}

function conditionsOf({ status, world: { state } }: Facts): DomainConditions {
  const { archive, removal } = status;
  const failed = state?.is === 'failed' && archive?.storedTime === undefined ? state : undefined;
  const none: DomainCondition = { status: 'Unknown', reason: 'NotMade', message: 'no archive was made yet' };
  const isRefused = failed && ['EvidenceBroken', 'NotVerified', 'Altered'].includes(failed.reason);
  const { reason = '', message = '' } = failed ?? {};
  return {
    Verified: archive
      ? { status: 'True', reason: archive.verdict, message: verifiedWords(archive) }
      : isRefused
        ? { status: 'False', reason, message, warns: true }
        : none,
    Recorded: archive
      ? { status: 'True', reason: 'Recorded', message: `the journal has it since ${archive.recordedTime}` }
      : failed?.reason === 'NotRecorded'
        ? { status: 'False', reason, message, warns: true }
        : none,
    Available: availability(status, state) ?? (removal || !failed ? none : { status: 'False', reason, message }),
  };
}

function verifiedWords({ packs, leftOut, digest }: NonNullable<Remembered['archive']>): string {
  const count = packs.reduce((sum, one) => sum + one.count, 0);
  const left = leftOut > 0 ? `, without ${counted(leftOut, 'file')}` : '';
  return `${counted(count, 'pack')} verified${left}; the archive has ${digest}`;
}

function availability(
  { archive, expiryTime = '', removal }: Remembered,
  state: ExportState | undefined,
): DomainCondition | undefined {
  if (removal) {
    const { result, message } = removal;
    return { status: 'False', reason: result === 'Left' ? 'ArchiveLeft' : result, message, warns: result === 'Left' };
  }
  if (archive?.storedTime === undefined) return undefined;
  if (state?.is === 'seen' && state.found !== 'There') return { status: 'False', ...lost(state.found), warns: true };
  if (state?.is === 'failed') return { status: 'Unknown', reason: state.reason, message: state.message };
  return { status: 'True', reason: 'Stored', message: `until ${expiryTime}` };
}

/** Removes the archive before the object goes. A store that is gone, or cannot be reached for an hour, keeps it from going no longer: then it is said what is left. */
export function cleanUpExport(object: EvidenceExport, world: ExportWorld, now: Date): ExportPlan {
  const progress = progressOf(object, world.state, now);
  const { removalStartTime = timestamp(now) } = progress.status;
  const facts: Facts = { object, world, progress, now, status: { ...progress.status, removalStartTime } };
  const { removal, archive } = facts.status;
  // It is told first: whoever removes the finalizer tells nothing.
  if (removal)
    return object.status?.removal
      ? { ...over(facts), outcome: { is: 'ready', reason: 'Ended', message: removal.message } }
      : { ...told(facts, ending(1)), ...leftNote(removal) };
  if (world.state?.is === 'running') return told(facts, ending(runningSeconds));
  const { unready, state } = world;
  const failure = unready ?? (state?.is === 'failed' && state.step === 'remove' ? state : undefined);
  const isLate = now.getTime() - Date.parse(removalStartTime) >= farewellMilliseconds;
  if (failure && (unready?.isGone || isLate)) {
    const place = archive?.uri ?? archive?.key ?? 'its archive';
    const message = `${place} was left in the store: ${lockWords(facts)}${failure.message}; delete it there`.slice(
      0,
      512,
    );
    const left = { time: timestamp(now), result: 'Left', message } as const;
    return { ...told({ ...facts, status: { ...facts.status, removal: left } }, ending(1)), ...leftNote(left) };
  }
  if (failure && (unready || (progress.next && progress.next.at > now))) {
    const message = `the archive is not deleted yet: ${failure.message}`;
    return told(facts, { is: 'waiting', reason: failure.reason, message, recheckAfter: 30 });
  }
  return { ...(world.isOpen ? doing(facts) : told(facts, ending(0))), outcome: ending(runningSeconds) };
}

function leftNote({ result, message }: { result: string; message: string }): Pick<ExportPlan, 'notes'> {
  return result === 'Left' ? { notes: [{ type: 'Warning', reason: 'ArchiveLeft', message }] } : {};
}

function ending(recheckAfter: number): Outcome {
  return { is: 'progressing', reason: 'Ending', message: 'deleting the archive', recheckAfter };
}
