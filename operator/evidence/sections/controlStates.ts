/**
 * What is known of each control, from the results of the checks that name it. A control is satisfied only when each of these checks passes on
 * each of its targets, by a result of the checks as they are declared now; a waived failure never satisfies it. Pure.
 */
import type { Control, Framework } from '../frameworks/framework.ts';
import { controlKey, controlParser } from '../frameworks/parse.ts';
import type { CheckResult, Counts } from './checkResults.ts';
import { byText } from './heading.ts';

export type ControlState = 'Satisfied' | 'NotSatisfied' | 'Waived' | 'NotEvaluated';

export interface ControlResult {
  readonly framework: string;
  readonly control: string;
  readonly title: string;
  readonly state: ControlState;
  readonly isSatisfied: boolean;
  /** Why it is not evaluated. */
  readonly reason?: string;
  readonly checks: readonly CheckResult[];
  /** Of its checks, over their targets. */
  readonly counts: Counts;
  readonly waivers: readonly string[];
  /** The controls that it is derived from. */
  readonly mapsTo?: readonly { readonly control: string; readonly state: ControlState }[];
}

export interface UnknownControlOf {
  readonly text: string;
  readonly reason: string;
  readonly source: CheckResult['source'];
  readonly check: string;
}

export interface ControlResults {
  /** With those frameworks of which only the ids are known that checks name. */
  readonly frameworks: readonly Framework[];
  readonly controls: readonly ControlResult[];
  readonly unknown: readonly UnknownControlOf[];
}

export function controlResults(checks: readonly CheckResult[], frameworks: readonly Framework[]): ControlResults {
  const parse = controlParser(frameworks);
  const byControl = new Map<string, Set<CheckResult>>();
  const named = new Map<string, Set<string>>();
  const unknown: UnknownControlOf[] = [];
  for (const check of checks) {
    for (const text of check.controls) {
      const parsed = parse(text);
      if (parsed.is === 'unknown') {
        unknown.push({ text, reason: parsed.reason, source: check.source, check: check.check });
        continue;
      }
      const { framework, control } = parsed;
      collect(named, framework, control);
      collect(byControl, controlKey(framework, control), check);
    }
  }
  const all = withNamed(frameworks, named);
  const known = new Map<string, ControlResult>();
  // What maps onto others comes after them.
  const controls = all.flatMap(({ id, controls }) =>
    controls.filter(({ mapsTo }) => !mapsTo?.length).map((control) => [id, control] as const),
  );
  const derived = all.flatMap(({ id, controls }) =>
    controls.filter(({ mapsTo }) => mapsTo?.length).map((control) => [id, control] as const),
  );
  for (const [framework, control] of [...controls, ...derived]) {
    const key = controlKey(framework, control.id);
    known.set(key, resultOf(framework, control, [...(byControl.get(key) ?? [])], known));
  }
  const inOrder = all.flatMap(({ id, controls }) => controls.map((control) => known.get(controlKey(id, control.id))!));
  return { frameworks: all, controls: inOrder, unknown };
}

function collect<T>(map: Map<string, Set<T>>, key: string, item: T): void {
  const items = map.get(key) ?? new Set<T>();
  map.set(key, items.add(item));
}

/** Controls that checks name beside those that are listed: of a benchmark, or beyond a baseline of controls. */
function withNamed(
  frameworks: readonly Framework[],
  named: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Framework[] {
  const listed = frameworks.map((framework) => {
    const ids = new Set(framework.controls.map(({ id }) => id));
    const more = [...(named.get(framework.id) ?? [])].filter((id) => !ids.has(id)).sort(byText);
    return more.length
      ? { ...framework, controls: [...framework.controls, ...more.map((id) => ({ id, title: id }))] }
      : framework;
  });
  const others = [...named.keys()].filter((id) => !frameworks.some((one) => one.id === id)).sort(byText);
  return [
    ...listed,
    ...others.map((id) => ({
      id,
      title: id,
      version: 'as named by checks',
      controls: [...named.get(id)!].sort(byText).map((control) => ({ id: control, title: control })),
    })),
  ];
}

function resultOf(
  framework: string,
  { id, title, mapsTo }: Control,
  checks: readonly CheckResult[],
  known: ReadonlyMap<string, ControlResult>,
): ControlResult {
  const from = (mapsTo ?? []).map((control) => ({ control, result: known.get(control) }));
  const own = checks.length || !from.length ? [stateOf(checks)] : [];
  const states = [...own, ...from.map(({ control, result }) => derivedState(control, result))];
  const { state, reason } = worst(states);
  const supporting = [...new Set([...checks, ...from.flatMap(({ result }) => result?.checks ?? [])])];
  const counts = sum(supporting);
  const waivers = [...new Set(supporting.flatMap((check) => [...check.waivers]))].sort(byText);
  return {
    framework,
    control: id,
    title,
    state,
    isSatisfied: state === 'Satisfied',
    ...(reason !== undefined && { reason }),
    checks: supporting,
    counts,
    waivers,
    ...(from.length && {
      mapsTo: from.map(({ control, result }) => ({ control, state: result?.state ?? ('NotEvaluated' as const) })),
    }),
  };
}

interface State {
  readonly state: ControlState;
  readonly reason?: string;
}

function stateOf(checks: readonly CheckResult[]): State {
  if (!checks.length) return { state: 'NotEvaluated', reason: 'no check supports it' };
  const { fail, waived, unknown, pass, notApplicable } = sum(checks);
  if (fail) return { state: 'NotSatisfied' };
  if (waived) return { state: 'Waived' };
  const untried = checks.find(({ targets }) => totalOf(targets) === 0);
  if (untried) return { state: 'NotEvaluated', reason: `check ${untried.check} has no target` };
  if (unknown)
    return { state: 'NotEvaluated', reason: `${unknown} of ${pass + unknown + notApplicable} results are unknown` };
  const idle = checks.find(({ targets }) => !targets.pass);
  if (idle) return { state: 'NotEvaluated', reason: `check ${idle.check} does not apply to any target` };
  return { state: 'Satisfied' };
}

function derivedState(control: string, result: ControlResult | undefined): State {
  if (!result) return { state: 'NotEvaluated', reason: `${control} is not among the frameworks` };
  if (result.state !== 'NotEvaluated') return { state: result.state };
  return { state: 'NotEvaluated', reason: `${control} is not evaluated: ${result.reason ?? ''}` };
}

/** What fails, or is waived, says more than what is not known; to be satisfied takes all. */
const order: readonly ControlState[] = ['NotSatisfied', 'Waived', 'NotEvaluated', 'Satisfied'];

function worst(states: readonly State[]): State {
  for (const state of order) {
    const found = states.find((one) => one.state === state);
    if (found) return found;
  }
  return { state: 'NotEvaluated', reason: 'no check supports it' };
}

function sum(checks: readonly CheckResult[]): Counts {
  const total = { pass: 0, fail: 0, waived: 0, unknown: 0, notApplicable: 0 };
  for (const { targets } of checks)
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += targets[name];
  return total;
}

export function totalOf({ pass, fail, waived, unknown, notApplicable }: Counts): number {
  return pass + fail + waived + unknown + notApplicable;
}
