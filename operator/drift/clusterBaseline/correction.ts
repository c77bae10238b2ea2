/**
 * What a baseline in mode Enforce corrects next. Pure. Each correction is recorded before it is done, so that one that does not last
 * is noticed, whatever crashes; whether it is made again, and when, is the rule of `contention.ts`.
 */
import type { ClusterBaseline, ObjectCorrection } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import type { Action, WriteOutcome } from '../../runtime/feature.ts';
import { rulingOn, rulingOnUndecided, type Ruling } from '../contention.ts';
import { placeId, type Fix } from './evaluation.ts';
import { forgottenAt, lastBearing, rememberedTally } from './remembered.ts';

const mostWrites = 50;
const mostRecorded = 100;
/** What prevents a write may be gone: those that are exhausted are made again at this pace. */
const exhaustedSeconds = 3600;

/** A failing object with its findings that are not waived. */
export interface Due {
  readonly check: string;
  readonly findings: readonly Finding[];
  readonly fix: Fix;
  /** What became of the last write to it. */
  readonly written?: WriteOutcome;
}

/** An object that is not corrected now, although it drifts. */
export interface LeftAlone {
  readonly check: string;
  readonly target: string;
  /** Who wrote what differs. */
  readonly manager?: string;
  /** When it is corrected again; absent if that is not a matter of time. */
  readonly until?: Date;
}

export interface Corrections {
  readonly actions: readonly Action[];
  /** For the status. */
  readonly recorded: readonly ObjectCorrection[];
  readonly done: readonly string[];
  readonly contended: readonly LeftAlone[];
  /** Those whose attempts are exhausted, also while they are made once more. */
  readonly exhausted: readonly LeftAlone[];
  readonly waiting: readonly LeftAlone[];
  /** When something is due, or forgotten. */
  readonly next?: Date;
  /** Deletions that must wait for the next pass. */
  readonly postponed: number;
  /** Other writes that must. */
  readonly left: number;
}

/**
 * The corrections of this pass; `remembered` are those of the passes before. What was never written, or longest ago, comes first: however many
 * objects refuse to be corrected, each of the others has its turn.
 */
export function correct(
  { spec }: ClusterBaseline,
  remembered: readonly ObjectCorrection[],
  due: readonly Due[],
  now: Date,
): Corrections {
  const recorded = new Map(remembered.map((one) => [placeId(one), one]));
  const actions: Action[] = [];
  const done: string[] = [];
  const leftAlone: Record<'contended' | 'exhausted' | 'waiting', LeftAlone[]> = {
    contended: [],
    exhausted: [],
    waiting: [],
  };
  let [deletions, postponed, left] = [0, 0, 0];
  for (const { check, findings, fix, written } of due.toSorted((a, b) => lastTried(a) - lastTried(b))) {
    const target = targetId({ object: findings[0]!.object! });
    const last = recorded.get(placeId({ check, target }));
    const manager = findings.find((finding) => finding.manager)?.manager?.name ?? last?.manager;
    const bearing = lastBearing(last, written);
    const tally = rememberedTally(last, bearing, now);
    const ruling =
      last && bearing === 'undecided'
        ? rulingOnUndecided(tally, last.lastTime, now)
        : rulingOn(tally, last?.lastTime, now);
    const until = untilOf(ruling, last);
    if (ruling !== 'due') {
      const group = typeof ruling === 'string' ? ruling : 'waiting';
      leftAlone[group].push({ check, target, ...(manager && { manager }), ...(until && { until }) });
    }
    if (ruling === 'contended' || (until && until > now)) continue;
    const isDeletion = 'delete' in fix.write;
    if (isDeletion && deletions >= (spec.maxDeletions ?? 5)) {
      postponed += 1;
      continue;
    }
    // Each write is to the version that was seen: of two to one object, the second would be refused.
    if (actions.length >= mostWrites || done.includes(target)) {
      left += 1;
      continue;
    }
    if (isDeletion) deletions += 1;
    actions.push({ do: 'writeAs', as: spec.serviceAccountRef, kind: fix.kind, write: fix.write });
    done.push(target);
    recorded.set(placeId({ check, target }), {
      check,
      target,
      rounds: (last?.rounds ?? 0) + 1,
      lastTime: now.toISOString(),
      ...(manager && { manager }),
      ...(tally.recurred && { recurred: tally.recurred }),
      ...(tally.failed && { failed: tally.failed }),
    });
  }
  const times = [...leftAlone.waiting, ...leftAlone.exhausted].flatMap(({ until }) => until?.getTime() ?? []);
  return {
    actions,
    recorded: kept([...recorded.values()]),
    done,
    ...leftAlone,
    next: earliest([...times, ...[...recorded.values()].map(forgottenAt)], now),
    postponed,
    left,
  };
}

function lastTried({ written }: Due): number {
  return written && written.is !== 'skipped' ? written.time.getTime() : 0;
}

function untilOf(ruling: Ruling, last: ObjectCorrection | undefined): Date | undefined {
  if (typeof ruling === 'object') return ruling.waitUntil;
  return ruling === 'exhausted' && last ? new Date(Date.parse(last.lastTime) + exhaustedSeconds * 1000) : undefined;
}

/** Where there is no room for all, those that lasted go first. */
function kept(corrections: readonly ObjectCorrection[]): ObjectCorrection[] {
  const weight = ({ recurred = 0, failed = 0 }: ObjectCorrection) => recurred + failed;
  return corrections.toSorted((a, b) => weight(a) - weight(b)).slice(-mostRecorded);
}

function earliest(times: readonly number[], after: Date): Date | undefined {
  const ahead = times.filter((time) => time > after.getTime());
  return ahead.length ? new Date(Math.min(...ahead)) : undefined;
}
