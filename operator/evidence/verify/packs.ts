/** One pack after the other: its bundle, the key that signed it, what witnesses say, and its files. */
import { sha256 } from '../../lib/digest.ts';
import { whyNotSigned } from '../statement/keyLife.ts';
import { MOST_BUNDLE_BYTES, type PackPredicate } from '../statement/types.ts';
import { bundleIn, type ReadBundle } from './bundle.ts';
import type { ChainFiles, PackFiles } from './layout.ts';
import { checkKey, signedBy, type Trust } from './signed.ts';
import { packIn } from './statement.ts';
import { TreeError, type Tree, type TreeFile } from './tree.ts';
import { Refusal, type Findings } from './verdict.ts';
import { verifyIdentity, verifyWithRoots, witnessedTimes } from './witnesses.ts';

/** A clock of the operator and one of an authority may differ by so much. */
export const SKEW_SECONDS = 300;

export interface ReadPack {
  readonly where: string;
  readonly number: number;
  readonly predicate: PackPredicate;
  readonly digest: string;
  /** By a key, or for an identity, that is believed. */
  readonly isSigned: boolean;
  /** Proven by an authority that is trusted: it was signed by then. */
  readonly provenTime: Date | undefined;
  /** Its key was revoked, but only later than it says that it was signed. */
  readonly revokedTime: string | undefined;
}

/** Undefined where it cannot be read; the findings say why. */
export async function readPack(
  tree: Tree,
  { number, path, late }: PackFiles,
  trust: Trust,
  findings: Findings,
): Promise<ReadPack | undefined> {
  const bundle = await readBundle(tree, path, findings);
  if (!bundle) return undefined;
  const signed = signedBy(bundle, path, trust, findings);
  if (signed === 'Refused') return undefined;
  const statement = findings.trying('Bundles', path, () => packIn(bundle.payload));
  if (!statement) return undefined;
  const { predicate } = statement;
  if (predicate.sequence !== number)
    findings.refuse('Chain', path, `it is pack ${predicate.sequence} under the name of pack ${number}`);
  checkKey(bundle, { where: path, predicate }, trust, findings);
  const witnessed = [bundle];
  for (const other of late) {
    const more = await readBundle(tree, other, findings);
    if (!more) continue;
    if (more.payload.equals(bundle.payload) && more.signature.equals(bundle.signature)) witnessed.push(more);
    else findings.refuse('Witnesses', other, `it is of another signature than ${path}`);
  }
  const read = { where: path, number, predicate, digest: sha256(bundle.payload), isSigned: signed === 'Signed' };
  const provenTime = provenBy(witnessed, read, trust, findings);
  return { ...read, provenTime, revokedTime: revokedLater(bundle, predicate, trust) };
}

export async function readBundle(tree: Tree, path: string, findings: Findings): Promise<ReadBundle | undefined> {
  try {
    const bytes = await tree.read(path, MOST_BUNDLE_BYTES);
    return findings.trying('Bundles', path, () => bundleIn(bytes));
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    findings.refuse('Bundles', path, `it cannot be read: ${error.message}`);
    return undefined;
  }
}

/** When it was signed at the latest, as far as an authority that is trusted says so. */
function provenBy(
  bundles: readonly ReadBundle[],
  { where, predicate, isSigned }: Pick<ReadPack, 'where' | 'predicate' | 'isSigned'>,
  { ring, identity, roots }: Trust,
  findings: Findings,
): Date | undefined {
  const proven: Date[] = [];
  for (const bundle of bundles) {
    const times = findings.trying('Witnesses', where, () => {
      const found = witnessedTimes(bundle);
      const key = ring.keys.get(bundle.hint ?? '');
      assertTimes(found, predicate.time);
      const why = key?.life && found.map((time) => whyNotSigned(unrevoked(key.life!), time)).find(Boolean);
      if (why)
        throw new Refusal(`it has a timestamp of ${found.map((time) => time.toISOString()).join(', ')}, but ${why}`);
      if (!roots || !isSigned) return [];
      if (bundle.certificate && identity) verifyIdentity(bundle, identity, roots);
      else if (key) verifyWithRoots(bundle, key, roots);
      return found;
    });
    proven.push(...(times ?? []));
  }
  return proven.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

/** A key that was revoked later may be witnessed later. */
function unrevoked<T extends { readonly revokedTime?: string; readonly validUntil?: string }>(life: T): T {
  return { ...life, revokedTime: undefined, validUntil: undefined };
}

/** What was there at a time cannot have been signed much later than that. */
function assertTimes(times: readonly Date[], signed: string): void {
  const early = times.find((time) => time.getTime() < Date.parse(signed) - SKEW_SECONDS * 1000);
  if (early)
    throw new Refusal(`it says that it was signed at ${signed}, and has a timestamp of ${early.toISOString()}`);
}

function revokedLater({ hint }: ReadBundle, { time }: PackPredicate, { ring }: Trust): string | undefined {
  const revokedTime = ring.keys.get(hint ?? '')?.life?.revokedTime;
  return revokedTime !== undefined && Date.parse(time) < Date.parse(revokedTime) ? revokedTime : undefined;
}

/** Each file is there, as it was signed, and no other one beside it. Resolves to how many bytes were read. */
export async function checkFiles(
  tree: Tree,
  { chain, pack, leftOut }: { chain: ChainFiles; pack: ReadPack; leftOut: ReadonlyMap<string, string> },
  findings: Findings,
): Promise<number> {
  const { folder, files } = pack.predicate;
  const base = pack.where.replace(/[^/]+$/, '');
  const there = new Map(
    (chain.folders.get(folder) ?? []).map((file) => [file.path.slice(base.length + folder.length + 1), file]),
  );
  let bytes = 0;
  for (const { name, size, digest } of files) {
    const file = there.get(name);
    there.delete(name);
    const where = `${base}${folder}/${name}`;
    if (!file && leftOut.get(where) === digest.sha256)
      findings.partial('Files', where, 'it was left out of this export; its digest is the one that was signed');
    else if (!file) findings.refuse('Files', where, `it is missing: pack ${pack.number} has it`);
    else if (file.size !== size) findings.refuse('Files', where, `it has ${file.size} bytes, and ${size} were signed`);
    else bytes += await checkDigest(tree, { file, digest: digest.sha256, number: pack.number }, findings);
  }
  for (const { path } of there.values())
    findings.refuse('Files', path, `it is beside the files of pack ${pack.number}, which does not have it`);
  return bytes;
}

async function checkDigest(
  tree: Tree,
  { file, digest, number }: { file: TreeFile; digest: string; number: number },
  findings: Findings,
): Promise<number> {
  try {
    const found = await tree.digest(file.path);
    if (found.sha256 !== digest)
      findings.refuse(
        'Files',
        file.path,
        `it was changed: its digest is not the one that was signed in pack ${number}`,
      );
    return found.size;
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    findings.refuse('Files', file.path, `it cannot be read: ${error.message}`);
    return 0;
  }
}
