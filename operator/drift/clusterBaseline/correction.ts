/**
 * What a baseline in mode Enforce corrects next. Pure. Each correction is recorded before it is done, so that one that does not last
 * is noticed: the third in a row within ten minutes names who undoes it, and from then on the time between corrections doubles, up to
 * an hour.
 */
import type { ClusterBaseline, ObjectCorrection } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import type { Action } from '../../runtime/feature.ts';
import type { Fix } from './judged.ts';

const quietSeconds = 600;
export const contendedRounds = 3;
const firstPauseSeconds = 60;
const longestPauseSeconds = 3600;
const mostWrites = 50;
const mostRecorded = 100;

/** A failing object with its findings that are not waived. */
export interface Due {
  readonly check: string;
  readonly findings: readonly Finding[];
  readonly fix: Fix;
}

export interface Corrections {
  readonly actions: readonly Action[];
  /** For the status. */
  readonly recorded: readonly ObjectCorrection[];
  readonly done: readonly string[];
  readonly contended: readonly ObjectCorrection[];
  /** When the next one that waits is due. */
  readonly next?: Date;
  /** Deletions that must wait for the next pass. */
  readonly postponed: number;
}

/** The corrections of this pass, and those of the passes before that still matter. */
export function correct(baseline: ClusterBaseline, due: readonly Due[], now: Date): Corrections {
  const before = remembered(baseline.status?.corrections ?? [], now);
  const recorded = new Map(before.map((one) => [idOf(one), one]));
  const actions: Action[] = [];
  const done: string[] = [];
  const times: number[] = [];
  let deletions = 0;
  let postponed = 0;
  for (const { check, findings, fix } of due) {
    const target = targetId({ object: findings[0]!.object! });
    const last = recorded.get(idOf({ check, target }));
    const resume = last ? resumesAt(last) : 0;
    if (resume > now.getTime()) {
      times.push(resume);
      continue;
    }
    const isDeletion = 'delete' in fix.write;
    if (isDeletion && deletions >= (baseline.spec.maxDeletions ?? 5)) {
      postponed += 1;
      continue;
    }
    if (actions.length >= mostWrites) continue;
    if (isDeletion) deletions += 1;
    actions.push({ do: 'writeAs', as: baseline.spec.serviceAccountRef, kind: fix.kind, write: fix.write });
    done.push(target);
    const manager = findings.find((finding) => finding.manager)?.manager?.name;
    const rounds = (last?.rounds ?? 0) + 1;
    recorded.set(idOf({ check, target }), {
      check,
      target,
      rounds,
      lastTime: now.toISOString(),
      ...((manager ?? last?.manager) && { manager: manager ?? last?.manager }),
    });
  }
  const all = [...recorded.values()].slice(-mostRecorded);
  const forgotten = all.map((one) => Date.parse(one.lastTime) + quietSecondsOf(one) * 1000);
  return {
    actions,
    recorded: all,
    done,
    contended: all.filter(({ rounds }) => rounds >= contendedRounds),
    next: earliest([...times, ...forgotten]),
    postponed,
  };
}

/** A correction is forgotten when it has lasted for ten minutes, or twice the pause before the next. */
function remembered(corrections: readonly ObjectCorrection[], now: Date): ObjectCorrection[] {
  return corrections.filter((one) => Date.parse(one.lastTime) + quietSecondsOf(one) * 1000 > now.getTime());
}

function quietSecondsOf(one: ObjectCorrection): number {
  return Math.max(quietSeconds, 2 * pauseSeconds(one.rounds));
}

function resumesAt({ rounds, lastTime }: ObjectCorrection): number {
  return Date.parse(lastTime) + pauseSeconds(rounds) * 1000;
}

function pauseSeconds(rounds: number): number {
  if (rounds < contendedRounds) return 0;
  return Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(20, rounds - contendedRounds));
}

function earliest(times: readonly number[]): Date | undefined {
  return times.length ? new Date(Math.min(...times)) : undefined;
}

function idOf({ check, target }: { check: string; target: string }): string {
  return `${check} ${target}`;
}
