/** The mirror of a kind against an apiserver that misbehaves. Time moves only when told to, so that back-offs cost none. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WireApiserver, line, type Fault } from '../../test/wire/apiserver.ts';
import { ManualClock } from '../../test/wire/manualClock.ts';
import { until } from '../../test/wire/until.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { Cache } from './cache.ts';
import { Client } from './client.ts';
import { createLog } from './log.ts';
import { Reflector } from './watch.ts';

const kind = { group: 'wire.holdfast.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
let apiserver: WireApiserver;
let client: Client;
let clock: ManualClock;
let cache: Cache;
let reflector: Reflector;
let stop: AbortController;
let running: Promise<void>;
let changes: string[];
let warnings: string[];
let delays: number[];
let lists: number;

beforeEach(async () => {
  apiserver = await WireApiserver.start(kind);
  client = new Client({ server: apiserver.url });
  clock = new ManualClock();
  stop = new AbortController();
  [changes, warnings, delays, lists] = [[], [], [], 0];
  cache = new Cache(kind, { onFault: () => undefined });
  cache.listen((before, after) => changes.push(`${nameOf(before)}>${nameOf(after)}`));
});

afterEach(async () => {
  stop.abort();
  await running;
  await client.close();
  await apiserver.stop();
});

function nameOf(object: Resource | undefined): string {
  return object ? `${object.metadata.name}:${(object.spec as { level?: number }).level ?? ''}` : '';
}

/** Begins to mirror; the first list is complete and the first watch open when it ends. */
async function start({ idleSeconds = 100, waits = true } = {}): Promise<void> {
  const write = (text: string): void => {
    const { msg, retryInSeconds } = JSON.parse(text) as { msg: string; retryInSeconds: number };
    warnings.push(msg);
    delays.push(retryInSeconds);
  };
  const log = createLog('warn', { write });
  const source = {
    list: (from: string, signal: AbortSignal) => client.list(kind, '', from, signal),
    watch: (how: Parameters<Client['watch']>[2], onData: (chunk: Buffer) => void, signal: AbortSignal) =>
      client.watch(kind, '', how, onData, signal),
  };
  reflector = new Reflector(source, cache, {
    name: 'things',
    clock,
    random: () => 0,
    log,
    idleSeconds,
    onRelist: () => lists++,
  });
  running = reflector.run(stop.signal);
  if (!waits) return;
  await cache.synced;
  await watching();
  changes = [];
}

const watching = (): Promise<void> => until('a watch is open', () => apiserver.streams.size === 1);
const stream = () => [...apiserver.streams][0]!;
const level = (name: string): unknown =>
  (cache.get({ namespace: 'default', name })?.spec as { level?: number } | undefined)?.level;
const seesLevel = (name: string, wanted: number): Promise<void> =>
  until(`${name} is at ${wanted}`, () => level(name) === wanted);
/** Waits out a back-off: nothing happens until time moves. */
async function backOff(): Promise<void> {
  await until('it backs off', () => clock.timers === 1);
  await clock.advance(31_000);
}
function failOnce(fault: Fault, matches: (query: URLSearchParams) => boolean): void {
  let failed = false;
  apiserver.fault = ({ query }) => (failed || !matches(query) ? undefined : ((failed = true), fault));
}
const isWatch = (query: URLSearchParams): boolean => query.get('watch') === 'true';

describe('in good order', () => {
  test('all pages are listed, and changes follow as they come', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) apiserver.put(name, { spec: { level: 1 } });
    await start();
    expect(cache.size).toBe(7);
    expect(apiserver.requests('GET', 'continue=')).toHaveLength(2);
    apiserver.put('a', { spec: { level: 2 } });
    apiserver.put('h', { spec: { level: 1 } });
    apiserver.remove('b');
    await until('all are seen', () => changes.length === 3);
    expect(changes).toEqual(['a:1>a:2', '>h:1', 'b:1>']);
  });

  test('a watch asks for bookmarks and an end, and goes on from the last bookmark', async () => {
    await start();
    const [first] = apiserver.requests('GET', 'watch=true');
    expect(first?.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(first?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(290);
    apiserver.bookmark(140);
    await until('the bookmark is seen', () => cache.resourceVersion === '140');
    await clock.advance(300_000);
    stream().end();
    await until('it watches again', () => apiserver.requests('GET', 'watch=true').length === 2);
    expect(apiserver.requests('GET', 'watch=true')[1]?.query.get('resourceVersion')).toBe('140');
    expect([lists, warnings]).toEqual([1, []]);
  });

  test('an apiserver that ends every stream at once is not asked again at once', async () => {
    await start();
    for (let i = 2; i < 5; i++) {
      stream().end();
      await until('it waits', () => clock.timers === 1);
      await clock.advance(1000);
      await watching();
      expect(apiserver.requests('GET', 'watch=true')).toHaveLength(i);
    }
  });
});

