/**
 * Makes the archive of an export on this machine, and records it. Promises: nothing is written that was not verified; who exports what is in the store's
 * journal before the archive can be read by anyone; the same store and request make the same archive, which is recorded once.
 */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ExportedArchive, ExportedPacks } from '../../api/v1alpha1/evidenceExportStatus.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { prepareExport, type Prepared } from '../export/prepare.ts';
import { exportRecord } from '../export/record.ts';
import type { ExportWish, Selection } from '../export/selection.ts';
import { ChangedFile, writeTar, type TarFile } from '../export/tar.ts';
import { layoutOf } from '../verify/layout.ts';
import { storeTree } from '../verify/storeTree.ts';
import { TreeError } from '../verify/tree.ts';
import { shown, type Verdict } from '../verify/verdict.ts';
import { ExportFailure, type ExportKit, type ExportOrder, type ExportParts, type ExportState } from './kit.ts';
import { archiveKey, spoolOf } from './steps.ts';
import { treeAsOf } from './treeAsOf.ts';

/** Of an archive: it is on the disk of the operator until it is stored. */
export const mostBytes = 1 << 30;
/** Of a section that is parsed to be shown. */
const mostShown = 16 << 20;
const flushMilliseconds = 60_000;

type Selected = Extract<Prepared, { is: 'selected' }>;

export async function makeArchive(
  order: ExportOrder,
  kit: ExportKit,
  parts: ExportParts,
  signal: AbortSignal,
): Promise<ExportState> {
  const { spec, metadata } = kit.object;
  const prepared = await preparedBy(order, kit, signal);
  assertWithin(prepared.files);
  const { sha256, bytes } = await spooled(spoolOf(parts, order.uid), prepared, signal);
  const { selection } = prepared;
  const verdict = prepared.verdict.is === 'Partial' || selection.leftOut.length > 0 ? 'Partial' : 'Verified';
  const { kind } = kit.object;
  const { namespace = '', name, uid = '' } = metadata;
  const entry = exportRecord({
    ...{ selection, wish: wishOf(kit), sha256, bytes, verdict },
    actor: spec.requestedBy,
    by: { object: { kind, namespace, name, uid }, reason: spec.reason },
  });
  await record(`export/${uid}/${sha256}`, entry, { kit, parts, signal });
  const archive: ExportedArchive = {
    digest: `sha256:${sha256}`,
    bytes,
    key: archiveKey(kit.object),
    packs: packsOf(selection),
    leftOut: selection.leftOut.length,
    verdict,
    recordedTime: timestamp(parts.now()),
  };
  return { is: 'made', archive };
}

function wishOf({ object: { spec } }: ExportKit): ExportWish {
  const { packs = [], sections = [], frameworks = [], from, to } = spec;
  const span = { ...(from !== undefined && { from: new Date(from) }), ...(to !== undefined && { to: new Date(to) }) };
  return { packs, sections, frameworks, ...span };
}

async function preparedBy(order: ExportOrder, kit: ExportKit, signal: AbortSignal): Promise<Selected> {
  const { packs } = kit.object.spec;
  try {
    const tree = await treeAsOf(storeTree(kit.store, signal), {
      start: new Date(order.startTime),
      packs,
      lasts: kit.believed.lasts,
    });
    const trust = { keys: kit.believed.keys };
    const prepared = await prepareExport({ tree, trust, wish: wishOf(kit), mostShown, evenIfBroken: false });
    if (prepared.is === 'selected') return prepared;
    const isEmpty = layoutOf(await tree.list()).chains.size === 0;
    if (prepared.is === 'refused' && !isEmpty) throw refused(prepared.verdict, kit);
    const message = 'no pack of that time is in the store; correct `packs`, `from` and `to` in another EvidenceExport';
    throw new ExportFailure('NothingSelected', message, { needsPerson: true });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TreeError)) throw error;
    throw new ExportFailure('Altered', error.message.replace(/\.$/, ''), { cause: error });
  }
}

function refused({ is, message, checks }: Verdict, { believed, storeName }: ExportKit): ExportFailure {
  const problems = checks.flatMap((check) => check.problems);
  const [first] = problems.filter((problem) => problem.is === is);
  const what = first ? `${shown(first.where)}: ${shown(first.message, 300)}` : message;
  if (is === 'Refused') {
    const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
    const advice = `find out who changed it; \`kubectl holdfast evidence verify\` on a copy of EvidenceStore ${storeName.name} shows all`;
    return new ExportFailure('EvidenceBroken', `${what}${more}; ${advice}`, { needsPerson: true });
  }
  const [why] = believed.unread;
  const keys = why === undefined ? '' : ` (${why})`;
  const message_ = `it was not verified: ${what}${keys}; the keys of the EvidencePacks of this store are what Holdfast verifies with`;
  return new ExportFailure('NotVerified', message_, { needsPerson: true });
}

function assertWithin(files: readonly TarFile[]): void {
  // Each file has a header of 512 bytes, and is filled up to a multiple of that.
  const bytes = files.reduce((sum, { size }) => sum + 512 + 512 * Math.ceil(size / 512), 1024);
  if (bytes <= mostBytes) return;
  const message = `the archive would have ${bytes} bytes, more than ${mostBytes}; request fewer \`packs\` or \`sections\`, or a shorter time, in several EvidenceExports`;
  throw new ExportFailure('TooLarge', message, { needsPerson: true });
}

async function spooled(
  path: string,
  { files, time }: Selected,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  await rm(path, { force: true });
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600, signal });
  try {
    return await writeTar({ stream }, files, time);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ChangedFile)
      throw new ExportFailure('Altered', error.message.replace(/\.$/, ''), { cause: error });
    throw error;
  }
}

interface Recording {
  readonly kit: ExportKit;
  readonly parts: ExportParts;
  readonly signal: AbortSignal;
}

/** Resolves once the store has it. */
async function record(
  id: string,
  entry: ReturnType<typeof exportRecord>,
  { kit: { storeName }, parts: { journal }, signal }: Recording,
): Promise<void> {
  const not = (why: string, options?: ErrorOptions): ExportFailure =>
    new ExportFailure('NotRecorded', `it cannot be recorded in the journal: ${why}`, options);
  const appended = journal.append(storeName, id, entry);
  if (appended === 'NoJournal') throw not(`EvidenceStore ${storeName.name} has none yet; see its conditions`);
  if (appended === 'Full') throw not('there is no room for it; see condition JournalCurrent of the EvidenceStore');
  const limited = AbortSignal.any([signal, AbortSignal.timeout(flushMilliseconds)]);
  const head = await journal.flush(storeName, limited).catch((error: unknown) => {
    signal.throwIfAborted();
    throw not((error as Error).message, { cause: error });
  });
  if (!head) throw not('it ended meanwhile');
  // What was not known when it was appended is known now: it is there, or was left out.
  if (journal.append(storeName, id, entry) !== 'Known') throw not('the journal does not have it yet');
}

function packsOf({ packs }: Selection): ExportedPacks[] {
  return [...Map.groupBy(packs, ({ predicate }) => predicate.pack.name)].slice(0, 100).map(([name, all]) => {
    const numbers = all.map(({ predicate }) => predicate.sequence);
    return { name, first: Math.min(...numbers), last: Math.max(...numbers), count: numbers.length };
  });
}
