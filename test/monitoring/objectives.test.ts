/** Burn rates, budgets and alerts of ServiceLevelObjectives, as they are decided, agree with what the engine of Prometheus makes of the generated rules. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceLevelObjectiveSpec } from '../../operator/api/v1alpha1/serviceLevelObjective.ts';
import { burnOf, remainingOf, stateOf } from '../../operator/lib/burnRate.ts';
import { countedBy, type Counted } from '../../operator/rollout/serviceLevelObjective/indicator.ts';
import { windowsOf, windowText } from '../../operator/rollout/serviceLevelObjective/queries.ts';
import { records, ruleGroups, type RuleGroup } from '../../operator/rollout/serviceLevelObjective/rules.ts';
import { shapeOf } from '../../operator/rollout/serviceLevelObjective/shape.ts';
import { makeObjective } from '../builders/objective.ts';
import {
  countIn,
  minutesOf,
  objectiveCases,
  seriesOf,
  specOf,
  type ObjectiveCase,
  type Segment,
} from './objectiveCases.ts';
import { checkRules, promtool } from './promtool.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-objectives-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the extrapolation at the edges of windows within which rates change. */
const tolerance = 0.02;

function objectiveOf(one: ObjectiveCase) {
  const slo = makeObjective(specOf(one, 'web'));
  const counted = countedBy(slo.spec.indicator) as Counted;
  return { slo, groups: ruleGroups(slo, counted), shape: shapeOf(slo) };
}

/** The notation of promtool. The first value of a segment is the last of the one before. */
function notation(segments: readonly Segment[], value: (one: Segment) => number): string {
  let at = 0;
  return segments
    .map((one, index) => {
      const step = value(one);
      const first = index === 0 ? at : at + step;
      const count = index === 0 ? one.minutes : one.minutes - 1;
      at += one.minutes * step;
      return `${first}${step < 0 ? '-' : '+'}${Math.abs(step)}x${count}`;
    })
    .join(' ');
}

function inputOf(one: ObjectiveCase): object[] {
  return seriesOf(one, 'web').map(([series, segments, value]) => ({ series, values: notation(segments, value) }));
}

const near = (expr: string, value: number): string =>
  `count(abs(${expr} - ${value}) <= ${Math.max(1e-9, Math.abs(value) * tolerance)}) or vector(0)`;

const is = (expr: string, value: number): object => ({ expr, eval_time: '', exp_samples: [{ labels: '{}', value }] });

/** What must be true at the end of the timeline. */
function assertionsOf(one: ObjectiveCase): object[] {
  const { groups, shape } = objectiveOf(one);
  const { short, long } = windowsOf(shape.windowDays, shape.budget);
  const rates = [...short, ...long].flatMap((seconds) => {
    const burn = burnOf(countIn(one, seconds), shape.budget);
    const ratio = `${records.ratio(windowText(seconds))} / ${shape.budget}`;
    return burn === undefined ? [] : [is(near(ratio, burn), 1)];
  });
  const left = remainingOf(countIn(one, shape.windowSeconds), shape.budget);
  const remaining = left === undefined ? [] : [is(near(records.remaining, left), 1)];
  const alerts = groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert?.startsWith('ErrorBudget')));
  const burning = shape.alerts
    .filter((pair) => pair.is === 'used')
    .map((pair) => {
      const windows = { long: countIn(one, pair.longSeconds), short: countIn(one, pair.shortSeconds) };
      const expr = alerts.find(({ labels }) => labels['window'] === windowText(pair.longSeconds))?.expr;
      const state = stateOf(pair, windows, shape.budget);
      return is(`count(${expr}) or vector(0)`, state === 'Burning' ? 1 : 0);
    });
  return [...rates, ...remaining, ...burning].map((assertion) => ({ ...assertion, eval_time: `${minutesOf(one)}m` }));
}

async function check(name: string, groups: readonly RuleGroup[], minutes: number, tests: readonly object[]) {
  const file = join(folder, `${name}.json`);
  writeFileSync(join(folder, `${name}-rules.json`), JSON.stringify({ groups }));
  writeFileSync(
    file,
    JSON.stringify({
      rule_files: [`${name}-rules.json`],
      evaluation_interval: `${minutes}m`,
      group_eval_order: groups.map((group) => group.name),
      tests,
    }),
  );
  return promtool(['test', 'rules', file]);
}

describe('the engine of Prometheus agrees', () => {
  test('in enough cases', () => expect(objectiveCases.length).toBeGreaterThanOrEqual(30));

  test.each(objectiveCases.map((one, index) => ({ one, index, name: one.name })))('$name', async ({ one, index }) => {
    const { groups, shape } = objectiveOf(one);
    const burning = shape.alerts.filter((pair) => {
      const windows = { long: countIn(one, pair.longSeconds), short: countIn(one, pair.shortSeconds) };
      return pair.is === 'used' && stateOf(pair, windows, shape.budget) === 'Burning';
    });
    expect(burning.map(({ longSeconds }) => windowText(longSeconds))).toEqual(one.burning);
    const assertions = assertionsOf(one);
    expect(assertions.length).toBeGreaterThan(3);
    // Evaluated at the end of the timeline, and nowhere else: the recordings of months are expensive.
    const said = await check(`case-${index}`, groups, minutesOf(one), [
      { interval: '1m', input_series: inputOf(one), promql_expr_test: assertions },
    ]);
    expect(said).toEqual({ code: 0, text: expect.stringContaining('SUCCESS') });
  });
});

describe('the rules are rules', () => {
  const histogram = String.raw`duration_seconds{path="/a\"b\\c",job="x"}`;
  test.each<[string, Partial<ServiceLevelObjectiveSpec>]>([
    ['a dotted name', {}],
    ['a native histogram', { indicator: { latency: { histogram, thresholdSeconds: '0.35', type: 'Native' } } }],
    ['a classic histogram', { indicator: { latency: { histogram, thresholdSeconds: '0.00001' } } }],
    ['a window of a day', { windowDays: 1 }],
    ['a window of 13 days', { windowDays: 13 }],
    ['a window of 90 days', { windowDays: 90 }],
    ['an objective that no alert can reach', { objectivePercent: '1.5' }],
    ['an objective of many digits', { objectivePercent: '99.999999' }],
    ['without alerts', { alerting: { disabled: true } }],
    ['names and texts', { alerting: { names: { page: '_A1' }, labels: { a: '"\\{}' }, annotations: { b: "'%#: [" } } }],
    ['a selector like a query', { indicator: { ratio: { good: 'a{b="}[5m])) or sum(x{"}', total: 'a:b' } } }],
  ])('%s', async (_, spec) => {
    const slo = makeObjective(spec);
    slo.metadata.name = 'a.b-0.c';
    const groups = ruleGroups(slo, countedBy(slo.spec.indicator) as Counted);
    expect(await checkRules(JSON.stringify({ groups }))).toMatchObject({ code: 0 });
    expect(groups.flatMap(({ rules }) => rules).length).toBeGreaterThan(5);
  });

  test('with a tenant label, no selector lacks it', () => {
    const { slo } = objectiveOf(objectiveCases[0]!);
    const counted = countedBy(slo.spec.indicator, [{ label: 'namespace', op: '=', value: 'shop' }]) as Counted;
    const text = JSON.stringify(ruleGroups(slo, counted));
    const selectors = text.match(/requests_total\{[^}]*\}/g) ?? [];
    expect(selectors.length).toBeGreaterThan(10);
    expect(selectors.filter((one) => !one.includes('namespace=\\"shop\\"'))).toEqual([]);
  });
});
