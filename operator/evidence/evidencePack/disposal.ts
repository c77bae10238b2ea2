/**
 * Deletes what is due after a pack was stored: the oldest packs of its chain, and of the journal what no pack refers to any longer. What is deleted was read and
 * verified in this pass, in the version that is deleted; a hold or another rule that comes meanwhile ends it.
 */
import { resources } from '../../api/generated/resources.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { EvidenceStore, LegalHold } from '../../api/v1alpha1/evidenceStore.ts';
import { canonicalJson } from '../../lib/digest.ts';
import type { Key } from '../../runtime/feature.ts';
import { lockedFrom } from '../evidenceStore/lock.ts';
import { dispose, type DisposedStep } from '../retention/dispose.ts';
import { Doubt } from '../retention/doubt.ts';
import {
  dispositions,
  keptIn,
  nameOf,
  type Chain,
  type DispositionStep,
  type Kept,
  type RetentionFacts,
} from '../retention/plan.ts';
import { readAll, readOldest, type Reading } from '../retention/readPacks.ts';
import { readJournal } from '../retention/readSegments.ts';
import { readTrust } from '../retention/readTrust.ts';
import { sha256 } from '../../lib/digest.ts';
import { signStatement } from '../statement/signStatement.ts';
import { publicKeyIn } from '../verify/signature.ts';
import { TreeError } from '../verify/tree.ts';
import type { PackKit, PackParts } from './kit.ts';
import { storeKeys } from './storeKeys.ts';

export interface Disposal {
  /** What was deleted, in words such as `packs 1 to 3`. */
  readonly deleted: readonly string[];
  /** Why something that is due stays. Sentences without a full stop. */
  readonly notes: readonly string[];
  /** What keeps the oldest pack. */
  readonly oldest?: Kept;
  /** There may be more to do at once. */
  readonly isMore: boolean;
}

/** Of a chain of packs in one pass. */
export const mostPacks = 50;

export async function disposeDue(kit: PackKit, parts: PackParts, signal: AbortSignal): Promise<Disposal> {
  const { publicKey } = kit.signing;
  if (publicKey === undefined)
    return without(
      'nothing is deleted: packs that are signed without a key are verified by those who know the authorities alone',
    );
  try {
    const rules = await rulesNow(kit, signal);
    return await disposing(kit, parts, { rules, publicKey }, signal);
  } catch (error) {
    if (error instanceof Doubt) return without(error.message);
    if (error instanceof TreeError) return without(`nothing is deleted: ${error.message}`);
    throw error;
  }
}

function without(note: string): Disposal {
  return { deleted: [], notes: [note], isMore: false };
}

interface Rules {
  readonly uid: string;
  readonly holds: readonly LegalHold[];
}

async function disposing(
  kit: PackKit,
  parts: PackParts,
  { rules, publicKey }: { readonly rules: Rules; readonly publicKey: string },
  signal: AbortSignal,
): Promise<Disposal> {
  const { store, cluster } = kit;
  const now = parts.now();
  const place = { store: kit.storeName, cluster };
  const keys = [publicKey, kit.signing.previous?.publicKey].filter((key) => key !== undefined).map(publicKeyIn);
  const signer = await kit.signing.signer(signal);
  const manifest = await storeKeys({ kit, now: parts.now }, signal);
  const trust = await readTrust(store, { keys, place }, signal);
  const reading: Reading = { store, place, trust };
  const facts: RetentionFacts = {
    ...{ ...place, holds: rules.holds, version: parts.version, hint: signer.hint, now },
    ...(manifest !== undefined && { manifest }),
  };
  const work: Work = { kit, parts, rules, now, deleted: [], notes: [] };
  const own = await readOldest(reading, kit.pack.metadata.name, mostPacks, signal);
  if (!own) return { deleted: [], notes: [], isMore: false };
  const steps = planned([own.chain], facts, work);
  for (const step of steps) await take(step, work, signal);
  const begin = Math.max(own.after, ...steps.map(({ statement }) => statement?.predicate.to ?? 0));
  const oldest = keptIn(own.chain, begin, facts);
  const ofJournal = await disposeJournal(reading, facts, work, signal);
  const isCut = steps.some(({ statement }) => (statement?.predicate.disposed.length ?? 0) >= mostPacks);
  return { deleted: work.deleted, notes: work.notes, ...(oldest && { oldest }), isMore: isCut || ofJournal };
}

interface Work {
  readonly kit: PackKit;
  readonly parts: PackParts;
  readonly rules: Rules;
  readonly now: Date;
  readonly deleted: string[];
  readonly notes: string[];
}

function planned(chains: readonly Chain[], facts: RetentionFacts, { notes }: Work): readonly DispositionStep[] {
  const plan = dispositions(chains, facts);
  notes.push(...plan.notes.map((note) => note.replace(/\.$/, '')));
  return plan.steps;
}

