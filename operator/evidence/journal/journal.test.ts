import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decision, fails, reportOn } from '../../../test/builders/journal.ts';
import { JournalBed, type OpenJournal } from '../../../test/builders/journalBed.ts';
import { StoreError } from '../../connect/objectStore/types.ts';
import type { JournalEntry } from './entry.ts';
import { journalCurrent } from './standing.ts';

let bed: JournalBed;
const opened: OpenJournal[] = [];

beforeEach(() => {
  bed = new JournalBed();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  bed.remove();
});

function open(...how: Parameters<JournalBed['open']>): OpenJournal {
  const one = bed.open(...how);
  opened.push(one);
  return one;
}

/** What fails of web-01 from now on. */
function decide({ journal }: OpenJournal, ...paths: string[]): boolean {
  bed.seconds += 60;
  return journal.record({
    is: 'decided',
    decision: decision(bed.seconds, [reportOn(paths.map((path) => fails(path)))]),
  });
}

async function flush({ keeper }: OpenJournal): Promise<void> {
  await keeper.flush(AbortSignal.timeout(20_000));
}

async function end(one: OpenJournal): Promise<void> {
  await one.close();
  opened.splice(opened.indexOf(one), 1);
}

function words({ event, finding, facts }: JournalEntry): string {
  const of = finding?.path ?? (facts?.['reason'] as string | undefined) ?? '';
  return `${event} ${of}${facts?.['late'] === true ? ' late' : ''}`.trim();
}

async function journaled(): Promise<string[]> {
  return (await bed.entries(() => undefined)).map(words);
}

function segment(number: number): string {
  return join(bed.storeFolder, 'fleet/main/journal', `${String(number).padStart(12, '0')}.ndjson`);
}

