/** The newest pack of a chain, as its statement says. Pure. */
import type { EvidencePackStatus, MissingEvidence, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { manifestName } from '../statement/names.ts';
import type { PackPredicate } from '../statement/types.ts';

export interface Head {
  readonly pack: StoredPack;
  readonly missing: readonly MissingEvidence[];
}

export function headOf(
  { sequence, time, period, completeness, files }: PackPredicate,
  where: Pick<StoredPack, 'digest' | 'uri' | 'versionId' | 'unwitnessed'>,
): Head {
  const { complete, missing } = completeness;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { pack: { sequence, ...where, time, periodEnd: period.end, complete, bytes }, missing };
}

/** What the store has, beside what was stored. */
export type ChainState =
  | { readonly is: 'intact' }
  /** The store lacks packs that were stored. */
  | { readonly is: 'gone'; readonly from: number; readonly to: number }
  /** The newest pack in the store is not the one that was stored. */
  | { readonly is: 'altered'; readonly sequence: number }
  /** There is a pack that is not ours. */
  | { readonly is: 'foreign'; readonly bundle: ForeignBundle }
  /** Files that are named as lists of keys, and are none of ours. */
  | { readonly is: 'foreignKeys'; readonly numbers: readonly number[] }
  /** The list of keys that was believed is not there. */
  | { readonly is: 'alteredKeys'; readonly message: string };

/** Stored under the number of a pack, by another writer. */
export interface ForeignBundle {
  readonly sequence: number;
  /** Of the file; undefined where it could not be read in time. */
  readonly digest?: string;
  /** It is signed with a key of ours, and follows another pack: it is never skipped. */
  readonly isSigned: boolean;
}

interface SeenBeside {
  /** What is not declared to be skipped. */
  readonly foreign?: readonly ForeignBundle[];
  readonly keys?: { readonly foreign: readonly number[]; readonly altered?: number; readonly problem?: string };
}

function keysState(keys: SeenBeside['keys']): ChainState {
  if (keys?.problem !== undefined) return { is: 'alteredKeys', message: keys.problem };
  if (keys?.altered !== undefined) return { is: 'alteredKeys', message: alteredList(keys.altered) };
  return keys?.foreign.length ? { is: 'foreignKeys', numbers: keys.foreign } : { is: 'intact' };
}

function alteredList(number: number): string {
  return `keys/${manifestName(number)} in the store is gone or another one than was believed; find out who replaced it, and restore the version of before; packs continue`;
}

export function chainState(
  { last }: Pick<EvidencePackStatus, 'last'>,
  head: Head | undefined,
  { foreign, keys }: SeenBeside = {},
): ChainState {
  const [first] = foreign ?? [];
  const rest: ChainState = first === undefined ? keysState(keys) : { is: 'foreign', bundle: first };
  if (!last) return rest;
  // It is there, and cannot be read as a pack.
  if (first !== undefined && first.sequence <= last.sequence) return { is: 'altered', sequence: first.sequence };
  const there = head?.pack.sequence ?? 0;
  if (there < last.sequence) return { is: 'gone', from: there + 1, to: last.sequence };
  if (there === last.sequence && head?.pack.digest !== last.digest) return { is: 'altered', sequence: there };
  return rest;
}

/** What the next pack follows: what was stored, even where the store does not have it any more, so that the chain shows what is gone. */
export function latest({ last }: Pick<EvidencePackStatus, 'last'>, head: Head | undefined): StoredPack | undefined {
  if (!last) return head?.pack;
  return head && head.pack.sequence > last.sequence ? head.pack : last;
}
