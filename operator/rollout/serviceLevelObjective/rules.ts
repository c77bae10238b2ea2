/**
 * The rules of Prometheus that are generated: recordings for each window, and alerts on pairs of them. They contain selectors that were read and
 * written again, never text of a user, and no template of a user; where a tenant label is enforced, every selector has it. Pure.
 */
import type { ServiceLevelObjective } from '../../api/v1alpha1/serviceLevelObjective.ts';
import { day, hour, leastErrors, type BurnAlert } from '../../lib/burnRate.ts';
import { promNumber } from '../../lib/numberText.ts';
import { quotedForPrometheus } from '../../lib/seriesSelector.ts';
import type { Counted } from './indicator.ts';
import { windowsOf, windowText } from './queries.ts';
import { shapeOf, type Shape } from './shape.ts';

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** Where people read what to do. */
export const runbook = 'https://holdfast.dev/service-level-objectives';

/** Without rules where they are disabled. */
export function ruleGroups(slo: ServiceLevelObjective, counted: Counted): readonly RuleGroup[] {
  const { spec, metadata } = slo;
  if (spec.rules?.disabled) return [];
  const shape = shapeOf(slo);
  const labels = { slo: metadata.name, resource_namespace: metadata.namespace ?? '' };
  const { short, long } = windowsOf(shape.windowDays, shape.budget);
  const whole = shape.windowSeconds;
  const recordings = [...short, ...long].map((seconds) => ({
    seconds,
    // In the group of what they follow, whose rules are evaluated one after the other.
    rules: [...recordingsOf(counted, seconds, labels), ...(seconds === whole ? budgetRules(shape, labels) : [])],
  }));
  const of = (name: string, interval: string | undefined, test: (seconds: number) => boolean): RuleGroup[] => {
    const rules = recordings.filter(({ seconds }) => test(seconds)).flatMap((one) => one.rules);
    return rules.length ? [{ name: `${groupName(slo)}.${name}`, ...(interval && { interval }), rules }] : [];
  };
  const alerts = spec.alerting?.disabled ? [] : alertsOf(slo, shape, counted);
  return [
    ...of('short', undefined, (seconds) => seconds <= 2 * hour),
    ...of('day', '1m', (seconds) => seconds > 2 * hour && seconds <= day),
    // Longer than a day costs more. Prometheus forgets what is older than five minutes, so it cannot be less often.
    ...of('long', '4m', (seconds) => seconds > day),
    ...(alerts.length ? [{ name: `${groupName(slo)}.alerts`, rules: alerts }] : []),
  ];
}

function groupName({ metadata: { name, namespace = '' } }: ServiceLevelObjective): string {
  return `holdfast-slo.${namespace}.${name}`;
}

export const records = {
  events: (window: string) => `holdfast:slo_events:increase${window}`,
  errors: (window: string) => `holdfast:slo_errors:increase${window}`,
  ratio: (window: string) => `holdfast:slo_errors:ratio${window}`,
  objective: 'holdfast:slo_objective:ratio',
  remaining: 'holdfast:slo_error_budget_remaining:ratio',
} as const;

type Labels = Readonly<Record<string, string>>;

function recordingsOf(counted: Counted, seconds: number, labels: Labels): Rule[] {
  const window = windowText(seconds);
  const mine = matching(labels);
  return [
    { record: records.events(window), expr: counted.total(window), labels },
    { record: records.errors(window), expr: errorsOf(counted, window), labels },
    {
      record: records.ratio(window),
      // Without events there is no ratio: 0/0 would be kept as NaN.
      expr: `${records.errors(window)}${mine} / (${records.events(window)}${mine} > 0)`,
      labels,
    },
  ];
}

/** Number of bad events. */
function errorsOf({ part, mayBeAbsent, total, counted }: Counted, window: string): string {
  const some = mayBeAbsent ? `(${counted(window)} or 0 * ${total(window)})` : `(${counted(window)})`;
  // `increase` extrapolates each series by itself, so that a few good events more than all can come out.
  return part === 'errors' ? some : `clamp_min(${total(window)} - ${some}, 0)`;
}

function budgetRules({ windowDays, budget }: Shape, labels: Labels): Rule[] {
  const whole = records.ratio(`${windowDays}d`);
  return [
    { record: records.objective, expr: `vector(${promNumber(1 - budget)})`, labels },
    { record: records.remaining, expr: `1 - ${whole}${matching(labels)} / ${promNumber(budget)}`, labels },
  ];
}

function alertsOf(slo: ServiceLevelObjective, shape: Shape, counted: Counted): Rule[] {
  const { metadata, spec } = slo;
  const { names = {}, labels: more = {}, annotations = {} } = spec.alerting ?? {};
  const labels = { slo: metadata.name, resource_namespace: metadata.namespace ?? '' };
  const about = `ServiceLevelObjective ${labels.resource_namespace}/${labels.slo}`;
  const nameOf = { Page: names.page ?? 'ErrorBudgetBurnsFast', Ticket: names.ticket ?? 'ErrorBudgetBurnsSlowly' };
  const burning = shape.alerts
    .filter(({ is }) => is === 'used')
    .map((pair): Rule => {
      const [long, short, factor] = [
        windowText(pair.longSeconds),
        windowText(pair.shortSeconds),
        promNumber(pair.factor),
      ];
      return {
        alert: nameOf[pair.severity],
        expr: burningExpr(pair, shape.budget, matching(labels)),
        for: windowText(pair.forSeconds),
        labels: { ...more, ...labels, severity: pair.severity.toLowerCase(), window: long },
        annotations: {
          summary: `The error budget of ${about} burns ${pair.severity === 'Page' ? 'fast' : 'slowly'}.`,
          description: `{{ $value | humanizePercentage }} of the events of ${about} were bad in the last ${long}, and as many in the last ${short}: more than ${factor} times what its objective of ${spec.objectivePercent}% allows for.`,
          runbook_url: `${runbook}#when-the-budget-burns`,
          ...annotations,
        },
      };
    });
  const lost = counted.some === undefined || counted.mayBeAbsent ? [counted.all] : [counted.all, counted.some];
  const noData: Rule = {
    alert: names.noData ?? 'ObjectiveHasNoData',
    expr: lost.map((series) => `absent(${series})`).join(' or '),
    for: '15m',
    labels: { ...more, ...labels, severity: 'ticket' },
    annotations: {
      summary: `There is no data for ${about}.`,
      description: `Prometheus has no series for ${about}, so that none of its alerts can fire.`,
      runbook_url: `${runbook}#when-there-is-no-data`,
      ...annotations,
    },
  };
  return [...burning, noData];
}

function burningExpr({ longSeconds, shortSeconds, factor }: BurnAlert, budget: number, mine: string): string {
  const [long, short] = [windowText(longSeconds), windowText(shortSeconds)];
  const threshold = promNumber(factor * budget);
  return [
    `${records.ratio(long)}${mine} > ${threshold}`,
    `${records.ratio(short)}${mine} > ${threshold}`,
    // One of few requests that fails says nothing: see `leastSamples`.
    `${records.errors(long)}${mine} >= ${leastErrors}`,
  ].join(' and ');
}

function matching(labels: Labels): string {
  const inside = Object.entries(labels).map(([name, value]) => `${name}=${quotedForPrometheus(value)}`);
  return `{${inside.join(',')}}`;
}
