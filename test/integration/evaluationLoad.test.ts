/** A baseline whose checks take minutes to evaluate, and everyone else: on a real apiserver, with the operator as it runs. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { bombBaseline, bombObjects } from '../operator/bomb.ts';
import { home, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

let bed: ClusterOnlyBed;
let operator: Operator;

const attacker = 'tenant-a';
const baseline = (name: string, accountRef: object, checks: readonly object[]): object => ({
  apiVersion,
  kind: 'ClusterBaseline',
  metadata: { name },
  spec: { serviceAccountRef: accountRef, checks },
});
const checkOf = (namespace: string, name: string, expression: string): object => ({
  name,
  resource: { kind: 'ConfigMap' },
  namespaceSelector: { include: [namespace] },
  expression,
});
const get = (name: string) => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);

function reported(name: string, is: (seen: ClusterBaseline) => boolean): Promise<ClusterBaseline> {
  const look = async () => {
    const seen = await get(name);
    return seen && is(seen) ? seen : undefined;
  };
  return until(`${name} is as expected`, look, { seconds: 120, seen: async () => (await get(name))?.status });
}

beforeAll(async () => {
  bed = await startClusterOnly();
  await bed.kubectl.apply(
    ...bombObjects(attacker),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tenant-b' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'b-settings', namespace: 'tenant-b' },
      data: { level: '0' },
    },
    baseline('neighbour', { namespace: home, name: writer }, [
      checkOf('tenant-b', 'even', 'int(object.data.level) % 2 == 0'),
    ]),
  );
  operator = await bed.operator();
}, 600_000);

afterAll(async () => {
  await bed.stop();
}, 60_000);

test('changes of others are reported and /healthz answers while a bomb is evaluated; nothing of it passes', async () => {
  await reported('neighbour', (seen) => conditionOf(seen, 'Compliant')?.status === 'True');
  await bed.kubectl.apply(bombBaseline(attacker));
  const begun = await reported('bomb', (seen) => (seen.status?.objects?.unknown ?? 0) > 0);
  // What is not evaluated yet is counted, object by object, and said to continue.
  expect(begun.status?.objects).toMatchObject({ total: 4000, compliant: 0 });
  const health = healthOf(operator);
  let answered = 0;
  for (let level = 1; level <= 8; level += 1) {
    await bed.write('/api/v1/namespaces/tenant-b/configmaps/b-settings', { data: { level: `${level}` } });
    const isEven = level % 2 === 0 ? 'True' : 'False';
    await reported('neighbour', (seen) => conditionOf(seen, 'Compliant')?.status === isEven);
    answered += await health();
  }
  expect(answered).toBe(8);
  // All that time there was something left of it.
  const { status } = (await get('bomb'))!;
  expect(status?.objects).toMatchObject({ total: 4000, compliant: 0, drifted: 0, unknown: 4000 });
  expect(conditionOf({ status }, 'Compliant')).toMatchObject({
    status: 'Unknown',
    message: expect.stringMatching(/\d+ objects not evaluated yet; this continues by itself/),
  });
}, 600_000);

test('a check that costs as much as Kubernetes allows is evaluated in the end', async () => {
  const cubic = 'object.data.all(a, object.data.all(b, object.data.all(c, object.data[a] != object.data[b] + c)))';
  const honest = { ...checkOf(attacker, 'honest', cubic), objectSelector: { matchLabels: { few: 'true' } } };
  const own = { namespace: home, name: writer };
  await bed.kubectl.apply(baseline('large', own, [honest]));
  const seen = await reported('large', ({ status }) => status?.objects?.compliant === 5);
  expect(conditionOf(seen, 'Compliant')?.status).toBe('True');
}, 600_000);

/** Answers 1 when the operator says that it is well. */
function healthOf(running: Operator): () => Promise<number> {
  const [, port] = /"port":(\d+),"msg":"started"/.exec(running.log()) ?? [];
  return async () => ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok ? 1 : 0);
}
