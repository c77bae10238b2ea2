import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { commands } from '../../commands.ts';
import { dispatch } from '../../dispatch.ts';
import { readYaml } from '../../yaml.ts';

async function run(args: string, files: Record<string, string>) {
  const io = ioWith(files);
  const code = await dispatch(['import', 'slo', ...args.split(' ').filter(Boolean)], commands, io);
  const made = readYaml(io.out || '', 'out') as { metadata: { name: string }; spec: object }[];
  return { code, out: io.out, err: io.err, made };
}

/** As in examples/kubernetes-apiserver.yml of Sloth. */
const sloth = `
version: prometheus/v1
service: k8s-apiserver
labels: {cluster: valhalla}
slos:
- name: availability
  objective: 99.9
  sli:
    events:
      error_query: sum(rate(apiserver_request_total{code=~"(5..|429)"}[{{.window}}]))
      total_query: sum(rate(apiserver_request_total[{{.window}}]))
  alerting:
    name: ApiserverAvailability
    labels: {category: availability}
    annotations: {runbook: https://example.com/runbook, text: "{{ query \\"secret\\" }}"}
    page_alert: {labels: {severity: critical}}
- name: latency
  objective: 99
  sli:
    events:
      error_query: |
        (
          sum(rate(request_duration_seconds_count{verb!="WATCH"}[{{.window}}]))
          -
          sum(rate(request_duration_seconds_bucket{le="0.4",verb!="WATCH"}[{{.window}}]))
        )
      total_query: sum(rate(request_duration_seconds_count{verb!="WATCH"}[{{.window}}]))
`;

test('Sloth: its own format, with a latency that is written as a difference', async () => {
  const { code, err, made } = await run('a.yaml', { 'a.yaml': sloth });
  expect(code).toBe(0);
  expect(made.map(({ metadata }) => metadata.name)).toEqual(['k8s-apiserver-availability', 'k8s-apiserver-latency']);
  expect(made[0]?.spec).toEqual({
    indicator: { ratio: { errors: 'apiserver_request_total{code=~"(5..|429)"}', total: 'apiserver_request_total' } },
    objectivePercent: '99.9',
    windowDays: 30,
    alerting: {
      names: { page: 'ApiserverAvailability', ticket: 'ApiserverAvailability' },
      labels: { category: 'availability' },
      annotations: { runbook: 'https://example.com/runbook' },
    },
  });
  expect(made[1]?.spec).toMatchObject({
    indicator: { latency: { histogram: 'request_duration_seconds{verb!="WATCH"}', thresholdSeconds: '0.4' } },
  });
  for (const left of ['labels', 'alerting.pageAlert.labels', 'alerting.annotations.text has a template'])
    expect(err).toContain(left);
});

/** As in examples/k8s-home-wifi.yml and raw-home-wifi.yml of Sloth. */
test('Sloth: its resource; gauges and plugins have no translation', async () => {
  const resource = `
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: wifi}
spec:
  service: wifi
  slos:
  - name: gauge
    objective: 95
    sli: {events: {errorQuery: 'sum_over_time((count(ratio < 0.75))[{{.window}}:]) OR on() vector(0)', totalQuery: 'sum_over_time((count(ratio))[{{.window}}:])'}}
  - name: plugin
    objective: 95
    sli: {plugin: {id: availability}}
  - name: raw
    objective: 99.5
    sli: {raw: {errorRatioQuery: '1 - (sum(rate(ok_total[{{.window}}])) / sum(rate(all_total[{{.window}}])))'}}
  - name: perfect
    objective: 100
    sli: {raw: {errorRatioQuery: 'sum(rate(a[{{.window}}])) / sum(rate(b[{{.window}}]))'}}
`;
  const { code, err, made } = await run('a.yaml', { 'a.yaml': resource });
  expect(code).toBe(2);
  expect(made.map(({ spec }) => spec)).toEqual([
    { indicator: { ratio: { good: 'ok_total', total: 'all_total' } }, objectivePercent: '99.5', windowDays: 30 },
  ]);
  expect(err).toContain('1 ServiceLevelObjective from 4 objectives; 3 not translated.');
  expect(err).toMatch(/wifi-plugin.*neither `events` nor `raw`/);
  expect(err).toMatch(/wifi-perfect.*100 would leave no error budget/);
});

