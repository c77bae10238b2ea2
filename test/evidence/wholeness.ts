/** Whether a store has all that an operator was to store, each once, locked and verified: what is not so, a line each. */
import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { readSegment } from '../../operator/evidence/journal/segment.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import type { Bucket } from '../objectStore/bucket.ts';

export interface Wanted {
  readonly bucket: Bucket;
  /** A copy of all that is in it. */
  readonly folder: string;
  /** The public key that an auditor has. */
  readonly key: string;
  /** How many packs, by the name of their EvidencePack. */
  readonly packs: Readonly<Record<string, number>>;
  /** How often the finding of `platform` was opened and closed by turns; not counted, if undefined. */
  readonly turns?: number;
  /** Packs of which the journal may not say that they are stored, because the disk of the operator was lost. */
  readonly unrecorded?: readonly number[];
}

export async function problemsOf(wanted: Wanted): Promise<string[]> {
  const { folder, packs, turns, unrecorded = [] } = wanted;
  const journal = journalIn(folder);
  return [
    ...(await verified(wanted)),
    ...(await onceAndLocked(wanted.bucket)),
    ...journal.problems,
    ...Object.entries(packs).flatMap(([name, count]) => packsIn(folder, name, count)),
    ...Object.entries(packs).flatMap(([name, count]) => toldIn(journal.entries, { name, count, unrecorded })),
    ...(turns === undefined ? [] : turnsIn(journal.entries, turns)),
  ];
}

async function verified({ folder, key, packs }: Wanted): Promise<string[]> {
  const { is, checks, packs: found } = await verifyTree(folderTree(folder), { keys: [createPublicKey(key)] });
  const said = checks.flatMap(({ name, problems }) =>
    problems.map(({ where, message }) => `verification: ${name}: ${where}: ${message}`),
  );
  const count = Object.values(packs).reduce((sum, one) => sum + one, 0);
  return [
    ...said,
    ...(is === 'Verified' ? [] : [`verification: ${is}`]),
    ...(found.length === count ? [] : [`verification: ${found.length} packs, and ${count} were made`]),
  ];
}

/** Of whatever is evidence there is one version, and it is locked. */
async function onceAndLocked(bucket: Bucket): Promise<string[]> {
  const { signal } = new AbortController();
  const problems: string[] = [];
  const keys = (await bucket.versions()).filter((key) => /^(packs\/|keys\/|journal\/\d)/.test(key));
  for (const [at, key] of keys.entries()) {
    if (key === keys[at - 1]) {
      problems.push(`${key} has two versions`);
      continue;
    }
    const facts = await bucket.store.head(key, {}, signal);
    const days = ((facts?.retention?.until.getTime() ?? 0) - Date.now()) / 86_400_000;
    if (facts?.retention?.mode !== 'Governance' || days < 396) problems.push(`${key} is not locked as declared`);
  }
  return problems;
}

/** One bundle of each number, with files of it and of no other attempt. */
function packsIn(folder: string, name: string, count: number): string[] {
  const names = readdirSync(join(folder, 'packs', name)).sort();
  const numbers = Array.from({ length: count }, (_, at) => String(at + 1).padStart(8, '0'));
  const bundles = names.filter((one) => one.endsWith('.sigstore.json')).map((one) => one.slice(0, 8));
  const folders = names.filter((one) => !one.endsWith('.sigstore.json')).map((one) => one.slice(0, 8));
  return [
    ...(bundles.join() === numbers.join() ? [] : [`${name}: bundles ${bundles.join()} of ${count} packs`]),
    ...(folders.join() === numbers.join() ? [] : [`${name}: directories ${folders.join()} of ${count} packs`]),
  ];
}

interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly problems: readonly string[];
}

/** Read by its own rules: each segment names the one before, entries are counted from 1, and none says that something is missing. */
export function journalIn(folder: string): Journal {
  const problems: string[] = [];
  let previous: string | undefined;
  const names = readdirSync(join(folder, 'journal')).filter((name) => /^\d+\.ndjson$/.test(name));
  const entries = names.sort().flatMap((name, at) => {
    const segment = readSegment(at + 1, readFileSync(join(folder, 'journal', name)));
    if (segment.header.previous !== previous) problems.push(`journal: ${name} does not follow the one before`);
    previous = segment.digest;
    return segment.entries;
  });
  for (const [at, { sequence, event }] of entries.entries()) {
    if (sequence !== at + 1) problems.push(`journal: entry ${sequence} in the place of entry ${at + 1}`);
    if (event === 'Gap') problems.push(`journal: entry ${sequence} is a gap`);
  }
  return { entries, problems };
}

/** The last one is recorded when it is told, and stored with the next segment. */
function toldIn(
  entries: readonly JournalEntry[],
  { name, count, unrecorded }: { name: string; count: number; unrecorded: readonly number[] },
): string[] {
  const told = entries
    .filter(({ event, object }) => event === 'PackStored' && object.name === name)
    .map(({ facts }) => Number(facts?.['sequence']));
  const wanted = Array.from({ length: count - 1 }, (_, at) => at + 1).filter((number) => !unrecorded.includes(number));
  const lost = wanted.filter((number) => !told.includes(number));
  const isOrdered = told.every((number, at) => number > (told[at - 1] ?? 0) && number <= count);
  return lost.length === 0 && isOrdered ? [] : [`journal: packs ${told.join()} of ${name} are recorded, of ${count}`];
}

function turnsIn(entries: readonly JournalEntry[], turns: number): string[] {
  const events = entries
    .filter(({ event, object }) => object.name === 'platform' && /^Finding(Opened|Closed)$/.test(event))
    .map(({ event }) => event);
  const byTurns = Array.from({ length: turns }, (_, at) => (at % 2 === 0 ? 'FindingOpened' : 'FindingClosed'));
  return events.join() === byTurns.join() ? [] : [`journal: ${turns} turns are recorded as ${events.join()}`];
}
