/** What a pass has looked at changes before it writes: by others, by another leader, by a restore. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../test/wire/manualClock.ts';
import { PassBed } from '../../test/wire/passBed.ts';
import { until } from '../../test/wire/until.ts';
import { VALVE, ready, type Valve } from '../../test/wire/valves.ts';
let bed: PassBed;
beforeEach(async () => {
  bed = await PassBed.open();
});
afterEach(() => bed.close());

/** Runs `happens` once, while the first pass is between looking and writing. */
function duringFirstPass(happens: () => void): () => void {
  let passes = 0;
  return () => {
    if (++passes === 1) happens();
  };
}

describe('a status', () => {
  test('of a pass on an old view overwrites no record that it has not seen, and is not tried again on it', async () => {
    const seen: (string | undefined)[] = [];
    const change = duringFirstPass(() => {
      bed.apiserver.delivers = false;
      bed.apiserver.put('a', { status: { began: 'elsewhere', conditions: [] } as object });
    });
    await bed.start({
      observe: ({ status }: Valve) => (seen.push(status?.began), change()),
      decide: ({ status }) => ready({ began: status?.began ?? 'here' }),
    });
    await until('it watches', () => bed.apiserver.streams.size === 1);
    bed.put('a');
    await until(
      'the next pass waits',
      async () => (await bed.metric('holdfast_own_write_waits_total{controller="valve"}')) > 0,
    );
    expect([bed.status('a')?.began, seen.length, bed.statusWrites().length]).toEqual(['elsewhere', 1, 1]);
    bed.apiserver.delivers = true;
    for (const stream of bed.apiserver.streams) stream.end();
    await bed.reasonIs('a', 'Open');
    expect(bed.status('a')?.began).toBe('elsewhere');
    expect([seen.length, bed.statusWrites().length]).toEqual([2, 2]);
    expect(bed.events().filter(({ type }) => type === 'Warning')).toEqual([]);
  });

  test('is bound to the version that was looked at, each one of a pass to the one before', async () => {
    bed.put('a');
    await bed.start({ decide: () => ready({ level: 1 }) });
    await bed.reasonIs('a', 'Open');
    expect(bed.statusWrites().map(({ metadata }) => metadata.resourceVersion)).toEqual(['101']);
  });

  test('is written although others annotate the object faster than a pass takes', async () => {
    bed.put('a');
    let count = 0;
    await bed.start({
      observe: () => void bed.apiserver.put('a', { metadata: { annotations: { seen: `${++count}` } } }),
      decide: () => ready({ level: 1 }),
    });
    await until('it has a status', () => bed.status('a')?.level === 1);
    expect(bed.condition('a')?.reason).toBe('Open');
  });

  test('that the apiserver refuses although nothing has changed is not tried in a loop', async () => {
    bed.put('a');
    bed.apiserver.fault = ({ method, path }) =>
      method === 'PATCH' && path.endsWith('/status') ? { answer: 409 } : undefined;
    const clock = new ManualClock();
    await bed.start({}, { clock, random: () => 0 });
    await until('it was refused', () => bed.statusWrites().length === 1);
    for (let seconds = 0; seconds < 60; seconds++) await clock.advance(1000);
    const { length } = bed.statusWrites();
    expect(length).toBeGreaterThan(8);
    expect(length).toBeLessThan(30);
  });
});