describe('the store', () => {
  test('cannot even be opened: it is tried with pauses, and whoever waits for it is answered in time', async () => {
    let tries = 0;
    const onConnect = () => {
      tries += 1;
      // Without pauses nothing else would run, this test included.
      if (tries === 10_000) throw new Error('it is tried without a pause');
      if (tries < 10_000) throw new StoreError('Unavailable', 'the store is suspended');
    };
    const one = open({ onConnect });
    decide(one, 'mode');
    await expect(one.keeper.flush(AbortSignal.timeout(50))).rejects.toThrow('is suspended');
    expect(tries).toBeLessThan(100);
    tries = 10_000;
    await flush(one);
    expect((await journaled()).length).toBe(1);
  });

  test('is away for a day: nothing is lost, and it says since when it is behind', async () => {
    let isAway = false;
    const onStore = () => {
      if (isAway) throw new StoreError('Unavailable', 'the store does not answer');
      return undefined;
    };
    const one = open({ onStore });
    decide(one, 'mode');
    await flush(one);
    isAway = true;
    for (let at = 0; at < 40; at++) decide(one, at % 2 ? 'mode' : 'owner');
    await expect(one.keeper.flush(AbortSignal.timeout(50))).rejects.toThrow('does not answer');
    expect(journalCurrent(one.keeper.standing, new Date(bed.clock.now().getTime() + 86_400_000))).toMatchObject({
      status: 'False',
      reason: 'Unavailable',
      message: expect.stringContaining('are not stored yet: the store does not answer') as unknown,
    });
    isAway = false;
    await flush(one);
    expect((await journaled()).length).toBe(1 + 40 * 2);
    expect(journalCurrent(one.keeper.standing, bed.clock.now())).toMatchObject({ status: 'True' });
  });

  test('is away when the operator starts without its disk: what was decided meanwhile is compared once it is back', async () => {
    const first = open();
    decide(first, 'mode', 'owner');
    await flush(first);
    await end(first);
    let isAway = true;
    const onStore = () => {
      if (isAway) throw new StoreError('Unavailable', 'away');
      return undefined;
    };
    const second = open({ onStore }, 'new-pod');
    decide(second, 'mode');
    decide(second, 'mode');
    decide(second, 'mode', 'group');
    const { behindSince, ...nothingWaits } = second.keeper.standing;
    expect(behindSince).toBeDefined();
    // What the store has is not known, so that nothing is known to be current.
    expect(journalCurrent(nothingWaits, bed.clock.now())).toMatchObject({ status: 'Unknown' });
    isAway = false;
    await flush(second);
    expect(journalCurrent(second.keeper.standing, bed.clock.now())).toMatchObject({ status: 'True' });
    expect(await journaled()).toEqual([
      'FindingOpened mode',
      'FindingOpened owner',
      'FindingClosed owner',
      'FindingOpened group',
    ]);
  });

  test('has another segment of that number: what was not stored goes behind it', async () => {
    const one = open();
    decide(one, 'mode');
    await flush(one);
    const other = open({}, 'other');
    await flush(other);
    // Both saw the same thing, and each something that the other did not.
    decide(one, 'mode', 'owner');
    decide(other, 'mode', 'owner');
    other.journal.record({
      is: 'decided',
      decision: decision(bed.seconds, [reportOn([fails('group')], { name: 'rhel9.web-02' })], {
        object: { kind: 'Device', namespace: 'fleet', name: 'web-02' },
      }),
    });
    await flush(other);
    decide(one, 'owner');
    await flush(one);
    expect(await journaled()).toEqual([
      'FindingOpened mode',
      'FindingOpened owner',
      'FindingOpened group',
      'FindingClosed mode',
    ]);
    expect((await bed.entries()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  test('has what another writer decided later: what comes late says so, and changes nothing of it', async () => {
    let isAway = false;
    const onStore = () => {
      if (isAway) throw new StoreError('Unavailable', 'away');
      return undefined;
    };
    const one = open({ onStore });
    await flush(one);
    isAway = true;
    decide(one, 'mode');
    const other = open({}, 'other');
    decide(other, 'owner');
    decide(other);
    await flush(other);
    isAway = false;
    await flush(one);
    decide(one);
    await flush(one);
    expect(await journaled()).toEqual(['FindingOpened owner', 'FindingClosed owner', 'FindingOpened mode late']);
  });

  test.each([
    [
      'changed',
      () => writeFileSync(segment(1), readFileSync(segment(1), 'utf8').replace('web-01', 'web-99')),
      'SegmentAltered',
    ],
    ['gone', () => rmSync(segment(1)), 'SegmentMissing'],
  ])('has a segment that is %s: the next one says so', async (_, harm, reason) => {
    const one = open();
    decide(one, 'mode');
    await flush(one);
    harm();
    decide(one, 'mode', 'owner');
    await flush(one);
    decide(one);
    await flush(one);
    expect(await journaled()).toContain(`Gap ${reason}`);
    expect(journalCurrent(one.keeper.standing, bed.clock.now())).toMatchObject({ status: 'False', reason: 'Altered' });
    await expect(bed.entries()).rejects.toThrow(/segment 1 of the journal is/);
  });

  test('lost a segment in the middle: a start without the disk says so once, and goes on behind the last', async () => {
    const one = open();
    for (const path of ['mode', 'owner', 'group']) {
      decide(one, path);
      await flush(one);
    }
    await end(one);
    rmSync(segment(2));
    for (const pod of ['b', 'c']) {
      const next = open({}, pod);
      decide(next, 'group');
      await flush(next);
      await end(next);
    }
    expect((await journaled()).filter((one) => one === 'Gap SegmentMissing')).toHaveLength(1);
    expect(readdirSync(join(bed.storeFolder, 'fleet/main/journal'))).toContain('000000000004.ndjson');
  });

  test('has a state that the operator did not write: it is not believed', async () => {
    const one = open();
    for (let at = 0; at < 70; at++) {
      decide(one, at % 2 ? 'mode' : 'owner');
      await flush(one);
    }
    await end(one);
    const [state = ''] = readdirSync(join(bed.storeFolder, 'fleet/main/journal')).filter((name) =>
      name.startsWith('state'),
    );
    const file = join(bed.storeFolder, 'fleet/main/journal', state);
    const before = await journaled();
    const forged = readFileSync(file, 'utf8').replaceAll('mode', 'none');
    for (const content of [readFileSync(file, 'utf8'), forged, 'not JSON']) {
      writeFileSync(file, content);
      const next = open({}, `pod-${content.length}`);
      decide(next, 'mode');
      await flush(next);
      await end(next);
    }
    expect(await journaled()).toEqual(before);
  });
});

describe('the disk', () => {
  test('is full: what there is no room for is journaled when there is, behind an entry that says since when', async () => {
    let room = Infinity;
    const one = open({ room: () => room });
    decide(one, 'mode');
    await flush(one);
    room = 100;
    expect(decide(one, 'mode', 'owner')).toBe(false);
    expect(decide(one, 'group')).toBe(false);
    expect(journalCurrent(one.keeper.standing, bed.clock.now())).toMatchObject({
      status: 'False',
      reason: 'SpoolFull',
    });
    room = Infinity;
    one.journal.endGap();
    await flush(one);
    expect(await journaled()).toEqual([
      'FindingOpened mode',
      'Gap SpoolFull',
      'FindingClosed mode',
      'FindingOpened group',
    ]);
    const [, gap] = await bed.entries();
    expect(gap?.facts).toMatchObject({ from: decision(120).time, to: decision(180).time });
  });

  test('is full when the operator ends: the next one says that there was a gap', async () => {
    let room = Infinity;
    const one = open({ room: () => room });
    decide(one, 'mode');
    await flush(one);
    room = 0;
    decide(one, 'owner');
    await end(one);
    room = Infinity;
    const next = open();
    decide(next, 'owner');
    await flush(next);
    next.journal.endGap();
    decide(next, 'owner', 'group');
    await flush(next);
    expect(await journaled()).toEqual([
      'FindingOpened mode',
      'Gap SpoolFull',
      'FindingClosed mode',
      'FindingOpened owner',
      'FindingOpened group',
    ]);
  });

  test('refuses a write: no pass hears of it, and it is journaled later', async () => {
    let isBroken = false;
    const onSpool = (operation: string) => {
      if (isBroken && operation.startsWith('append')) throw new Error('ENOSPC');
      return undefined;
    };
    const one = open({ onSpool });
    decide(one, 'mode');
    await flush(one);
    isBroken = true;
    expect(decide(one, 'owner')).toBe(false);
    isBroken = false;
    one.journal.endGap();
    await flush(one);
    expect(await journaled()).toEqual([
      'FindingOpened mode',
      'Gap DiskFailed',
      'FindingClosed mode',
      'FindingOpened owner',
    ]);
  });

  test('lost the end of a line with the power: the line is not there, and its decision is journaled again', async () => {
    let isAway = false;
    const onStore = () => {
      if (isAway) throw new StoreError('Unavailable', 'away');
      return undefined;
    };
    const one = open({ onStore });
    await flush(one);
    isAway = true;
    decide(one, 'mode');
    decide(one, 'mode', 'owner');
    await end(one);
    const folder = join(bed.spoolFolder(), 'current');
    const [file = ''] = readdirSync(folder).filter((name) => name.includes('ndjson'));
    truncateSync(join(folder, file), readFileSync(join(folder, file)).length - 200);
    const next = open();
    decide(next, 'mode', 'owner');
    await flush(next);
    expect(await journaled()).toEqual(['FindingOpened mode', 'FindingOpened owner']);
  });

  test('has a spool that is damaged: what is sound of it is journaled, and that it was', async () => {
    let isAway = false;
    const onStore = () => {
      if (isAway) throw new StoreError('Unavailable', 'away');
      return undefined;
    };
    const one = open({ onStore });
    await flush(one);
    isAway = true;
    decide(one, 'mode');
    decide(one, 'mode', 'owner');
    await end(one);
    const folder = join(bed.spoolFolder(), 'current');
    const [file = ''] = readdirSync(folder).filter((name) => name.includes('ndjson'));
    writeFileSync(
      join(folder, file),
      readFileSync(join(folder, file), 'utf8')
        .replace('"path":"mode"', '"path":"mo\ue000e"')
        .replace('{"segment"', '{"segmemt"'),
    );
    const next = open();
    decide(next, 'mode', 'owner');
    await flush(next);
    expect(await journaled()).toEqual(['Gap SegmentAltered', 'FindingOpened mo\ue000e', 'FindingOpened owner']);
  });
});

test('what is appended by an ID is there once, whoever appends it again', async () => {
  const one = open();
  await flush(one);
  const draft = {
    time: decision(0).time,
    event: 'PackStored' as const,
    object: { kind: 'EvidencePack', name: 'nightly' },
    facts: { id: 'nightly/1' },
  };
  one.journal.record({ is: 'appended', draft });
  one.journal.record({ is: 'appended', draft });
  await flush(one);
  await end(one);
  const next = open({}, 'new-pod');
  next.journal.record({ is: 'appended', draft });
  next.journal.record({ is: 'appended', draft: { ...draft, facts: { id: 'nightly/2' } } });
  await flush(next);
  expect((await bed.entries()).map(({ facts }) => facts?.['id'])).toEqual(['nightly/1', 'nightly/2']);
});
