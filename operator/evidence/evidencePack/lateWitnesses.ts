/**
 * Asks the witnesses that packs of a chain lack, and stores what they say beside the bundle. What is missing is found by reading the store, newest first,
 * and some packs at a time. A pack that is not signed with a key of ours is attested by nobody; and what another one stored as a late witness is told.
 */
import { X509Certificate } from 'node:crypto';
import type { EvidenceWitness } from '../../connect/signing/types.ts';
import { hintOf } from '../../lib/dsse.ts';
import { lockedFrom } from '../evidenceStore/lock.ts';
import { storeReason } from '../failures.ts';
import { lateBundleName } from '../statement/names.ts';
import { addWitness } from '../statement/signStatement.ts';
import { BUNDLE_TYPE, MOST_BUNDLE_BYTES } from '../statement/types.ts';
import { bundleIn, type ReadBundle } from '../verify/bundle.ts';
import { publicKeyIn } from '../verify/signature.ts';
import { Refusal } from '../verify/verdict.ts';
import { witnessedTimes } from '../verify/witnesses.ts';
import { believedKeys } from './believedKeys.ts';
import type { PackJournal, PackKit } from './kit.ts';
import { canAttestLate, lackingWitnesses } from './lacking.ts';
import { isOurs, notOurs } from './readChain.ts';
import { readHead, type ReadHead } from './readHead.ts';

export interface Lacking {
  readonly sequence: number;
  readonly witnesses: readonly string[];
}

export interface LateFound {
  /** Packs that lack one, newest first; of those that were read. */
  readonly lacking: readonly Lacking[];
  /** How many packs were not read yet. */
  readonly unread: number;
  /** Which did not attest, and why: fragments. */
  readonly silent: readonly { readonly name: string; readonly reason: string }[];
  /** Files that are named as a late witness, and are none of that pack. */
  readonly foreign: readonly string[];
}

/** What is remembered of a chain while its witnesses stay the same. */
export interface Remembered {
  /** Packs that lack nothing that can still be added. */
  readonly done: Set<number>;
  /** Of packs that lack something, so that what was not read this time is still told. */
  readonly lacking: Map<number, Lacking>;
  readonly foreign: Set<string>;
}

export interface Attesting {
  readonly kit: PackKit;
  readonly journal: PackJournal;
  readonly now: Date;
  /** The last pack of ours. */
  readonly last: number;
  /** Packs that are read at most. */
  readonly most: number;
}

/** Rejects where the store fails. */
export async function attestLate(
  attesting: Attesting,
  remembered: Remembered,
  signal: AbortSignal,
): Promise<LateFound> {
  const { kit, last, most } = attesting;
  const { done, lacking, foreign } = remembered;
  const witnesses = kit.witnesses(signal);
  const silent = new Map<string, string>();
  const keys = await keysOf(kit, signal);
  const late = await lateFiles(kit, signal);
  const open = [...late.keys()].filter((sequence) => sequence <= last && !done.has(sequence)).toSorted((a, b) => b - a);
  for (const sequence of lacking.keys()) if (!late.has(sequence)) lacking.delete(sequence);
  const there = new Set([...late].flatMap(([sequence, names]) => names.map((name) => fileOf(kit, sequence, name))));
  for (const key of foreign) if (!there.has(key)) foreign.delete(key);
  // Those that were not read yet come first: one that lacks a witness that stays away does not keep others from being read.
  const order = [...open.filter((one) => !lacking.has(one)), ...open.filter((one) => lacking.has(one))];
  for (const sequence of order.slice(0, most)) {
    signal.throwIfAborted();
    const found = await readHead(kit.store, kit.pack.metadata.name, sequence, signal).catch(notOurs);
    // It is told by those who read the chain.
    if (!found || !isOurs(found, kit.pack, kit.signing, keys)) continue;
    const one = { found, late: late.get(sequence) ?? [], keys, silent };
    const left = await completed(attesting, { ...one, witnesses, foreign }, signal);
    if (left.witnesses.length > 0) lacking.set(sequence, { sequence, witnesses: left.witnesses });
    else lacking.delete(sequence);
    if (left.witnesses.length === 0 && !left.isBlocked) done.add(sequence);
  }
  return {
    lacking: [...lacking.values()].toSorted((a, b) => b.sequence - a.sequence),
    unread: order.slice(most).filter((one) => !lacking.has(one)).length,
    silent: [...silent].map(([name, reason]) => ({ name, reason })),
    foreign: [...foreign].toSorted(),
  };
}

/** In PEM: those of the Secret, and those before them. */
async function keysOf({ store, signing }: PackKit, signal: AbortSignal): Promise<string[]> {
  const { publicKey, previous } = signing;
  if (publicKey === undefined) return [];
  const { newest } = await believedKeys(store, signing, signal);
  const before = (newest?.keys ?? []).filter(({ revokedTime }) => revokedTime === undefined);
  return [publicKey, ...(previous ? [previous.publicKey] : []), ...before.map((key) => key.publicKey)];
}

