/** What a pass decided of its object, as far as it is journaled: from the plan alone. Pure. */
import type { DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { Suspend } from '../../api/v1alpha1/shared.ts';
import { unfold } from '../../findings/finding.ts';
import type { Action, DomainConditions, Plan } from '../../runtime/feature.ts';
import type { Decided } from '../../runtime/recorder.ts';
import type { JournalObject } from './entry.ts';
import { factsByKind, type KindFacts } from './facts.ts';

export interface Stated {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export interface Decision {
  readonly time: string;
  readonly object: JournalObject;
  /** A person paused it: everything else is as it was. */
  readonly isSuspension?: boolean;
  readonly conditions: Readonly<Record<string, Stated>>;
  readonly facts?: KindFacts;
  readonly reports: readonly ReportDecision[];
  /** It was evaluated in full: in reports that it does not name, nothing is found. */
  readonly isInFull?: boolean;
  /** What it is about to write to objects of others. */
  readonly writes: readonly string[];
}

export interface ReportDecision {
  readonly name: string;
  readonly source?: { readonly kind: string; readonly name: string; readonly revision?: string };
  readonly target?: { readonly kind: string; readonly name: string };
  /** `asBefore`: not evaluated again, so that only waivers can differ. `blind`: nothing is known, so that nothing ended. `ended`: nobody evaluates it any longer. */
  readonly is: 'evaluated' | 'asBefore' | 'blind' | 'ended';
  readonly findings: readonly Finding[];
  /** Whether more was found than is listed. */
  readonly isCut: boolean;
}

export function decisionOf({ kind, bounded, object, plan, now }: Decided): Decision {
  const { namespace, name, uid } = object.metadata;
  const row = factsByKind[kind.kind];
  const reports = reportsOf(plan);
  return {
    time: now.toISOString(),
    object: objectOf(kind.kind, { namespace, name, uid }),
    conditions: conditionsOf(plan, bounded),
    ...(row && { facts: row(object, plan.status, plan.outcome.reason) }),
    reports,
    ...(isInFull(kind.kind, plan, reports) && { isInFull: true }),
    writes: writesOf(plan),
  };
}

export function suspensionOf(
  { kind, object, now }: Pick<Decided, 'kind' | 'object' | 'now'>,
  { reason, until }: Suspend,
): Decision {
  const { namespace, name, uid } = object.metadata;
  const message = `${reason} (${until === undefined ? 'until spec.suspend is removed' : `until ${until}`})`;
  return {
    time: now.toISOString(),
    object: objectOf(kind.kind, { namespace, name, uid }),
    isSuspension: true,
    conditions: { Suspended: { status: 'True', reason: 'Suspended', message } },
    reports: [],
    writes: [],
  };
}

export function objectOf(
  kind: string,
  { namespace, name, uid }: { namespace?: string | undefined; name: string; uid?: string | undefined },
): JournalObject {
  return { kind, ...(namespace && { namespace }), name, ...(uid !== undefined && { uid }) };
}

/** Those of the domain, and the outcome once it is settled: on its way there it may be another with each pass. */
function conditionsOf(
  { conditions = {}, outcome }: Pick<Plan<never, unknown>, 'conditions' | 'outcome'>,
  bounded: boolean,
): Record<string, Stated> {
  const stated = Object.entries(conditions satisfies DomainConditions).map(([type, one]): [string, Stated] => [
    type,
    { status: one.status, reason: one.reason, message: one.message },
  ]);
  const { is, reason, message } = outcome;
  const isSettled = is === 'ready' || is === 'stalled';
  const summary: [string, Stated][] =
    !bounded && isSettled ? [['Ready', { status: is === 'ready' ? 'True' : 'False', reason, message }]] : [];
  return Object.fromEntries([...summary, ...stated]);
}

function reportsOf({
  actions,
  afterStatus = [],
}: Pick<Plan<never, unknown>, 'actions' | 'afterStatus'>): ReportDecision[] {
  const reports: ReportDecision[] = [];
  for (const list of [actions, afterStatus])
    for (const action of list) {
      const report = reportOf(action);
      if (report) reports.push(report);
    }
  return reports;
}

function reportOf(action: Action<unknown>): ReportDecision | undefined {
  if (action.do !== 'apply' && action.do !== 'delete') return undefined;
  const { kind, found } = action;
  if (kind.kind !== 'DriftReport' || !kind.group.startsWith('holdfast')) return undefined;
  if (action.do === 'delete') {
    const { findings = [], isCut = false } = found ?? {};
    return { name: action.key.name, is: found?.findings ? 'evaluated' : 'ended', findings, isCut };
  }
  const { metadata, status = {} } = action.object;
  const { source, target, message, moreFindings = 0, ...folded } = status as DriftReportStatus;
  const about = { name: metadata.name, ...(source && { source }), ...(target && { target }) };
  if (message !== undefined) return { ...about, is: 'blind', findings: [], isCut: false };
  if (found && !found.findings) return { ...about, is: 'asBefore', findings: unfold(folded), isCut: false };
  const findings = found?.findings ?? unfold(folded);
  return { ...about, is: 'evaluated', findings, isCut: found ? (found.isCut ?? false) : moreFindings > 0 };
}

/** More reports than these are not made. */
const mostReports = 100;

/**
 * A baseline of the cluster names a report as long as there is something to tell in it, and once when it ends. What ended while the entry was lost, with the
 * disk of the operator, is not named again.
 */
function isInFull(
  kind: string,
  { conditions }: Pick<Plan<never, unknown>, 'conditions'>,
  reports: readonly ReportDecision[],
): boolean {
  if (kind !== 'ClusterBaseline' || conditions?.['Compliant']?.status !== 'True') return false;
  return reports.length < mostReports && reports.every(({ is, isCut }) => is === 'evaluated' && !isCut);
}

/** `apply ConfigMap shop/settings`. */
function writesOf({ actions, afterStatus = [] }: Pick<Plan<never, unknown>, 'actions' | 'afterStatus'>): string[] {
  const writes: string[] = [];
  for (const list of [actions, afterStatus])
    for (const action of list) {
      if (action.do !== 'writeAs') continue;
      const { write, kind, as } = action;
      const [verb, key] =
        'apply' in write
          ? ['apply', write.apply.metadata]
          : 'create' in write
            ? ['create', write.create.metadata]
            : 'patch' in write
              ? ['patch', write.key]
              : ['delete', write.delete];
      const { namespace = '', name } = key as { namespace?: string; name: string };
      writes.push(`${verb} ${kind.kind} ${namespace ? `${namespace}/` : ''}${name} as ${as.namespace}/${as.name}`);
    }
  return writes;
}
