/** The section Evidence reads the journal once, whatever is in it: what it makes of that, where it is kept meanwhile, and what it does when it fails. */
import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBaseline, makeFinding, makeReport, motd } from '../../../test/builders/drift.ts';
import { bytesOf, inputOf, journalOf, seen, type Entry } from '../../../test/builders/sections.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import { keepFiles } from '../evidencePack/keepFiles.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { evidence } from './evidence.ts';
import { inMemory } from './kept.ts';
import { policy } from './policy.ts';
import type { SectionInput } from './section.ts';
import { written, type Tally } from './write.ts';

const events = ['FindingOpened', 'FindingClosed', 'FindingWaived', 'FindingChanged', 'Read', 'Exported', 'PackStored'];
const conditions = [
  ['PolicyWaiver', 'Approved'],
  ['PolicyWaiver', 'Ready'],
  ['Approval', 'Counts'],
  ['CanaryRollout', 'Approved'],
  ['Device', 'Approved'],
] as const;

function randomEntries(seed: number, count: number): Entry[] {
  const below = numbers(seed);
  const source = { kind: 'DeviceBaseline', name: 'rhel9' };
  return Array.from({ length: count }, (): Entry => {
    const name = `web-${below(90)}`;
    const object = { kind: 'Device', namespace: 'fleet', name };
    switch (below(5)) {
      case 0: {
        const [kind, type] = conditions[below(conditions.length)]!;
        const condition = { type, status: 'True', reason: 'Ä'.repeat(below(9)), message: 'm' } as const;
        return { event: 'ConditionChanged', object: { kind, name }, condition, facts: { of: below(9) } };
      }
      case 1: {
        const corrections = [
          { device: name, checks: Array.from({ length: below(4) }, (_, at) => `check-${at}, again`) },
        ];
        const hosts = [{ name, outcome: below(2) ? 'Verified' : 'Failed' }];
        const event = below(2) ? 'RunStarted' : 'RunCompleted';
        return { event, object: { kind: 'AnsibleRun', name }, facts: { mode: 'Apply', hosts, corrections } };
      }
      case 2:
        return { event: 'CorrectionBegun', object, facts: { writes: ['a', 'b'].slice(below(3)) } };
      default: {
        const finding = makeFinding(motd, { found: 'é'.repeat(below(300)) });
        const event = events[below(events.length)]!;
        const because = below(2) ? 'NoLongerFound' : 'Unknown';
        return {
          event,
          object,
          source,
          target: object,
          finding,
          facts: { because, fingerprint: `sha256:${below(99)}` },
        };
      }
    }
  });
}

interface Content {
  accesses: JournalEntry[];
  approvals: JournalEntry[];
  changes: JournalEntry[];
  corrections: { sequence: number }[];
  runs: JournalEntry[];
  trend: { opened: Record<string, number>; closed: number; waived: number; runsStarted: number }[];
}

const writtenAs = async (input: SectionInput, tally?: Tally): Promise<Buffer> =>
  bytesOf(written(evidence.build(input).content, tally));

async function all(journal: SectionInput['journal']): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of journal()) entries.push(entry);
  return entries;
}

describe.each([0, 1, 20, 4000])('of %i random entries', (count) => {
  test('each is in the lists that it belongs to, in order, and nowhere else', async () => {
    const journal = journalOf(...randomEntries(count + 7, count));
    let readings = 0;
    const counted = () => (readings++, journal());
    const tally = { records: 0 };
    const bytes = await writtenAs(inputOf([], { journal: counted }), tally);
    expect(readings).toBe(1);
    const content = JSON.parse(bytes.toString()) as Content;
    const entries = await all(journal);
    const where = (is: (entry: JournalEntry) => boolean) => entries.filter(is).map(({ sequence }) => sequence);
    const sequences = (list: readonly { sequence: number }[]) => list.map(({ sequence }) => sequence);
    const isChange = ({ event }: JournalEntry): boolean => event.startsWith('Finding');
    const isApproval = ({ object, condition }: JournalEntry): boolean =>
      ['PolicyWaiver/Approved', 'Approval/Counts', 'CanaryRollout/Approved'].includes(
        `${object.kind}/${condition?.type}`,
      );
    expect(sequences(content.changes)).toEqual(where(isChange));
    expect(sequences(content.accesses)).toEqual(
      where(({ event }) => ['Read', 'Exported', 'PackStored'].includes(event)),
    );
    expect(sequences(content.approvals)).toEqual(where(isApproval));
    expect(sequences(content.runs)).toEqual(where(({ event }) => event.startsWith('Run')));
    const corrected = entries.flatMap(({ event, sequence, facts }) => {
      const [first] = (facts?.['corrections'] ?? []) as { checks: string[] }[];
      const lines =
        event === 'RunCompleted' ? first!.checks : event === 'CorrectionBegun' ? (facts!['writes'] as string[]) : [];
      return lines.map(() => sequence);
    });
    expect(sequences(content.corrections)).toEqual(corrected);
    const [day] = content.trend;
    expect(day!.opened['Low']! + day!.closed + day!.waived + day!.runsStarted).toBe(
      where(({ event }) => ['FindingOpened', 'FindingClosed', 'FindingWaived', 'RunStarted'].includes(event)).length,
    );
    const lists = [content.changes, content.accesses, content.approvals, content.runs, corrected, content.trend];
    expect(tally.records).toBe(lists.reduce((sum, list) => sum + list.length, 0));
  });

  test('the bytes are the same wherever it is kept', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-kept-'));
    const files = keepFiles(folder, 'kept');
    try {
      const input = inputOf([], {}, ...randomEntries(count + 8, count));
      const expected = await writtenAs(input);
      // Buffers that are compared by jest take seconds.
      expect((await writtenAs({ ...input, keep: files.make })).equals(expected)).toBe(true);
      expect((await writtenAs({ ...input, keep: inMemory })).equals(expected)).toBe(true);
    } finally {
      await files.close();
      rmSync(folder, { recursive: true });
    }
  });
});

test('a journal that fails while it is read is an error, however much was read', async () => {
  for (const after of [0, 1, 3000]) {
    const journal = async function* () {
      yield* journalOf(...randomEntries(5, after))();
      throw new Error('line 7 of segment 3 of the journal is not canonical JSON');
    };
    await expect(writtenAs(inputOf([], { journal }))).rejects.toThrow('line 7 of segment 3');
  }
});

test('what is altered while it is kept is an error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-kept-'));
  const files = keepFiles(folder, 'kept');
  const journal = async function* () {
    yield* journalOf(...randomEntries(6, 4000))();
    truncateSync(join(folder, '.kept-1'), 100);
  };
  try {
    await expect(writtenAs(inputOf([], { journal, keep: files.make }))).rejects.toThrow(
      'changed while the section was made',
    );
  } finally {
    await files.close();
    rmSync(folder, { recursive: true });
  }
});

test('a journal that grows is read as it was', async () => {
  let readings = 0;
  const entries = randomEntries(9, 50);
  const journal = () => journalOf(...entries.slice(0, 25 * ++readings))();
  expect(await writtenAs(inputOf([], { journal }))).toEqual(await writtenAs(inputOf([], {}, ...entries.slice(0, 25))));
});

test.each([evidence, policy])('many hosts leave turns to everything else: %#', async (section) => {
  const baseline = makeBaseline({ checks: [motd] });
  const hosts = Array.from({ length: 640 }, (_, at) => seen(`web-${String(at).padStart(3, '0')}`));
  const input = inputOf([baseline, ...hosts, ...hosts.map((host) => makeReport(baseline, host))]);
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await bytesOf(written(section.build(input).content));
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(9);
});
