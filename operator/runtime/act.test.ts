import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WireApiserver } from '../../test/wire/apiserver.ts';
import { DROP, drop, valve, type Drop } from '../../test/wire/valves.ts';
import { until } from '../../test/wire/until.ts';
import { INTENT_ANNOTATION, act } from './act.ts';
import { NoResponse } from './apiError.ts';
import { Cache } from './cache.ts';
import { Caches } from './caches.ts';
import { Client } from './client.ts';
import { systemClock } from './clock.ts';
import type { Action, Intent } from './feature.ts';
import { NameTaken, NotLeading, Superseded } from './interruptions.ts';
import { OwnWrites } from './ownWrites.ts';
import { Sent } from './sent.ts';
import { WriteOutcomes } from './writeOutcomes.ts';
import { Writes, type WriteOptions } from './writes.ts';

const owner = { ...valve('v'), metadata: { name: 'v', namespace: 'default', uid: 'uid-v' } };
let apiserver: WireApiserver;
let client: Client;
let cache: Cache;
let ownWrites: OwnWrites;
let sent: Sent;
let isLeading: boolean;
let doubted: string[];

beforeEach(async () => {
  apiserver = await WireApiserver.start(DROP);
  client = new Client({ server: apiserver.url });
  cache = new Cache(DROP, { onFault: () => undefined });
  ownWrites = new OwnWrites();
  sent = new Sent();
  isLeading = true;
  doubted = [];
  await sync();
});

afterEach(async () => {
  await client.close();
  await apiserver.stop();
});

/** Brings the cache to what the apiserver has. */
async function sync(): Promise<void> {
  const { items, resourceVersion } = await client.list(DROP, '', '');
  cache.beginList(systemClock.elapsed());
  for (const item of items) cache.listed(item);
  cache.endList(resourceVersion);
}

function newWrites(more: Partial<WriteOptions> = {}): Writes {
  return new Writes({
    client,
    following: { cacheOf: () => undefined },
    caches: new Caches(client, [cache]),
    ownWrites,
    doubts: { raise: (_kind, key) => void doubted.push(key.name) },
    accounts: client,
    outcomes: new WriteOutcomes(() => new Date()),
    clock: systemClock,
    isLeading: () => isLeading,
    ...more,
  });
}