describe('a broken stream', () => {
  test.each<[string, () => void]>([
    ['the connection breaks', () => stream().cut()],
    ['a line is cut', () => (stream().write(line('MODIFIED', { metadata: {} }).slice(0, 20)), stream().end())],
    ['a line is garbage', () => stream().write('{"type":"MODIFIED","object":{"metadata":{"res\u0000\n')],
    ['a line is JSON of something else', () => stream().write('[1,2,3]\n')],
    ['a line is null', () => stream().write('null\n')],
    ['an event is of no known type', () => stream().write(line('RENAMED', { metadata: { resourceVersion: '999' } }))],
    ['an event has no version', () => stream().write(line('MODIFIED', { metadata: { name: 'a' } }))],
    ['an event has no object', () => stream().write('{"type":"MODIFIED"}\n')],
    [
      'the apiserver tells of an error of its own',
      () => stream().write(line('ERROR', { kind: 'Status', code: 500, message: 'etcd' })),
    ],
    [
      'the apiserver is overloaded',
      () => stream().write(line('ERROR', { kind: 'Status', code: 429, message: 'later' })),
    ],
  ])('loses nothing: %s', async (_what, happens) => {
    apiserver.put('a', { spec: { level: 1 } });
    await start();
    apiserver.delivers = false;
    apiserver.put('a', { spec: { level: 2 } });
    apiserver.put('b', { spec: { level: 1 } });
    apiserver.remove('b');
    apiserver.delivers = true;
    happens();
    await backOff();
    await watching();
    await seesLevel('a', 2);
    await until('all are seen', () => changes.length === 3);
    expect(changes).toEqual(['a:1>a:2', '>b:1', 'b:1>']);
    expect(lists).toBe(1);
  });

  test('goes on after the last good event, which does not come again', async () => {
    apiserver.put('a', { spec: { level: 1 } });
    await start();
    const seen = apiserver.put('a', { spec: { level: 2 } });
    await seesLevel('a', 2);
    stream().cut();
    await backOff();
    await watching();
    expect(stream().from).toBe(Number(seen.metadata.resourceVersion));
  });

  test('characters that are cut between two packets come out whole', async () => {
    await start();
    const object = {
      metadata: { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '200' },
      spec: { text: 'Käse 日本語 😀' },
    };
    for (const byte of Buffer.from(line('ADDED', object))) {
      stream().write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('it is seen', () => cache.size === 1);
    expect(cache.get({ namespace: 'default', name: 'a' })?.spec).toEqual({ text: 'Käse 日本語 😀' });
  });

  test('that stays broken the same way is answered by a new list in the end', async () => {
    apiserver.put('a', { spec: { level: 1 } });
    await start();
    for (let i = 0; i < 5; i++) {
      await watching();
      stream().write('garbage\n');
      await backOff();
    }
    await until('it lists anew', () => lists === 2);
  });

  test('that says nothing is given up', async () => {
    apiserver.put('a', { spec: { level: 1 } });
    await start({ idleSeconds: 1 });
    apiserver.delivers = false;
    apiserver.put('a', { spec: { level: 2 } });
    await backOff();
    await seesLevel('a', 2);
    expect(warnings[0]).toContain('no answer from');
  });
});

describe('a gap too long to resume', () => {
  async function fallBehind(): Promise<void> {
    apiserver.put('changed', { spec: { level: 1 } });
    apiserver.put('gone', { spec: { level: 1 } });
    apiserver.put('same', { spec: { level: 1 } });
    apiserver.put('successor', { spec: { level: 1 } });
    await start();
    apiserver.delivers = false;
    apiserver.put('changed', { spec: { level: 2 } });
    apiserver.remove('gone');
    apiserver.remove('successor');
    apiserver.put('successor', { spec: { level: 9 } });
    apiserver.compact();
    apiserver.delivers = true;
  }
  const expected = ['changed:1>changed:2', 'gone:1>', 'successor:1>', '>successor:9'].sort();

  test('found out when the watch begins is closed by a list, and deletions are told', async () => {
    await fallBehind();
    stream().cut();
    await backOff();
    await until('it lists anew', () => lists === 2);
    await watching();
    expect(changes.toSorted()).toEqual(expected);
  });

  test('found out in the middle of the watch is closed at once', async () => {
    await fallBehind();
    stream().write(
      line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }),
    );
    await until('it lists anew', () => lists === 2);
    await until('a new watch is open', () => apiserver.requests('GET', 'watch=true').length === 2);
    expect(changes.toSorted()).toEqual(expected);
  });

  test('told by HTTP 410 is closed at once, and told twice in a row is answered by a back-off', async () => {
    await start();
    let times = 0;
    apiserver.fault = ({ query }) => (isWatch(query) && times++ < 2 ? { answer: 410, reason: 'Gone' } : undefined);
    await clock.advance(300_000);
    stream().end();
    await until('it backs off', () => clock.timers === 1);
    expect(lists).toBe(2);
    const before = apiserver.requests('GET').length;
    await clock.advance(500);
    expect(apiserver.requests('GET')).toHaveLength(before);
    await clock.advance(30_000);
    await watching();
  });

  test('in the middle of a list begins the list anew', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) apiserver.put(name);
    failOnce({ answer: 410, reason: 'Expired' }, (query) => query.has('continue'));
    await start();
    expect([cache.size, lists]).toEqual([5, 2]);
  });

  test('an apiserver that was put back to an older store is found out by its bookmark, and all is listed', async () => {
    apiserver.put('a', { spec: { level: 1 } });
    await start();
    apiserver.delivers = false;
    apiserver.restore(50);
    apiserver.put('a', { spec: { level: 2 } });
    apiserver.bookmark();
    await until('it lists anew', () => lists === 2);
    await seesLevel('a', 2);
  });
});

