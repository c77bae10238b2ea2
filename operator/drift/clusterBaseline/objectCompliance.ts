/** How each object stands to what a baseline says of it, and all of them together, in words. Pure. */
import type { ClusterBaseline, IgnoredDifference, ObjectCounts } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { listed } from '../../lib/text.ts';
import { compliance } from '../../findings/compliance.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { marking } from '../../findings/waiver/marking.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import { makeFinding, worstFirst } from '../../findings/finding.ts';
import type { Item, NonCompliant, ItemEvaluation } from './evaluation.ts';
import { ofNothing } from './nothing.ts';
import type { ClusterWorld } from './observe.ts';
import { reportLabel } from './reports.ts';
import { objectSubject } from './source.ts';

const mostIgnored = 100;
/** What such a sentence begins with that says so itself. */
const refusal = 'the apiserver would refuse';

/** One object under one template or expression, with its findings. */
export interface ObjectCompliance {
  readonly is: 'drifted' | 'waived' | 'unknown';
  readonly evaluation: NonCompliant;
  readonly item: Item;
  readonly findings: readonly Finding[];
}

export function objectCompliances(
  baseline: ClusterBaseline,
  { item, nonCompliant }: ItemEvaluation,
  { before, waivers, now }: { before: readonly Finding[]; waivers: ClusterWorld['waivers']; now: Date },
): ObjectCompliance[] {
  return nonCompliant.map((one): ObjectCompliance => {
    if (one.is === 'unknown') {
      const found = { result: 'Unknown', message: one.message, object: one.object } as const;
      return { is: 'unknown', evaluation: one, item, findings: [makeFinding(item, found, before, now)] };
    }
    const found = one.differences.map((difference) => {
      const message = difference.message ?? doubtOn(one, baseline);
      const differs = { ...difference, result: 'Fail', object: one.object, ...(message && { message }) } as const;
      return makeFinding(item, differs, before, now);
    });
    const findings = marking(objectSubject(baseline, one.object), waivers, now)(found);
    return { is: findings.every(({ waiver }) => waiver) ? 'waived' : 'drifted', evaluation: one, item, findings };
  });
}

/** What is to be said of all differences of an object: that nobody could confirm them, or that they cannot be corrected. */
function doubtOn(
  { unconfirmed, fix }: Extract<NonCompliant, { is: 'fails' }>,
  { spec }: ClusterBaseline,
): string | undefined {
  if (unconfirmed !== undefined) return `not confirmed: ${unconfirmed}`;
  const obstacle = fix?.obstacle;
  if (obstacle === undefined || spec.mode === 'Enforce' || obstacle.startsWith(refusal)) return obstacle;
  return `a correction would fail: ${obstacle}`;
}

function isUnconfirmed(evaluation: NonCompliant): boolean {
  return evaluation.is === 'fails' && evaluation.unconfirmed !== undefined;
}

/** What differs at paths that are left to others. */
export function ignoredIn(evaluations: readonly ItemEvaluation[]): IgnoredDifference[] {
  const all = evaluations.flatMap(({ item, ignored = new Map<string, number>() }) =>
    [...ignored].map(([path, objects]) => ({ check: item.name, path, objects })),
  );
  return all.sort((a, b) => a.check.localeCompare(b.check) || a.path.localeCompare(b.path)).slice(0, mostIgnored);
}

export function countsOf(evaluations: readonly ItemEvaluation[], results: readonly ObjectCompliance[]): ObjectCounts {
  const of = (is: ObjectCompliance['is']) =>
    results.reduce((sum, result) => sum + (result.is === is ? objectsIn(result.evaluation) : 0), 0);
  const compliant = evaluations.reduce((sum, { holds }) => sum + holds, 0);
  const unnamed = (is: 'drifted' | 'unknown') => evaluations.reduce((sum, one) => sum + (one.unnamed?.[is] ?? 0), 0);
  const waived = of('waived');
  const [drifted, unknown] = [of('drifted') + unnamed('drifted'), of('unknown') + unnamed('unknown')];
  return { total: compliant + drifted + waived + unknown, compliant, drifted, waived, unknown };
}

export function unnamedIn(evaluations: readonly ItemEvaluation[]): number {
  return evaluations.reduce((sum, { unnamed }) => sum + (unnamed ? unnamed.drifted + unnamed.unknown : 0), 0);
}

function objectsIn(evaluation: NonCompliant): number {
  return evaluation.is === 'unknown' ? (evaluation.objects ?? 1) : 1;
}

export function compliant(
  { metadata, spec }: ClusterBaseline,
  counts: ObjectCounts,
  results: readonly ObjectCompliance[],
  evaluations: readonly ItemEvaluation[],
): DomainConditions[string] {
  const unconfirmed = results.filter(({ is, evaluation }) => is === 'drifted' && isUnconfirmed(evaluation)).length;
  const names = results.flatMap(({ is, evaluation, item }) =>
    is === 'drifted' && evaluation.object ? [`${targetId({ object: evaluation.object })} (${item.name})`] : [],
  );
  return compliance(counts, {
    noun: 'object',
    drifted: `${listed(names)}${unconfirmed ? `; ${unconfirmed} not confirmed, see their findings` : ''}`,
    unknown: whyUnknown(results),
    see: `\`kubectl get driftreports -n ${spec.serviceAccountRef.namespace} -l ${reportLabel}=${metadata.name}\``,
    ...(ignoredIn(evaluations).length && { note: 'except for ignored paths, see `status.ignored`' }),
    nothing: ofNothing(evaluations),
  });
}

export function whyUnknown(results: readonly ObjectCompliance[]): string {
  const reasons = results.flatMap(({ evaluation, item }) =>
    evaluation.is === 'unknown' ? [`${item.name}: ${evaluation.message}`] : [],
  );
  return listed([...new Set(reasons)], 2);
}

export function worstObjectFirst(a: Finding, b: Finding): number {
  return (
    Number(a.waiver !== undefined) - Number(b.waiver !== undefined) ||
    worstFirst(a, b) ||
    (a.object?.namespace ?? '').localeCompare(b.object?.namespace ?? '') ||
    (a.object?.name ?? '').localeCompare(b.object?.name ?? '')
  );
}