/** As in examples/nginx.yaml of Pyrra, where one latency lacks its bound. */
test('Pyrra: ratio, latency, native latency; what has no counterpart is named', async () => {
  const objective = (name: string, indicator: string, more = '') => `---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: ${name}}
spec:
  target: '99.9'
  window: 4w
  indicator: ${indicator}
${more}`;
  const counts = 'total: {metric: \'d_seconds_count{service="x"}\'}';
  const text = [
    objective(
      'errors',
      `{ratio: {errors: {metric: 'r_total{status=~"5.."}'}, total: {metric: r_total}, grouping: [handler]}}`,
      '  alerting: {name: Burn, absent: false, severities: {absent: info}}\n  performanceOverAccuracy: true\n',
    ),
    objective(
      'latency',
      `{latency: {success: {metric: 'd_seconds_bucket{service="x",le="1"}'}, ${counts}}}`,
      "  latency: '1'\n",
    ),
    objective('unbounded', `{latency: {success: {metric: 'd_seconds_bucket{service="x",status=~"5.."}'}, ${counts}}}`),
    objective('native', `{latencyNative: {latency: 350ms, total: {metric: 'd_seconds{service="x"}'}}}`),
    objective('probe', '{bool_gauge: {metric: probe_success}}'),
  ].join('');
  const { code, err, made } = await run('a.yaml', { 'a.yaml': text });
  expect(code).toBe(2);
  expect(made.map(({ spec }) => (spec as { indicator: object }).indicator)).toEqual([
    { ratio: { errors: 'r_total{status=~"5.."}', total: 'r_total' } },
    { latency: { histogram: 'd_seconds{service="x"}', thresholdSeconds: '1' } },
    { latency: { histogram: 'd_seconds{service="x"}', thresholdSeconds: '0.35', type: 'Native' } },
  ]);
  expect(made[0]?.spec).toMatchObject({ windowDays: 28, alerting: { names: { page: 'Burn', ticket: 'Burn' } } });
  for (const left of [
    'grouping',
    'alerting.absent',
    'alerting.severities',
    'performanceOverAccuracy',
    'spec.latency is not known',
    'bool_gauge',
    'without one bound',
  ])
    expect(err).toContain(left);
});

