/** One bad template or expression among nine good ones: the nine are evaluated and corrected, and the one is named, in words for people. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';
import { bad, surroundings, type Bad } from './badTemplates.ts';

let bed: ClusterOnlyBed;
const cases = Object.entries(bad);
const nameOf = (what: string): string => `bad-${String(cases.findIndex(([one]) => one === what)).padStart(2, '0')}`;
const good = Array.from({ length: 9 }, (_, at) => `good-${at}`);
/** How Go, JSON decoders and proxies talk. */
const internals =
  /Unstructured|Go struct|unmarshal|json:|typed patch|map\[|&\{|dial tcp|undefined|\[object|hunter2|s3cr3t/;

const settings = (namespace: string, name: string, a: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a },
});

function named<T>(value: T, name: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('NS', name)) as T;
}

function baselineOf(what: string, { object, check }: Bad): object {
  const name = nameOf(what);
  const objects = good.map((one) => ({ name: one, template: settings(name, one, 'right') }));
  const spec = {
    serviceAccountRef: { namespace: home, name: writer },
    mode: 'Enforce',
    objects: [...objects.slice(0, 4), ...(object ? [{ name: 'bad', ...object }] : []), ...objects.slice(4)],
    ...(check && { checks: [{ name: 'bad', ...check }] }),
  };
  return named({ apiVersion, kind: 'ClusterBaseline', metadata: { name }, spec }, name);
}

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.kubectl.apply(...surroundings);
  const namespaces = [...cases.map(([what]) => nameOf(what)), 'dying'];
  await bed.kubectl.apply(
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    {
      ...settings('dying', 'held', ''),
      metadata: { name: 'held', namespace: 'dying', finalizers: ['bad.example/held'] },
    },
    ...cases.flatMap(([what]) => good.map((one) => settings(nameOf(what), one, 'wrong'))),
  );
  await bed.kubectl.run('delete', 'namespace', 'dying', '--wait=false');
  await until('the kinds of the cases are served', async () => {
    const given = cases.flatMap(([what, one]) => named(one.given ?? [], nameOf(what)));
    return (await bed.kubectl.tryApply(...given)).code === 0 || undefined;
  });
  await bed.operator();
  await bed.kubectl.apply(...cases.map(([what, one]) => baselineOf(what, one)));
}, 900_000);

afterAll(() => bed.stop(), 60_000);

test('there are many ways', () => expect(cases.length).toBeGreaterThanOrEqual(15));

test.each(cases)(
  '%s',
  async (what, { result, says }) => {
    const name = nameOf(what);
    const get = () => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);
    const seen = await until(
      `${what}: nine are evaluated and corrected, one is told`,
      async () => {
        const one = await get();
        const { compliant, total } = one?.status?.objects ?? {};
        const isTold = one && says.test(wordsOf(one));
        return compliant === 9 && total === 10 && isTold ? one : undefined;
      },
      { seconds: 120, seen: async () => (await get())?.status },
    );
    expect(new Set(seen.status?.findings?.map((one) => `${one.check} ${one.result}`))).toEqual(
      new Set([`bad ${result}`]),
    );
    expect(conditionOf(seen, 'Compliant')?.status).toBe(result === 'Fail' ? 'False' : 'Unknown');
    expect(conditionOf(seen, 'Contended')).toBeUndefined();
    expect(wordsOf(seen)).not.toMatch(internals);
    const written = await bed.kubectl.list<{ data: object }>('configmaps', { namespace: name });
    const data = written.filter((one) => JSON.stringify(one.data) === '{"a":"right"}');
    expect(data).toHaveLength(9);
  },
  180_000,
);

test('nothing of a template that does not validate was written', async () => {
  expect(await bed.kubectl.list('networkpolicies', { everywhere: true })).toEqual([]);
  expect(await bed.kubectl.list('gadgets.bad.example', { everywhere: true })).toEqual([]);
  const deployments = await bed.kubectl.list<{ spec: { replicas: number } }>('deployments', { everywhere: true });
  expect(deployments.map(({ spec }) => spec.replicas)).not.toContain(1_215_752_191);
});

/** All that people see of it. */
function wordsOf({ status }: ClusterBaseline): string {
  const conditions = (status?.conditions ?? []).map(({ message }) => message);
  return [
    ...conditions,
    ...(status?.findings ?? []).map(({ message, found }) => `${message ?? ''} ${found ?? ''}`),
  ].join('\n');
}
