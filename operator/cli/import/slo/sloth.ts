/** Objectives of Sloth: its own format (`prometheus/v1`), and its PrometheusServiceLevel. Pure. */
import type { ServiceLevelObjectiveSpec } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { asList, asObject, asText, at, saidMembers, type Json } from '../ocm/json.ts';
import { indicatorOf, indicatorOfRatio } from './query.ts';
import { notesOn, type Translated } from './report.ts';
import { percentOf } from './values.ts';

export function isSloth(document: Json): boolean {
  return (
    document['version'] === 'prometheus/v1' ||
    (document['kind'] === 'PrometheusServiceLevel' && String(document['apiVersion']).startsWith('sloth.slok.dev/'))
  );
}

export function fromSloth(document: Json, from: string): Translated[] {
  const body = camel(document['kind'] === undefined ? document : (asObject(document['spec']) ?? {}));
  const service = asText(body['service']) ?? 'unnamed';
  const about = notesOn(body, '', {
    used: ['version', 'service', 'slos'],
    without: { labels: 'labels of all rules have no counterpart', sloPlugins: 'plugins of Sloth do not run here' },
  });
  return (asList(body['slos']) ?? []).map((one, index) => {
    const slo = asObject(one) ?? {};
    const name = `${service}-${asText(slo['name']) ?? index}`;
    const { spec, notes } = translate(slo);
    return { item: `${from}: ${name}`, name, spec, notes: [...about, ...notes] };
  });
}

function translate(slo: Json): Pick<Translated, 'spec' | 'notes'> {
  const notes = notesOn(slo, '', {
    used: ['name', 'objective', 'sli', 'alerting'],
    without: {
      description: 'there is no field for it',
      labels: 'labels of all rules have no counterpart',
      plugins: 'plugins of Sloth do not run here',
    },
  });
  const objective = percentOf(slo['objective']);
  if (typeof objective === 'string') return { spec: objective, notes };
  const indicator = indicatorIn(asObject(slo['sli']) ?? {});
  if (typeof indicator === 'string') return { spec: indicator, notes };
  const alerting = alertingOf(asObject(slo['alerting']) ?? {});
  return {
    spec: {
      indicator,
      objectivePercent: objective.percent,
      windowDays: 30,
      ...(alerting.alerting && { alerting: alerting.alerting }),
    },
    notes: [...notes, ...alerting.notes],
  };
}

function indicatorIn(sli: Json) {
  const kinds = Object.keys(saidMembers(sli));
  if (kinds.length > 1) return `its sli has ${kinds.join(' and ')}; keep one`;
  const [errors, total, ratio] = [
    at(sli, 'events', 'errorQuery'),
    at(sli, 'events', 'totalQuery'),
    at(sli, 'raw', 'errorRatioQuery'),
  ].map(asText);
  if (errors !== undefined && total !== undefined) return indicatorOf(errors, total);
  if (ratio !== undefined) return indicatorOfRatio(ratio);
  return `its sli (${kinds.join(', ') || 'none'}) is neither \`events\` nor \`raw\`; write selectors by hand`;
}

function alertingOf(alerting: Json): { alerting?: ServiceLevelObjectiveSpec['alerting']; notes: string[] } {
  const [page, ticket] = [asObject(alerting['pageAlert']) ?? {}, asObject(alerting['ticketAlert']) ?? {}];
  const isDisabled = page['disable'] === true && ticket['disable'] === true;
  const name = asText(alerting['name']);
  const isName = name !== undefined && /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/.test(name);
  const [labels, annotations] = [textsOf(alerting['labels']), textsOf(alerting['annotations'])];
  const made = {
    ...(isDisabled && { disabled: true }),
    ...(isName && { names: { page: name, ticket: name } }),
    ...(labels.kept && { labels: labels.kept }),
    ...(annotations.kept && { annotations: annotations.kept }),
  };
  const one = page['disable'] === true ? 'pageAlert' : 'ticketAlert';
  return {
    ...(Object.keys(made).length && { alerting: made }),
    notes: [
      ...notesOn(alerting, 'alerting', { used: ['name', 'labels', 'annotations', 'pageAlert', 'ticketAlert'] }),
      ...notesOn(page, 'alerting.pageAlert', { used: ['disable'], without: perSeverity }),
      ...notesOn(ticket, 'alerting.ticketAlert', { used: ['disable'], without: perSeverity }),
      ...(!isDisabled && (page['disable'] === true || ticket['disable'] === true)
        ? [`alerting.${one}.disable: alerts are disabled together; route them by \`severity\``]
        : []),
      ...(name !== undefined && !isName
        ? [`alerting.name ${JSON.stringify(name)} is not a name of an alert; left out`]
        : []),
      ...labels.left.map((key) => `alerting.labels.${key} has a template or is set by Holdfast; left out`),
      ...annotations.left.map((key) => `alerting.annotations.${key} has a template; left out`),
    ],
  };
}

const perSeverity = {
  labels: 'alerts have the label `severity`, and the labels of all',
  annotations: 'all alerts have the same annotations',
};
const reserved = ['alertname', 'severity', 'slo', 'namespace', 'resource_namespace', 'window'];

function textsOf(value: unknown): { kept?: Record<string, string>; left: string[] } {
  const entries = Object.entries(asObject(value) ?? {}).map(([key, text]) => [key, String(text)] as const);
  const isPlain = ([key, text]: readonly [string, string]): boolean =>
    /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/.test(key) && !reserved.includes(key) && !text.includes('{{') && text.length <= 512;
  const kept = entries.filter(isPlain);
  return {
    ...(kept.length && { kept: Object.fromEntries(kept) }),
    left: entries.filter((one) => !isPlain(one)).map(([key]) => key),
  };
}

/** Its own format has `error_query`, its resource `errorQuery`. */
function camel(value: Json): Json {
  const walk = (one: unknown, key = ''): unknown => {
    if (Array.isArray(one)) return one.map((item) => walk(item));
    const object = asObject(one);
    // Keys of these belong to the user.
    if (!object || key === 'labels' || key === 'annotations') return one;
    return Object.fromEntries(
      Object.entries(object).map(([name, member]) => [
        name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        walk(member, name),
      ]),
    );
  };
  return walk(value) as Json;
}
