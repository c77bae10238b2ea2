/** The statement of a pack, from what was collected. Pure. */
import { contentFolder, reaches } from './names.ts';
import {
  MOST_SUBJECTS,
  PACK_PREDICATE,
  STATEMENT_TYPE,
  type PackFile,
  type PackPredicate,
  type PackStatement,
} from './types.ts';

export type PackFacts = Omit<PackPredicate, 'collector' | 'folder' | 'completeness'> & {
  /** Of the operator. */
  readonly version: string;
  readonly expected: PackPredicate['completeness']['expected'];
  /** What is missing beyond what the files say, such as a section that failed. */
  readonly missing?: PackPredicate['completeness']['missing'];
};

/** Throws where the facts make no statement that can be verified: that is an error of the caller. */
export function packStatement({ version, expected, missing = [], ...facts }: PackFacts): PackStatement {
  const files = facts.files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  assertFiles(files);
  const { sequence, previous, skipped = [] } = facts;
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw new Error(`${sequence} is not the number of a pack.`);
  const numbers = skipped.map((one) => one.sequence);
  if (!reaches(sequence, previous?.sequence, numbers))
    throw new Error(`Pack ${sequence} does not follow its previous one.`);
  const all = [...files.flatMap(({ missing: ofFile = [] }) => ofFile), ...missing];
  return {
    _type: STATEMENT_TYPE,
    subject: files.map(({ name, digest }) => ({ name, digest })),
    predicateType: PACK_PREDICATE,
    predicate: {
      ...facts,
      files,
      collector: { name: 'holdfast', version },
      folder: contentFolder(sequence, files),
      completeness: { complete: all.length === 0 && isComplete(files, expected), expected, missing: all },
    },
  };
}

function isComplete(files: readonly PackFile[], expected: readonly string[]): boolean {
  return expected.every((section) => files.some((file) => file.section === section && file.status === 'complete'));
}

/** A name is one of a file beside the others, on every system. */
export function isFileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);
}

export function isSha256(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}

function assertFiles(files: readonly PackFile[]): void {
  if (files.length === 0 || files.length > MOST_SUBJECTS)
    throw new Error(`A pack has from 1 to ${MOST_SUBJECTS} files, not ${files.length}.`);
  for (const [index, { name, digest, size }] of files.entries()) {
    if (!isFileName(name)) throw new Error(`${JSON.stringify(name)} is not the name of a file of a pack.`);
    if (files[index + 1]?.name === name) throw new Error(`There are two files ${name}.`);
    if (!isSha256(digest.sha256)) throw new Error(`The digest of ${name} is not SHA-256 in hexadecimal.`);
    if (!Number.isSafeInteger(size) || size < 0) throw new Error(`The size of ${name} is not a number of bytes.`);
  }
}
