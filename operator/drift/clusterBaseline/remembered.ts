/** Corrections of a cluster as its baseline remembers them, and what a pass sees of them afterwards. Pure. */
import type { ClusterBaseline, ObjectCorrection } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { contentionSeconds, neverCorrected, tallied, type Tally } from '../contention.ts';
import type { WriteOutcome } from '../../runtime/feature.ts';
import { placeId, type ItemEvaluation } from './evaluation.ts';
import { bearingOf } from './refusal.ts';
import { revisionOf } from './revision.ts';
import type { ObjectCompliance } from './objectCompliance.ts';

/** What the status has of corrections of what is declared now: changed checks begin anew. */
export function earlierCorrections(baseline: ClusterBaseline): readonly ObjectCorrection[] {
  const { revision, corrections = [] } = baseline.status ?? {};
  return revision === revisionOf(baseline) ? corrections : [];
}

/** What a pass has found. */
export interface SeenNow {
  readonly evaluations: readonly ItemEvaluation[];
  /** What became of the last writes to objects that drift, by `placeId`. */
  readonly written: ReadonlyMap<string, WriteOutcome>;
  readonly results: readonly ObjectCompliance[];
}

/**
 * The corrections, with what this pass sees of them: one whose object complies is verified, and forgotten when it has lasted for ten
 * minutes. One whose object drifts again has recurred, if it was verified, or was accepted by the apiserver: then it was undone before any
 * pass could see it. What is waived, or could not be evaluated, stays as it is.
 */
export function remembered(
  corrections: readonly ObjectCorrection[],
  { evaluations, written, results }: SeenNow,
  now: Date,
): ObjectCorrection[] {
  if (!corrections.length) return [];
  const places = new Map(results.map((result) => [placeId(placeOf(result)), result]));
  const evaluated = new Set(evaluations.filter(isEvaluated).map(({ item }) => item.name));
  return corrections.flatMap((correction) => {
    const result = places.get(placeId(correction));
    if (result?.is === 'drifted') {
      const isAccepted = outcomeOf(correction, written.get(placeId(correction)))?.is === 'accepted';
      return drifted(correction, isAccepted, sinceOf(result.findings, now));
    }
    if (result) return correction;
    return evaluated.has(correction.check) ? complied(correction, now) : correction;
  });
}

/** Whether each of its objects is counted or named. */
function isEvaluated({ nonCompliant, unnamed, invalid, isUnread }: ItemEvaluation): boolean {
  return (
    !isUnread &&
    unnamed === undefined &&
    invalid === undefined &&
    nonCompliant.every(({ object }) => object !== undefined)
  );
}

function complied(correction: ObjectCorrection, now: Date): readonly ObjectCorrection[] {
  if (forgottenAt(correction) <= now.getTime()) return [];
  return [correction.outcome ? correction : { ...correction, outcome: 'Verified' }];
}

/** Drift that comes long after a correction begins anew. */
function drifted(correction: ObjectCorrection, isAccepted: boolean, since: string): readonly ObjectCorrection[] {
  const wasCorrected = correction.outcome === 'Verified' || (correction.outcome === undefined && isAccepted);
  if (!wasCorrected) return [correction];
  const { recurred } = tallied(tallyBefore(correction), { time: correction.lastTime, verified: true }, since);
  return recurred ? [{ ...withoutFailures(correction), outcome: 'Recurred', recurred }] : [];
}

function withoutFailures({ failed: _, ...correction }: ObjectCorrection): ObjectCorrection {
  return correction;
}

/** What became of that very correction. */
function outcomeOf({ lastTime }: ObjectCorrection, last: WriteOutcome | undefined): WriteOutcome | undefined {
  return last && last.time.getTime() >= Date.parse(lastTime) ? last : undefined;
}

/** How the last correction of an object that drifts bears on the next; undefined when there was none, or the object complied after it. */
export function lastBearing(
  correction: ObjectCorrection | undefined,
  last: WriteOutcome | undefined,
): ReturnType<typeof bearingOf> | undefined {
  return correction && !correction.outcome ? bearingOf(outcomeOf(correction, last)) : undefined;
}

/** The tally of a remembered correction of an object that drifts. */
export function rememberedTally(
  correction: ObjectCorrection | undefined,
  bearing: ReturnType<typeof lastBearing>,
  now: Date,
): Tally {
  if (!correction) return neverCorrected;
  const before = tallyBefore(correction);
  const attempt = { time: correction.lastTime, verified: false };
  return bearing === 'failed' ? tallied(before, attempt, now.toISOString()) : before;
}

function tallyBefore({ recurred = 0, failed = 0 }: ObjectCorrection): Tally {
  return { recurred, failed };
}

/** When it is forgotten if it lasts: milliseconds since 1970. */
export function forgottenAt({ lastTime }: ObjectCorrection): number {
  return Date.parse(lastTime) + contentionSeconds * 1000;
}

function sinceOf(findings: readonly Finding[], now: Date): string {
  const times = findings.flatMap(({ since, waiver }) => (since !== undefined && !waiver ? [since] : []));
  return times.reduce((first, time) => (time < first ? time : first), now.toISOString());
}

function placeOf({ item, evaluation }: ObjectCompliance): { check: string; target: string } {
  return { check: item.name, target: evaluation.object ? targetId({ object: evaluation.object }) : '' };
}
