/** Why an object does not comply, as a tree for people and as an object for programs, both from what was read. Pure. */
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { Branch } from '../lines.ts';
import { currentCondition } from '../status/areas.ts';
import { checkBranches, correctionBranch, resultOf, type About } from './explain.ts';

/** What was read. */
export interface Reason {
  readonly object: Device | ClusterBaseline;
  /** The one that is asked about; all when undefined. */
  readonly check: string | undefined;
  /** Of a ClusterBaseline, itself. */
  readonly known: readonly Known[];
  /** What of the rest may not be read, or could not be, in words: it explains less, and nothing else. */
  readonly unread: readonly string[];
}

export interface Known {
  readonly about: About;
  /** Of a host under a DeviceBaseline. */
  readonly summary?:
    { readonly pass?: number; readonly fail?: number; readonly waived?: number; readonly unknown?: number } | undefined;
  readonly message?: string | undefined;
  readonly findings: readonly Finding[];
  readonly moreFindings: number;
}

/** What the object itself says comes first; where that is about an older declaration, it is not known. */
export function treeOf({ object, check, known, unread }: Reason): Branch {
  const branches = object.kind === 'Device' ? known.map((one) => baselineBranch(one, check)) : ofItself(known, check);
  const lines = conditionsOf(object).map(({ type, status, message }) => `${type} ${status}: ${message}`);
  const nothing = check !== undefined && known.every(({ findings }) => chosen(findings, check).length === 0);
  return {
    text: [object.kind, [object.metadata.namespace, object.metadata.name].filter(Boolean).join('/')].join(' '),
    more: [
      ...lines,
      ...unread.map((why) => `not known: ${why}`),
      ...(nothing ? [`no finding is of check ${check}: it passes, or no baseline has it`] : []),
    ],
    branches,
  };
}

function baselineBranch(known: Known, check: string | undefined): Branch {
  const { about, summary: { pass = 0, fail = 0, waived = 0, unknown = 0 } = {}, message } = known;
  const { name } = about.baseline.metadata;
  return {
    text: `DeviceBaseline ${name} (${about.baseline.spec.mode ?? 'Inform'}): ${pass} pass, ${fail} fail, ${waived} waived, ${unknown} unknown`,
    ...(message !== undefined && { more: [message] }),
    branches: findingBranches(known, check, 'for which the report has no room'),
  };
}

function ofItself(known: readonly Known[], check: string | undefined): Branch[] {
  return known.flatMap((one) => findingBranches(one, check, 'which the DriftReports of the namespaces list'));
}

function findingBranches({ about, findings, moreFindings }: Known, check: string | undefined, where: string): Branch[] {
  const shown = chosen(findings, check);
  return [
    ...checkBranches(shown, about),
    ...(moreFindings > 0 ? [{ text: `and ${moreFindings} more findings, ${where}` }] : []),
    ...correctionBranch(shown, about),
  ];
}

function chosen(findings: readonly Finding[], check: string | undefined): readonly Finding[] {
  return check === undefined ? findings : findings.filter((one) => one.check === check);
}

const unevaluated = {
  ...{ type: 'Compliant', status: 'Unknown', reason: 'NotEvaluated' },
  message: 'it was not evaluated since it was declared; see `kubectl holdfast status`',
};

function conditionsOf(object: Reason['object']) {
  const found = ['Reachable', 'Compliant'].flatMap((type) => currentCondition(object, type) ?? []);
  const own = found.map(({ type, status, reason, message }) => ({ type, status, reason, message }));
  return found.some(({ type }) => type === 'Compliant') ? own : [...own, unevaluated];
}

/** What programs read: these names stay. Findings are as in the API. */
export function reportOf({ object, check, known, unread }: Reason) {
  const { name, namespace } = object.metadata;
  return {
    kind: object.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    complies: currentCondition(object, 'Compliant')?.status === 'True',
    conditions: conditionsOf(object),
    ...(unread.length > 0 && { notKnown: unread }),
    baselines: known.map(({ about: { baseline }, summary, message, findings, moreFindings }) => ({
      kind: baseline.kind,
      name: baseline.metadata.name,
      mode: baseline.spec.mode ?? 'Inform',
      ...(summary && { summary }),
      ...(message !== undefined && { message }),
      checks: [...Map.groupBy(chosen(findings, check), (finding) => finding.check)].map(([of, all]) => ({
        name: of,
        severity: all[0]!.severity,
        result: resultOf(all),
        findings: all,
      })),
      moreFindings,
    })),
  };
}