async function run(...actions: Action<string>[]): Promise<string[]> {
  const performed: string[] = [];
  const before = apiserver.seen.length;
  const writes = newWrites();
  const perform = (effect: unknown): Promise<void> => Promise.resolve(void performed.push(`perform ${String(effect)}`));
  await act(actions, { writes, owner: 'valve v', signal: new AbortController().signal, perform, sent });
  const requests = apiserver.seen
    .slice(before)
    .map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`);
  await sync();
  return [...requests, ...performed];
}

const apply = (object: Intent): Action<string> => ({ do: 'apply', kind: DROP, object });
const wanted = (level = 1): Intent => drop(owner, 'd', level);
const live = (): Drop | undefined => apiserver.get('d') as Drop | undefined;

describe('apply', () => {
  test('makes what is not there, marked as ours, and sends nothing again', async () => {
    expect(await run(apply(wanted()))).toEqual(['PATCH drops/d']);
    expect(live()).toMatchObject({
      spec: { level: 1 },
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'holdfast' } },
    });
    expect(await run(apply(wanted()))).toEqual([]);
    sent = new Sent();
    expect(await run(apply(wanted()))).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['its spec was changed', () => apiserver.put('d', { spec: { level: 9 } })],
    ['a label was taken', () => apiserver.put('d', { metadata: { ...live()!.metadata, labels: {} } })],
  ])('puts back what differs: %s', async (_what, happens) => {
    await run(apply(wanted()));
    happens();
    await sync();
    expect(await run(apply(wanted()))).toEqual(['PATCH drops/d']);
  });

  test('leaves alone what others add', async () => {
    await run(apply(wanted()));
    const { labels } = live()!.metadata;
    apiserver.put('d', {
      spec: { level: 1, filledIn: true },
      metadata: { ...live()!.metadata, labels: { ...labels, theirs: 'x' } },
    });
    await sync();
    expect(await run(apply(wanted()))).toEqual([]);
  });

  test('notices that something was taken out of the intent, even after a restart', async () => {
    await run(apply({ ...wanted(), spec: { level: 1, note: 'x' } }));
    const before = live()?.metadata.annotations?.[INTENT_ANNOTATION];
    sent = new Sent();
    expect(await run(apply(wanted()))).toEqual(['PATCH drops/d']);
    expect(live()?.metadata.annotations?.[INTENT_ANNOTATION]).not.toBe(before);
  });

  test('does not repeat what the apiserver shows in other words, until either changes', async () => {
    await run(apply({ ...wanted(), spec: { level: 1, cpu: '1000m' } }));
    const cpu = { ...wanted(), spec: { level: 1, cpu: '1000m' } };
    const version = live()!.metadata.resourceVersion;
    Object.assign(live()!.spec, { cpu: '1' });
    cache.changed({ ...live()!, metadata: { ...live()!.metadata, resourceVersion: version } });
    expect(await run(apply(cpu))).toEqual([]);
    apiserver.put('d', { metadata: { ...live()!.metadata, labels: { ...live()!.metadata.labels, other: 'x' } } });
    await sync();
    expect(await run(apply(cpu))).toEqual(['PATCH drops/d']);
  });

  test('writes the status apart, by its own manager, and only when it differs', async () => {
    const withStatus = { ...wanted(), status: { full: true } };
    expect(await run(apply(withStatus))).toEqual(['PATCH drops/d', 'PATCH d/status']);
    expect(apiserver.requests('PATCH', '/status')[0]?.query.get('fieldManager')).toBe('holdfast-status');
    expect(await run(apply(withStatus))).toEqual([]);
    expect(await run(apply({ ...withStatus, status: { full: false } }))).toEqual(['PATCH d/status']);
  });

  test('is recorded, so that the next pass waits for it', async () => {
    const before = cache.resourceVersion;
    await act([apply(wanted())], { writes: newWrites(), owner: 'valve v', signal: new AbortController().signal, sent });
    expect(cache.resourceVersion).toBe(before);
    expect(ownWrites.unseen('valve v')?.resourceVersion).toBe(live()?.metadata.resourceVersion);
    await sync();
    expect(ownWrites.unseen('valve v')).toBeUndefined();
  });
});

describe('what the cache does not show yet', () => {
  test('is not overwritten by an apply, nor by its status: the pass is made again', async () => {
    await run(apply({ ...wanted(), status: { full: false } }));
    apiserver.put('d', { spec: { level: 5 } });
    await expect(run(apply(wanted(2)))).rejects.toThrow(Superseded);
    expect(live()?.spec.level).toBe(5);
    apiserver.put('d', { spec: { level: 2 } });
    await sync();
    apiserver.put('d', { status: { full: 'newer' } as object });
    await expect(run(apply({ ...wanted(2), status: { full: true } }))).rejects.toThrow(Superseded);
    expect(live()?.status).toEqual({ full: 'newer' });
    expect(doubted).toEqual(['d', 'd']);
  });

  test('is not deleted at a version that was not seen', async () => {
    const { metadata } = apiserver.put('d');
    await sync();
    const { resourceVersion } = metadata;
    await run({ do: 'delete', kind: DROP, key: { namespace: 'default', name: 'd' }, uid: metadata.uid! });
    const [sentBody] = apiserver.requests('DELETE').map(({ body }) => JSON.parse(body) as object);
    expect(sentBody).toMatchObject({ preconditions: { uid: metadata.uid, resourceVersion } });
    apiserver.fault = ({ method }) => (method === 'DELETE' ? { answer: 409 } : undefined);
    const gone: Action<string> = { do: 'delete', kind: DROP, key: { namespace: 'default', name: 'e' }, uid: 'x' };
    await expect(run(gone)).rejects.toThrow(Superseded);
  });

  test('and belongs to somebody else is not taken over: the apply that makes an object does not force', async () => {
    await run(apply(wanted()));
    const [made] = apiserver.requests('PATCH').map(({ query }) => query.get('force'));
    expect(made).toBe('false');
    apiserver.put('foreign');
    apiserver.fault = ({ method }) => (method === 'PATCH' ? { answer: 409 } : undefined);
    await expect(run(apply(drop(owner, 'foreign', 1)))).rejects.toThrow('was not created by Holdfast');
  });
});

describe('an object that is not ours', () => {
  const foreign = (parts: object): void => {
    apiserver.put('d', { spec: { level: 5 }, metadata: { ...parts } });
  };
  test.each<[string, object, string]>([
    ['has no mark', {}, 'Drop default/d exists but was not created by Holdfast'],
    [
      'is of another owner',
      { labels: { 'app.kubernetes.io/managed-by': 'holdfast' }, ownerReferences: [{ uid: 'uid-of-other' }] },
      'belongs to another owner',
    ],
    ['is being deleted', { ownerReferences: owner2(), deletionTimestamp: '2026-01-01T00:00:00Z' }, 'is being deleted'],
  ])('is not touched: it %s', async (_what, metadata, message) => {
    foreign(metadata);
    await sync();
    await expect(run(apply(wanted()))).rejects.toThrow(message);
    expect(apiserver.requests('PATCH')).toEqual([]);
  });

  test('is ours by its owner even when someone took its label', async () => {
    foreign({ ownerReferences: owner2() });
    await sync();
    expect(await run(apply(wanted()))).toEqual(['PATCH drops/d']);
  });

  function owner2(): object[] {
    return drop(owner, 'd', 1).metadata.ownerReferences ?? [];
  }
});

describe('create', () => {
  const create = (object: Intent): Action<string> => ({ do: 'create', kind: DROP, object });

  test('makes the object, marked as ours', async () => {
    expect(await run(create(wanted()))).toEqual(['POST default/drops']);
    expect(live()?.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'holdfast' });
  });

  test('of a name that is ours already ends the pass, and the next one waits until the cache shows it', async () => {
    apiserver.put('d', { metadata: wanted().metadata });
    await expect(run(create(wanted()), { do: 'perform', effect: 'never' })).rejects.toThrow(NameTaken);
    expect(ownWrites.unseen('valve v')?.resourceVersion).toBe(live()?.metadata.resourceVersion);
  });

  test('stores the uid of what was created before anything else is done', async () => {
    const order: string[] = [];
    await act([{ ...create(wanted()), uidAt: ['job', 'uid'] } as Action<string>, { do: 'perform', effect: 'next' }], {
      writes: newWrites(),
      owner: 'valve v',
      signal: new AbortController().signal,
      sent,
      record: (path, uid) => Promise.resolve(void order.push(`${path.join('.')} ${uid}`)),
      perform: (effect) => Promise.resolve(void order.push(String(effect))),
    });
    expect(order).toEqual([`job.uid ${live()?.metadata.uid}`, 'next']);
  });

  test('of a name that the cache shows already is an error, although it is owned: no later pass would see anything else', async () => {
    apiserver.put('d', { metadata: wanted().metadata });
    await sync();
    await expect(run(create(wanted()))).rejects.toThrow('rename or delete it');
  });

  test('of a name that bears our label alone is an error', async () => {
    apiserver.put('d', { spec: {}, metadata: { labels: { 'app.kubernetes.io/managed-by': 'holdfast' } } });
    await expect(run(create(wanted()))).rejects.toThrow('rename or delete it');
  });

  test('of a name that others have is an error that says what to do', async () => {
    apiserver.put('d', { spec: {} });
    await expect(run(create(wanted()))).rejects.toThrow('rename or delete it');
  });
});

test('delete takes that very object, and its absence is success', async () => {
  const { metadata } = apiserver.put('d');
  const action: Action<string> = {
    do: 'delete',
    kind: DROP,
    key: { namespace: 'default', name: 'd' },
    uid: metadata.uid!,
  };
  await run(action);
  expect(apiserver.requests('DELETE').map(({ body }) => JSON.parse(body) as object)).toMatchObject([
    { preconditions: { uid: metadata.uid } },
  ]);
  expect(live()).toBeUndefined();
  await run(action);
});

test('actions are done in order, and the first that fails ends them', async () => {
  const effect = (name: string): Action<string> => ({ do: 'perform', effect: name });
  expect(await run(effect('a'), apply(wanted()), effect('b'))).toEqual(['PATCH drops/d', 'perform a', 'perform b']);
  apiserver.fault = ({ method }) => (method === 'PATCH' ? { answer: 500 } : undefined);
  await expect(run(apply(wanted(2)), effect('c'))).rejects.toMatchObject({ status: 500 });
});

test('nothing is written and nothing performed while we do not lead', async () => {
  isLeading = false;
  const actions: Action<string>[] = [
    apply(wanted()),
    { do: 'create', kind: DROP, object: wanted() },
    { do: 'delete', kind: DROP, key: { namespace: 'default', name: 'd' }, uid: 'x' },
    { do: 'perform', effect: 'x' },
  ];
  for (const action of actions) await expect(run(action)).rejects.toThrow(NotLeading);
  expect(apiserver.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
});

describe('writes to what is not ours', () => {
  const as = { namespace: 'platform', name: 'writer' };
  const patch = (name: string, resourceVersion?: string): Action<string> => ({
    do: 'writeAs',
    as,
    kind: DROP,
    write: {
      apply: {
        ...drop(owner, name, 1),
        metadata: { name, namespace: 'default', ...(resourceVersion && { resourceVersion }) },
      },
      manager: 'holdfast:b/x',
    },
  });

  test('one that is refused stops none of the others, and fails the pass after them', async () => {
    await expect(run(patch('a'), patch('b', '1'), patch('c'))).rejects.toThrow(/drops\/b/);
    expect([apiserver.get('a'), apiserver.get('b'), apiserver.get('c')].map(Boolean)).toEqual([true, false, true]);
  });

  test('several that are refused are told with the first of them', async () => {
    await expect(run(patch('b', '1'), patch('a'), patch('c', '1'))).rejects.toThrow(
      /^2 writes failed; first error: .*drops\/b/,
    );
    expect(Boolean(apiserver.get('a'))).toBe(true);
  });

  test('one that is not answered stops none of the others, however many', async () => {
    apiserver.fault = ({ path }) => (path.endsWith('/b') ? 'drop' : undefined);
    const names = Array.from({ length: 20 }, (_, at) => `n-${at}`);
    await expect(run(patch('b'), ...names.map((name) => patch(name)))).rejects.toThrow(NoResponse);
    expect(names.filter((name) => !apiserver.get(name))).toEqual([]);
  });

  test('those that hang do not keep the others waiting, nor what comes after them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    apiserver.fault = ({ path }) => (/\/h\d$/.test(path) ? promise : undefined);
    const hung = Array.from({ length: 7 }, (_, at) => patch(`h${at}`));
    const ended = run(...hung, patch('z'));
    await until('z is written', () => apiserver.get('z') !== undefined);
    resolve();
    await ended;
  });

  test('none begins long after the first: what allowed it was read before; each is recorded', async () => {
    let elapsed = 0;
    const clock = { ...systemClock, elapsed: () => elapsed };
    const outcomes = new WriteOutcomes(() => new Date());
    apiserver.fault = ({ path }) => {
      if (path.endsWith('/a7')) elapsed = 3000;
      return path.endsWith('/a3') ? { answer: 429 } : undefined;
    };
    const writes = newWrites({ clock, outcomes });
    const actions = Array.from({ length: 30 }, (_, at) => patch(`a${at}`)) as Extract<Action, { do: 'writeAs' }>[];
    const { failures, skipped } = await writes.writeEachAs('b', actions, new AbortController().signal);
    expect(failures).toMatchObject([{ status: 429 }]);
    expect(skipped).toBeGreaterThan(0);
    const told = actions.map(({ kind, write }) => outcomes.lastOf('b', kind, write)?.is);
    expect(told.filter((is) => is === 'skipped')).toHaveLength(skipped);
    expect([told[0], told[3], told.at(-1)]).toEqual(['accepted', 'refused', 'skipped']);
  });

  test('while we do not lead, none is made, and none counts', async () => {
    isLeading = false;
    const outcomes = new WriteOutcomes(() => new Date());
    const action = patch('a') as Extract<Action, { do: 'writeAs' }>;
    const write = newWrites({ outcomes }).writeEachAs('b', [action], new AbortController().signal);
    await expect(write).rejects.toThrow(NotLeading);
    expect(outcomes.lastOf('b', DROP, action.write)?.is).toBe('skipped');
  });

  test('fields that the kind does not have are refused', async () => {
    await run(patch('a'));
    expect(
      apiserver.seen.filter(({ method }) => method === 'PATCH').map(({ query }) => query.get('fieldValidation')),
    ).toEqual(['Strict']);
  });
});
