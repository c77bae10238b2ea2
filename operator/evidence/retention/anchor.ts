/**
 * Where a chain begins whose oldest parts were deleted: after the last record of that, if all records follow one another from the first part
 * on, and the chain itself says the same. Anything less is a gap. Pure.
 */
import { isSha256 } from '../statement/packStatement.ts';
import {
  DISPOSITION_PREDICATE,
  type ChainName,
  type ClusterId,
  type DispositionPredicate,
  type DispositionStatement,
  type Previous,
  type StoreName,
} from '../statement/types.ts';

/** A record whose signature was verified. */
export interface SignedDisposition {
  readonly statement: DispositionStatement;
  /** Of its payload, in hexadecimal. */
  readonly digest: string;
  /** For messages. */
  readonly where: string;
}

export interface ChainPlace {
  readonly chain: ChainName;
  readonly store: StoreName;
  readonly cluster: ClusterId;
}

export interface Anchoring {
  /** What the first part that is there has to follow; undefined when that has to be the first of all. */
  readonly anchor?: Previous;
  /** Why the records are worth nothing. A fragment. */
  readonly problem?: { readonly where: string; readonly message: string };
}

/** Of one chain. Without records the chain has to begin at 1. */
export function anchorOf(records: readonly SignedDisposition[], place: ChainPlace): Anchoring {
  let before: SignedDisposition | undefined;
  for (const record of records.toSorted((a, b) => a.statement.predicate.from - b.statement.predicate.from)) {
    const message = whyInvalid(record.statement, place) ?? whyNotNext(record.statement.predicate, before);
    if (message !== undefined) return { problem: { where: record.where, message } };
    before = record;
  }
  return before ? { anchor: before.statement.predicate.anchor } : {};
}

/** Why a chain does not begin where its records say, as a fragment; undefined when it does. `first` is the oldest part that is kept. */
export function whyNotAnchored(
  first: { readonly sequence: number; readonly previous?: Previous },
  { anchor, problem }: Anchoring,
): string | undefined {
  if (problem) return problem.message;
  const { sequence, previous } = first;
  if (!anchor)
    return sequence === 1 ? undefined : `it begins at ${sequence}, and no record says that what is before was deleted`;
  if (sequence !== anchor.sequence + 1)
    return `it begins at ${sequence}, and the records say that what is before ${anchor.sequence + 1} was deleted`;
  if (previous?.sequence !== anchor.sequence || previous.digest.sha256 !== anchor.digest.sha256)
    return `${sequence} does not follow what the record says was deleted before it`;
  return undefined;
}

function whyInvalid(
  { predicateType, predicate, subject }: DispositionStatement,
  place: ChainPlace,
): string | undefined {
  if (predicateType !== DISPOSITION_PREDICATE) return 'it is not a record of a disposition';
  const { chain, store, cluster, from, to, anchor, disposed, time } = predicate;
  if (chain.kind !== place.chain.kind || chain.name !== place.chain.name) return 'it is of another chain';
  if (store.namespace !== place.store.namespace || store.name !== place.store.name || cluster.id !== place.cluster.id)
    return 'it is of another store';
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || to < from)
    return 'its numbers are none of a chain';
  if (disposed.length !== to - from + 1 || disposed.some(({ sequence }, index) => sequence !== from + index))
    return `it does not list each of ${from} to ${to}`;
  const last = disposed[disposed.length - 1]!;
  if (anchor.sequence !== to || anchor.digest.sha256 !== last.digest.sha256 || !isSha256(anchor.digest.sha256))
    return 'its anchor is not the last that it lists';
  const early = disposed.find(({ retainedUntil }) => !(Date.parse(retainedUntil) <= Date.parse(time)));
  if (early) return `${early.sequence} was deleted before it was due, at ${early.retainedUntil}`;
  return subject.length === 0 ? 'it names no object' : undefined;
}

function whyNotNext(
  { from, previous }: DispositionPredicate,
  before: SignedDisposition | undefined,
): string | undefined {
  if (!before) {
    if (from === 1 && !previous) return undefined;
    return `it says that what is before ${from} was deleted earlier, and no record says so`;
  }
  const { to } = before.statement.predicate;
  if (from <= to) return `it begins at ${from}, and ${before.where} already goes to ${to}`;
  if (from !== to + 1) return `it begins at ${from}, and ${before.where} goes to ${to} only`;
  if (previous?.to !== to || previous.digest.sha256 !== before.digest)
    return `it does not follow ${before.where} as it is here, but another one`;
  return undefined;
}
