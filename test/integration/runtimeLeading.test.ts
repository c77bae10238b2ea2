/** Two runtimes on one control plane, and one that cannot reach it for a while. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { OpenFeature } from '../../operator/runtime/feature.ts';
import { LEASE } from '../../operator/runtime/lease.ts';
import type { Runtime } from '../../operator/runtime/runtime.ts';
import { until } from '../operator/until.ts';
import { ClusterBed } from '../wire/clusterBed.ts';
import { VALVE, ready, valveFeature, type Valve } from '../wire/valves.ts';
let bed: ClusterBed;

beforeAll(async () => {
  bed = await ClusterBed.open();
}, 900_000);
afterEach(() => bed.clear(), 60_000);
afterAll(() => bed.close(), 60_000);

test('of two that both believe to lead, one alone records the effect and performs it', async () => {
  const performed: string[] = [];
  const feature = (who: string): OpenFeature<Valve, undefined, string> => ({
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
  const runtimes = await Promise.all([bed.start([feature('first')]), bed.start([feature('second')])]);
  await Promise.all(runtimes.map((runtime) => runtime.leading));
  const names = Array.from({ length: 40 }, (_, i) => `v-${i}`);
  await Promise.all(names.map((name) => bed.create(name)));
  const all = await Promise.all(names.map((name) => bed.readyValve(name)));
  expect(performed.toSorted()).toEqual(
    all.map(({ metadata, status }) => `${status?.began} ${metadata.name}`).toSorted(),
  );
}, 60_000);

test('an apiserver that is gone for a while stops nothing, and nothing is lost or done twice', async () => {
  const performed: string[] = [];
  const feature: OpenFeature<Valve, undefined, string> = {
    kind: VALVE,
    observe: () => undefined,
    decide: (it) =>
      it.status?.began
        ? ready<string>({ began: 'yes' })
        : { ...ready<string>({ began: 'yes' }), afterStatus: [{ do: 'perform', effect: it.metadata.name }] },
    perform: (effect) => Promise.resolve(void performed.push(effect)),
  };
  const runtime = await bed.start([feature], { health: { host: '127.0.0.1', port: 0 } });
  await bed.create('before');
  await bed.readyValve('before');
  await bed.cluster.stopApiServer();
  await until('the outage is noticed', () => bed.requests.some((request) => request === 'watch error') || undefined);
  const healthy = await fetch(`http://127.0.0.1:${runtime.healthPort}/healthz`);
  expect(healthy.status).toBe(200);
  await bed.cluster.startApiServer();
  await bed.create('after');
  await bed.readyValve('after');
  await bed.client.mergePatch(
    VALVE,
    { namespace: 'default', name: 'before' },
    { spec: { level: 2 } },
    { manager: 'test' },
  );
  await bed.readyValve('before', 2);
  expect(performed).toEqual(['before', 'after']);
  expect(bed.requests.filter((request) => request === 'watch error').length).toBeLessThan(60);
}, 120_000);

test('one of two leads; when it stops, the other takes over at once; when it is cut out, it ends', async () => {
  const election = { namespace: 'default', name: 'holdfast-test' };
  const ended: string[] = [];
  const who: string[] = [];
  const one = (name: string): Promise<Runtime> =>
    bed.start([{ ...valveFeature(), watches: [], observe: () => void who.push(name), decide: () => ready({}) }], {
      election,
      identity: name,
      exit: () => void ended.push(name),
    });
  const first = await one('first');
  await first.leading;
  const second = await one('second');
  await second.synced;
  await bed.create('a');
  await bed.readyValve('a');
  expect(new Set(who)).toEqual(new Set(['first']));

  await bed.stopFirst();
  await second.leading;
  await bed.create('b');
  await bed.readyValve('b');
  expect(who.at(-1)).toBe('second');
  expect(ended).toEqual([]);

  await bed.client.mergePatch(LEASE, election, { spec: { holderIdentity: 'third' } }, { manager: 'test' });
  await until('the second ends', () => ended.includes('second') || undefined);
}, 120_000);

test('a leader that cannot reach the apiserver writes nothing, and leads on when it is back and nobody else does', async () => {
  const election = { namespace: 'default', name: 'holdfast-alone' };
  const ended: number[] = [];
  const runtime = await bed.start([valveFeature()], { election, exit: (code) => void ended.push(code) });
  await runtime.leading;
  await bed.create('a');
  await bed.readyValve('a');
  await bed.cluster.stopApiServer();
  await until(
    'the lease has run out',
    () => bed.requests.filter((request) => request === 'get error').length >= 7 || undefined,
  );
  await bed.cluster.startApiServer();
  await bed.create('b');
  await bed.readyValve('b');
  expect(ended).toEqual([]);
}, 120_000);