describe('OpenSLO', () => {
  /** As in pkg/openslo/v1/examples/slos.yaml of OpenSLO. */
  const slo = (more: string, window = 'duration: 28d, isRolling: true') => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: web-availability}
spec:
  description: X% of search requests are successful
  service: web
  timeWindow: [{${window}}]
  ${more}
  objectives: [{displayName: Good, op: gt, target: 0.995}]
`;
  const ratio = `spec:
    ratioMetric:
      counter: true
      good: {metricSource: {type: Prometheus, spec: {query: 'sum(http_requests{component="web",code=~"2xx|4xx"})'}}}
      total: {metricSource: {type: Prometheus, spec: {query: 'sum(http_requests{component="web"})'}}}
`;
  const inline = `budgetingMethod: Occurrences
  indicator:
    ${ratio.replaceAll('\n', '\n    ')}`;
  const spec = {
    indicator: {
      ratio: { good: 'http_requests{component="web",code=~"2xx|4xx"}', total: 'http_requests{component="web"}' },
    },
    objectivePercent: '99.5',
    windowDays: 28,
  };

  test('a DataSource says of what the queries are', async () => {
    const referring = slo(inline.replaceAll('type: Prometheus', 'metricSourceRef: metrics'));
    const alone = await run('a.yaml', { 'a.yaml': referring });
    expect(alone).toMatchObject({ code: 2, out: '' });
    expect(alone.err).toContain('DataSource metrics, which says of what its queries are, is not in the input');
    const source = (type: string) =>
      `---\napiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: metrics}\nspec: {type: ${type}}\n`;
    const other = await run('a.yaml b.yaml', { 'a.yaml': referring, 'b.yaml': source('Datadog') });
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toContain('are of Datadog');
    for (const type of ['Prometheus', 'Mimir']) {
      const known = await run('a.yaml b.yaml', { 'a.yaml': referring, 'b.yaml': source(type) });
      expect({ code: known.code, spec: known.made[0]?.spec }).toEqual({ code: 0, spec });
      expect(known.err).not.toContain('Ignored');
    }
  });

  test('an indicator within, and one that is referred to', async () => {
    const within = await run('a.yaml', { 'a.yaml': slo(inline) });
    expect({ code: within.code, spec: within.made[0]?.spec }).toEqual({ code: 0, spec });
    const sli = `---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {name: ok}\n${ratio}`;
    const apart = await run('a.yaml b.yaml', { 'a.yaml': slo('indicatorRef: ok'), 'b.yaml': sli });
    expect({ code: apart.code, spec: apart.made[0]?.spec }).toEqual({ code: 0, spec });
    expect(apart.err).toContain('spec.service');
  });

  /** As in config/samples/openslo_v1_slo.yaml of osko. */
  test('a share as text is a share, too', async () => {
    const { code, made } = await run('a.yaml', { 'a.yaml': slo(inline).replace('target: 0.995', 'target: "0.995"') });
    expect({ code, spec: made[0]?.spec }).toEqual({ code: 0, spec });
  });

  test.each([
    ['time slices', slo(inline.replace('Occurrences', 'Timeslices')), 'budgetingMethod Timeslices'],
    [
      'a calendar',
      slo(inline, 'duration: 1w, isRolling: false, calendar: {timeZone: America/New_York}'),
      'follows the calendar',
    ],
    ['a month', slo(inline, 'duration: 1M, isRolling: true'), 'is not a rolling one of 1 to 90 full days'],
    ['an indicator that is not there', slo('indicatorRef: gone'), 'specify the file with its SLI'],
    ['a gauge', slo(inline.replace('counter: true', 'counter: false')), 'only counters'],
    ['what is not said to be a counter', slo(inline.replace('counter: true', '')), 'may be gauges'],
    ['good and bad', slo(inline.replace('counter: true', 'bad: {}')), 'keep one'],
    ['another version', slo(inline).replace('openslo/v1', 'openslo/v1alpha'), 'is not openslo/v1'],
  ])('has no translation of %s', async (_, text, why) => {
    const { code, err, out } = await run('a.yaml', { 'a.yaml': text });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
  });
});

/** Queries that parse, and count something else than events, or not in the same way: as an objective, some of them would always be met. */
describe('Sloth: what does not count events is not translated', () => {
  const errors = 'sum(rate(e_total[{{.window}}]))';
  const total = 'sum(rate(t_total[{{.window}}]))';
  const events = (error: string, all: string) => ({ events: { error_query: error, total_query: all } });
  test.each<[string, object, string]>([
    ['gauges', events('sum(kube_pod_status_ready{condition="false"})', 'sum(kube_pod_status_ready)'), 'may be gauges'],
    ['values since the start of a program', events('e_total', 't_total'), 'may be gauges'],
    ['a ratio of gauges', { raw: { error_ratio_query: '1 - up{job="a"} / up' } }, 'may be gauges'],
    ['a gauge of a counter', events('sum(down)', total), 'over the same time'],
    ['another function', events(errors, 'sum(increase(t_total[{{.window}}]))'), 'over the same time'],
    ['another range', events('sum(rate(e_total[5m]))', total), 'over the same time'],
    ['a difference over other ranges', events(`${total} - sum(rate(ok_total[5m]))`, total), 'over the same time'],
    ['all buckets as all events', events(errors, 'sum(rate(d_bucket[{{.window}}]))'), 'without one bound'],
    ['all buckets as errors', events('sum(rate(d_bucket{code="500"}[{{.window}}]))', total), 'without one bound'],
    ['some buckets', events(`${total} - sum(rate(d_bucket{le=~"0.1|0.2"}[{{.window}}]))`, total), 'without one bound'],
    ['two slis', { ...events(errors, total), raw: { error_ratio_query: 'x' } }, 'events and raw; keep one'],
  ])('%s', async (_, sli, why) => {
    const file = { version: 'prometheus/v1', service: 'a', slos: [{ name: 'b', objective: 99, sli }] };
    const { code, out, err } = await run('a.yaml', { 'a.yaml': JSON.stringify(file) });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.replaceAll(/\s+/g, ' ')).toContain(why);
  });

  test.each([
    [0.999, 'if a share is meant, such as 0.999, write 99.9'],
    [1, 'at most 1 percent'],
  ])('an objective of %s percent', async (objective, why) => {
    const slo = { name: 'b', objective, sli: events(errors, total) };
    const { err } = await run('a.yaml', {
      'a.yaml': JSON.stringify({ version: 'prometheus/v1', service: 'a', slos: [slo] }),
    });
    expect(err.replaceAll(/\s+/g, ' ')).toContain(why);
  });
});

test.each([
  ['', {}, 1, 'specify files'],
  ['a.yaml', { 'a.yaml': 'kind: Secret' }, 1, 'the input has no objectives'],
  ['a.yaml', { 'a.yaml': 'a: [' }, 1, 'error: a.yaml:1'],
])('what cannot be read: %s', async (args, files, code, says) => {
  const said = await run(args, files);
  expect(said.code).toBe(code);
  expect(said.err).toContain(says);
});

test('what is imported cannot bring a query along', async () => {
  const attack = sloth.replace('code=~"(5..|429)"', 'code=~"x"}[5m])) or sum(rate(secret{a="b"');
  const { err, made } = await run('a.yaml', { 'a.yaml': attack });
  expect(made).toHaveLength(1);
  expect(err).toContain('not sums of the rate of one selector');
});

test('the example of the docs is what is printed', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/service-level-objectives.md'), 'utf8');
  const [, source, , report, , written] = page.slice(page.indexOf('## Import')).split(/^```(?:ya?ml|console)?\n/m);
  const [, printed] = /^\$ [^\n]+\n([^]+)$/.exec(report ?? '') ?? [];
  const { out, err } = await run('sloth.yaml', { 'sloth.yaml': source ?? '' });
  expect({ report: err, written: out }).toEqual({ report: printed, written: `---\n${written}` });
});
