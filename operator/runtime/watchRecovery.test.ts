/** The mirror of a kind: after gaps too long to resume, and when the apiserver refuses. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { line, type Fault } from '../../test/wire/apiserver.ts';
import { until } from '../../test/wire/until.ts';
import { WatchBed, isWatch } from '../../test/wire/watchBed.ts';
let bed: WatchBed;
beforeEach(async () => {
  bed = await WatchBed.open();
});
afterEach(() => bed.close());

describe('a gap too long to resume', () => {
  async function fallBehind(): Promise<void> {
    bed.apiserver.put('changed', { spec: { level: 1 } });
    bed.apiserver.put('gone', { spec: { level: 1 } });
    bed.apiserver.put('same', { spec: { level: 1 } });
    bed.apiserver.put('successor', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.delivers = false;
    bed.apiserver.put('changed', { spec: { level: 2 } });
    bed.apiserver.remove('gone');
    bed.apiserver.remove('successor');
    bed.apiserver.put('successor', { spec: { level: 9 } });
    bed.apiserver.compact();
    bed.apiserver.delivers = true;
  }
  const expected = ['changed:1>changed:2', 'gone:1>', 'successor:1>', '>successor:9'].sort();

  test('found out when the watch begins is closed by a list, and deletions are told', async () => {
    await fallBehind();
    bed.stream.cut();
    await bed.backOff();
    await until('it lists anew', () => bed.lists === 2);
    await bed.watching();
    expect(bed.changes.toSorted()).toEqual(expected);
  });

  test('found out in the middle of the watch is closed at once', async () => {
    await fallBehind();
    bed.stream.write(
      line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }),
    );
    await until('it lists anew', () => bed.lists === 2);
    await until('a new watch is open', () => bed.apiserver.requests('GET', 'watch=true').length === 2);
    expect(bed.changes.toSorted()).toEqual(expected);
  });

  test('told by HTTP 410 is closed at once, and told twice in a row is answered by a back-off', async () => {
    await bed.start();
    let times = 0;
    bed.apiserver.fault = ({ query }) => (isWatch(query) && times++ < 2 ? { answer: 410, reason: 'Gone' } : undefined);
    await bed.clock.advance(300_000);
    bed.stream.end();
    await until('it backs off', () => bed.clock.timers === 1);
    expect(bed.lists).toBe(2);
    const before = bed.apiserver.requests('GET').length;
    await bed.clock.advance(500);
    expect(bed.apiserver.requests('GET')).toHaveLength(before);
    await bed.clock.advance(30_000);
    await bed.watching();
  });

  test('in the middle of a list begins the list anew', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) bed.apiserver.put(name);
    bed.failOnce({ answer: 410, reason: 'Expired' }, (query) => query.has('continue'));
    await bed.start();
    expect([bed.cache.size, bed.lists]).toEqual([5, 2]);
  });

  test('an apiserver that was put back to an older store is found out by its bookmark, and all is listed', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.delivers = false;
    bed.apiserver.restore(50);
    bed.apiserver.put('a', { spec: { level: 2 } });
    bed.apiserver.bookmark();
    await until('it lists anew', () => bed.lists === 2);
    await bed.seesLevel('a', 2);
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
    bed.apiserver.put('a');
    bed.failOnce(fault, () => true);
    await bed.start({ waits: false });
    await bed.backOff();
    await bed.cache.synced;
    expect(bed.cache.size).toBe(1);
  });

  test('is asked ever more seldom, up to every thirty seconds, and for ever', async () => {
    bed.apiserver.fault = () => ({ answer: 500 });
    await bed.start({ waits: false });
    while (bed.delays.length < 9) {
      await until('it waits', () => bed.clock.timers === 1);
      await bed.clock.advance(30_000);
    }
    expect(bed.delays.slice(0, 9)).toEqual([0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30]);
  });

  test('and says when to come again is not asked sooner', async () => {
    bed.failOnce({ answer: 429, headers: { 'retry-after': '12' } }, () => true);
    await bed.start({ waits: false });
    await until('it waits', () => bed.clock.timers === 1);
    await bed.clock.advance(11_900);
    expect(bed.apiserver.seen).toHaveLength(1);
    await bed.clock.advance(200);
    await bed.cache.synced;
  });

  test('because the kind is not installed is asked again, and the log says what to do', async () => {
    bed.failOnce({ answer: 404, reason: 'NotFound' }, () => true);
    await bed.start({ waits: false });
    await bed.backOff();
    await bed.cache.synced;
    expect(bed.warnings).toEqual([
      'The apiserver does not serve things; apply the CRDs (crds/), and the operator continues automatically.',
    ]);
  });

  test('leaves the cache as it was', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.fault = () => ({ answer: 500 });
    bed.stream.cut();
    for (let i = 0; i < 8; i++) await bed.backOff();
    expect(bed.level('a')).toBe(1);
    expect(bed.changes).toEqual([]);
    expect(bed.clock.elapsed() - bed.reflector!.aliveAt).toBeLessThan(bed.reflector!.longestSilence);
  });
});

// kubernetes/kubernetes#75438, nolar/kopf#871
test('a kind that can be listed and not watched, as of some aggregated APIs, is listed every 30 seconds', async () => {
  bed.apiserver.fault = ({ query }) => (isWatch(query) ? { answer: 405, reason: 'MethodNotAllowed' } : undefined);
  bed.apiserver.put('a');
  await bed.start({ waits: false });
  await until('it waits', () => bed.clock.timers === 1);
  expect([bed.cache.size, bed.lists]).toEqual([1, 1]);
  bed.apiserver.put('b');
  bed.apiserver.remove('a');
  await bed.clock.advance(29_000);
  expect(bed.lists).toBe(1);
  await bed.clock.advance(1000);
  await until('it waits again', () => bed.clock.timers === 1);
  expect([bed.cache.list('').map(({ metadata }) => metadata.name), bed.lists]).toEqual([['b'], 2]);
  expect(bed.warnings).toEqual([]);
});
