/** Passes from the change to the status, against an apiserver that misbehaves on command. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../test/wire/manualClock.ts';
import { PassBed } from '../../test/wire/passBed.ts';
import { until } from '../../test/wire/until.ts';
import { VALVE, ready, valve, type Valve } from '../../test/wire/valves.ts';
import type { Plan } from './feature.ts';
let bed: PassBed;
beforeEach(async () => {
  bed = await PassBed.open();
});
afterEach(() => bed.close());

describe('a pass', () => {
  test('writes the status of a new object once, and tells an event once', async () => {
    bed.put('a');
    let passes = 0;
    await bed.start({
      observe: () => passes++,
      decide: () => ({
        ...ready({ level: 1 }),
        outcome: { is: 'ready', reason: 'Open', message: 'Open.', recheckAfter: 0.01 },
      }),
    });
    await until('it was looked at five times', () => passes >= 5);
    expect(bed.status('a')).toMatchObject({
      level: 1,
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Open' }],
    });
    expect(bed.statusWrites().length).toBe(1);
    expect(bed.apiserver.requests('PATCH', '/status')[0]?.query.get('fieldManager')).toBe('holdfast-status');
  });

  test('is not caused by its own status, but by a label, a spec and a deletion', async () => {
    const why: string[] = [];
    bed.put('a');
    await bed.start({ observe: ({ metadata, spec }) => void why.push(`${spec.level} ${metadata.labels?.of ?? '-'}`) });
    await bed.reasonIs('a', 'Open');
    bed.apiserver.put('a', { metadata: { labels: { of: 'x' } } });
    await until('the label is seen', () => why.includes('1 x'));
    bed.apiserver.put('a', { spec: { level: 2 } });
    await until('the spec is seen', () => why.includes('2 x'));
    expect(why).toEqual(['1 -', '1 x', '2 x']);
  });

  test('whose status shows what others wrote beside it does not send it again and again', async () => {
    let passes = 0;
    bed.put('a');
    const outcome = { is: 'ready', reason: 'Open', message: 'Open.', recheckAfter: 0.01 } as const;
    await bed.start({ observe: () => passes++, decide: () => ({ ...ready({}), outcome }) });
    await bed.reasonIs('a', 'Open');
    bed.apiserver.fault = ({ path, body }) => {
      if (!path.endsWith('/status')) return undefined;
      const { status } = JSON.parse(body) as Valve;
      return { answer: 200, text: JSON.stringify({ ...bed.apiserver.get('a'), status: { ...status, foreign: 'x' } }) };
    };
    bed.apiserver.put('a', { status: { ...bed.status('a'), foreign: 'x' } as Valve['status'] });
    const before = bed.statusWrites().length;
    await until('it was sent', () => bed.statusWrites().length > before);
    const seen = passes;
    await until('it was looked at five times more', () => passes > seen + 5);
    expect(bed.statusWrites().length).toBe(before + 1);
  });

  test('that fails says so, keeps what was known, and is tried again until it works', async () => {
    let failures = 2;
    bed.apiserver.put('a', { ...valve('a'), status: { level: 4, conditions: [] } } as Partial<Valve>);
    await bed.start({
      observe: () => {
        if (failures-- > 0) throw new Error('The host does not answer; see its network.');
      },
    });
    await bed.reasonIs('a', 'ReconcileFailed');
    expect(bed.condition('a')).toMatchObject({
      status: 'False',
      message: 'The host does not answer; see its network.',
    });
    expect(bed.condition('a', 'Reconciling')?.reason).toBe('ProgressingWithRetry');
    expect(bed.status('a')?.level).toBe(4);
    await bed.reasonIs('a', 'Open');
    expect(bed.condition('a', 'Reconciling')).toBeUndefined();
    expect(bed.statusWrites().length).toBe(2);
    await until('both are told', () => bed.events().length === 2);
    expect(bed.events().map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Warning ReconcileFailed',
      'Normal Open',
    ]);
    expect(await bed.metric('controller_runtime_reconcile_errors_total{controller="valve"}')).toBe(2);
    expect(await bed.metric('workqueue_retries_total{name="valve"}')).toBe(2);
  });

  test('whose decision throws is a bug that is told, counted, and not tried again and again', async () => {
    bed.put('a');
    let passes = 0;
    await bed.start({
      decide: () => {
        passes++;
        throw new TypeError('the valve has no level');
      },
    });
    await bed.reasonIs('a', 'InternalError', 'Stalled');
    expect(bed.condition('a')).toMatchObject({ status: 'False', reason: 'InternalError' });
    expect(bed.logged.find(({ level }) => level === 'error')?.msg).toBe('A decision failed; this is a bug.');
    expect(await bed.metric('controller_runtime_reconcile_panics_total{controller="valve"}')).toBe(1);
    bed.apiserver.put('a', { spec: { level: 2 } });
    await until('a change brings another', () => passes === 2);
  });

  test.each([
    ['', undefined],
    ['while events are not accepted ', 'drop' as const],
  ])('that takes too long %sis called off, says so, and the others go on', async (_, events) => {
    bed.apiserver.fault = ({ method, path }) => (method === 'POST' && path.includes('/events') ? events : undefined);
    bed.put('slow');
    bed.put('quick');
    await bed.start(
      {
        workers: 1,
        observe: ({ metadata }, { signal }) =>
          metadata.name === 'quick'
            ? undefined
            : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      },
      { passSeconds: 0.1 },
    );
    await bed.reasonIs('slow', 'ReconcileFailed');
    expect(bed.condition('slow')?.message).toBe('The reconciliation took longer than 0.1 s; it will be retried.');
    await bed.reasonIs('quick', 'Open');
  });

  test('of an object that is gone, or was made again under its name, writes nothing to its successor', async () => {
    const first = bed.put('a');
    const seen: string[] = [];
    let release: () => void = () => undefined;
    await bed.start({
      observe: async ({ metadata }) => {
        seen.push(metadata.uid ?? '');
        if (metadata.uid === first.metadata.uid) await new Promise<void>((resolve) => (release = resolve));
      },
      decide: ({ metadata }) => ready({ began: metadata.uid }),
    });
    await until('the first is observed', () => seen.length === 1);
    bed.apiserver.remove('a');
    const second = bed.put('a');
    await until(
      'the cache has it',
      () => bed.runtime!.reader.get(VALVE, { namespace: 'default', name: 'a' })?.metadata.uid === second.metadata.uid,
    );
    release();
    await bed.reasonIs('a', 'Open');
    const written = bed.apiserver
      .requests('PATCH', '/status')
      .map(({ body }) => (JSON.parse(body) as Valve).status?.began);
    expect(written).toEqual([second.metadata.uid]);
  });

  test('of an object that waits for another is made when that one changes', async () => {
    bed.put('tank');
    bed.put('a');
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
    await bed.start({
      observe: (_it, { read }) => read.get(VALVE, { namespace: 'default', name: 'tank' })?.spec.level,
      decide: ({ metadata }, level) =>
        metadata.name === 'a' && level === 1 ? waiting(1) : ready({ level: level as number }),
    });
    await bed.reasonIs('a', 'TankIsEmpty');
    bed.put('tank', { level: 2 });
    await bed.reasonIs('a', 'Open');
  });
});

describe('own writes', () => {
  test('are waited for when the watch lags behind: nothing is decided from before them', async () => {
    const counts: number[] = [];
    await bed.start({
      decide: (it) => {
        const count = it.status?.count ?? 0;
        counts.push(count);
        const plan = ready<string>({ count: count + 1 });
        return count < 3
          ? { ...plan, outcome: { is: 'progressing', reason: 'Counting', message: 'x', recheckAfter: 0 } }
          : plan;
      },
    });
    await until('it watches', () => bed.apiserver.streams.size === 1);
    bed.put('a');
    bed.apiserver.delivers = false;
    await until('it waits', async () => (await bed.metric('holdfast_own_write_waits_total{controller="valve"}')) > 0);
    expect(counts).toEqual([0]);
    bed.apiserver.delivers = true;
    for (const stream of bed.apiserver.streams) stream.cut();
    await bed.reasonIs('a', 'Open');
    expect(counts).toEqual([0, 1, 2, 3]);
  });
});

describe('suspension', () => {
  test('stops everything but tells why, and ends when it is removed', async () => {
    let passes = 0;
    bed.put('a', { level: 1, suspend: { reason: 'Migration' } });
    await bed.start({ observe: () => passes++ });
    await bed.reasonIs('a', 'Suspended', 'Suspended');
    expect(bed.condition('a', 'Suspended')?.message).toBe('Migration (until spec.suspend is removed)');
    expect(bed.condition('a')?.status).toBe('True');
    expect(passes).toBe(0);
    bed.put('a', { level: 1 });
    await bed.reasonIs('a', 'Open');
    expect(bed.condition('a', 'Suspended')).toBeUndefined();
  });

  test('ends by itself at its time', async () => {
    const clock = new ManualClock();
    bed.put('a', { level: 1, suspend: { reason: 'x', until: new Date(clock.now().getTime() + 60_000).toISOString() } });
    await bed.start({}, { clock });
    await bed.reasonIs('a', 'Suspended', 'Suspended');
    await clock.advance(59_000);
    expect(bed.condition('a')?.reason).toBe('Suspended');
    await until('it goes on', async () => (await clock.advance(1000), bed.condition('a')?.reason === 'Open'));
  });
});
