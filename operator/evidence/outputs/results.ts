/** The results of a baseline, target by target and check by check: what SARIF and JUnit are made of. Pure. */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { waiversBySource } from '../../findings/indexes.ts';
import { declaredChecks, sourceId, type SourceObject, type TargetEvaluation } from '../../findings/source.ts';
import { evaluationsOf } from '../sections/sources.ts';
import type { SectionInput } from '../sections/section.ts';

export interface BaselineResults {
  readonly baseline: { readonly kind: string; readonly name: string; readonly namespace: string };
  readonly checks: readonly {
    readonly name: string;
    readonly severity: Severity;
    readonly controls: readonly string[];
  }[];
  readonly targets: readonly TargetResults[];
}

export interface TargetResults {
  readonly kind: string;
  readonly name: string;
  readonly state: TargetEvaluation['state'];
  /** Why it is not seen. */
  readonly reason?: string;
  readonly checks: readonly CheckOutcome[];
}

export type CheckOutcome = {
  readonly name: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
} & (
  | { readonly is: 'pass' | 'fail' | 'unknown' | 'notApplicable' }
  | { readonly is: 'waived'; readonly waiver: string; readonly justification: string }
);

export function baselineResults(
  one: SourceObject,
  about: Pick<SectionInput, 'read' | 'namespace' | 'now' | 'sources'>,
): BaselineResults {
  const { source, object } = one;
  const checks = declaredChecks(one);
  const idle = new Set(source.idle?.(object) ?? []);
  const waivers = reasonsOf(one, about);
  const targets = [...evaluationsOf(one, about)].map((evaluation): TargetResults => {
    const byCheck = Map.groupBy(evaluation.findings, ({ check }) => check);
    return {
      kind: evaluation.target.kind,
      name: evaluation.target.name,
      state: evaluation.state,
      ...(evaluation.reason !== undefined && { reason: evaluation.reason }),
      checks: checks.flatMap(({ name, severity }): CheckOutcome[] => {
        const findings = byCheck.get(name);
        if (findings) return [{ name, severity, findings, ...outcomeOf(findings, waivers) }];
        if (evaluation.rest === undefined) return [];
        const is = evaluation.rest === 'Pass' && !idle.has(name) ? 'pass' : 'unknown';
        return [{ name, severity, findings: [], is }];
      }),
    };
  });
  return {
    baseline: { kind: source.kind.kind, name: object.metadata.name, namespace: source.home(object) },
    checks,
    targets,
  };
}

/** Why each waiver of the baseline was requested, by name; where several namespaces have one of that name, nothing. */
function reasonsOf(
  { source, object }: SourceObject,
  { read }: Pick<SectionInput, 'read'>,
): ReadonlyMap<string, string> {
  const { name, namespace = '' } = object.metadata;
  const all = read.by(waiversBySource, namespace, sourceId(source.kind.kind, name));
  const byName = Map.groupBy(all, ({ metadata }) => metadata.name);
  return new Map([...byName].map(([waiver, [only, ...others]]) => [waiver, others.length ? '' : only!.spec.reason]));
}

type Outcome =
  | { readonly is: 'fail' | 'unknown' | 'notApplicable' }
  | { readonly is: 'waived'; readonly waiver: string; readonly justification: string };

function outcomeOf(findings: readonly Finding[], waivers: ReadonlyMap<string, string>): Outcome {
  if (findings.some(({ result, waiver }) => result === 'Fail' && waiver === undefined)) return { is: 'fail' };
  // A result that only a newer operator knows is not known here.
  if (findings.some(({ result }) => result !== 'Fail' && result !== 'NotApplicable')) return { is: 'unknown' };
  const waiver = findings.find(({ result }) => result === 'Fail')?.waiver;
  if (waiver === undefined) return { is: 'notApplicable' };
  return { is: 'waived', waiver, justification: waivers.get(waiver) ?? '' };
}

/** What a finding says, in a sentence. */
export function findingText({ path, expected, found, message, object }: Finding): string {
  const where = [object && [object.kind, object.namespace, object.name].filter(Boolean).join(' '), path];
  const what = expected === undefined ? '' : `expected ${expected}, found ${found ?? 'nothing'}`;
  return [[...where, what].filter(Boolean).join(': '), message].filter(Boolean).join('; ');
}
