/**
 * Makes one pack: its sections are written and searched, its statement is signed, its files are stored, and its bundle last. Promises: what has no bundle is
 * no pack; of two that make the same number the first one counts, and the other one learns of it; what fails leaves no half of a pack.
 */
import { join } from 'node:path';
import type { ObjectStore, PutOptions } from '../../connect/objectStore/types.ts';
import { lockedFrom } from '../evidenceStore/lock.ts';
import { isSigningError, isStoreError, storeReason } from '../failures.ts';
import type { Missing, Period } from '../sections/section.ts';
import { bundleName } from '../statement/names.ts';
import { packStatement } from '../statement/packStatement.ts';
import { signStatement, WithoutTimestamp, type SignedStatement } from '../statement/signStatement.ts';
import { BUNDLE_TYPE, type JournalSpan, type PackStatement } from '../statement/types.ts';
import type { PackOrder } from './world.ts';
import { headOf, type Head } from './head.ts';
import { journalSpan } from './journalSpan.ts';
import { PackFailure, type PackJournal, type PackKit, type PackParts } from './kit.ts';
import { follows, isOurs, notOurs } from './readChain.ts';
import { readHead } from './readHead.ts';
import { stage, type Staged } from './stage.ts';
import { storeKeys } from './storeKeys.ts';

const flushMilliseconds = 60_000;

/** Rejects with a PackFailure. */
export async function makePack(order: PackOrder, kit: PackKit, parts: PackParts, signal: AbortSignal): Promise<Head> {
  try {
    return await make(order, kit, parts, signal);
  } catch (error) {
    throw failureOf(error);
  }
}

async function make(order: PackOrder, kit: PackKit, parts: PackParts, signal: AbortSignal): Promise<Head> {
  const period: Period = { start: new Date(order.period.start), end: new Date(order.period.end) };
  const journal = await journalOf(order, kit, parts.journal, signal);
  const name = join(order.uid, String(order.sequence));
  const { namespace = '' } = kit.pack.metadata;
  const { read, cluster, frameworks } = kit;
  const input = {
    ...{ read, cluster, frameworks, namespace, period },
    now: period.end,
    sources: parts.sources,
    unread: kit.unread,
    journal: () => parts.journal.read(kit.storeName, period, signal),
  };
  const staged = await stage({ kit, parts, name }, input, signal);
  try {
    if (staged.files.length === 0)
      throw new PackFailure('NothingCollected', `no section could be made: ${staged.missing[0]?.reason ?? 'unknown'}`);
    return await signAndStore({ order, kit, parts, staged, journal }, signal);
  } finally {
    await staged.remove();
  }
}

interface JournalPart {
  readonly span?: JournalSpan;
  readonly missing: readonly Missing[];
}

/** What is not stored of the journal is missing from the pack, which is made without it. */
async function journalOf(
  order: PackOrder,
  kit: PackKit,
  journal: PackJournal,
  signal: AbortSignal,
): Promise<JournalPart> {
  try {
    const head = await journal.flush(kit.storeName, AbortSignal.any([signal, AbortSignal.timeout(flushMilliseconds)]));
    const span = head && (await journalSpan(order, kit, head, signal));
    return { ...(span && { span }), missing: [] };
  } catch (error) {
    signal.throwIfAborted();
    return { missing: [{ what: 'journal', reason: (error as Error).message }] };
  }
}

interface Making {
  readonly order: PackOrder;
  readonly kit: PackKit;
  readonly parts: PackParts;
  readonly staged: Staged;
  readonly journal: JournalPart;
}

async function signAndStore(making: Making, signal: AbortSignal): Promise<Head> {
  const { order, kit, parts, staged, journal } = making;
  const signer = await kit.signing.signer(signal);
  const manifest = await storeKeys({ kit, now: parts.now }, signal);
  const time = parts.now();
  const locked = lockedFrom(kit.lock, time);
  const { retention } = locked;
  const { pack } = kit;
  const statement = packStatement({
    version: parts.version,
    pack: { namespace: pack.metadata.namespace ?? '', name: pack.metadata.name, uid: pack.metadata.uid ?? '' },
    store: kit.storeName,
    cluster: kit.cluster,
    sequence: order.sequence,
    ...(order.previous && { previous: { sequence: order.previous.sequence, digest: sha256Of(order.previous.digest) } }),
    ...(order.skipped && {
      skipped: order.skipped.map(({ sequence, digest, reason }) => ({ sequence, digest: sha256Of(digest), reason })),
    }),
    period: order.period,
    time: time.toISOString(),
    ...(order.schedule && { schedule: order.schedule }),
    files: staged.files,
    expected: staged.expected,
    missing: [...journal.missing, ...staged.missing],
    ...(journal.span && { journal: journal.span }),
    key: { hint: signer.hint, ...(manifest !== undefined && { manifest }) },
    retention: {
      class: pack.spec.retention?.class ?? 'Audit',
      mode: retention?.mode ?? 'None',
      ...(retention && { until: retention.until.toISOString() }),
    },
  });
  const signed = await signStatement(statement, signer, kit.witnesses(signal));
  await storeFiles(making, statement, locked, signal);
  return commit(making, { statement, signed, options: locked }, signal);
}

