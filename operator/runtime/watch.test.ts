/** The mirror of a kind: in good order, and when streams break. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { line } from '../../test/wire/apiserver.ts';
import { until } from '../../test/wire/until.ts';
import { WatchBed } from '../../test/wire/watchBed.ts';
let bed: WatchBed;
beforeEach(async () => {
  bed = await WatchBed.open();
});
afterEach(() => bed.close());

describe('in good order', () => {
  test('all pages are listed, and changes follow as they come', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) bed.apiserver.put(name, { spec: { level: 1 } });
    await bed.start();
    expect(bed.cache.size).toBe(7);
    expect(bed.apiserver.requests('GET', 'continue=')).toHaveLength(2);
    bed.apiserver.put('a', { spec: { level: 2 } });
    bed.apiserver.put('h', { spec: { level: 1 } });
    bed.apiserver.remove('b');
    await until('all are seen', () => bed.changes.length === 3);
    expect(bed.changes).toEqual(['a:1>a:2', '>h:1', 'b:1>']);
  });

  test('a watch asks for bookmarks and an end, and goes on from the last bookmark', async () => {
    await bed.start();
    const [first] = bed.apiserver.requests('GET', 'watch=true');
    expect(first?.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(first?.query.get('timeoutSeconds'))).toBeLessThanOrEqual(45);
    bed.apiserver.bookmark(140);
    await until('the bookmark is seen', () => bed.cache.resourceVersion === '140');
    await bed.clock.advance(300_000);
    bed.stream.end();
    await until('it watches again', () => bed.apiserver.requests('GET', 'watch=true').length === 2);
    expect(bed.apiserver.requests('GET', 'watch=true')[1]?.query.get('resourceVersion')).toBe('140');
    expect([bed.lists, bed.warnings]).toEqual([1, []]);
  });

  test('an apiserver that ends every stream at once is not asked again at once', async () => {
    await bed.start();
    for (let i = 2; i < 5; i++) {
      bed.stream.end();
      await until('it waits', () => bed.clock.timers === 1);
      await bed.clock.advance(1000);
      await bed.watching();
      expect(bed.apiserver.requests('GET', 'watch=true')).toHaveLength(i);
    }
  });
});

describe('a broken stream', () => {
  test.each<[string, () => void]>([
    ['the connection breaks', () => bed.stream.cut()],
    ['a line is cut', () => (bed.stream.write(line('MODIFIED', { metadata: {} }).slice(0, 20)), bed.stream.end())],
    ['a line is garbage', () => bed.stream.write('{"type":"MODIFIED","object":{"metadata":{"res\u0000\n')],
    ['a line is JSON of something else', () => bed.stream.write('[1,2,3]\n')],
    ['a line is null', () => bed.stream.write('null\n')],
    ['an event is of no known type', () => bed.stream.write(line('RENAMED', { metadata: { resourceVersion: '999' } }))],
    ['an event has no version', () => bed.stream.write(line('MODIFIED', { metadata: { name: 'a' } }))],
    ['an event has no object', () => bed.stream.write('{"type":"MODIFIED"}\n')],
    [
      'the apiserver tells of an error of its own',
      () => bed.stream.write(line('ERROR', { kind: 'Status', code: 500, message: 'etcd' })),
    ],
    [
      'the apiserver is overloaded',
      () => bed.stream.write(line('ERROR', { kind: 'Status', code: 429, message: 'later' })),
    ],
  ])('loses nothing: %s', async (_what, happens) => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.delivers = false;
    bed.apiserver.put('a', { spec: { level: 2 } });
    bed.apiserver.put('b', { spec: { level: 1 } });
    bed.apiserver.remove('b');
    bed.apiserver.delivers = true;
    happens();
    await bed.backOff();
    await bed.watching();
    await bed.seesLevel('a', 2);
    await until('all are seen', () => bed.changes.length === 3);
    expect(bed.changes).toEqual(['a:1>a:2', '>b:1', 'b:1>']);
    expect(bed.lists).toBe(1);
  });

  test('goes on after the last good event, which does not come again', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    const seen = bed.apiserver.put('a', { spec: { level: 2 } });
    await bed.seesLevel('a', 2);
    bed.stream.cut();
    await bed.backOff();
    await bed.watching();
    expect(bed.stream.from).toBe(Number(seen.metadata.resourceVersion));
  });

  test('characters that are cut between two packets come out whole', async () => {
    await bed.start();
    const object = {
      metadata: { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '200' },
      spec: { text: 'Käse 日本語 😀' },
    };
    for (const byte of Buffer.from(line('ADDED', object))) {
      bed.stream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('it is seen', () => bed.cache.size === 1);
    expect(bed.cache.get({ namespace: 'default', name: 'a' })?.spec).toEqual({ text: 'Käse 日本語 😀' });
  });

  test('that stays broken the same way is answered by a new list in the end', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    for (let i = 0; i < 5; i++) {
      await bed.watching();
      bed.stream.write('garbage\n');
      await bed.backOff();
    }
    await until('it lists anew', () => bed.lists === 2);
  });

  test('that neither says anything nor ends is given up within a minute', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.delivers = false;
    bed.apiserver.put('a', { spec: { level: 2 } });
    await bed.clock.advance(52_000);
    bed.reflector!.endOverdue();
    expect(bed.apiserver.streams.size).toBe(1);
    await bed.clock.advance(2000);
    bed.reflector!.endOverdue();
    await bed.backOff();
    await bed.seesLevel('a', 2);
    expect(bed.warnings[0]).toContain('has neither sent nor ended anything');
  });

  test('that brings bookmarks and starves otherwise ends all the same', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.delivers = false;
    bed.apiserver.put('a', { spec: { level: 2 } });
    for (let seconds = 0; seconds < 54; seconds += 9) {
      await bed.clock.advance(9000);
      bed.apiserver.bookmark(101);
    }
    bed.reflector!.endOverdue();
    await bed.backOff();
    await bed.seesLevel('a', 2);
  });

  test('of a kind that is listed again ends, and the list shows what it had not told', async () => {
    bed.apiserver.put('a', { spec: { level: 1 } });
    await bed.start();
    bed.apiserver.delivers = false;
    bed.apiserver.put('a', { spec: { level: 2 } });
    bed.apiserver.put('b', { spec: { level: 1 } });
    await bed.reflector!.relist();
    expect([bed.level('a'), bed.level('b'), bed.lists]).toEqual([2, 1, 2]);
    expect(bed.warnings).toEqual([]);
  });
});

test('a stop during a list, a watch or a back-off ends it, and nothing follows', async () => {
  let release: () => void = () => undefined;
  bed.apiserver.fault = () => new Promise((resolve) => (release = resolve));
  await bed.start({ waits: false });
  await until('the list is asked for', () => bed.apiserver.seen.length === 1);
  bed.stop.abort();
  await bed.running;
  release();
  expect(bed.apiserver.requests('GET', 'watch=true')).toEqual([]);
  expect(bed.cache.isSynced).toBe(false);
});

test('silence is counted from the last answer: a failure that is retried is none', async () => {
  await bed.start();
  const reflector = bed.reflector!;
  const heard = reflector.heardAt;
  await bed.clock.advance(40_000);
  bed.apiserver.put('a', { spec: { level: 1 } });
  await until('the change is seen', () => bed.changes.length === 1);
  expect(reflector.heardAt - heard).toBe(40_000);
  const last = reflector.heardAt;
  await bed.clock.advance(1000);
  bed.stream.cut();
  await until('the failure is noticed', () => reflector.aliveAt - last === 1000);
  expect(reflector.heardAt).toBe(last);
});