describe('a status that is not our last write', () => {
  test.each([
    ['is older', (before: Valve['status']) => before],
    ['was edited', (_: Valve['status'], now: Valve['status']) => ({ ...now, level: 9 })],
    ['was removed', () => undefined],
  ])('brings a pass at once: it %s', async (_what, statusOf) => {
    bed.put('a', { level: 1 });
    await bed.start({ decide: ({ spec }) => ready({ level: spec.level }) });
    await until('it is written', () => bed.status('a')?.level === 1);
    const before = bed.status('a');
    bed.put('a', { level: 2 });
    await until('it is written', () => bed.status('a')?.level === 2);
    bed.apiserver.put('a', { status: statusOf(before, bed.status('a')) });
    await until('it is put right', () => bed.status('a')?.level === 2 && bed.condition('a')?.reason === 'Open');
  });

  test('is none that comes back from our own write: one pass, one write', async () => {
    let passes = 0;
    bed.put('a');
    await bed.start({ observe: () => passes++, decide: () => ready({ level: 1 }) });
    await bed.reasonIs('a', 'Open');
    bed.put('b');
    await bed.reasonIs('b', 'Open');
    bed.put('c');
    await bed.reasonIs('c', 'Open');
    expect(passes).toBe(3);
  });

  test('keeps coming, and yet the operator is not kept busy', async () => {
    const clock = new ManualClock();
    let passes = 0;
    bed.put('a');
    await bed.start({ observe: () => passes++, decide: () => ready({ level: 1 }) }, { clock, random: () => 0 });
    await bed.reasonIs('a', 'Open');
    let level = 100;
    for (let seconds = 0; seconds < 600; seconds += 2) {
      bed.apiserver.put('a', { status: { ...bed.status('a'), level: ++level } as object });
      await clock.advance(2000);
    }
    expect(passes).toBeGreaterThan(4);
    expect(passes).toBeLessThan(60);
  });
});

describe('a store that was put back', () => {
  const cases: [string, () => unknown][] = [
    ['and is found out by a bookmark', () => undefined],
    ['and has gone on meanwhile', () => Array.from({ length: 3 }, (_, i) => bed.put(`late-${i}`))],
  ];
  test.each(cases)('leaves no ghosts, and everything is looked at again: %s', async (_what, goesOn) => {
    bed.put('kept');
    await bed.start({ decide: ({ spec }) => ready({ level: spec.level }) });
    await bed.reasonIs('kept', 'Open');
    const putBack = bed.apiserver.copy();
    bed.put('ghost');
    bed.put('kept', { level: 5 });
    await until('all is written', () => bed.status('ghost')?.level === 1 && bed.status('kept')?.level === 5);
    for (let i = 0; i < 20; i++) bed.put('ghost', { level: i + 2 });
    await until('all is written', () => bed.status('ghost')?.level === 21);
    putBack();
    goesOn();
    await until('it is found out', () => {
      bed.apiserver.bookmark();
      return bed.logged.some(({ msg }) => msg.includes('it was restored'));
    });
    const names = () => bed.runtime!.reader.list(VALVE, 'default').map(({ metadata }) => metadata.name);
    await until('the ghost is gone', () => !names().includes('ghost'));
    await until('it is as declared then', () => bed.status('kept')?.level === 1);
    const later = bed.put('new', { level: 7 });
    await until('it goes on', () => bed.status(later.metadata.name)?.level === 7);
  });

  test('calls off the passes at work: none of them goes on from what it saw before', async () => {
    const gate = Promise.withResolvers<void>();
    const done: unknown[] = [];
    bed.put('kept');
    await bed.start({
      observe: async ({ spec }: Valve) => (spec.level === 5 ? await gate.promise : undefined),
      decide: ({ spec }) => ({
        ...ready({ level: spec.level }),
        actions: [{ do: 'perform', effect: String(spec.level) }],
      }),
      perform: (effect: unknown) => Promise.resolve(void done.push(effect)),
    });
    await bed.reasonIs('kept', 'Open');
    const putBack = bed.apiserver.copy();
    bed.put('kept', { level: 5 });
    for (let i = 0; i < 20; i++) bed.put('ghost', { level: i + 2 });
    await until('all is written', () => bed.status('ghost')?.level === 21);
    putBack();
    await until('it is found out', () => {
      bed.apiserver.bookmark();
      return bed.logged.some(({ msg }) => msg.includes('it was restored'));
    });
    const later = bed.put('new', { level: 7 });
    await until('it goes on', () => bed.status(later.metadata.name)?.level === 7);
    gate.resolve();
    await until('it is as declared then', () => done.at(-1) === '1');
    expect(done).not.toContain('5');
  });
});
