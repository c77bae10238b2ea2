/**
 * Random histories of hosts, while the operator ends before, in the middle of and after each of its writes, and replies of the store are lost. What is read back
 * in the end is each transition that was decided, once: counted by an oracle that knows only what was there before and after.
 */
import { describe, expect, test } from '@jest/globals';
import { decision, fails, reportOn, stated } from '../../../test/builders/journal.ts';
import { JournalBed, Killed, type Fault, type OpenJournal } from '../../../test/builders/journalBed.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import type { Decision } from './decision.ts';
import type { JournalEntry } from './entry.ts';
import type { Kept } from './decisions.ts';

const paths = ['mode', 'owner', 'group', 'content'];
const steps = 40;

interface Step {
  readonly name: string;
  readonly open: readonly string[];
  readonly isWell: boolean;
}

function history(seed: number): Step[] {
  const below = numbers(seed);
  return Array.from({ length: steps }, () => ({
    name: `web-0${below(3)}`,
    open: paths.filter(() => below(2) === 0),
    isWell: below(2) === 0,
  }));
}

function decisionAt({ name, open, isWell }: Step, at: number): Decision {
  return decision(
    at * 60,
    [
      reportOn(
        open.map((path) => fails(path)),
        { name: `rhel9.${name}` },
      ),
    ],
    {
      object: { kind: 'Device', namespace: 'fleet', name, uid: `uid-${name}` },
      conditions: { Reachable: stated(isWell ? 'True' : 'False', isWell ? 'Connected' : 'Refused') },
    },
  );
}

/** What changes from one step of an object to its next. */
function transitions(all: readonly Step[]): string[] {
  return [...Map.groupBy(all, ({ name }) => name)].flatMap(([name, own]) =>
    own.flatMap((step, at) => {
      const before = own[at - 1];
      const opened = step.open.filter((path) => !before?.open.includes(path)).map((path) => `${name} +${path}`);
      const closed = (before?.open ?? []).filter((path) => !step.open.includes(path)).map((path) => `${name} -${path}`);
      return [...opened, ...closed, ...(before?.isWell === step.isWell ? [] : [`${name} ${step.isWell}`])];
    }),
  );
}

function inWords({ event, object: { name }, finding, condition, facts }: JournalEntry): string {
  if (event === 'Gap') return JSON.stringify(facts);
  if (condition) return `${name} ${condition.status === 'True'}`;
  return `${name} ${event === 'FindingOpened' ? '+' : '-'}${finding?.path}`;
}

/** Runs the history; whenever the operator ended, it is started again and decides what it was about to decide. */
async function run(bed: JournalBed, all: readonly Step[], open: () => OpenJournal): Promise<number> {
  let running = open();
  let kills = 0;
  for (let at = 0; at < all.length; at++) {
    bed.seconds = at * 60;
    const kept: Kept = { is: 'decided', decision: decisionAt(all[at]!, at) };
    running.journal.record(kept);
    if (at % 7 === 3) await settle(running);
    if (!running.isKilled()) continue;
    kills++;
    await running.close();
    running = open();
    at--;
  }
  for (;;) {
    await settle(running);
    if (!running.isKilled()) break;
    kills++;
    await running.close();
    running = open();
    running.journal.record({ is: 'decided', decision: decisionAt(all.at(-1)!, all.length - 1) });
  }
  await running.close();
  return kills;
}

/** It may end while it starts, too. */
function atLast(open: () => OpenJournal): OpenJournal {
  for (;;)
    try {
      return open();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
}

/** Until everything is stored, or the operator ended. */
async function settle(running: OpenJournal): Promise<void> {
  const ended = new AbortController();
  const timer = setInterval(() => running.isKilled() && ended.abort(), 5);
  await running.keeper.flush(ended.signal).catch(() => undefined);
  clearInterval(timer);
}

function sometimes(seed: number, oneIn: number, kinds: readonly ('before' | 'half' | 'after')[]): Fault {
  const below = numbers(seed);
  return () => (below(oneIn) === 0 ? kinds[below(kinds.length)] : undefined);
}

const seeds = Array.from({ length: 12 }, (_, at) => at + 1);

describe('each transition is journaled once', () => {
  test.each(seeds)('whatever write ends the operator, and whatever reply is lost (%i)', async (seed) => {
    const bed = new JournalBed();
    const all = history(seed);
    const onSpool = sometimes(seed + 1000, 30, ['before', 'half', 'after']);
    const onStore = sometimes(seed + 2000, 8, ['before', 'after']);
    const kills = await run(bed, all, () => atLast(() => bed.open({ onSpool, onStore })));
    expect((await bed.entries()).map(inWords).sort()).toEqual(transitions(all).sort());
    expect(kills).toBeGreaterThan(0);
    bed.remove();
  });

  test('without any of that', async () => {
    const bed = new JournalBed();
    const all = history(0);
    expect(await run(bed, all, () => bed.open())).toBe(0);
    const entries = await bed.entries();
    expect(entries.map(inWords).sort()).toEqual(transitions(all).sort());
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, at) => at + 1));
    bed.remove();
  });
});

test.each(seeds.slice(0, 4))(
  'without its disk, what was not stored yet is shown as it ended, and nothing twice (%i)',
  async (seed) => {
    const bed = new JournalBed();
    const all = history(seed);
    let pods = 0;
    const below = numbers(seed);
    let running = bed.open({}, `pod-${pods}`);
    for (let at = 0; at < all.length; at++) {
      bed.seconds = at * 60;
      running.journal.record({ is: 'decided', decision: decisionAt(all[at]!, at) });
      if (below(4) === 0) await settle(running);
      if (below(6) > 0) continue;
      await running.close();
      running = bed.open({}, `pod-${++pods}`);
      // After a start, every object has a pass.
      for (const last of new Map(
        all.slice(0, at + 1).map((step, index) => [step.name, [step, index] as const]),
      ).values())
        running.journal.record({ is: 'decided', decision: decisionAt(...last) });
    }
    await settle(running);
    await running.close();
    const entries = await bed.entries();
    const open = new Map<string, string>();
    for (const entry of entries) {
      const [place, is] = [`${entry.object.name} ${entry.finding?.path ?? ''}`, inWords(entry)];
      expect(open.get(place) ?? (entry.finding ? `${entry.object.name} -${entry.finding.path}` : '')).not.toBe(is);
      open.set(place, is);
    }
    const wanted = [...new Map(all.map((step) => [step.name, step])).values()].flatMap((step) =>
      step.open.map((path) => `${step.name} +${path}`),
    );
    expect([...open.values()].filter((is) => is.includes('+')).sort()).toEqual(wanted.sort());
    expect(pods).toBeGreaterThan(0);
    bed.remove();
  },
);
