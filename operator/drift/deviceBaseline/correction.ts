/**
 * What a baseline in mode Enforce corrects next. Pure.
 *
 * Runs of a baseline are a log: each is created under the next number, and the creation fails when that number is taken. Whoever
 * creates number n has therefore seen all runs before it, so no drift of a host is given to two runs, whatever crashes and however
 * many operators believe that they lead. What is to be created is recorded first, and its uid afterwards (`ownRuns.ts`).
 */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { attemptsAt, type Attempt } from '../attempts.ts';
import { nextAttempt, rulingOn, tallyOf } from '../contention.ts';
import type { Correction } from '../corrections.ts';
import { driftOf, failingChecks, unfold } from '../../findings/finding.ts';
import { inOrder, lastComplete } from '../ownRuns.ts';
import type { HostCompliance } from './hostCompliance.ts';

const mostDevicesInRun = 200;
const mostCorrectionsInRun = 1000;

/** What is to be done about one failing check on one host. */
export type Verdict = { is: 'due'; correction: Correction } | { is: 'wait'; until: Date; why: string } | Stopped;

/** A check on a host that is corrected no more until a person acts. */
export interface Stopped {
  readonly is: 'contended' | 'gaveUp' | 'manual';
  readonly check: string;
  readonly device: string;
  /** What a person can do about it, or why the last attempt did not succeed. */
  readonly why?: string;
}

/** The corrections that there were, as far as they bear on what comes next. */
export interface Past {
  readonly runs: readonly AnsibleRun[];
  /** The number of the last run that was undone on purpose on a Device: what drifts then is no contention. */
  readonly undone: ReadonlyMap<string, number>;
}

/**
 * The verdict on every failing check of a host. When the report was made without knowledge of the last correction, the host must be looked at first,
 * and only what a person must do is told.
 */
export function verdictsOn(host: HostCompliance, { runs, undone }: Past, revision: string, now: Date): Verdict[] {
  const device = host.device.metadata.name;
  const status = host.report?.status;
  if (host.is !== 'drifted' || !status?.observedTime) return [];
  const past = runs.filter((run) => run.spec.deviceNames?.includes(device) && run.status?.completionTime);
  const isStale = lastComplete(past)?.metadata.uid !== status.afterRun;
  const ofRevision = past.filter((run) => run.spec.revision === revision);
  const all = unfold(status).filter(({ result }) => result === 'Fail');
  return failingChecks(all).flatMap(({ check }): Verdict[] => {
    const findings = all.filter((finding) => finding.check === check);
    if (findings.some(({ manual }) => manual)) {
      const why = findings.find(({ message }) => message)?.message;
      return [{ is: 'manual', check, device, ...(why !== undefined && { why }) }];
    }
    if (isStale) return [];
    const attempts = attemptsAt(device, check, ofRevision);
    return [verdictOn({ device, check, findings, attempts, undone: undone.get(device) ?? 0 }, now)];
  });
}

interface Drifting {
  readonly device: string;
  readonly check: string;
  readonly findings: readonly Finding[];
  readonly attempts: readonly Attempt[];
  /** The number of the last run that was undone on purpose. */
  readonly undone: number;
}

function verdictOn({ device, check, findings, attempts, undone }: Drifting, now: Date): Verdict {
  const drift = driftOf(findings);
  const since = findings.reduce(
    (first, { since: time }) => (time !== undefined && time < first ? time : first),
    now.toISOString(),
  );
  // What was undone on purpose tells nothing of what comes after.
  const later = attempts.filter(({ number }) => number > undone);
  const same = later.filter((attempt) => attempt.drift === drift);
  const { recurred } = tallyOf(later, since);
  const { failed } = tallyOf(same, since);
  const last = same.at(-1);
  const ruling = rulingOn({ recurred, failed }, last?.time, now);
  if (ruling === 'contended') return { is: 'contended', check, device };
  if (ruling === 'exhausted')
    return { is: 'gaveUp', check, device, ...(last?.message !== undefined && { why: last.message }) };
  if (ruling === 'due') return { is: 'due', correction: { device, check, drift, attempt: same.length + 1 } };
  const outcome = last?.outcome === 'Refused' ? 'was left unchanged' : 'failed';
  const why = `${check} on ${device} ${outcome}; ${nextAttempt(ruling.waitUntil, now)}`;
  return { is: 'wait', until: ruling.waitUntil, why };
}

/** How many hosts `maxUnavailable` allows at once: at least one. */
export function allowedAtOnce(maxUnavailable: number | string, total: number): number {
  if (typeof maxUnavailable === 'number') return Math.max(1, maxUnavailable);
  return Math.max(1, Math.floor((total * Number.parseInt(maxUnavailable, 10)) / 100));
}

/** The corrections of the next run: whole hosts, worst first, as many as may be worked on at once. */
export function nextBatch(
  hosts: readonly HostCompliance[],
  due: ReadonlyMap<string, readonly Correction[]>,
  most: number,
): Correction[] {
  const batch: Correction[] = [];
  let devices = 0;
  for (const { device } of hosts) {
    const corrections = due.get(device.metadata.name) ?? [];
    if (!corrections.length) continue;
    if (devices >= Math.min(most, mostDevicesInRun) || batch.length + corrections.length > mostCorrectionsInRun) break;
    batch.push(...corrections);
    devices += 1;
  }
  return batch;
}

/** Hosts whose latest correction of this revision failed. One on which something was left as it was, and all else holds, did not. */
export function failedHosts(runs: readonly AnsibleRun[], revision: string): string[] {
  const latest = new Map<string, string>();
  for (const run of inOrder(runs.filter((one) => one.spec.revision === revision))) {
    for (const { name, outcome } of run.status?.hosts ?? []) latest.set(name, outcome);
  }
  return [...latest].filter(([, outcome]) => outcome !== 'Verified' && outcome !== 'Refused').map(([name]) => name);
}

/** The checks that are corrected no more, for one of the reasons. */
export function stopped(verdicts: readonly Verdict[], reason: Stopped['is']): Stopped[] {
  return verdicts.flatMap((verdict) => (verdict.is === reason ? [verdict] : []));
}
