/** The runtime on a real control plane: what it reads, what it writes, and above all what it does not write. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { networkInterfaces } from 'node:os';
import { accessOf, accessOfElection } from '../../operator/runtime/access.ts';
import type { Kind } from '../../operator/api/kind.ts';
import type { Access, OpenFeature, Plan } from '../../operator/runtime/feature.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';
import { ClusterBed } from '../wire/clusterBed.ts';
import { DROP, VALVE, drop, ready, valve, valveFeature, type Drop, type Valve } from '../wire/valves.ts';

const WRITES = ['create', 'apply', 'patch', 'delete'];
type ValvePlan = Plan<Valve, unknown>;
let bed: ClusterBed;

beforeAll(async () => {
  bed = await ClusterBed.open();
}, 900_000);
afterEach(() => bed.clear(), 60_000);
afterAll(() => bed.close(), 60_000);

test('a kind of more than one page is cached whole, and each object gets its pass', async () => {
  const names = Array.from({ length: 600 }, (_, i) => `v-${i}`);
  await Promise.all(names.map((name) => bed.create(name)));
  const runtime = await bed.start([
    { ...valveFeature(), watches: [], observe: () => undefined, decide: () => ready({ level: 1 }), workers: 16 },
  ]);
  await runtime.synced;
  expect(runtime.reader.list(VALVE, 'default')).toHaveLength(600);
  await until('every one is ready', () => {
    const all = runtime.reader.list<Valve>(VALVE, 'default');
    return all.every(({ status }) => status?.level === 1) || undefined;
  });
}, 120_000);

test.each([
  ['before its status', (plan: ValvePlan) => plan],
  ['after its status', (plan: ValvePlan) => ({ ...plan, actions: [], afterStatus: plan.actions })],
])(
  'what is declared is done %s, and a steady state writes nothing, even after a restart',
  async (_, placed) => {
    const decide = (it: Valve): ValvePlan => placed(valveFeature().decide(it, undefined, new Date()));
    await bed.create('a', { level: 3 });
    await bed.start([valveFeature({ decide })]);
    const { status } = await bed.readyValve('a');
    expect(status).toMatchObject({
      level: 3,
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Open', observedGeneration: 1 }],
    });
    const made = await until('the drop is there', () => bed.get<Drop>(DROP, 'a'));
    expect(made).toMatchObject({
      spec: { level: 3 },
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'holdfast' }, ownerReferences: [{ name: 'a' }] },
    });

    await bed.stopFirst();
    const before = await Promise.all([bed.get<Valve>(VALVE, 'a'), bed.get<Drop>(DROP, 'a')]);
    let passes = 0;
    const observe = (): undefined => void passes++;
    const runtime = await bed.start([
      valveFeature({
        observe,
        decide: (it) => ({
          ...decide(it),
          outcome: { is: 'ready', reason: 'Open', message: 'The valve is open.', recheckAfter: 0.05 },
        }),
      }),
    ]);
    await runtime.leading;
    await until('it was looked at ten times', () => passes >= 10 || undefined);
    const after = await Promise.all([bed.get<Valve>(VALVE, 'a'), bed.get<Drop>(DROP, 'a')]);
    expect(after.map((object) => object?.metadata.resourceVersion)).toEqual(
      before.map((object) => object?.metadata.resourceVersion),
    );
    expect(bed.requests.filter((request) => WRITES.some((verb) => request.startsWith(verb)))).toEqual([]);
  },
  60_000,
);

test('a changed or deleted child is put back, and what is taken out of the intent is taken out of the object', async () => {
  await bed.create('a', { level: 3 });
  let note: string | undefined = 'x';
  await bed.start([
    valveFeature({
      decide: (it) => {
        const wanted = drop(it, 'a', it.spec.level ?? 0);
        return ready({ level: it.spec.level }, [
          { do: 'apply', kind: DROP, object: { ...wanted, spec: { level: it.spec.level, ...(note ? { note } : {}) } } },
        ]);
      },
    }),
  ]);
  await bed.readyValve('a');
  await bed.client.mergePatch(
    DROP,
    { namespace: 'default', name: 'a' },
    { spec: { level: 9 } },
    { manager: 'someone' },
  );
  await until('the level is put back', async () => (await bed.get<Drop>(DROP, 'a'))?.spec.level === 3 || undefined);

  const { metadata } = (await bed.get<Drop>(DROP, 'a'))!;
  await bed.client.delete(DROP, { namespace: 'default', name: 'a' }, metadata.uid!);
  await until('it is made anew', async () => {
    const made = await bed.get<Drop>(DROP, 'a');
    return (made && made.metadata.uid !== metadata.uid) || undefined;
  });

  note = undefined;
  await bed.client.mergePatch(
    VALVE,
    { namespace: 'default', name: 'a' },
    { metadata: { labels: { look: 'again' } } },
    { manager: 'someone' },
  );
  await until('the note is gone', async () => {
    const made = await bed.get<Drop>(DROP, 'a');
    return (made && !('note' in made.spec)) || undefined;
  });
}, 60_000);

test('an object of the wanted name that is not ours is left alone, and the status says what to do', async () => {
  const foreign = { ...drop(valve('x'), 'a', 7), metadata: { name: 'a', namespace: 'default' } };
  await bed.client.create(DROP, foreign, { manager: 'someone' });
  await bed.create('a', { level: 3 });
  await bed.start([valveFeature()]);
  const condition = await until('the refusal is told', async () => {
    const seen = await bed.get<Valve>(VALVE, 'a');
    return seen?.status?.conditions?.find(({ type, reason }) => type === 'Ready' && reason === 'ReconcileFailed');
  });
  expect(condition).toMatchObject({
    status: 'False',
    message:
      'Drop default/a exists but was not created by Holdfast; rename or delete it, and Holdfast will create its own.',
  });
  expect((await bed.get<Drop>(DROP, 'a'))?.spec.level).toBe(7);
}, 60_000);

test('deletion waits for cleanUp, and the finalizer of others stays', async () => {
  const cleaned: string[] = [];
  let mayGo = false;
  const feature: OpenFeature<Valve, undefined> = {
    kind: VALVE,
    finalizes: () => true,
    observe: () => undefined,
    decide: () => ready({}),
    cleanUp({ metadata }) {
      cleaned.push(metadata.name);
      if (mayGo) return ready({});
      return {
        outcome: { is: 'progressing', reason: 'Closing', message: 'It closes.', recheckAfter: 0.1 },
        status: {},
        actions: [],
      };
    },
  };
  await bed.start([feature]);
  const made = (await bed.client.create(
    VALVE,
    { ...valve('a'), metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/other'] } },
    { manager: 'test' },
  )) as unknown as Valve;
  const held = await bed.readyValve('a');
  expect(held.metadata.finalizers).toEqual(['example.com/other', 'wire.holdfast.dev/valves']);

  await bed.client.delete(VALVE, { namespace: 'default', name: 'a' }, made.metadata.uid!);
  await until('cleanUp was asked more than once', () => cleaned.length > 2 || undefined);
  const leaving = await bed.get<Valve>(VALVE, 'a');
  expect(leaving?.status?.conditions).toMatchObject([
    { type: 'Ready', status: 'Unknown', reason: 'Closing' },
    { type: 'Reconciling', status: 'True' },
  ]);
  mayGo = true;
  await until(
    'only the other finalizer is left',
    async () => (await bed.get<Valve>(VALVE, 'a'))?.metadata.finalizers?.join() === 'example.com/other' || undefined,
  );
}, 60_000);

test('an object has the finalizer only while something would have to be done before it goes', async () => {
  const feature: OpenFeature<Valve, undefined> = {
    kind: VALVE,
    // Also what only its status says.
    finalizes: ({ spec, status }) => spec?.level !== 0 || (status?.level ?? 0) !== 0,
    observe: () => undefined,
    decide: ({ spec }) => ready({ level: spec?.level ?? 0 }),
    cleanUp: () => ready({}),
  };
  await bed.start([feature]);
  const set = (level: number) => bed.client.apply(VALVE, valve('a', { level }), { manager: 'test', how: 'strict' });
  const untilItHas = (level: number, finalizers: readonly string[]) =>
    until(`the valve is at ${level} with ${finalizers.length} finalizers`, async () => {
      const { metadata, status } = (await bed.get<Valve>(VALVE, 'a')) ?? {};
      const isAt = status?.level === level && (metadata?.finalizers ?? []).join() === finalizers.join();
      return isAt || undefined;
    });
  await set(0);
  await untilItHas(0, []);
  await set(2);
  await untilItHas(2, ['wire.holdfast.dev/valves']);
  await set(0);
  await untilItHas(0, []);
}, 60_000);

test('no pass decides before it has seen the last one: each of twenty steps is made once', async () => {
  const feature: OpenFeature<Valve, undefined> = {
    kind: VALVE,
    watches: [{ kind: DROP, on: 'any', keysOf: () => [] }],
    observe: () => undefined,
    decide(it) {
      const count = it.status?.count ?? 0;
      if (count === 20) return ready({ count });
      const step = drop(it, `step-${count}`, count);
      return {
        outcome: { is: 'progressing', reason: 'Stepping', message: 'It steps.', recheckAfter: 0 },
        status: { count: count + 1 },
        actions: [{ do: 'create', kind: DROP, object: step }],
      };
    },
  };
  await bed.create('a');
  await bed.start([feature]);
  await bed.readyValve('a');
  const made = (await bed.client.list(DROP, 'default', '')).items.map(({ metadata }) => metadata.name);
  expect(made.toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => `step-${i}`).toSorted());
  expect(bed.requests.filter((request) => request === 'create 409')).toEqual([]);
}, 60_000);

test('an object that was deleted and made again under its name is a new one', async () => {
  const seen: string[] = [];
  await bed.start([
    {
      ...valveFeature(),
      watches: [],
      observe: (it: Valve) => void seen.push(it.metadata.uid ?? ''),
      decide: () => ready({}),
    },
  ]);
  const first = await bed.create('a');
  await bed.readyValve('a');
  await bed.client.delete(VALVE, { namespace: 'default', name: 'a' }, first.metadata.uid!);
  const second = await bed.create('a');
  await bed.readyValve('a');
  expect([...new Set(seen)]).toEqual([first.metadata.uid, second.metadata.uid]);
}, 60_000);

test('the rights that follow from the features are enough, and none of them is refused', async () => {
  const changes = { group: VALVE.group, resources: ['drops'], verbs: ['create', 'patch'] };
  const note = { type: 'Normal', reason: 'Closed', message: 'The valve is closed.' } as const;
  const cleanUp = () => ({ ...ready({}), notes: [note] });
  const feature = valveFeature({ finalizes: () => true, cleanUp, access: [changes] });
  const rules = (rights: Access[]): object[] =>
    rights.map(({ group, resources, verbs, resourceNames }) => ({
      apiGroups: [group],
      resources,
      verbs,
      resourceNames,
    }));
  const rbac = 'rbac.authorization.k8s.io';
  const rights = [...accessOf([feature]), ...accessOfElection('limited')];
  const role: Kind = { group: rbac, version: 'v1', kind: 'ClusterRole', plural: 'clusterroles', namespaced: false };
  const binding: Kind = { ...role, kind: 'ClusterRoleBinding', plural: 'clusterrolebindings' };
  const metadata = { name: 'holdfast-limited' };
  const apiVersion = `${rbac}/v1`;
  await bed.client.create(role, { apiVersion, kind: role.kind, metadata, rules: rules(rights) }, { manager: 'test' });
  const roleRef = { apiGroup: rbac, kind: role.kind, name: metadata.name };
  const subjects = [{ apiGroup: rbac, kind: 'User', name: 'holdfast-limited' }];
  await bed.client.create(
    binding,
    { apiVersion, kind: binding.kind, metadata, roleRef, subjects },
    { manager: 'test' },
  );

  const kubeconfig = await bed.cluster.kubeconfigFor('holdfast-limited');
  await bed.create('a');
  const runtime = await bed.start([feature], { kubeconfig, election: { namespace: 'default', name: 'limited' } });
  await runtime.leading;
  const { metadata: made } = await bed.readyValve('a');
  await bed.client.delete(VALVE, { namespace: 'default', name: 'a' }, made.uid!);
  await until('it is cleaned up', async () => ((await bed.get(VALVE, 'a')) ? undefined : true));
  await until('an event is told', () => bed.requests.includes('create 201') || undefined);
  expect(bed.requests.filter((request) => request.endsWith(' 403'))).toEqual([]);
}, 60_000);

test('metrics are for this machine, and over the network for whom RBAC allows them', async () => {
  const runtime = await bed.start([valveFeature()], { health: { port: 0 } });
  const [address] = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  if (!address) throw new Error('this machine has no address but those of loopback; give it one');
  const get = async (host: string, token?: string): Promise<[number, string]> => {
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    const response = await fetch(`http://${host}:${runtime.healthPort}/metrics`, { headers });
    return [response.status, await response.text()];
  };
  const kubectl = new Kubectl(bed.cluster);
  for (const name of ['scraper', 'stranger']) await kubectl.run('create', 'serviceaccount', name);
  await kubectl.run('create', 'clusterrole', 'reads-metrics', '--verb=get', '--non-resource-url=/metrics');
  const account = '--serviceaccount=default:scraper';
  await kubectl.run('create', 'clusterrolebinding', 'reads-metrics', '--clusterrole=reads-metrics', account);
  const tokenOf = async (name: string) => (await kubectl.run('create', 'token', name)).trim();
  const measured = expect.stringContaining('workqueue_depth{name="valve"}');
  expect(await get('127.0.0.1')).toEqual([200, measured]);
  expect(await get(address.address)).toEqual([401, expect.stringContaining('need a bearer token')]);
  expect(await get(address.address, 'guess')).toEqual([401, expect.stringContaining('does not know this token')]);
  const refusal = 'system:serviceaccount:default:stranger may not get /metrics; bind a ClusterRole';
  expect(await get(address.address, await tokenOf('stranger'))).toEqual([403, expect.stringContaining(refusal)]);
  expect(await get(address.address, await tokenOf('scraper'))).toEqual([200, measured]);
  const health = await fetch(`http://${address.address}:${runtime.healthPort}/healthz`);
  expect(health.status).toBe(200);
}, 60_000);

test('events tell of each change of outcome once', async () => {
  await bed.create('a');
  await bed.start([
    {
      ...valveFeature(),
      watches: [],
      observe: () => undefined,
      decide: ({ status }: Valve) => ({
        ...ready({}),
        outcome: status?.conditions?.length
          ? { is: 'ready', reason: 'Open', message: 'The valve is open.', recheckAfter: 0.05 }
          : { is: 'progressing', reason: 'Opening', message: 'The valve opens.', recheckAfter: 0.05 },
      }),
    },
  ]);
  await bed.readyValve('a');
  const kind = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };
  const told = await until('the event is there', async () => {
    const { items } = await bed.client.list(kind, 'default', '');
    const about = items.filter(
      (event) => (event as unknown as { regarding: { kind: string } }).regarding.kind === 'Valve',
    );
    return about.length > 1 ? about.filter((event) => event.metadata.name.startsWith('a.')) : undefined;
  });
  expect(told.find((event) => (event as unknown as { reason: string }).reason === 'Open')).toMatchObject({
    reason: 'Open',
    note: 'The valve is open.',
    type: 'Normal',
    reportingController: 'holdfast.dev/operator',
  });
}, 60_000);
