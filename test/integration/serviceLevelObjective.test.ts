/** ServiceLevelObjectives on a real apiserver and a real Prometheus: what they tell, what they refuse, and what becomes of their rules. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  ServiceLevelObjective,
  ServiceLevelObjectiveSpec,
} from '../../operator/api/v1alpha1/serviceLevelObjective.ts';
import { keyedDigest } from '../../operator/lib/digest.ts';
import { notifiers } from '../../operator/notifiers.ts';
import { objectiveGate } from '../../operator/rollout/serviceLevelObjective/gate.ts';
import { serviceLevelObjective } from '../../operator/rollout/serviceLevelObjective/index.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { Discovery } from '../../operator/runtime/discovery.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { startBackfilled, type Backfilled, type Counter } from '../monitoring/backfilled.ts';
import { checkRules } from '../monitoring/promtool.ts';
import { apiVersion, binding, conditionOf, crds, namespace, operatorAccount, role } from '../operator/bed.ts';
import { grantsFile } from '../operator/grants.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';

const counter = (metric: string, labels: Record<string, string>, perMinute: number, ends?: number): Counter => ({
  metric,
  labels,
  perMinute,
  ...(ends !== undefined && { ends }),
});
const web = (job: string, good: number, bad: number, ends?: number): Counter[] => [
  counter('requests_total', { job, code: '200' }, good, ends),
  counter('requests_total', { job, code: '500' }, bad, ends),
];
const minutes = 3000;
const counters: Counter[] = [
  ...web('healthy', 9996, 4),
  ...web('burning', 9800, 200),
  ...web('gone', 1000, 1, 2900),
  counter('requests_total', { job: 'young', code: '200' }, 1000),
  counter('requests_total', { job: 'bare' }, 1000),
  counter('ok_total', { job: 'odd' }, 1200),
  counter('all_total', { job: 'odd' }, 1000),
  ...[
    ['0.25', 900],
    ['0.5', 960],
    ['+Inf', 1000],
  ].map(([le, rate]) => counter('duration_seconds_bucket', { job: 'api', le: String(le) }, Number(rate))),
  counter('duration_seconds_count', { job: 'api' }, 1000),
];

let cluster: Cluster;
let kubectl: Kubectl;
let client: Client;
let runtime: Runtime;
let prometheus: Backfilled;
const statusWrites: string[] = [];

beforeAll(async () => {
  [cluster, prometheus] = await Promise.all([
    startCluster({ controllerManager: false, manifests: [crds] }),
    startBackfilled(counters, minutes, systemClock.now()),
  ]);
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--server-side', '--filename', role, '--filename', grantsFile);
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, binding);
  const kubeconfig = await cluster.kubeconfigFor(operatorAccount);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }), {
    onRequest: (verb, code) => void (verb === 'apply' && statusWrites.push(`${verb} ${code}`)),
  });
  const discovery = new Discovery(client, systemClock);
  const features = openAll([serviceLevelObjective], {
    seal: (text) => keyedDigest(Buffer.from('key'), text),
    askMetrics: (query, signal) => prometheus.ask(query, signal),
    tenantLabel: () => undefined,
    kindOf: (group, version, kind) => discovery.kindOf(group, version, kind),
  });
  runtime = await startRuntime({ client, features, notifiers, log: createLog('silent') });
  await runtime.synced;
}, 900_000);

afterAll(async () => {
  await runtime.stop();
  await client.close();
  await Promise.all([cluster.stop(), prometheus.stop()]);
}, 60_000);

const ratio = (job: string): ServiceLevelObjectiveSpec['indicator'] => ({
  ratio: { errors: `requests_total{job="${job}",code=~"5.."}`, total: `requests_total{job="${job}"}` },
});
const objective = (name: string, spec: object): object => ({
  apiVersion,
  kind: 'ServiceLevelObjective',
  metadata: { name, namespace },
  spec,
});
const declare = (name: string, spec: Partial<ServiceLevelObjectiveSpec>): Promise<void> =>
  kubectl.apply(
    objective(name, {
      objectivePercent: '99.9',
      windowDays: 2,
      intervalSeconds: 10,
      rules: { disabled: true },
      ...spec,
    }),
  );
const get = (name: string) => kubectl.get<ServiceLevelObjective>('servicelevelobjective', name);

function untilSaid(name: string, type: string, reason: string): Promise<ServiceLevelObjective> {
  let last: ServiceLevelObjective | undefined;
  const look = async () => {
    last = await get(name);
    return conditionOf(last, type)?.reason === reason ? last : undefined;
  };
  return until(`${name} is ${type} ${reason}`, look, { seconds: 40, seen: () => last?.status });
}

describe('the apiserver refuses', () => {
  const fine = { indicator: ratio('web'), objectivePercent: '99.9' };
  const total = 'requests_total';
  test.each<[string, object, RegExp]>([
    ['an objective of 100', { ...fine, objectivePercent: '100' }, /percentage below 100/],
    ['an objective of 0', { ...fine, objectivePercent: '0.0' }, /must be more than 1/],
    ['a share instead of a percentage', { ...fine, objectivePercent: '0.999' }, /such as "99.9" for a share of 0.999/],
    ['an objective as a number', { ...fine, objectivePercent: 99.9 }, /expected string/],
    ['a query', { ...fine, indicator: { ratio: { errors: 'sum(rate(a[5m]))', total } } }, /must be one selector/],
    [
      'a query behind a selector',
      { ...fine, indicator: { ratio: { errors: 'a{b="c"} or secret', total } } },
      /must be one selector/,
    ],
    ['neither errors nor good', { ...fine, indicator: { ratio: { total } } }, /exactly one of `errors` and `good`/],
    [
      'both',
      { ...fine, indicator: { ratio: { total, errors: 'a', good: 'b' } } },
      /exactly one of `errors` and `good`/,
    ],
    ['no indicator', { ...fine, indicator: {} }, /exactly one of `ratio` and `latency`/],
    [
      'a bucket',
      { ...fine, indicator: { latency: { histogram: 'a{le="1"}', thresholdSeconds: '1' } } },
      /by the label `le`/,
    ],
    [
      'a threshold of 0',
      { ...fine, indicator: { latency: { histogram: 'a', thresholdSeconds: '0' } } },
      /greater than 0/,
    ],
    [
      'a template in an annotation',
      { ...fine, alerting: { annotations: { a: '{{ query "secret" }}' } } },
      /templates are not allowed/,
    ],
    ['a label of ours', { ...fine, alerting: { labels: { severity: 'none' } } }, /are set by Holdfast/],
    ['no window', { ...fine, windowDays: 0 }, /greater than or equal to 1/],
  ])('%s', async (_, spec, message) => {
    const { code, stderr } = await kubectl.tryApply(objective('refused', spec));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
  });
});

describe('it tells', () => {
  test('what is attained and what is left', async () => {
    await declare('healthy', { indicator: ratio('healthy') });
    const slo = await untilSaid('healthy', 'Met', 'Attained');
    expect(slo.status).toMatchObject({ attainmentPercent: '99.96', errorBudgetRemainingPercent: '60' });
    expect(slo.status?.burnRates?.map(({ window, rate }) => `${window} ${rate}`)).toEqual(
      ['5m', '30m', '1h', '2h', '6h', '1d', '2d']
        .filter((one) => !['2h', '1d'].includes(one))
        .map((one) => `${one} 0.4`),
    );
    expect(Math.abs((slo.status?.samples ?? 0) - 28_800_000)).toBeLessThan(30_000);
    for (const type of ['Ready', 'BudgetHealthy', 'DataHealthy']) expect(conditionOf(slo, type)?.status).toBe('True');
    expect(conditionOf(slo, 'DataHealthy')?.reason).toBe('Complete');
    expect(objectiveGate(slo, systemClock.now())).toMatchObject({ is: 'ok', remainingPercent: 60 });
  });

  test('that Prometheus has less than the window', async () => {
    await declare('long', { indicator: ratio('healthy'), windowDays: 4 });
    const slo = await untilSaid('long', 'DataHealthy', 'ShortHistory');
    expect(conditionOf(slo, 'Met')).toMatchObject({
      status: 'True',
      message: expect.stringContaining('of the last 4 d, as far as Prometheus has them, were good'),
    });
  });

  test('what burns, and how far it is below zero', async () => {
    await declare('burning', { indicator: ratio('burning') });
    const slo = await untilSaid('burning', 'BudgetHealthy', 'BurnsFast');
    expect(slo.status).toMatchObject({ attainmentPercent: '98', errorBudgetRemainingPercent: '-1900' });
    expect(conditionOf(slo, 'Met')?.status).toBe('False');
    expect(objectiveGate(slo, systemClock.now())).toMatchObject({ is: 'burning', remainingPercent: -1900 });
  });

  test('that there are no errors where there never was a series of them', async () => {
    await declare('young', { indicator: ratio('young') });
    const slo = await untilSaid('young', 'Met', 'Attained');
    expect(slo.status?.attainmentPercent).toBe('100');
  });

  test.each<[string, Partial<ServiceLevelObjectiveSpec>, string, RegExp]>([
    ['absent', { indicator: ratio('nothing') }, 'Absent', /has no series requests_total/],
    ['gone', { indicator: ratio('gone') }, 'Stale', /have ended/],
    ['bare', { indicator: ratio('bare') }, 'LabelMissing', /has the label `code`/],
    [
      'odd',
      { indicator: { ratio: { good: 'ok_total{job="odd"}', total: 'all_total{job="odd"}' } } },
      'MoreGoodThanTotal',
      /more good events/,
    ],
    [
      'part',
      { indicator: { ratio: { errors: 'none_total', total: 'all_total{job="odd"}' } } },
      'PartAbsent',
      /no series none_total/,
    ],
  ])('%s: what is wrong with the data, and nothing else', async (name, spec, reason, message) => {
    await declare(name, spec);
    const slo = await untilSaid(name, 'DataHealthy', reason);
    expect(conditionOf(slo, 'DataHealthy')?.message).toMatch(message);
    expect(conditionOf(slo, 'Met')?.status).toBe('Unknown');
    expect(conditionOf(slo, 'BudgetHealthy')?.status).toBe('Unknown');
    expect(slo.status?.attainmentPercent).toBeUndefined();
    expect(objectiveGate(slo, systemClock.now())).toMatchObject({ is: 'unknown', reason });
  });

  const latency = (thresholdSeconds: string) => ({
    latency: { histogram: 'duration_seconds{job="api"}', thresholdSeconds },
  });

  test('a latency by its bucket', async () => {
    await declare('api', { indicator: latency('0.50'), objectivePercent: '95' });
    const slo = await untilSaid('api', 'Met', 'Attained');
    expect(slo.status).toMatchObject({ attainmentPercent: '96', errorBudgetRemainingPercent: '20' });
  });

  test.each([
    ['between', '95', 'Unknown'],
    ['below', '85', 'True'],
    ['above', '99', 'False'],
  ])('the interval of a bound without a bucket, with an objective %s', async (name, objectivePercent, met) => {
    await declare(`api-${name}`, { indicator: latency('0.35'), objectivePercent });
    const slo = await untilSaid(`api-${name}`, 'DataHealthy', 'BucketMissing');
    expect(Number(slo.status?.interval?.lowPercent)).toBeCloseTo(90, 1);
    expect(Number(slo.status?.interval?.highPercent)).toBeCloseTo(96, 1);
    expect(conditionOf(slo, 'Met')?.status).toBe(met);
  });

  test('that it is suspended, and not what was known', async () => {
    await declare('paused', { indicator: ratio('healthy'), suspend: { reason: 'migration' } });
    const slo = await untilSaid('paused', 'Met', 'Suspended');
    expect(conditionOf(slo, 'Ready')?.status).toBe('True');
    expect(objectiveGate(slo, systemClock.now()).reason).toBe('Suspended');
  });

  test('what a selector has that no schema sees', async () => {
    await declare('invalid', { indicator: { ratio: { errors: 'a{b=~"("}', total: 'a' } } });
    const slo = await untilSaid('invalid', 'Stalled', 'InvalidIndicator');
    expect(conditionOf(slo, 'Ready')?.message).toMatch(
      /spec\.indicator\.ratio\.errors: .* is not a regular expression of RE2/,
    );
  });
});

test('a status that others wrote is not believed, and is written again', async () => {
  const forged = {
    status: { attainmentPercent: '100', errorBudgetRemainingPercent: '100', observedTime: '2030-01-01T00:00:00Z' },
  };
  await kubectl.run(
    'patch',
    'servicelevelobjective',
    'burning',
    '--subresource=status',
    '--type=merge',
    '--patch',
    JSON.stringify(forged),
  );
  await until('it is written again', async () => {
    const { status } = (await get('burning'))!;
    return (status?.attainmentPercent === '98' && status.errorBudgetRemainingPercent === '-1900') || undefined;
  });
});

describe('rules', () => {
  const name = 'holdfast-slo.ruled';
  const labels = { team: 'shop' };
  const ruled = () => declare('ruled', { indicator: ratio('healthy'), rules: { labels } });

  test('need a right, and everything else does not', async () => {
    await ruled();
    const slo = await untilSaid('ruled', 'RulesApplied', 'NotGranted');
    expect(conditionOf(slo, 'Met')?.status).toBe('True');
    expect(conditionOf(slo, 'Ready')?.status).toBe('True');
    const [, command = ''] = /run `kubectl (.*?)`/.exec(conditionOf(slo, 'RulesApplied')?.message ?? '') ?? [];
    await kubectl.run(...command.split(' '));
    await untilSaid('ruled', 'RulesApplied', 'Applied');
  });

  test('are a ConfigMap that Prometheus accepts, and ours', async () => {
    const found = await kubectl.get<{
      metadata: { labels: object; ownerReferences: object[] };
      data: Record<string, string>;
    }>('configmap', name);
    expect(found?.metadata.labels).toMatchObject(labels);
    expect(found?.metadata.ownerReferences).toMatchObject([{ kind: 'ServiceLevelObjective', name: 'ruled' }]);
    const said = await checkRules(found?.data['rules.yaml'] ?? '');
    expect(said).toMatchObject({ code: 0 });
  });

  test('do not take an object that is not ours', async () => {
    await kubectl.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'holdfast-slo.taken', namespace },
      data: { mine: 'yes' },
    });
    await declare('taken', { indicator: ratio('healthy'), rules: {} });
    const slo = await untilSaid('taken', 'RulesApplied', 'NameTaken');
    expect(conditionOf(slo, 'Met')?.status).toBe('True');
    const { data } = (await kubectl.get<{ data: object }>('configmap', 'holdfast-slo.taken'))!;
    expect(data).toEqual({ mine: 'yes' });
  });

  test('are emptied when they are disabled', async () => {
    await declare('ruled', { indicator: ratio('healthy'), rules: { disabled: true, labels } });
    await until('there are none', async () => {
      const found = await kubectl.get<{ data: Record<string, string> }>('configmap', name);
      return found && !found.data['rules.yaml']?.includes('record') ? true : undefined;
    });
  });

  test('are a PrometheusRule where there is such a kind', async () => {
    const group = 'monitoring.coreos.com';
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await kubectl.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `prometheusrules.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'PrometheusRule', plural: 'prometheusrules', singular: 'prometheusrule' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await kubectl.run(
      'create',
      'rolebinding',
      'holdfast-prometheus-rules',
      '--clusterrole=holdfast-prometheus-rules',
      `--user=${operatorAccount}`,
    );
    await declare('operator-rules', { indicator: ratio('healthy'), rules: {} });
    const found = await until(
      'there is one',
      () => kubectl.get<{ spec: object }>('prometheusrule', 'holdfast-slo.operator-rules'),
      { seconds: 60 },
    );
    const said = await checkRules(JSON.stringify(found.spec));
    expect(said).toMatchObject({ code: 0 });
    await untilSaid('operator-rules', 'RulesApplied', 'Applied');
  }, 120_000);
});

test('without Prometheus nothing is known, and what was known grows old', async () => {
  const before = (await get('healthy'))!;
  await prometheus.stop();
  const slo = await untilSaid('healthy', 'Met', 'Down');
  expect(conditionOf(slo, 'Ready')).toMatchObject({ status: 'False', reason: 'Down' });
  expect(slo.status?.attainmentPercent).toBe(before.status?.attainmentPercent);
  expect(objectiveGate(slo, systemClock.now())).toMatchObject({ is: 'unknown', reason: 'Down' });
}, 120_000);

test('only a few queries are made for one evaluation', () => {
  const lengths = prometheus.queries.map((query) => query.length);
  expect(Math.max(...lengths)).toBeLessThan(16_000);
});