async function storeFiles(
  { kit, staged }: Making,
  { predicate: { folder, files } }: PackStatement,
  options: Pick<PutOptions, 'retention'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, mediaType, size, digest } of files) {
    const key = `packs/${kit.pack.metadata.name}/${folder}/${name}`;
    const body = { path: join(staged.folder, name), size, sha256: digest.sha256 };
    await putOnce(
      kit.store,
      { key, body, sha256: digest.sha256, options: { ...options, contentType: mediaType } },
      signal,
    );
  }
}

interface Once {
  readonly key: string;
  readonly body: Parameters<ObjectStore['put']>[1];
  readonly sha256: string;
  readonly options: PutOptions;
}

/** Its key has its digest: what is there already, of an attempt before, is the same. */
async function putOnce(store: ObjectStore, { key, body, sha256, options }: Once, signal: AbortSignal): Promise<void> {
  try {
    await store.put(key, body, { ...options, ifAbsent: true }, signal);
  } catch (error) {
    if (storeReason(error) !== 'Exists') throw error;
    const there = await store.head(key, {}, signal);
    if (there?.sha256 === sha256 || (await isSame(store, { key, sha256 }, signal))) return;
    throw new PackFailure('Altered', `${key} is in the store with other content; find out who wrote it`, {
      cause: error,
    });
  }
}

/** For stores that tell no digest. */
async function isSame(
  store: ObjectStore,
  { key, sha256 }: Pick<Once, 'key' | 'sha256'>,
  signal: AbortSignal,
): Promise<boolean> {
  const stream = await store.stream(key, {}, signal);
  if (!stream) return false;
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256');
  for await (const chunk of stream) digest.update(chunk as Uint8Array);
  return digest.digest('hex') === sha256;
}

interface Commit {
  readonly statement: PackStatement;
  readonly signed: SignedStatement;
  readonly options: Pick<PutOptions, 'retention'>;
}

/** Whoever stores the bundle first has made the pack. */
async function commit(
  { order, kit }: Making,
  { statement, signed, options }: Commit,
  signal: AbortSignal,
): Promise<Head> {
  const name = kit.pack.metadata.name;
  const key = `packs/${name}/${bundleName(order.sequence)}`;
  const put = { ...options, contentType: BUNDLE_TYPE, ifAbsent: true };
  const stored = await kit.store.put(key, signed.bundle, put, signal).catch((error: unknown): undefined => {
    if (storeReason(error) !== 'Exists') throw error;
    return undefined;
  });
  if (stored)
    return headOf(statement.predicate, {
      digest: `sha256:${signed.digest.sha256}`,
      uri: stored.uri,
      ...(stored.versionId !== undefined && { versionId: stored.versionId }),
      ...(signed.missing.length > 0 && { unwitnessed: signed.missing.map((one) => one.name) }),
    });
  const there = await readHead(kit.store, name, order.sequence, signal).catch(notOurs);
  if (there && follows(there, order.previous) && isOurs(there, kit.pack, kit.signing)) return there.head;
  const message = `${key} is in the store and was not made with this key; find out who stored it, and remove it, or see condition ChainIntact`;
  throw new PackFailure('PackForeign', message, { needsPerson: true });
}

function sha256Of(digest: string): { sha256: string } {
  return { sha256: digest.replace(/^sha256:/, '') };
}

const forPeople = new Set(['Denied', 'NotFound', 'LockRefused', 'Invalid']);

function failureOf(error: unknown): unknown {
  if (error instanceof PackFailure) return error;
  if (isStoreError(error))
    return new PackFailure(`Store${error.reason}`, error.message, {
      cause: error,
      needsPerson: forPeople.has(error.reason),
    });
  if (error instanceof WithoutTimestamp) return new PackFailure('NotWitnessed', error.message, { cause: error });
  if (isSigningError(error))
    return new PackFailure('NotSigned', error.message, { cause: error, needsPerson: error.reason === 'InvalidKey' });
  return new PackFailure('Failed', (error as Error).message, { cause: error });
}
