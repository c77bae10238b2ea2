/** A journal whose beginning was deleted when its retention was over is whole; one whose beginning is gone is not. */
import { expect, test } from '@jest/globals';
import { LockedStore } from '../../../test/evidence/lockedStore.ts';
import type { JournalEntry } from './entry.ts';
import { noHead } from './head.ts';
import { readRemote } from './remote.ts';
import { closingLine, entryLine, headerLine, readSegment, segmentKey } from './segment.ts';

const about = { store: { namespace: 'audit', name: 'vault' }, cluster: { id: 'c1' } };
const time = '2026-11-27T02:00:00Z';
const { signal } = new AbortController();

type Said = Pick<JournalEntry, 'event' | 'object' | 'facts'>;
const ordinary: Said = { event: 'FactsChanged', object: { kind: 'Device', name: 'web-01' } };
const disposed = (to: unknown, kind = 'EvidenceStore'): Said => ({
  event: 'Disposed',
  object: { kind, name: 'vault' },
  facts: { from: 1, to },
});

/** Segments 4 to 6, of which the last one says something. */
async function damages(said: Said) {
  const store = new LockedStore(new Date(time));
  let previous = 'a'.repeat(64);
  for (const number of [4, 5, 6]) {
    const entry: JournalEntry = { ...(number === 6 ? said : ordinary), sequence: number, time };
    const text =
      headerLine({ number, previous, ...about, openedTime: time, firstEntry: number }) +
      entryLine(entry) +
      closingLine({ time, entries: 1 });
    previous = readSegment(number, Buffer.from(text)).digest;
    await store.put(segmentKey(number), Buffer.from(text), { contentType: 'a' }, signal);
  }
  const read = await readRemote({ store, about, seal: (text) => text, uploaded: noHead, signal });
  expect(read.head.number).toBe(6);
  return read.damages.map(({ message }) => message);
}

test.each<[string, Said, string[]]>([
  ['nothing of it', ordinary, ['segments 1 to 3 of the journal are missing']],
  ['that it was deleted', disposed(3), []],
  ['that more is being deleted', disposed(4), []],
  ['that less was deleted', disposed(1), ['segments 2 to 3 of the journal are missing']],
  ['that packs were deleted', disposed(3, 'EvidencePack'), ['segments 1 to 3 of the journal are missing']],
  ['no number', disposed('3'), ['segments 1 to 3 of the journal are missing']],
])('what is left says %s', async (_, said, expected) => {
  expect(await damages(said)).toEqual(expected);
});
