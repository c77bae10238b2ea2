/** Statements of in-toto that the operator signs: one for each pack of evidence, and one for each list of its keys. Pure. */
import type { Missing, SectionName } from '../sections/section.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const PACK_PREDICATE = 'https://holdfast.dev/attestation/evidence-pack/v1';
export const KEYS_PREDICATE = 'https://holdfast.dev/attestation/evidence-keys/v1';
export const DISPOSITION_PREDICATE = 'https://holdfast.dev/attestation/disposition/v1';
/** What is signed is one signature over one of these; cosign and others accept no other. */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** cosign reads no more of them. */
export const MOST_SUBJECTS = 1024;
/** Of a bundle: 1024 subjects, their files, and what witnesses add, several times over. */
export const MOST_BUNDLE_BYTES = 8 << 20;

export interface Sha256 {
  /** 64 hexadecimal digits in lower case. */
  readonly sha256: string;
}

export interface Subject {
  /** Without a directory. */
  readonly name: string;
  readonly digest: Sha256;
}

export interface Statement<Type extends string, Predicate> {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: Type;
  readonly predicate: Predicate;
}

export type PackStatement = Statement<typeof PACK_PREDICATE, PackPredicate>;
export type KeysStatement = Statement<typeof KEYS_PREDICATE, KeysPredicate>;
export type DispositionStatement = Statement<typeof DISPOSITION_PREDICATE, DispositionPredicate>;
export type AnyStatement = PackStatement | KeysStatement | DispositionStatement;

export interface PackPredicate {
  readonly pack: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly store: StoreName;
  readonly cluster: ClusterId;
  readonly collector: { readonly name: 'holdfast'; readonly version: string };
  /** From 1, without a gap. */
  readonly sequence: number;
  /** The statement before: its number and the digest of its payload. Absent for the first. */
  readonly previous?: Previous;
  /** Bundles that another writer stored; each number between the statement before and this one is here. In ascending order. */
  readonly skipped?: readonly SkippedNumber[];
  readonly period: { readonly start: string; readonly end: string };
  /** When it was signed, by the clock of the operator. */
  readonly time: string;
  /** Absent for a pack that was made once. */
  readonly schedule?: PackSchedule;
  /** Of its files, beside the bundle; see `contentFolder`. */
  readonly folder: string;
  /** In the order of their names. */
  readonly files: readonly PackFile[];
  readonly completeness: Completeness;
  /** The segments of the journal that the pack covers. */
  readonly journal?: JournalSpan;
  readonly key: KeyName;
  readonly retention: PackRetention;
}

export interface StoreName {
  readonly namespace: string;
  readonly name: string;
}

export interface ClusterId {
  /** The uid of namespace kube-system. */
  readonly id: string;
}

export interface Previous {
  readonly sequence: number;
  /** Of the payload, not of the bundle: a late witness does not change it. */
  readonly digest: Sha256;
}

export interface SkippedNumber {
  readonly sequence: number;
  /** Of the file that was there. */
  readonly digest: Sha256;
  /** As a person declared it. */
  readonly reason: string;
}

export interface PackSchedule {
  readonly cron: string;
  readonly timeZone: string;
  /** The longest time between two packs by this schedule. */
  readonly seconds: number;
}

export interface PackFile {
  readonly name: string;
  readonly section: SectionName;
  readonly mediaType: string;
  readonly size: number;
  readonly digest: Sha256;
  readonly status: 'complete' | 'partial' | 'failed';
  /** Items of its lists. */
  readonly records: number;
  readonly missing?: readonly Missing[];
}

export interface Completeness {
  /** Each section that was expected has a complete file. */
  readonly complete: boolean;
  readonly expected: readonly SectionName[];
  readonly missing: readonly Missing[];
}

export interface JournalSpan {
  /** Numbers of segments. */
  readonly first: number;
  readonly last: number;
  readonly entries: number;
  /** Of the bytes of the last segment. */
  readonly digest: Sha256;
}

export interface KeyName {
  /** As cosign has it: base64 of SHA-256 of the public key, SPKI in DER. */
  readonly hint: string;
  /** The manifest of keys that was the newest then. */
  readonly manifest?: number;
}

export interface PackRetention {
  readonly class: string;
  readonly until?: string;
  readonly mode: 'Governance' | 'Compliance' | 'None';
}

export interface KeysPredicate {
  readonly store: StoreName;
  readonly cluster: ClusterId;
  /** From 1, without a gap. */
  readonly sequence: number;
  readonly previous?: Previous;
  /**
   * Numbers of files that are named as lists of keys, and are none of this store: another writer stored them. Each number between the list before and this
   * one is here. In ascending order.
   */
  readonly skipped?: readonly number[];
  readonly time: string;
  /** All that there ever were, in the order in which they were added. */
  readonly keys: readonly ListedKey[];
}

export interface ListedKey {
  readonly hint: string;
  /** PEM. */
  readonly publicKey: string;
  readonly validFrom: string;
  /** It signs before that. */
  readonly validUntil?: string;
  /** What it signed from then on counts for nothing, and what it signed before only where a witness or a later pack proves when. */
  readonly revokedTime?: string;
  readonly reason?: string;
}

/** What was deleted from the beginning of a chain, which begins after it from then on. Its subjects are the objects, by their keys. */
export interface DispositionPredicate {
  readonly chain: ChainName;
  readonly store: StoreName;
  readonly cluster: ClusterId;
  /** Numbers of packs or segments. */
  readonly from: number;
  readonly to: number;
  /** The last that was deleted: what follows it says the same in its `previous`. */
  readonly anchor: Previous;
  /** The record of what was deleted before, by the digest of its payload; absent where `from` is 1. */
  readonly previous?: { readonly to: number; readonly digest: Sha256 };
  /** In order; one for each number. */
  readonly disposed: readonly Disposed[];
  /** When it was decided, before the deletion. */
  readonly time: string;
  readonly collector: { readonly name: 'holdfast'; readonly version: string };
  readonly key: KeyName;
}

/** The packs of an EvidencePack, or the journal of the store. */
export interface ChainName {
  readonly kind: 'Pack' | 'Journal';
  /** Of the EvidencePack. */
  readonly name?: string;
}

export interface Disposed {
  readonly sequence: number;
  /** Of its payload, or of the bytes of the segment. */
  readonly digest: Sha256;
  readonly class: string;
  /** What the class is derived from. */
  readonly basis: string;
  readonly retainedUntil: string;
}
