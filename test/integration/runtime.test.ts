/** The runtime on a real control plane: what it reads, what it writes, and above all what it does not write. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../operator/runtime/clock.ts';
import { Client } from '../../operator/runtime/client.ts';
import { connect } from '../../operator/runtime/connection.ts';
import type { AnyFeature, Feature, Kind } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../operator/runtime/runtime.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { until } from '../operator/until.ts';
import {
  DROP,
  VALVE,
  drop,
  manifest,
  ready,
  valve,
  valveFeature,
  type Drop,
  type Valve,
  type ValveStatus,
} from '../wire/valves.ts';

const WRITES = ['create', 'apply', 'patch', 'delete'];
let cluster: Cluster;
let client: Client;
let requests: string[] = [];
const running: { runtime: Runtime; client: Client }[] = [];

beforeAll(async () => {
  cluster = await startCluster({ manifests: [manifest] });
  client = await newClient();
}, 900_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
  for (const kind of [VALVE, DROP]) await clear(kind);
}, 60_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
}, 60_000);

async function newClient(onRequest?: (verb: string, code: string) => void): Promise<Client> {
  return new Client(await connect({ clock: systemClock, environment: {}, kubeconfig: cluster.kubeconfig }), {
    onRequest,
  });
}

async function start(features: unknown, options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  requests = [];
  const own = await newClient((verb, code) => requests.push(`${verb} ${code}`));
  const log = createLog((process.env.LOG_LEVEL as 'debug' | undefined) ?? 'silent');
  const runtime = await startRuntime({ client: own, features: features as AnyFeature[], log, ...options });
  running.push({ runtime, client: own });
  return runtime;
}

async function stop({ runtime, client: own }: (typeof running)[number]): Promise<void> {
  await runtime.stop();
  await own.close();
}

async function clear(kind: Kind): Promise<void> {
  for (;;) {
    const { items } = await client.list(kind, 'default', '');
    if (items.length === 0) return;
    for (const { metadata } of items) {
      const key = { namespace: 'default', name: metadata.name };
      if (metadata.finalizers)
        await client.mergePatch(kind, key, { metadata: { finalizers: null } }, 'test').catch(() => undefined);
      await client.delete(kind, key, metadata.uid ?? '').catch(() => undefined);
    }
  }
}

async function create(name: string, spec = { level: 1 }): Promise<Valve> {
  return (await client.create(VALVE, valve(name, spec), 'test')) as unknown as Valve;
}

function get<R>(kind: Kind, name: string): Promise<R | undefined> {
  return client.get<R>(kind, { namespace: 'default', name });
}

async function readyValve(name: string, generation?: number): Promise<Valve> {
  return until(`${name} is ready`, async () => {
    const seen = await get<Valve>(VALVE, name);
    const is = seen?.status?.conditions?.find(({ type }) => type === 'Ready');
    return is?.status === 'True' && seen?.status?.observedGeneration === (generation ?? seen?.metadata.generation)
      ? seen
      : undefined;
  });
}

test('a kind of more than two pages is cached whole, and each object gets its pass', async () => {
  const names = Array.from({ length: 1100 }, (_, i) => `v-${i}`);
  await Promise.all(names.map((name) => create(name)));
  const runtime = await start([
    { ...valveFeature(), watches: [], observe: () => undefined, decide: () => ready({ level: 1 }), workers: 16 },
  ]);
  await runtime.synced;
  expect(runtime.reader.list(VALVE, 'default')).toHaveLength(1100);
  await until('every one is ready', () => {
    const all = runtime.reader.list<Valve>(VALVE, 'default');
    return all.every(({ status }) => status?.level === 1) || undefined;
  });
}, 120_000);

test('what is declared is done and told, and a steady state writes nothing, even after a restart', async () => {
  await create('a', { level: 3 });
  await start([valveFeature()]);
  const { status } = await readyValve('a');
  expect(status).toMatchObject({
    level: 3,
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: 'True', reason: 'Open', observedGeneration: 1 }],
  });
  const made = await get<Drop>(DROP, 'a');
  expect(made).toMatchObject({
    spec: { level: 3 },
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'holdfast' }, ownerReferences: [{ name: 'a' }] },
  });

  await stop(running.pop()!);
  const before = await Promise.all([get<Valve>(VALVE, 'a'), get<Drop>(DROP, 'a')]);
  let passes = 0;
  const observe = (): undefined => void passes++;
  const runtime = await start([
    valveFeature({
      observe,
      decide: (it) => ({
        ...valveFeature().decide(it, undefined, new Date()),
        outcome: { is: 'ready', reason: 'Open', message: 'The valve is open.', recheckAfter: 0.05 },
      }),
    }),
  ]);
  await runtime.leading;
  await until('it was looked at ten times', () => passes >= 10 || undefined);
  const after = await Promise.all([get<Valve>(VALVE, 'a'), get<Drop>(DROP, 'a')]);
  expect(after.map((object) => object?.metadata.resourceVersion)).toEqual(
    before.map((object) => object?.metadata.resourceVersion),
  );
  expect(requests.filter((request) => WRITES.some((verb) => request.startsWith(verb)))).toEqual([]);
}, 60_000);

test('a changed or deleted child is put back, and what is taken out of the intent is taken out of the object', async () => {
  await create('a', { level: 3 });
  let note: string | undefined = 'x';
  await start([
    valveFeature({
      decide: (it) => {
        const wanted = drop(it, 'a', it.spec.level ?? 0);
        return ready({ level: it.spec.level }, [
          { do: 'apply', kind: DROP, object: { ...wanted, spec: { level: it.spec.level, ...(note ? { note } : {}) } } },
        ]);
      },
    }),
  ]);
  await readyValve('a');
  await client.mergePatch(DROP, { namespace: 'default', name: 'a' }, { spec: { level: 9 } }, 'someone');
  await until('the level is put back', async () => (await get<Drop>(DROP, 'a'))?.spec.level === 3 || undefined);

  const { metadata } = (await get<Drop>(DROP, 'a'))!;
  await client.delete(DROP, { namespace: 'default', name: 'a' }, metadata.uid!);
  await until('it is made anew', async () => {
    const made = await get<Drop>(DROP, 'a');
    return (made && made.metadata.uid !== metadata.uid) || undefined;
  });

  note = undefined;
  await client.mergePatch(
    VALVE,
    { namespace: 'default', name: 'a' },
    { metadata: { labels: { look: 'again' } } },
    'someone',
  );
  await until('the note is gone', async () => {
    const made = await get<Drop>(DROP, 'a');
    return (made && !('note' in made.spec)) || undefined;
  });
}, 60_000);

test('an object of the wanted name that is not ours is left alone, and the status says what to do', async () => {
  const foreign = { ...drop(valve('x'), 'a', 7), metadata: { name: 'a', namespace: 'default' } };
  await client.create(DROP, foreign, 'someone');
  await create('a', { level: 3 });
  await start([valveFeature()]);
  const condition = await until('the refusal is told', async () => {
    const seen = await get<Valve>(VALVE, 'a');
    return seen?.status?.conditions?.find(({ type, reason }) => type === 'Ready' && reason === 'ReconcileFailed');
  });
  expect(condition).toMatchObject({
    status: 'False',
    message: "Drop 'default/a' exists and is not Holdfast's; rename or delete it, and the next pass makes its own.",
  });
  expect((await get<Drop>(DROP, 'a'))?.spec.level).toBe(7);
}, 60_000);

test('deletion waits for cleanUp, and the finalizer of others stays', async () => {
  const cleaned: string[] = [];
  let mayGo = false;
  const feature: Feature<Valve, undefined> = {
    kind: VALVE,
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
  await start([feature]);
  const made = (await client.create(
    VALVE,
    { ...valve('a'), metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/other'] } },
    'test',
  )) as unknown as Valve;
  const held = await readyValve('a');
  expect(held.metadata.finalizers).toEqual(['example.com/other', 'wire.holdfast.dev/valves']);

  await client.delete(VALVE, { namespace: 'default', name: 'a' }, made.metadata.uid!);
  await until('cleanUp was asked more than once', () => cleaned.length > 2 || undefined);
  const leaving = await get<Valve>(VALVE, 'a');
  expect(leaving?.status?.conditions).toMatchObject([
    { type: 'Ready', status: 'Unknown', reason: 'Closing' },
    { type: 'Reconciling', status: 'True' },
  ]);
  mayGo = true;
  await until(
    'only the other finalizer is left',
    async () => (await get<Valve>(VALVE, 'a'))?.metadata.finalizers?.join() === 'example.com/other' || undefined,
  );
}, 60_000);

test('no pass decides before it has seen the last one: each of twenty steps is made once', async () => {
  const feature: Feature<Valve, undefined> = {
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
  await create('a');
  await start([feature]);
  await readyValve('a');
  const made = (await client.list(DROP, 'default', '')).items.map(({ metadata }) => metadata.name);
  expect(made.toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => `step-${i}`).toSorted());
  expect(requests.filter((request) => request === 'create 409')).toEqual([]);
}, 60_000);

test('of two that both believe to lead, one alone records the effect and performs it', async () => {
  const performed: string[] = [];
  const feature = (who: string): Feature<Valve, undefined, string> => ({
    kind: VALVE,
    observe: () => undefined,
    decide: (it) =>
      it.status?.began
        ? ready<string>({ began: it.status.began })
        : { ...ready<string>({ began: who }), afterStatus: [{ do: 'perform', effect: `${who} ${it.metadata.name}` }] },
    perform: (effect) => {
      performed.push(effect);
      return Promise.resolve();
    },
  });
  await Promise.all([start([feature('first')]), start([feature('second')])]);
  await Promise.all(running.map(({ runtime }) => runtime.leading));
  const names = Array.from({ length: 40 }, (_, i) => `v-${i}`);
  await Promise.all(names.map((name) => create(name)));
  const all = await Promise.all(names.map((name) => readyValve(name)));
  expect(performed.toSorted()).toEqual(
    all.map(({ metadata, status }) => `${status?.began} ${metadata.name}`).toSorted(),
  );
}, 60_000);

test('an object that was deleted and made again under its name is a new one', async () => {
  const seen: string[] = [];
  await start([
    {
      ...valveFeature(),
      watches: [],
      observe: (it: Valve) => void seen.push(it.metadata.uid ?? ''),
      decide: () => ready({}),
    },
  ]);
  const first = await create('a');
  await readyValve('a');
  await client.delete(VALVE, { namespace: 'default', name: 'a' }, first.metadata.uid!);
  const second = await create('a');
  await readyValve('a');
  expect([...new Set(seen)]).toEqual([first.metadata.uid, second.metadata.uid]);
}, 60_000);

test('an apiserver that is gone for a while stops nothing, and nothing is lost or done twice', async () => {
  const performed: string[] = [];
  const feature: Feature<Valve, undefined, string> = {
    kind: VALVE,
    observe: () => undefined,
    decide: (it) =>
      it.status?.began
        ? ready<string>({ began: 'yes' })
        : { ...ready<string>({ began: 'yes' }), afterStatus: [{ do: 'perform', effect: it.metadata.name }] },
    perform: (effect) => Promise.resolve(void performed.push(effect)),
  };
  const runtime = await start([feature], { health: { host: '127.0.0.1', port: 0 } });
  await create('before');
  await readyValve('before');
  await cluster.stopApiServer();
  await until('the outage is noticed', () => requests.some((request) => request === 'watch error') || undefined);
  const healthy = await fetch(`http://127.0.0.1:${runtime.healthPort}/healthz`);
  expect(healthy.status).toBe(200);
  await cluster.startApiServer();
  await create('after');
  await readyValve('after');
  await client.mergePatch(VALVE, { namespace: 'default', name: 'before' }, { spec: { level: 2 } }, 'test');
  await readyValve('before', 2);
  expect(performed).toEqual(['before', 'after']);
  expect(requests.filter((request) => request === 'watch error').length).toBeLessThan(60);
}, 120_000);

test('one of two leads; when it stops, the other takes over at once; when it is cut out, it ends', async () => {
  const election = { namespace: 'default', name: 'holdfast-test' };
  const ended: string[] = [];
  const who: string[] = [];
  const one = (name: string): Promise<Runtime> =>
    start([{ ...valveFeature(), watches: [], observe: () => void who.push(name), decide: () => ready({}) }], {
      election,
      identity: name,
      exit: () => void ended.push(name),
    });
  const first = await one('first');
  await first.leading;
  const second = await one('second');
  await second.synced;
  await create('a');
  await readyValve('a');
  expect(new Set(who)).toEqual(new Set(['first']));

  await stop(running.shift()!);
  await second.leading;
  await create('b');
  await readyValve('b');
  expect(who.at(-1)).toBe('second');
  expect(ended).toEqual([]);

  await client.mergePatch(
    { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
    election,
    { spec: { holderIdentity: 'third' } },
    'test',
  );
  await until('the second ends', () => ended.includes('second') || undefined);
}, 120_000);

test('events tell of each change of outcome once', async () => {
  await create('a');
  await start([
    {
      ...valveFeature(),
      watches: [],
      observe: () => undefined,
      decide: () => ({
        ...ready({}),
        outcome: { is: 'ready', reason: 'Open', message: 'The valve is open.', recheckAfter: 0.05 },
      }),
    },
  ]);
  await readyValve('a');
  const kind = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };
  const told = await until('the event is there', async () => {
    const { items } = await client.list(kind, 'default', '');
    const about = items.filter(
      (event) => (event as unknown as { regarding: { kind: string } }).regarding.kind === 'Valve',
    );
    return about.length > 0 ? about.filter((event) => event.metadata.name.startsWith('a.')) : undefined;
  });
  expect(told.at(-1)).toMatchObject({
    reason: 'Open',
    note: 'The valve is open.',
    type: 'Normal',
    reportingController: 'holdfast.dev/operator',
  });
}, 60_000);

export type { ValveStatus };
