/** Passes from the change to the write, against an apiserver that misbehaves on command. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WireApiserver } from '../../test/wire/apiserver.ts';
import { until } from '../../test/wire/until.ts';
import { VALVE, ready, valve, type Valve, type ValveStatus } from '../../test/wire/valves.ts';
import type { Condition } from '../api/v1alpha1/shared.ts';
import { Client } from './client.ts';
import type { AnyFeature, Feature, Plan } from './feature.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from './runtime.ts';

let apiserver: WireApiserver;
let client: Client;
let runtime: Runtime | undefined;
let logged: { level: string; msg: string; name?: string }[];

beforeEach(async () => {
  apiserver = await WireApiserver.start(VALVE);
  logged = [];
});

afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
  await client.close();
  await apiserver.stop();
});

type Parts = Partial<Feature<Valve, unknown, string>>;

async function start(parts: Parts = {}, options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const metrics = createMetrics();
  client = new Client({ server: apiserver.url }, { onRequest: metrics.requested });
  const feature: Feature<Valve, unknown, string> = {
    kind: VALVE,
    observe: () => undefined,
    decide: () => ready<string>({}),
    ...parts,
  };
  const log = createLog('debug', { write: (text) => void logged.push(JSON.parse(text) as (typeof logged)[number]) });
  return (runtime = await startRuntime({ client, features: [feature] as AnyFeature[], log, metrics, ...options }));
}

const put = (name: string, spec: object = { level: 1 }): Valve => apiserver.put(name, valve(name, spec)) as Valve;
const status = (name: string): ValveStatus | undefined => apiserver.get(name)?.status;
const condition = (name: string, type = 'Ready'): Condition | undefined =>
  status(name)?.conditions?.find((one) => one.type === type);
const reasonIs = (name: string, reason: string, type?: string): Promise<void> =>
  until(`${name} is ${reason}`, () => condition(name, type)?.reason === reason);
const statusWrites = (): number => apiserver.requests('PATCH', '/status').length;
const events = (): { reason: string; type: string; note: string }[] =>
  apiserver
    .requests('POST', '/events')
    .map(({ body }) => JSON.parse(body) as { reason: string; type: string; note: string });
async function metric(line: string): Promise<number> {
  const text = await runtime!.metrics.registry.metrics();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.split(' ')
      .at(-1),
  );
}

describe('a pass', () => {
  test('writes the status of a new object once, and tells an event once', async () => {
    put('a');
    let passes = 0;
    await start({
      observe: () => passes++,
      decide: () => ({
        ...ready({ level: 1 }),
        outcome: { is: 'ready', reason: 'Open', message: 'Open.', recheckAfter: 0.01 },
      }),
    });
    await until('it was looked at five times', () => passes >= 5);
    expect(status('a')).toMatchObject({
      level: 1,
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Open' }],
    });
    expect(statusWrites()).toBe(1);
    await until('the event is told', () => events().length > 0);
    expect(events()).toMatchObject([{ reason: 'Open', type: 'Normal', note: 'Open.' }]);
    expect(apiserver.requests('PATCH', '/status')[0]?.query.get('fieldManager')).toBe('holdfast-status');
  });

  test('is not caused by its own status, but by a label, a spec and a deletion', async () => {
    const why: string[] = [];
    put('a');
    await start({ observe: ({ metadata, spec }) => void why.push(`${spec.level} ${metadata.labels?.of ?? '-'}`) });
    await reasonIs('a', 'Open');
    apiserver.put('a', { status: { ...status('a'), conditions: [] } });
    apiserver.put('a', { metadata: { labels: { of: 'x' } } });
    await until('the label is seen', () => why.includes('1 x'));
    apiserver.put('a', { spec: { level: 2 } });
    await until('the spec is seen', () => why.includes('2 x'));
    expect(why).toEqual(['1 -', '1 x', '2 x']);
  });

  test('that fails says so, keeps what was known, and is tried again until it works', async () => {
    let failures = 2;
    apiserver.put('a', { ...valve('a'), status: { level: 4, conditions: [] } } as Partial<Valve>);
    await start({
      observe: () => {
        if (failures-- > 0) throw new Error('The host does not answer; see its network.');
      },
    });
    await reasonIs('a', 'ReconcileFailed');
    expect(condition('a')).toMatchObject({ status: 'False', message: 'The host does not answer; see its network.' });
    expect(condition('a', 'Reconciling')?.reason).toBe('ProgressingWithRetry');
    expect(status('a')?.level).toBe(4);
    await reasonIs('a', 'Open');
    expect(condition('a', 'Reconciling')).toBeUndefined();
    expect(statusWrites()).toBe(2);
    await until('both are told', () => events().length === 2);
    expect(events().map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Warning ReconcileFailed', 'Normal Open']);
    expect(await metric('controller_runtime_reconcile_errors_total{controller="valve"}')).toBe(2);
    expect(await metric('workqueue_retries_total{name="valve"}')).toBe(2);
  });

  test('whose decision throws is a bug that is told, counted, and not tried again and again', async () => {
    put('a');
    let passes = 0;
    await start({
      decide: () => {
        passes++;
        throw new TypeError('undefined is not a function');
      },
    });
    await reasonIs('a', 'InternalError', 'Stalled');
    expect(condition('a')).toMatchObject({ status: 'False', reason: 'InternalError' });
    expect(logged.find(({ level }) => level === 'error')?.msg).toBe('A decision failed; this is a bug.');
    expect(await metric('controller_runtime_reconcile_panics_total{controller="valve"}')).toBe(1);
    apiserver.put('a', { spec: { level: 2 } });
    await until('a change brings another', () => passes === 2);
  });

  test('that takes too long is called off, says so, and the others go on', async () => {
    put('slow');
    put('quick');
    await start(
      {
        workers: 1,
        observe: ({ metadata }, _read, signal) =>
          metadata.name === 'quick'
            ? undefined
            : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      },
      { passSeconds: 0.1 },
    );
    await reasonIs('slow', 'ReconcileFailed');
    expect(condition('slow')?.message).toBe('The pass took longer than 0.1 seconds; it is tried again.');
    await reasonIs('quick', 'Open');
  });

  test('of an object that is gone, or was made again under its name, writes nothing to its successor', async () => {
    const first = put('a');
    const seen: string[] = [];
    let release: () => void = () => undefined;
    await start({
      observe: async ({ metadata }) => {
        seen.push(metadata.uid ?? '');
        if (metadata.uid === first.metadata.uid) await new Promise<void>((resolve) => (release = resolve));
      },
      decide: ({ metadata }) => ready({ began: metadata.uid }),
    });
    await until('the first is observed', () => seen.length === 1);
    apiserver.remove('a');
    const second = put('a');
    await until(
      'the cache has it',
      () => runtime!.reader.get(VALVE, { namespace: 'default', name: 'a' })?.metadata.uid === second.metadata.uid,
    );
    release();
    await reasonIs('a', 'Open');
    const written = apiserver.requests('PATCH', '/status').map(({ body }) => (JSON.parse(body) as Valve).status?.began);
    expect(written).toEqual([second.metadata.uid]);
  });

  test('of an object that waits for another is made when that one changes', async () => {
    put('tank');
    put('a');
    const waiting = (level: number): Plan<Valve, string> => ({
      ...ready({ level }),
      outcome: {
        is: 'waiting',
        reason: 'TankIsEmpty',
        message: 'Fill the tank.',
        recheckAfter: 3600,
        on: { kind: VALVE, name: 'tank' },
      },
    });
    await start({
      observe: (_it, read) => read.get<Valve>(VALVE, { namespace: 'default', name: 'tank' })?.spec.level,
      decide: ({ metadata }, level) =>
        metadata.name === 'a' && level === 1 ? waiting(1) : ready({ level: level as number }),
    });
    await reasonIs('a', 'TankIsEmpty');
    put('tank', { level: 2 });
    await reasonIs('a', 'Open');
  });
});

describe('own writes', () => {
  test('are waited for when the watch lags behind: nothing is decided from before them', async () => {
    const counts: number[] = [];
    await start({
      decide: (it) => {
        const count = it.status?.count ?? 0;
        counts.push(count);
        const plan = ready<string>({ count: count + 1 });
        return count < 3
          ? { ...plan, outcome: { is: 'progressing', reason: 'Counting', message: 'x', recheckAfter: 0 } }
          : plan;
      },
    });
    await until('it watches', () => apiserver.streams.size === 1);
    put('a');
    apiserver.delivers = false;
    await until('it waits', async () => (await metric('holdfast_own_write_waits_total{controller="valve"}')) > 0);
    expect(counts).toEqual([0]);
    apiserver.delivers = true;
    for (const stream of apiserver.streams) stream.cut();
    await reasonIs('a', 'Open');
    expect(counts).toEqual([0, 1, 2, 3]);
  });
});

describe('an effect', () => {
  const once = (performed: string[]): Parts => ({
    decide: (it) =>
      it.status?.began
        ? ready({ began: it.status.began })
        : { ...ready<string>({ began: 'now' }), afterStatus: [{ do: 'perform', effect: it.metadata.name }] },
    perform: (effect) => Promise.resolve(void performed.push(effect)),
  });

  test('is recorded onto the version that was decided upon, before it begins', async () => {
    const performed: string[] = [];
    put('a');
    await start({
      ...once(performed),
      perform: (effect) => Promise.resolve(void performed.push(`${effect} ${status('a')?.began}`)),
    });
    await until('it is performed', () => performed.length === 1);
    expect(performed).toEqual(['a now']);
    const [record] = apiserver.requests('PATCH', '/status').map(({ body }) => JSON.parse(body) as Valve);
    expect(record?.metadata.resourceVersion).toBe('101');
  });

  test.each([409, 500, 404])('does not begin when its record is answered with %d', async (answer) => {
    const performed: string[] = [];
    put('a');
    apiserver.fault = ({ method, path }) => (method === 'PATCH' && path.endsWith('/status') ? { answer } : undefined);
    await start(once(performed));
    await until('the record was tried', () => statusWrites() >= 2);
    expect(performed).toEqual([]);
    apiserver.fault = () => undefined;
    await until('it is performed in the end', () => performed.length === 1);
  });

  test('of which the record was stored but the answer was lost is not begun by a pass that cannot know', async () => {
    const performed: string[] = [];
    put('a');
    let lost = false;
    apiserver.fault = ({ method, path, body }) => {
      if (lost || method !== 'PATCH' || !path.endsWith('/status')) return undefined;
      lost = true;
      apiserver.put('a', { status: (JSON.parse(body) as Valve).status });
      return 'drop';
    };
    await start(once(performed));
    await reasonIs('a', 'Open');
    expect(performed).toEqual([]);
  });

  test('that fails is told, and the record stays', async () => {
    put('a');
    await start({ ...once([]), perform: () => Promise.reject(new Error('ansible-runner is missing; install it.')) });
    await reasonIs('a', 'ReconcileFailed');
    expect(status('a')?.began).toBe('now');
    expect(condition('a')?.message).toBe('ansible-runner is missing; install it.');
  });
});

describe('suspension', () => {
  test('stops everything but tells why, and ends when it is removed', async () => {
    let passes = 0;
    put('a', { level: 1, suspend: { reason: 'Migration' } });
    await start({ observe: () => passes++ });
    await reasonIs('a', 'Suspended', 'Suspended');
    expect(condition('a', 'Suspended')?.message).toBe('Migration (until spec.suspend is removed)');
    expect(condition('a')?.status).toBe('Unknown');
    expect(passes).toBe(0);
    put('a', { level: 1 });
    await reasonIs('a', 'Open');
    expect(condition('a', 'Suspended')).toBeUndefined();
  });

  test('ends by itself at its time', async () => {
    put('a', {
      level: 1,
      suspend: { reason: 'x', until: new Date(performance.timeOrigin + performance.now() + 1500).toISOString() },
    });
    await start();
    await reasonIs('a', 'Suspended', 'Suspended');
    await reasonIs('a', 'Open');
  });
});

describe('start and stop', () => {
  test('no pass begins before all is listed, and readiness says what is missing', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) put(name);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    apiserver.fault = ({ query }) => (query.has('continue') ? held : undefined);
    let passes = 0;
    const { healthPort, leading } = await start(
      { observe: () => passes++ },
      { health: { host: '127.0.0.1', port: 0 } },
    );
    await until('the second page is asked for', () => apiserver.requests('GET', 'continue').length === 1);
    const before = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
    expect([before.status, await before.text(), passes]).toEqual([
      503,
      'The cache of valves.wire.holdfast.dev is not synced yet.\n',
      0,
    ]);
    release();
    await leading;
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${healthPort}/healthz`)).status).toBe(200);
    await until('all are looked at', () => passes === 5);
  });

  test('a stop waits for the passes at work, whose writes still come through', async () => {
    put('a');
    let release: () => void = () => undefined;
    let began = false;
    await start({
      observe: () => {
        began = true;
        return new Promise<void>((resolve) => (release = resolve));
      },
    });
    await until('the pass is at work', () => began);
    const stopped = runtime!.stop();
    put('b');
    release();
    await stopped;
    expect(condition('a')?.reason).toBe('Open');
    expect(condition('b')).toBeUndefined();
    await until('the watch is closed', () => apiserver.streams.size === 0);
  });

  test('two features of one kind are refused at once', async () => {
    client = new Client({ server: apiserver.url });
    const feature = { kind: VALVE, observe: () => undefined, decide: () => ready({}) } as AnyFeature;
    await expect(startRuntime({ client, features: [feature, feature], log: createLog('silent') })).rejects.toThrow(
      'Two features are for Valve',
    );
  });

  test('an apiserver that is away for a while loses no change, and is not asked without pause', async () => {
    put('a');
    await start();
    await reasonIs('a', 'Open');
    apiserver.fault = () => 'drop';
    for (const stream of apiserver.streams) stream.cut();
    await until('the outage is noticed', () => apiserver.requests('GET', 'watch=true').length >= 2);
    put('a', { level: 2 });
    put('b');
    const before = apiserver.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(apiserver.seen.length - before).toBeLessThan(3);
    apiserver.fault = () => undefined;
    await until('both are seen', () => status('a')?.observedGeneration === 2 && condition('b')?.reason === 'Open');
  });
});