/** Whether there may be more. What of the journal is in doubt does not undo what was done of the packs. */
async function disposeJournal(
  reading: Reading,
  facts: RetentionFacts,
  work: Work,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const read = await readJournal(reading, () => readAll(reading, signal), facts.now, signal);
    if (!read) return false;
    const { journal, packs } = read;
    const chains = [journal.chain, ...packs.map(({ chain }) => chain)];
    const steps = planned(chains, facts, work).filter(({ chain }) => chain.kind === 'Journal');
    for (const step of steps) await take(step, work, signal);
    return steps.some(({ statement }) => statement !== undefined);
  } catch (error) {
    if (!(error instanceof Doubt) && !(error instanceof TreeError)) throw error;
    work.notes.push(error.message);
    return false;
  }
}

async function take(step: DispositionStep, work: Work, signal: AbortSignal): Promise<void> {
  const { kit, parts, rules, now } = work;
  await rulesNow(kit, signal).then((latest) => assertSame(rules, latest));
  if (step.statement) await journaled(step, work, signal);
  const done = await dispose(
    step,
    {
      store: kit.store,
      sign: async (statement, ending) => {
        const signed = await signStatement(statement, await kit.signing.signer(ending), kit.witnesses(ending));
        return signed.bundle;
      },
      proceed: () => {
        const object = kit.read.get(resources.EvidenceStore, kit.storeName);
        assertSame(rules, rulesOf(object, kit.storeName, parts.now()));
        return Promise.resolve();
      },
      ...lockedFrom(kit.lock, now),
    },
    signal,
  );
  told(step, done, work);
}

/** It is in the journal before anything is deleted: who reads what is left of the journal finds there why it begins where it does. */
async function journaled(
  { chain, record, statement }: DispositionStep,
  { kit, parts }: Work,
  signal: AbortSignal,
): Promise<void> {
  if (!statement) return;
  const { namespace, name } = kit.storeName;
  const { from, to, anchor } = statement.predicate;
  parts.journal.append(kit.storeName, `disposed/${record}/${sha256(canonicalJson(statement.predicate))}`, {
    event: 'Disposed',
    object:
      chain.kind === 'Pack'
        ? { kind: resources.EvidencePack.kind, namespace, name: chain.name ?? '' }
        : { kind: resources.EvidenceStore.kind, namespace, name },
    facts: { chain: chain.kind, from, to, digest: anchor.digest.sha256, record },
  });
  if (chain.kind === 'Journal') await parts.journal.flush(kit.storeName, signal);
}

function told({ chain, statement, objects }: DispositionStep, { kept }: DisposedStep, { deleted, notes }: Work): void {
  const what = chain.kind === 'Pack' ? 'pack' : 'segment';
  const where = chain.kind === 'Pack' ? '' : ' of the journal';
  const { from = 0, to = 0 } = statement?.predicate ?? {};
  const numbers = from === to ? `${what} ${from}` : `${what}s ${from} to ${to}`;
  if (statement) deleted.push(`${numbers}${where}`);
  else if (kept.length < objects.length) deleted.push(`what was left of ${nameOf(chain)} before its record`);
  const [first] = kept;
  if (first) notes.push(`${kept.length} of ${objects.length} objects stay: ${first.key}: ${first.reason}`);
}

/** From the apiserver, now. Throws a `Doubt` when nothing is to be deleted. */
async function rulesNow({ read, storeName }: PackKit, signal: AbortSignal): Promise<Rules> {
  const found = await read.tryFetch<EvidenceStore>(resources.EvidenceStore, storeName, signal);
  if (found && 'is' in found) throw new Doubt(`nothing is deleted: EvidenceStore ${storeName.name}: ${found.message}`);
  return rulesOf(found, storeName);
}

function rulesOf(object: EvidenceStore | undefined, { name }: Key, now?: Date): Rules {
  if (!object || object.metadata.deletionTimestamp !== undefined)
    throw new Doubt(`nothing is deleted: EvidenceStore ${name} does not exist`);
  const { disposal, holds = [], suspend } = object.spec;
  if (disposal !== 'WhenDue') throw new Doubt(`nothing is deleted: EvidenceStore ${name} says so`);
  if (now && isSuspended(suspend, now)) throw new Doubt(`nothing is deleted: EvidenceStore ${name} is suspended`);
  return { uid: object.metadata.uid ?? '', holds };
}

function assertSame(before: Rules, after: Rules): void {
  if (canonicalJson(before) === canonicalJson(after)) return;
  throw new Doubt(
    'the deletion ended, because legal holds of the EvidenceStore were changed meanwhile; it will be retried',
  );
}
