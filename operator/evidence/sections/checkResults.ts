/** How each check came out, counted over its targets; and how current what is known of the targets is. Pure. */
import type { Severity } from '../../api/v1alpha1/shared.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { declaredChecks, type SourceObject, type TargetEvaluation } from '../../findings/source.ts';
import { byText } from './heading.ts';
import { nextTurn } from '../../lib/eventLoop.ts';
import { evaluationsOf, gapsIn, sourcesIn, uncollected } from './sources.ts';
import type { Missing, SectionInput } from './section.ts';

export interface Counts {
  pass: number;
  fail: number;
  waived: number;
  unknown: number;
  notApplicable: number;
}

/** One check of a baseline, over all of its targets. */
export interface CheckResult {
  readonly source: { readonly kind: string; readonly name: string };
  readonly check: string;
  readonly severity: Severity;
  /** As they are written. */
  readonly controls: readonly string[];
  readonly targets: Counts;
  /** Names of the waivers that cover failures. */
  readonly waivers: Set<string>;
}

export type TargetState = TargetEvaluation['state'];

export interface CoveredTarget {
  readonly kind: string;
  readonly name: string;
  readonly state: TargetState;
  readonly reason?: string;
}

export interface Results {
  readonly checks: readonly CheckResult[];
  /** Each once, with the worst that is known of it, by kind and name. */
  readonly targets: readonly CoveredTarget[];
  /** What is not known in full. */
  readonly gaps: readonly Missing[];
}

/** Between two turns of everything else in this process. */
const targetsBetweenPauses = 64;

/** Worst first. */
const states: readonly TargetState[] = ['Unreachable', 'Unknown', 'Stale', 'Seen'];

export async function checkResults(
  input: Pick<SectionInput, 'read' | 'namespace' | 'now' | 'sources'>,
): Promise<Results> {
  const targets = new Map<string, CoveredTarget>();
  const checks: CheckResult[] = [];
  const gaps: Missing[] = [];
  let evaluated = 0;
  for (const one of sourcesIn(input)) {
    const results = resultsOf(one);
    const idle = new Set(one.source.idle?.(one.object) ?? []);
    gaps.push(...uncollected(one));
    for (const evaluation of evaluationsOf(one, input)) {
      gaps.push(...gapsIn(one, evaluation));
      cover(targets, evaluation);
      const byCheck = Map.groupBy(evaluation.findings, ({ check }) => check);
      for (const result of results) {
        const findings = byCheck.get(result.check);
        if (findings) count(result, findings);
        else if (evaluation.rest !== undefined)
          result.targets[evaluation.rest === 'Pass' && !idle.has(result.check) ? 'pass' : 'unknown']++;
      }
      if (++evaluated % targetsBetweenPauses === 0) await nextTurn();
    }
    checks.push(...results);
  }
  return { checks, targets: [...targets].sort(([a], [b]) => byText(a, b)).map(([, target]) => target), gaps };
}

function resultsOf(one: SourceObject): CheckResult[] {
  return declaredChecks(one).map(({ name, severity, controls }) => ({
    source: { kind: one.source.kind.kind, name: one.object.metadata.name },
    check: name,
    severity,
    controls,
    targets: { pass: 0, fail: 0, waived: 0, unknown: 0, notApplicable: 0 },
    waivers: new Set<string>(),
  }));
}

/** What fails comes before what is not known, and what is waived is never a pass. */
function count({ targets, waivers }: CheckResult, findings: readonly Finding[]): void {
  for (const { waiver } of findings) if (waiver !== undefined) waivers.add(waiver);
  const isOpen = findings.some(({ result, waiver }) => result === 'Fail' && waiver === undefined);
  const isUnknown = findings.some(({ result }) => result === 'Unknown');
  const isWaived = findings.some(({ result }) => result === 'Fail');
  targets[isOpen ? 'fail' : isUnknown ? 'unknown' : isWaived ? 'waived' : 'notApplicable']++;
}

function cover(targets: Map<string, CoveredTarget>, { target, state, reason }: TargetEvaluation): void {
  const key = `${target.kind} ${target.name}`;
  const before = targets.get(key);
  if (before && states.indexOf(before.state) <= states.indexOf(state)) return;
  targets.set(key, { kind: target.kind, name: target.name, state, ...(reason !== undefined && { reason }) });
}