/** The witnesses that have a file, by the number of the pack; packs without any are there too. */
async function lateFiles({ store, pack }: PackKit, signal: AbortSignal): Promise<Map<number, string[]>> {
  const prefix = `packs/${pack.metadata.name}/`;
  const late = new Map<number, string[]>();
  for await (const { key } of store.list(prefix, {}, signal)) {
    const [, number, witness] =
      /^(\d{8})(?:\.([a-z0-9][a-z0-9-]{0,62}))?\.sigstore\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (number === undefined) continue;
    const names = late.get(Number(number)) ?? [];
    late.set(Number(number), witness === undefined ? names : [...names, witness]);
  }
  return late;
}

interface Pack {
  readonly found: ReadHead;
  readonly late: readonly string[];
  readonly keys: readonly string[];
  readonly witnesses: readonly EvidenceWitness[];
  /** Of this pass: who did not answer once is not asked again. */
  readonly silent: Map<string, string>;
  readonly foreign: Set<string>;
}

/** What it lacks then. It is blocked where another one stored a file under the name of a witness. */
async function completed(
  attesting: Attesting,
  pack: Pack,
  signal: AbortSignal,
): Promise<{ witnesses: string[]; isBlocked: boolean }> {
  const { found, late, witnesses, silent, foreign } = pack;
  const has = new Set<string>();
  let isBlocked = false;
  for (const name of late) {
    const key = fileOf(attesting.kit, found.head.pack.sequence, name);
    const isOfIt = await isAttested(attesting.kit, found.bundle, key, signal);
    if (isOfIt) {
      foreign.delete(key);
      record(attesting, found, name);
      has.add(name);
    } else {
      foreign.add(key);
      isBlocked = true;
    }
  }
  const left: string[] = [];
  for (const name of lackingWitnesses(witnesses, found.bundle, has)) {
    const witness = witnesses.find((one) => one.name === name);
    if (!witness || !canAttestLate(witness, found.bundle)) continue;
    const isTaken = late.includes(name);
    if (isTaken || silent.has(name) || !(await attest(attesting, { ...pack, witness }, signal))) left.push(name);
  }
  return { witnesses: left, isBlocked };
}

async function attest(
  attesting: Attesting,
  { found, keys, witness, silent }: Pack & { readonly witness: EvidenceWitness },
  signal: AbortSignal,
): Promise<boolean> {
  const { kit, now } = attesting;
  let bundle: Buffer;
  try {
    const before = Buffer.from(JSON.stringify(found.bundle.json));
    bundle = await addWitness(before, witness, verifierOf(found.bundle, keys));
    // It is as strict with a witness as whoever verifies it will be.
    witnessedTimes(bundleIn(bundle));
  } catch (error) {
    signal.throwIfAborted();
    silent.set(witness.name, (error as Error).message);
    return false;
  }
  const key = fileOf(kit, found.head.pack.sequence, witness.name);
  try {
    await kit.store.put(key, bundle, { ...lockOf(kit, found, now), contentType: BUNDLE_TYPE, ifAbsent: true }, signal);
  } catch (error) {
    // It was stored, and the answer was lost; or another one was faster.
    if (storeReason(error) !== 'Exists' || !(await isAttested(kit, found.bundle, key, signal))) throw error;
  }
  record(attesting, found, witness.name);
  return true;
}

/** No shorter than the pack itself. */
function lockOf({ lock }: PackKit, { statement }: ReadHead, now: Date): ReturnType<typeof lockedFrom> {
  const { retention } = lockedFrom(lock, now);
  const until = Date.parse(statement.predicate.retention.until ?? '');
  if (!retention || !(until > retention.until.getTime())) return retention ? { retention } : {};
  return { retention: { ...retention, until: new Date(until) } };
}

/** The journal takes it once. */
function record({ kit, journal }: Attesting, { head }: ReadHead, witness: string): void {
  const { name, uid = '' } = kit.pack.metadata;
  const { sequence, digest } = head.pack;
  journal.witnessed(kit.storeName, { name, uid }, { sequence, digest, witness });
}

/** In PEM: the certificate, or the key that the hint names. */
function verifierOf({ certificate, hint }: ReadBundle, keys: readonly string[]): string {
  if (certificate) return new X509Certificate(certificate).toString();
  const key = keys.find((pem) => hintOf(publicKeyIn(pem)) === hint);
  if (key === undefined) throw new Error(`it was signed with key ${hint ?? ''}, which is not known`);
  return key;
}

function fileOf({ pack }: PackKit, sequence: number, witness: string): string {
  return `packs/${pack.metadata.name}/${lateBundleName(sequence, witness)}`;
}

/** Whether there is the same signature, with what attests it. */
async function isAttested({ store }: PackKit, bundle: ReadBundle, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    const bytes = await store.get(key, { maxBytes: MOST_BUNDLE_BYTES }, signal);
    if (!bytes) return false;
    const late = bundleIn(bytes);
    if (!late.payload.equals(bundle.payload) || !late.signature.equals(bundle.signature)) return false;
    witnessedTimes(late);
    return late.timestamps.length > bundle.timestamps.length || late.entries.length > bundle.entries.length;
  } catch (error) {
    if (error instanceof Refusal || storeReason(error) === 'Invalid') return false;
    throw error;
  }
}
