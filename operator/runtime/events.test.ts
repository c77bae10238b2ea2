import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock, settle } from '../../test/wire/manualClock.ts';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { ApiError } from './apiError.ts';
import { Events, type EventOptions } from './events.ts';
import { createLog } from './log.ts';

const device = (uid = 'u1', namespace: string | undefined = 'team-a'): Resource => ({
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'Device',
  metadata: { name: 'web-01', namespace, uid, resourceVersion: '7' },
  spec: {},
});
const drift = { type: 'Warning', reason: 'Drift', message: 'Two checks fail.' } as const;
let clock: ManualClock;
let events: Events;
let created: Record<string, unknown>[];
let patched: Record<string, unknown>[];
let isLeading: boolean;
let options: () => EventOptions;
let answer: () => Promise<never>;

const accept = (): Promise<never> => Promise.resolve({} as never);

/** As a request ends when it is called off. */
function within(request: Promise<never>, signal: AbortSignal | undefined): Promise<never> {
  const calledOff = new Promise<never>((_, reject) =>
    signal?.addEventListener('abort', () => reject(new Error('called off'))),
  );
  return Promise.race([request, calledOff]);
}

beforeEach(() => {
  clock = new ManualClock();
  [created, patched, isLeading] = [[], [], true];
  answer = accept;
  const client = {
    create: (_kind: unknown, body: object, how: { signal?: AbortSignal }) => {
      created.push(body as Record<string, unknown>);
      return within(answer(), how.signal);
    },
    mergePatch: (_kind: unknown, key: object, body: object, how: { signal?: AbortSignal }) => {
      patched.push({ ...key, ...body });
      return within(answer(), how.signal);
    },
  };
  options = () => ({
    client,
    clock,
    log: createLog('silent'),
    controller: 'holdfast.dev/operator',
    instance: 'pod-1',
    isLeading: () => isLeading,
    random: () => 0,
  });
  events = new Events(options());
});

