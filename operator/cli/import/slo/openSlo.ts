/** SLOs of OpenSLO v1. Pure. */
import type { Indicator } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { asList, asObject, asText, at, type Json } from '../ocm/json.ts';
import { indicatorOfSums, sumIn } from './query.ts';
import { notesOn, type Translated } from './report.ts';
import { daysOf, percentOf } from './values.ts';

/** What answers the queries of Prometheus. */
const servers = ['prometheus', 'thanos', 'mimir', 'cortex'];

export function isOpenSlo(document: Json): boolean {
  return (
    String(document['apiVersion']).startsWith('openslo/') || String(document['apiVersion']).startsWith('openslo.com/')
  );
}

/** `all` has the SLIs that are referred to. */
export function fromOpenSlo(document: Json, from: string, all: readonly Json[]): Translated[] {
  const name = asText(at(document, 'metadata', 'name')) ?? 'unnamed';
  const item = `${from}: ${name}`;
  if (!/\/v1$/.test(String(document['apiVersion'])))
    return [{ item, name, spec: `version ${String(document['apiVersion'])} is not openslo/v1; convert it`, notes: [] }];
  const spec = asObject(document['spec']) ?? {};
  const notes = notesOn(spec, 'spec', {
    used: ['indicator', 'indicatorRef', 'timeWindow', 'budgetingMethod', 'objectives'],
    without: {
      service: 'there is no field for it',
      description: 'there is no field for it',
      alertPolicies: 'alerts are those of the burn rate',
    },
  });
  const refused = (why: string): Translated[] => [{ item, name, spec: why, notes }];
  const method = asText(spec['budgetingMethod']) ?? 'Occurrences';
  if (method !== 'Occurrences')
    return refused(`budgetingMethod ${method} counts time slices; only events are counted (Occurrences)`);
  const window = windowIn(asList(spec['timeWindow']) ?? []);
  if (typeof window === 'string') return refused(window);
  const objectives = asList(spec['objectives']) ?? [];
  if (objectives.length === 0) return refused('it has no objectives; add one');
  return objectives.map((one, index): Translated => {
    const objective = asObject(one) ?? {};
    const own = objectives.length === 1 ? name : `${name}-${asText(objective['displayName']) ?? index + 1}`;
    const more = notesOn(objective, `objectives[${index}]`, {
      used: ['target', 'targetPercent', 'indicator', 'indicatorRef', 'displayName'],
      without: {
        op: 'only for thresholdMetric',
        value: 'only for thresholdMetric',
        compositeWeight: 'objectives are not composed',
      },
    });
    const target = objective['targetPercent'] ?? inPercent(objective['target']);
    const percent = percentOf(target);
    const indicator = indicatorOf(sliOf(objective, all) ?? sliOf(spec, all), all);
    const problem = [percent, indicator].find((part) => typeof part === 'string');
    const made =
      typeof percent === 'string' || typeof indicator === 'string'
        ? problem!
        : { indicator, objectivePercent: percent.percent, windowDays: window.days };
    return { item: `${from}: ${own}`, name: own, spec: made, notes: [...notes, ...more] };
  });
}

/** A share as a number, or, as some write it, as text. */
function inPercent(share: unknown): unknown {
  const number = typeof share === 'string' && share.trim() !== '' ? Number(share) : share;
  return typeof number === 'number' && Number.isFinite(number) ? Number((number * 100).toPrecision(10)) : share;
}

function windowIn(windows: readonly unknown[]): { days: number } | string {
  const [only, ...more] = windows;
  if (more.length || only === undefined) return `it has ${windows.length} time windows; keep one`;
  if (at(only, 'calendar') !== undefined || at(only, 'isRolling') === false)
    return 'its time window follows the calendar; only rolling windows are counted';
  return daysOf(at(only, 'duration'));
}

function sliOf(holder: Json, all: readonly Json[]): Json | undefined {
  const inline = asObject(at(holder, 'indicator', 'spec'));
  const ref = asText(holder['indicatorRef']);
  if (inline || ref === undefined) return inline;
  const found = all.find((one) => one['kind'] === 'SLI' && at(one, 'metadata', 'name') === ref);
  return asObject(found?.['spec']) ?? {};
}

function indicatorOf(sli: Json | undefined, all: readonly Json[]): Indicator | string {
  const ratio = asObject(sli?.['ratioMetric']);
  if (!sli || Object.keys(sli).length === 0)
    return 'its indicator is not in the input; specify the file with its SLI too';
  if (!ratio)
    return `its indicator (${Object.keys(sli).join(', ')}) has no counterpart: only a ratioMetric of counters is counted`;
  if (ratio['counter'] === false || ratio['raw'] !== undefined)
    return 'its ratioMetric is not of counters; only counters are counted';
  const part = ratio['bad'] === undefined ? 'good' : 'errors';
  if (part === 'errors' && ratio['good'] !== undefined) return 'its ratioMetric has `good` and `bad`; keep one';
  const sources = [part === 'good' ? ratio['good'] : ratio['bad'], ratio['total']].map((one) =>
    at(one, 'metricSource'),
  );
  for (const source of sources) {
    const type = typeOf(source, all);
    if (typeof type !== 'string') return type.problem;
    if (!servers.includes(type.toLowerCase()))
      return `its queries are of ${type}; only those of Prometheus are translated`;
  }
  const [some, total] = sources.map((source) =>
    sumIn(asText(at(source, 'spec', 'query')) ?? asText(at(source, 'metricSourceSpec', 'query')) ?? ''),
  );
  return indicatorOfSums(part, some, total, { isCounted: ratio['counter'] === true });
}

/** Of what a query is: named with it, or by the DataSource that it refers to. */
function typeOf(source: unknown, all: readonly Json[]): string | { readonly problem: string } {
  const type = asText(at(source, 'type'));
  const ref = asText(at(source, 'metricSourceRef'));
  if (type !== undefined || ref === undefined) return type ?? 'Prometheus';
  const found = all.find((one) => one['kind'] === 'DataSource' && at(one, 'metadata', 'name') === ref);
  return (
    asText(at(found, 'spec', 'type')) ?? {
      problem: `DataSource ${ref}, which says of what its queries are, is not in the input; specify its file too, or set \`type: Prometheus\` at its \`metricSource\``,
    }
  );
}
