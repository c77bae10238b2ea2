/** How a cluster stands to a baseline, and, in mode Enforce, what is corrected. Pure. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import { digestOf } from '../../lib/digest.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted, listed } from '../../lib/text.ts';
import { nextChange } from '../../findings/waiver/waiverFor.ts';
import { untilHeeded } from '../../governance/admission.ts';
import { waitsForWindow, windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import type { DomainConditions, Note, Plan } from '../../runtime/feature.ts';
import { fold, unfold } from '../../findings/finding.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { correct, type Corrections, type Due } from './correction.ts';
import type { Work } from '../work.ts';
import { placeId } from './evaluation.ts';
import type { ClusterWorld } from './observe.ts';
import { earlierCorrections, remembered } from './remembered.ts';
import { blindReports, ownReports, reportedFindings, reporting } from './reports.ts';
import { revisionOf } from './revision.ts';
import { rightsCondition } from './rights.ts';
import { objectSubject } from './source.ts';
import {
  compliant,
  countsOf,
  ignoredIn,
  unnamedIn,
  objectCompliances,
  whyUnknown,
  worstObjectFirst,
  type ObjectCompliance,
} from './objectCompliance.ts';
import { uncheckedWords } from './author.ts';
import { blocked, notesOf, notLasting, workOf } from './told.ts';

/** In the status; all are in DriftReports. */
const mostFindings = 10;
/** Dry runs and rights are looked at anew from time to time, without a change. */
const recheckSeconds = 600;
/** Kinds that are not there yet, and rights that are missing, are looked for. */
const retrySeconds = 15;
/** The cache mostly knows within milliseconds what has changed a moment ago. */
const heldUpSeconds = 2;

export function decideClusterBaseline(
  baseline: ClusterBaseline,
  world: ClusterWorld,
  now: Date,
): Plan<ClusterBaseline> {
  if (world.guard.is === 'broken' || !world.admission.isChecked) return unguarded(baseline, world, now);
  const known = [...reportedFindings(ownReports(baseline, world.reports)), ...unfold(baseline.status)];
  const results = world.evaluations.flatMap((evaluation) =>
    objectCompliances(baseline, evaluation, { before: known, waivers: world.waivers, now }),
  );
  const counts = countsOf(world.evaluations, results);
  const findings = results.flatMap((result) => result.findings).sort(worstObjectFirst);
  const correcting = correctionOf(baseline, results, world, now);
  const reported = reporting(baseline, findings, world.reports, now);
  const unreported = reported.unreported + unnamedIn(world.evaluations);
  const shown = findings.slice(0, mostFindings);
  const ignored = ignoredIn(world.evaluations);
  const idle = world.evaluations.flatMap(({ item, nothing }) => (nothing === undefined ? [] : [item.name]));
  const before = baseline.status;
  const status = {
    revision: revisionOf(baseline),
    objects: counts,
    summary: {
      compliant: `${counts.compliant}/${counts.total}`,
      ...correcting.work,
    },
    ...fold(shown),
    ...(ignored.length && { ignored }),
    ...(unreported > 0 && { moreFindings: unreported }),
    ...(idle.length && { idleChecks: idle }),
    ...(correcting.recorded.length && { corrections: [...correcting.recorded] }),
    ...(world.admission.record && { admission: world.admission.record }),
  };
  const isSame = before?.observedTime && digestOf([unfold(before), before.objects]) === digestOf([shown, counts]);
  return {
    outcome: outcomeOf({ world, results, correcting, flip: nextFlip(baseline, results, world, now) }, now),
    conditions: {
      Compliant: compliant(baseline, counts, results, world.evaluations),
      ...rightsCondition(baseline, world.rights),
      ...correcting.conditions,
    },
    status: { ...status, observedTime: isSame ? before.observedTime : now.toISOString() },
    actions: [],
    // The status records a correction before it begins, so that one that does not last is noticed whatever crashes.
    afterStatus: [...correcting.actions, ...reported.actions],
    notes: correcting.notes,
  };
}

/** Whoever wrote the baseline may have no right to what its account may do. */
function unguarded(
  baseline: ClusterBaseline,
  { guard, admission, reports }: ClusterWorld,
  now: Date,
): Plan<ClusterBaseline> {
  const corrections = earlierCorrections(baseline);
  const isMissing = guard.is === 'broken';
  const message = isMissing ? guard.message : uncheckedWords(baseline);
  return {
    outcome: isMissing
      ? { is: 'waiting', reason: 'AccountPolicyMissing', message, recheckAfter: retrySeconds }
      : {
          is: 'stalled',
          reason: 'WrittenBeforePolicies',
          message,
          recheckAfter: untilHeeded(guard, now) ?? recheckSeconds,
        },
    conditions: { Compliant: { status: 'Unknown', reason: 'NotEvaluated', message, warns: true } },
    status: {
      revision: revisionOf(baseline),
      ...(corrections.length && { corrections: [...corrections] }),
      ...(admission.record && { admission: admission.record }),
    },
    actions: [],
    afterStatus: blindReports(baseline, reports, message, now),
  };
}

type Correcting = Pick<Corrections, 'actions' | 'recorded' | 'next' | 'postponed' | 'left'> & {
  readonly work?: Work;
  readonly conditions: DomainConditions;
  readonly notes: readonly Note[];
};