describe('an event', () => {
  test('says what happened to what, when, and who saw it', async () => {
    events.tell(device(), drift);
    await settle();
    expect(created).toMatchObject([
      {
        apiVersion: 'events.k8s.io/v1',
        metadata: { namespace: 'team-a' },
        type: 'Warning',
        reason: 'Drift',
        note: 'Two checks fail.',
        eventTime: '2026-01-01T00:00:00.000000Z',
        regarding: { kind: 'Device', namespace: 'team-a', name: 'web-01', uid: 'u1' },
        reportingController: 'holdfast.dev/operator',
        reportingInstance: 'pod-1',
      },
    ]);
  });

  test('that is said again within ten minutes is counted, not made again', async () => {
    events.tell(device(), drift);
    await clock.advance(60_000);
    events.tell(device(), drift);
    await clock.advance(60_000);
    events.tell(device(), drift);
    await settle();
    expect(created).toHaveLength(1);
    const { name } = created[0]!.metadata as { name: string };
    expect(patched).toMatchObject([
      { namespace: 'team-a', name, series: { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' } },
      { namespace: 'team-a', name, series: { count: 3 } },
    ]);
    await clock.advance(601_000);
    events.tell(device(), drift);
    await settle();
    expect(created).toHaveLength(2);
  });

  test('with another message, reason or object is another one', async () => {
    events.tell(device(), drift);
    events.tell(device(), { ...drift, message: 'Three checks fail.' });
    events.tell(device(), { ...drift, reason: 'Unreachable' });
    events.tell(device('u2'), drift);
    await settle();
    expect(created).toHaveLength(4);
    expect(new Set(created.map(({ metadata }) => (metadata as { name: string }).name)).size).toBe(4);
  });

  test('is cut where the apiserver would refuse it, and stands in default for what has no namespace', async () => {
    events.tell(
      { ...device(), metadata: { ...device().metadata, name: 'x'.repeat(253), namespace: undefined } },
      { ...drift, message: 'ä'.repeat(2000) },
    );
    await settle();
    const [{ note, metadata }] = created as [{ note: string; metadata: { name: string; namespace: string } }];
    expect(note).toHaveLength(1024);
    expect(metadata.name.length).toBeLessThanOrEqual(253);
    expect(metadata.namespace).toBe('default');
  });

  test('that cannot be sent disturbs nobody, and the next one is sent', async () => {
    answer = () => Promise.reject(new Error('forbidden'));
    events.tell(device(), drift);
    await settle();
    answer = () => Promise.resolve({} as never);
    events.tell(device('u2'), drift);
    await settle();
    expect(created).toHaveLength(2);
  });
});

describe('a warning', () => {
  const failed = {
    type: 'Ready',
    status: 'False',
    reason: 'Drift',
    message: 'Two checks fail.',
    lastTransitionTime: '2025-12-31T23:50:00Z',
  } as const;
  const before = { conditions: [{ ...failed, status: 'True' as const, reason: 'Fine' }] };
  const names = (): string[] => created.map(({ metadata }) => (metadata as { name: string }).name);
  const status = (code: number, reason?: string) => () => Promise.reject(new ApiError('create', code, { reason }));

  test('is there before it is answered', async () => {
    let release: () => void = () => undefined;
    answer = () => new Promise((resolve) => (release = () => resolve({} as never)));
    let isAnswered = false;
    const warned = events.warn(device(), failed, before).then(() => (isAnswered = true));
    await settle();
    expect([created.length, isAnswered]).toEqual([1, false]);
    release();
    await warned;
  });

  test('has one name whoever tells it of the same status, and another of another one', async () => {
    await events.warn(device(), failed, before);
    const next = new Events(options());
    answer = status(409, 'AlreadyExists');
    await next.warn(device(), { ...failed, lastTransitionTime: '2026-01-01T00:00:00Z' }, before);
    next.warnAgain(device());
    await settle();
    expect(names()).toEqual([names()[0], names()[0]]);
    expect(patched).toEqual([]);
    answer = accept;
    await new Events(options()).warn(device(), failed, undefined);
    expect(new Set(names()).size).toBe(2);
  });

  test('of the same transition is told once by one operator', async () => {
    await events.warn(device(), failed, before);
    await events.warn(device(), failed, before);
    events.warnAgain(device());
    await settle();
    expect([created.length, patched.length]).toEqual([1, 0]);
  });

  test('is told once until a status shows it, whatever status was stored instead', async () => {
    await events.warn(device(), failed, before);
    await events.warn(device(), failed, { conditions: [...before.conditions, { ...failed, type: 'Reconciling' }] });
    events.shown(device(), 'Compliant');
    await events.warn(device(), failed, {});
    expect(created).toHaveLength(1);
    events.shown(device(), 'Ready');
    await events.warn(device(), failed, {});
    expect([created.length, patched.length]).toEqual([2, 0]);
  });

  test('is told again when it comes again, though nobody answered to the status that showed it, nor to the next one', async () => {
    await events.warn(device(), failed, before);
    events.seen(device(), [{ ...failed, reason: 'Other' }]);
    await events.warn(device(), failed, { ...before, other: 1 });
    expect(created).toHaveLength(1);
    events.seen(device(), [failed]);
    await events.warn(device(), failed, { ...before, other: 2 });
    expect(created).toHaveLength(2);
  });

  test('that no status came to show is told when it comes again, once another has been stored', async () => {
    await events.warn(device(), failed, before);
    events.shown(device());
    await events.warn(device(), failed, {});
    expect(new Set(names()).size).toBe(2);
  });

  test('and another of the same words, both slow, are two', async () => {
    const releases: (() => void)[] = [];
    answer = () => new Promise((resolve) => releases.push(() => resolve({} as never)));
    for (const basis of [before, {}]) {
      void events.warn(device(), failed, basis);
      events.shown(device(), 'Ready');
      events.warnAgain(device());
    }
    for (let passes = 0; passes < 5; passes += 1) {
      events.warnAgain(device());
      await settle();
      releases.splice(0).forEach((release) => release());
      await settle();
    }
    expect([new Set(names()).size, created.length, patched.length]).toEqual([2, 2, 0]);
  });

  test('that came before is counted once, however slowly', async () => {
    await events.warn(device(), failed, before);
    events.shown(device(), 'Ready');
    let release: () => void = () => undefined;
    answer = () => new Promise((resolve) => (release = () => resolve({} as never)));
    const warned = events.warn(device(), failed, {});
    events.warnAgain(device());
    events.warnAgain(device());
    await settle();
    release();
    await warned;
    events.warnAgain(device());
    await settle();
    expect([new Set(names()).size, created.length, patched.length]).toEqual([2, 2, 0]);
  });

  test.each([409, 429, 500, 503, 504])('that is answered with %d is sent again', async (code) => {
    answer = status(code);
    const warned = events.warn(device(), failed, before);
    await settle();
    answer = accept;
    await clock.advance(600);
    await warned;
    expect(names()).toEqual([names()[0], names()[0]]);
  });

  test('that the apiserver leaves unanswered delays a pass for 20 seconds, while it is sent again and again', async () => {
    answer = () => new Promise(() => undefined);
    let passes = 0;
    const warn = () => void events.warn(device(), failed, before).then(() => passes++);
    warn();
    await clock.advance(10_000);
    // One that comes to the same meanwhile, such as after a conflict, waits too.
    warn();
    await clock.advance(9000);
    expect([passes, new Set(names()).size]).toEqual([0, 1]);
    await clock.advance(1000);
    expect(passes).toBe(1);
    answer = accept;
    await clock.advance(8000);
    expect(passes).toBe(2);
  });

  test('is not waited for when the pass is called off', async () => {
    answer = () => new Promise(() => undefined);
    const stop = new AbortController();
    const warned = events.warn(device(), failed, before, stop.signal);
    await clock.advance(1000);
    stop.abort();
    await warned;
    expect(created).toHaveLength(1);
  });

  test.each<[string, () => void, () => void]>([
    ['while we do not lead', () => (isLeading = false), () => (isLeading = true)],
    ['but is forbidden', () => (answer = status(403)), () => (answer = accept)],
  ])('that was to be told %s is told by a later pass', async (_what, breaks, mends) => {
    breaks();
    await events.warn(device(), failed, before);
    mends();
    const told = created.length;
    events.warnAgain(device());
    await settle();
    expect(created).toHaveLength(told + 1);
    events.warnAgain(device());
    await settle();
    expect(created).toHaveLength(told + 1);
  });

  test('of each of ten thousand objects is told by and by, and never more than a thousand wait', async () => {
    answer = () => new Promise(() => undefined);
    const devices = Array.from({ length: 10_000 }, (_, i) => device(`u-${i}`, `ns-${i % 20}`));
    const warned = Promise.all(devices.map((one) => events.warn(one, failed, before)));
    answer = accept;
    await clock.advance(6000);
    await warned;
    const first = created.length;
    expect(first).toBeGreaterThan(500);
    expect(first).toBeLessThanOrEqual(1000);
    for (let round = 0; round < 20; round++) {
      for (const one of devices) events.warnAgain(one);
      for (let turn = 0; turn < 60; turn++) await settle();
    }
    expect(new Set(names()).size).toBe(10_000);
  });
});

test('one event that is slow delays neither those of others nor lasts longer than five seconds, and its object stays in order', async () => {
  const slow = answer;
  answer = () => new Promise(() => undefined);
  events.tell(device(), drift);
  events.tell(device(), { ...drift, message: 'Three checks fail.' });
  answer = slow;
  events.tell(device('u2', 'team-b'), drift);
  await settle();
  expect(created.map(({ note, regarding }) => [note, (regarding as { uid: string }).uid])).toEqual([
    ['Two checks fail.', 'u1'],
    ['Two checks fail.', 'u2'],
  ]);
  await clock.advance(5600);
  await settle();
  expect(created.slice(2).map(({ note }) => note)).toEqual(['Two checks fail.', 'Three checks fail.']);
});

test('an object that says ever new things is cut short, and the others are heard', async () => {
  for (let i = 0; i < 1000; i++) events.tell(device(), { ...drift, message: `Host ${i} fails.` });
  events.tell(device('u2'), drift);
  await settle();
  while (created.length < 26) await settle();
  expect(created).toHaveLength(26);
  await clock.advance(60_000);
  for (let i = 0; i < 10; i++) events.tell(device(), { ...drift, message: `Again ${i}.` });
  await settle();
  expect(created).toHaveLength(28);
});

test('a flush ends when all is sent, and in time when the apiserver does not answer', async () => {
  let release: () => void = () => undefined;
  answer = () => new Promise((resolve) => (release = () => resolve({} as never)));
  events.tell(device(), drift);
  let flushed = false;
  const flushing = events.flush(2000).then(() => (flushed = true));
  await clock.advance(1000);
  expect(flushed).toBe(false);
  release();
  await flushing;
  answer = () => new Promise(() => undefined);
  events.tell(device('u2'), drift);
  const second = events.flush(2000);
  await clock.advance(2000);
  await second;
});
