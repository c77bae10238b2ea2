/** ServiceLevelObjectives of Pyrra. Pure. */
import type { Indicator, ServiceLevelObjectiveSpec } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { selectorText } from '../../../lib/seriesSelector.ts';
import { asList, asObject, asText, at, saidMembers, type Json } from '../ocm/json.ts';
import { indicatorWith, plainSelector } from './query.ts';
import { notesOn, type Translated } from './report.ts';
import { daysOf, percentOf, secondsOf } from './values.ts';

export function isPyrra(document: Json): boolean {
  return document['kind'] === 'ServiceLevelObjective' && String(document['apiVersion']).startsWith('pyrra.dev/');
}

export function fromPyrra(document: Json, from: string): Translated[] {
  const name = asText(at(document, 'metadata', 'name')) ?? 'unnamed';
  const spec = asObject(document['spec']) ?? {};
  const notes = notesOn(spec, 'spec', {
    used: ['target', 'window', 'indicator', 'alerting'],
    without: {
      description: 'there is no field for it',
      performanceOverAccuracy: 'a budget is always that of all events',
      ruleOutput: 'rules are a PrometheusRule, or a ConfigMap where there is no such kind',
      partial_response_strategy: 'rules are those of Prometheus, not of Thanos',
    },
  });
  const { made, more } = translate(spec);
  return [{ item: `${from}: ${name}`, name, spec: made, notes: [...notes, ...more] }];
}

function translate(spec: Json): { made: Translated['spec']; more: string[] } {
  const refused = (made: string) => ({ made, more: [] });
  const objective = percentOf(spec['target']);
  if (typeof objective === 'string') return refused(objective);
  const window = daysOf(spec['window']);
  if (typeof window === 'string') return refused(window);
  const indicator = indicatorIn(asObject(spec['indicator']) ?? {});
  if (typeof indicator === 'string') return refused(indicator);
  const alerting = alertingOf(asObject(spec['alerting']) ?? {});
  const grouping = Object.values(asObject(spec['indicator']) ?? {}).flatMap((one) => asList(at(one, 'grouping')) ?? []);
  return {
    made: {
      indicator,
      objectivePercent: objective.percent,
      windowDays: window.days,
      ...(alerting.alerting && { alerting: alerting.alerting }),
    },
    more: [
      ...(grouping.length
        ? [
            `indicator.grouping: all series count together; declare an objective for each ${grouping.join(', ')} that matters`,
          ]
        : []),
      ...alerting.notes,
    ],
  };
}

function indicatorIn(indicator: Json): Indicator | string {
  const { ratio, latency, latencyNative } = saidMembers(indicator);
  const metric = (of: unknown, part: string) => plainSelector(asText(at(of, part, 'metric')) ?? '');
  const unread = 'a metric of its indicator is not one selector; write selectors by hand';
  if (ratio) {
    const [errors, total] = [metric(ratio, 'errors'), metric(ratio, 'total')];
    return errors && total ? indicatorWith('errors', errors, total) : unread;
  }
  if (latency) {
    const [good, total] = [metric(latency, 'success'), metric(latency, 'total')];
    return good && total ? indicatorWith('good', good, total) : unread;
  }
  if (latencyNative) {
    const [total, thresholdSeconds] = [metric(latencyNative, 'total'), secondsOf(at(latencyNative, 'latency'))];
    return total && thresholdSeconds
      ? { latency: { histogram: selectorText(total), thresholdSeconds, type: 'Native' } }
      : unread;
  }
  return `its indicator (${Object.keys(saidMembers(indicator)).join(', ') || 'none'}) has no counterpart: only counters and histograms are counted`;
}

function alertingOf(alerting: Json): { alerting?: ServiceLevelObjectiveSpec['alerting']; notes: string[] } {
  const isName = (value: unknown): value is string =>
    typeof value === 'string' && /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/.test(value);
  const { name, absentName } = alerting;
  const names = {
    ...(isName(name) && { page: name, ticket: name }),
    ...(isName(absentName) && { noData: absentName }),
  };
  const isDisabled = alerting['disabled'] === true || alerting['burnrates'] === false;
  const made = { ...(isDisabled && { disabled: true }), ...(Object.keys(names).length && { names }) };
  return {
    ...(Object.keys(made).length && { alerting: made }),
    notes: notesOn(alerting, 'alerting', {
      used: ['disabled', 'burnrates', 'name', 'absentName', ...(alerting['absent'] === false ? [] : ['absent'])],
      without: {
        severities: 'alerts have `severity: page` or `ticket`',
        absent: 'there is always an alert that there is no data',
      },
    }),
  };
}