function correctionOf(
  baseline: ClusterBaseline,
  results: readonly ObjectCompliance[],
  { evaluations, written, window, heldUp }: ClusterWorld,
  now: Date,
): Correcting {
  const recorded = remembered(earlierCorrections(baseline), { evaluations, written, results }, now);
  const nothing = { actions: [], recorded, postponed: 0, left: 0, conditions: {}, notes: [] };
  if (baseline.spec.mode !== 'Enforce') return nothing;
  const drifted = results.filter(({ is }) => is === 'drifted');
  const failing = drifted.sort((a, b) => worstObjectFirst(a.findings[0]!, b.findings[0]!));
  const due = failing.flatMap(({ evaluation, item, findings }): Due[] => {
    if (evaluation.is !== 'fails' || !evaluation.fix || evaluation.fix.obstacle !== undefined) return [];
    const outcome = written.get(placeId({ check: item.name, target: targetId({ object: evaluation.object }) }));
    const open = findings.filter(({ waiver }) => !waiver);
    return [{ check: item.name, findings: open, fix: evaluation.fix, ...(outcome && { written: outcome }) }];
  });
  const corrections = correct(baseline, recorded, due, now);
  const conditions: DomainConditions = { ...blocked(failing), ...notLasting(corrections) };
  const gate = windowGate(baseline.spec.windowRef, window, now);
  if (!gate.open) {
    const waits = failing.some(({ evaluation }) => evaluation.is === 'fails' && evaluation.fix);
    if (waits) conditions['WaitsForWindow'] = waitsForWindow(gate);
    return {
      ...nothing,
      conditions,
      next: gate.until,
      ...(waits && { work: { correction: 'Waiting' as const, correctionMessage: gate.words } }),
    };
  }
  if (heldUp !== undefined)
    return {
      ...nothing,
      conditions,
      next: new Date(now.getTime() + heldUpSeconds * 1000),
      work: { correction: 'Waiting', correctionMessage: heldUp },
    };
  return {
    ...corrections,
    conditions,
    work: workOf(corrections, conditions, results, now),
    notes: notesOf(corrections),
  };
}

interface Reached {
  readonly world: ClusterWorld;
  readonly results: readonly ObjectCompliance[];
  readonly correcting: Correcting;
  /** When a waiver begins or ends. */
  readonly flip: Date | undefined;
}

function outcomeOf({ world, results, correcting, flip }: Reached, now: Date): Plan<ClusterBaseline>['outcome'] {
  const isRetried = results.some(
    ({ is, evaluation }) => is === 'unknown' || (evaluation.is === 'fails' && evaluation.fix?.obstacle),
  );
  const instants = [flip, correcting.next].flatMap((date) => (date ? [secondsUntil(date, now)] : []));
  const seconds = [
    recheckSeconds,
    ...(isRetried ? [retrySeconds] : []),
    ...(correcting.postponed || correcting.left ? [1] : []),
    ...(world.continuesAfter === undefined ? [] : [world.continuesAfter]),
    ...instants,
  ];
  const recheckAfter = Math.min(...seconds);
  const invalid = world.evaluations.flatMap((evaluation) => evaluation.invalid ?? []);
  if (invalid.length) return { is: 'stalled', reason: 'InvalidDeclaration', message: listed(invalid, 3), recheckAfter };
  if (world.evaluations.length && world.evaluations.every(({ isUnread }) => isUnread))
    return { is: 'waiting', reason: 'AllUnreadable', message: whyUnknown(results), recheckAfter };
  const message = `templates and checks watched: ${world.evaluations.length}`;
  return { is: 'ready', reason: 'Watching', message, recheckAfter };
}

/** When a waiver begins or ends. */
function nextFlip(
  baseline: ClusterBaseline,
  results: readonly ObjectCompliance[],
  { waivers }: ClusterWorld,
  now: Date,
): Date | undefined {
  const times = results.flatMap(({ evaluation }) => {
    const change = evaluation.object && nextChange(objectSubject(baseline, evaluation.object), waivers, now);
    return change ? [change.getTime()] : [];
  });
  return times.length ? new Date(Math.min(...times)) : undefined;
}

/** On deletion of the baseline, what it asked for by `prune` goes first, so many objects at a time. */
export function cleanUpClusterBaseline(baseline: ClusterBaseline, { prunable }: ClusterWorld): Plan<ClusterBaseline> {
  const plan = { status: baseline.status ?? {}, actions: [] };
  if (typeof prunable === 'string') {
    const message = `what to prune is unknown: ${prunable}. Fix that, or set \`prune: Keep\``;
    return { ...plan, outcome: { is: 'waiting', reason: 'PruneFailed', message, recheckAfter: retrySeconds } };
  }
  const sure = prunable.filter(({ doubt }) => doubt === undefined);
  const doubtful = prunable.flatMap(({ doubt }) => doubt ?? []);
  if (!sure.length && doubtful.length) {
    const message = `${listed(doubtful, 3)}; delete it manually, or set \`prune: Created\` to keep it`;
    return { ...plan, outcome: { is: 'waiting', reason: 'PruneFailed', message, recheckAfter: retrySeconds } };
  }
  if (!sure.length) return { ...plan, outcome: { is: 'ready', reason: 'Pruned', message: 'nothing is left to prune' } };
  // Those that cannot be deleted do not keep the others from their turn.
  const now = sure
    .toSorted((a, b) => (a.triedTime?.getTime() ?? 0) - (b.triedTime?.getTime() ?? 0))
    .slice(0, Math.max(1, baseline.spec.maxDeletions ?? 5));
  const message = `${counted(sure.length, 'object')} to delete; if the account lacks a right, grant it or set \`prune: Keep\``;
  return {
    ...plan,
    outcome: { is: 'progressing', reason: 'Pruning', message, recheckAfter: 1 },
    actions: now.map(({ kind, key, uid, resourceVersion }) => ({
      do: 'writeAs',
      as: baseline.spec.serviceAccountRef,
      kind,
      write: { delete: key, uid, ...(resourceVersion && { resourceVersion }) },
    })),
  };
}