describe('a server that refuses', () => {
  test.each<[string, Fault]>([
    ['drops the connection', 'drop'],
    ['answers 500', { answer: 500 }],
    ['answers 503 in plain text', { answer: 503, text: 'upstream connect error' }],
    ['answers 200 with nonsense', { answer: 200, text: '<html>' }],
    ['is unauthorized', { answer: 401, reason: 'Unauthorized' }],
  ])('at the first list is asked again: %s', async (_what, fault) => {
    apiserver.put('a');
    failOnce(fault, () => true);
    await start({ waits: false });
    await backOff();
    await cache.synced;
    expect(cache.size).toBe(1);
  });

  test('is asked ever more seldom, up to every thirty seconds, and for ever', async () => {
    apiserver.fault = () => ({ answer: 500 });
    await start({ waits: false });
    while (delays.length < 9) {
      await until('it waits', () => clock.timers === 1);
      await clock.advance(30_000);
    }
    expect(delays.slice(0, 9)).toEqual([0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30]);
  });

  test('and says when to come again is not asked sooner', async () => {
    failOnce({ answer: 429, headers: { 'retry-after': '12' } }, () => true);
    await start({ waits: false });
    await until('it waits', () => clock.timers === 1);
    await clock.advance(11_900);
    expect(apiserver.seen).toHaveLength(1);
    await clock.advance(200);
    await cache.synced;
  });

  test('because the kind is not installed is asked again, and the log says what to do', async () => {
    failOnce({ answer: 404, reason: 'NotFound' }, () => true);
    await start({ waits: false });
    await backOff();
    await cache.synced;
    expect(warnings).toEqual(['The apiserver does not know things; apply the CRDs (crds/) and it goes on by itself.']);
  });

  test('leaves the cache as it was', async () => {
    apiserver.put('a', { spec: { level: 1 } });
    await start();
    apiserver.fault = () => ({ answer: 500 });
    stream().cut();
    for (let i = 0; i < 8; i++) await backOff();
    expect(level('a')).toBe(1);
    expect(changes).toEqual([]);
    expect(clock.elapsed() - reflector.aliveAt).toBeLessThan(reflector.longestSilence);
  });
});

test('a stop during a list, a watch or a back-off ends it, and nothing follows', async () => {
  let release: () => void = () => undefined;
  apiserver.fault = () => new Promise((resolve) => (release = resolve));
  await start({ waits: false });
  await until('the list is asked for', () => apiserver.seen.length === 1);
  stop.abort();
  await running;
  release();
  expect(apiserver.requests('GET', 'watch=true')).toEqual([]);
  expect(cache.isSynced).toBe(false);
});
