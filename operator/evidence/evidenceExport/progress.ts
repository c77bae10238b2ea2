/** Where an export stands, from its status and what was done since, and which step is next. Pure. */
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { EvidenceExportStatus } from '../../api/v1alpha1/evidenceExportStatus.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { ExportState, Step } from './kit.ts';
import { mostLinks, renewAnnotation } from './link.ts';

export type Remembered = Omit<EvidenceExportStatus, 'conditions' | 'observedGeneration' | 'seal'>;

export interface Progress {
  readonly status: Remembered;
  /** None while one is running, and once all is done. */
  readonly next?: { readonly step: Step; readonly at: Date };
}

export const usualTtlSeconds = 86_400;
const checkMilliseconds = 3_600_000;
const linkMilliseconds = 30_000;
const retryMilliseconds = 60_000;

export function progressOf(object: EvidenceExport, state: ExportState | undefined, now: Date): Progress {
  const status = withResult(object, state, now);
  if (state?.is === 'running') return { status };
  const step = stepOf(object, status, state, now);
  if (!step) return { status };
  const at = retryOf(status, state, step.step, now) ?? step.at;
  return { status, next: { step: step.step, at } };
}

/** What was done is remembered. */
function withResult({ spec, status = {} }: EvidenceExport, state: ExportState | undefined, now: Date): Remembered {
  const { startTime, attempts, archive, expiryTime, link, removalStartTime, removal, admission } = status;
  const before: Remembered = {
    ...(startTime !== undefined && { startTime }),
    ...(attempts !== undefined && { attempts }),
    ...(archive && { archive }),
    ...(expiryTime !== undefined && { expiryTime }),
    ...(link && { link }),
    ...(removalStartTime !== undefined && { removalStartTime }),
    ...(removal && { removal }),
    ...(admission && { admission }),
  };
  if (removal) return before;
  switch (state?.is) {
    case 'made':
      // Of another attempt, nothing else may be known.
      return archive?.storedTime === undefined ? { ...before, archive: state.archive } : before;
    case 'stored': {
      if (archive?.storedTime !== undefined) return before;
      const ends = Date.parse(state.archive.storedTime ?? '') + (spec.ttlSeconds ?? usualTtlSeconds) * 1000;
      return { ...before, archive: state.archive, expiryTime: timestamp(new Date(ends)) };
    }
    case 'seen':
      return state.link && state.link.count > (link?.count ?? 0) ? { ...before, link: state.link } : before;
    case 'removed': {
      const { result, message } = state;
      const { link: shown, ...rest } = before;
      void shown;
      return { ...rest, removal: { time: timestamp(now), result, message } };
    }
    default:
      return before;
  }
}

function stepOf(
  object: EvidenceExport,
  status: Remembered,
  state: ExportState | undefined,
  now: Date,
): Progress['next'] {
  const { archive, removal, link } = status;
  if (removal) return undefined;
  const end = endOf(object, status);
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  if (isDeleted || (end && end <= now)) return archive || isDeleted ? { step: 'remove', at: now } : undefined;
  if (archive?.storedTime === undefined) {
    const isHere = state?.is === 'made' && state.archive.digest === archive?.digest;
    return { step: isHere ? 'store' : 'make', at: now };
  }
  const wanted = linkWanted(object, status);
  if (wanted) {
    const since = link ? Date.parse(link.time) + linkMilliseconds : 0;
    return { step: 'link', at: new Date(Math.min(Math.max(since, now.getTime()), now.getTime() + linkMilliseconds)) };
  }
  const seen = state?.is === 'seen' ? state.time.getTime() : state?.is === 'stored' ? now.getTime() : 0;
  // A clock that was set back does not keep it from being looked at.
  const due = seen > now.getTime() ? now.getTime() : seen + checkMilliseconds;
  return { step: 'check', at: new Date(Math.max(due, now.getTime())) };
}

/** When the archive is deleted; one that is not stored by then never is. Undefined before it has begun. */
export function endOf({ spec }: EvidenceExport, { startTime, expiryTime }: Remembered): Date | undefined {
  if (expiryTime !== undefined) return new Date(expiryTime);
  return startTime === undefined
    ? undefined
    : new Date(Date.parse(startTime) + (spec.ttlSeconds ?? usualTtlSeconds) * 1000);
}

/** What asks for a link that there is not yet. */
export function linkWanted(
  { metadata, spec }: EvidenceExport,
  { link }: Remembered,
): { readonly request?: string; readonly count: number } | undefined {
  if (spec.recipientKey === undefined || (link?.count ?? 0) >= mostLinks) return undefined;

  const request = metadata.annotations?.[renewAnnotation]?.slice(0, 128).replace(/[\x00-\x1f\x7f]/g, '_');
  if (link && (request === undefined || request === '' || request === link.request)) return undefined;
  return { count: (link?.count ?? 0) + 1, ...(request && { request }) };
}

/** What failed is not tried again at once. */
function retryOf(
  { attempts = 0 }: Remembered,
  state: ExportState | undefined,
  step: Step,
  now: Date,
): Date | undefined {
  if (state?.is !== 'failed') return undefined;
  const isOfMaking = state.step === 'make' || state.step === 'store';
  if (isOfMaking !== (step === 'make' || step === 'store')) return undefined;
  const pause = isOfMaking ? Math.min(3600, 15 * 2 ** Math.min(attempts, 10)) * 1000 : retryMilliseconds;
  const again = new Date(state.time.getTime() + pause);
  return again > now && state.time <= now ? again : now;
}
