/**
 * What may be deleted now, and the record of it: only from the beginning of a chain, and only what no lock, no class, no hold and nothing
 * that stays keeps. Pure.
 */
import {
  DISPOSITION_PREDICATE,
  MOST_SUBJECTS,
  STATEMENT_TYPE,
  type ChainName,
  type ClusterId,
  type DispositionPredicate,
  type DispositionStatement,
  type Disposed,
  type StoreName,
  type Subject,
} from '../statement/types.ts';
import { anchorOf, type SignedDisposition } from './anchor.ts';
import { isRetentionClass, retainUntil, retentionClasses, roleOf } from './classes.ts';
import { holdsOn, type Hold } from './holds.ts';

export interface Chain {
  readonly chain: ChainName;
  /** All that are there, in order. Their statements were verified. */
  readonly parts: readonly ChainPart[];
  readonly records: readonly SignedDisposition[];
}

/** A pack, or a segment of the journal. */
export interface ChainPart {
  readonly sequence: number;
  /** Of its payload, or of the bytes of the segment. */
  readonly sha256: string;
  /** When it was signed or closed. */
  readonly time: Date;
  readonly start: Date;
  readonly end: Date;
  readonly class: string;
  /** What its statement promised. */
  readonly until?: Date;
  /** Of a pack, the first segment of the journal that it refers to. */
  readonly firstSegment?: number;
  readonly objects: readonly PartObject[];
}

export interface PartObject {
  readonly key: string;
  readonly sha256: string;
  readonly lockedUntil?: Date;
  readonly isHeld?: boolean;
}

export interface RetentionFacts {
  readonly store: StoreName;
  readonly cluster: ClusterId;
  readonly holds: readonly Hold[];
  readonly version: string;
  readonly hint: string;
  readonly now: Date;
}

export interface DispositionStep {
  readonly chain: ChainName;
  /** Where its record is. */
  readonly record: string;
  /** What is to be signed; absent where the record is there, and only the deletion was interrupted. */
  readonly statement?: DispositionStatement;
  /** Deleted in this order: what makes a pack one goes last. */
  readonly keys: readonly string[];
}

export interface DispositionPlan {
  readonly steps: readonly DispositionStep[];
  /** Why nothing is deleted of a chain that has something due. Sentences. */
  readonly notes: readonly string[];
}

/** A clock that is so far beyond the newest part is not believed. */
const mostAhead = 7 * 86_400_000;

export function dispositions(chains: readonly Chain[], facts: RetentionFacts): DispositionPlan {
  const newest = Math.max(0, ...chains.flatMap(({ parts }) => parts.map(({ time }) => time.getTime())));
  if (facts.now.getTime() - newest > mostAhead) {
    const note = `Nothing is deleted: the newest evidence is of ${new Date(newest).toISOString()}, and it is ${facts.now.toISOString()} now; check why no evidence is stored, and the clock.`;
    return { steps: [], notes: newest > 0 ? [note] : [] };
  }
  const packs = chains.filter(({ chain }) => chain.kind === 'Pack');
  const firstSegment = Math.min(...packs.flatMap(({ parts }) => parts.map((part) => part.firstSegment ?? Infinity)));
  const notes: string[] = [];
  const steps = chains.flatMap((chain): DispositionStep[] => {
    const { anchor, problem } = anchorOf(chain.records, { ...facts, chain: chain.chain });
    if (problem) {
      notes.push(
        `Nothing of ${nameOf(chain.chain)} is deleted: ${problem.where}: ${problem.message}; verify the store.`,
      );
      return [];
    }
    const done = anchor?.sequence ?? 0;
    const most = chain.chain.kind === 'Journal' ? firstSegment : Infinity;
    const left = interrupted(chain, done, facts);
    const due = dueOf(chain, { after: done, before: most }, facts);
    return due.length > 0 ? [...left, newStep(chain, due, facts)] : left;
  });
  return { steps, notes };
}

/** What a record says was deleted, and is there still. */
function interrupted({ chain, parts, records }: Chain, done: number, { now }: RetentionFacts): DispositionStep[] {
  return records.flatMap(({ statement: { predicate } }): DispositionStep[] => {
    const { from, to } = predicate;
    const there = parts.filter(({ sequence }) => sequence >= from && sequence <= to && sequence <= done);
    const keys = keysOf(there.filter((part) => part.objects.every((object) => isFree(object, now))));
    return keys.length > 0 ? [{ chain, record: recordKey(chain, from, to), keys }] : [];
  });
}

function dueOf({ chain, parts }: Chain, range: { after: number; before: number }, facts: RetentionFacts): ChainPart[] {
  const due: ChainPart[] = [];
  let subjects = 0;
  let next = range.after + 1;
  // The head stays: what follows refers to it.
  for (const part of parts.slice(0, -1)) {
    if (part.sequence <= range.after) continue;
    if (part.sequence !== next || part.sequence >= range.before || !isDue(chain, part, facts)) break;
    subjects += part.objects.length;
    if (subjects > MOST_SUBJECTS) break;
    due.push(part);
    next++;
  }
  return due;
}

/** Of a class that is not known, nothing is due. */
function isDue({ name }: ChainName, part: ChainPart, { holds, now }: RetentionFacts): boolean {
  const until = retainedUntil(part);
  if (!until || now < until) return false;
  if (holdsOn({ ...part, ...(name !== undefined && { pack: name }) }, holds, now).length > 0) return false;
  return part.objects.every((object) => isFree(object, now));
}

function retainedUntil(part: ChainPart): Date | undefined {
  if (!isRetentionClass(part.class)) return undefined;
  const by = [
    retainUntil(part.time, part.class),
    retainUntil(part.end, part.class),
    ...(part.until ? [part.until] : []),
  ];
  return new Date(Math.max(...by.map((date) => date.getTime())));
}

function isFree({ key, lockedUntil, isHeld }: PartObject, now: Date): boolean {
  const { is } = roleOf(key);
  return (is === 'Pack' || is === 'Segment') && !isHeld && (!lockedUntil || lockedUntil <= now);
}

function newStep({ chain, records }: Chain, due: readonly ChainPart[], facts: RetentionFacts): DispositionStep {
  const { store, cluster, version, hint, now } = facts;
  const from = due[0]!.sequence;
  const last = due[due.length - 1]!;
  const before = records.toSorted((a, b) => b.statement.predicate.to - a.statement.predicate.to)[0];
  const predicate: DispositionPredicate = {
    chain,
    store,
    cluster,
    from,
    to: last.sequence,
    anchor: { sequence: last.sequence, digest: { sha256: last.sha256 } },
    ...(before && { previous: { to: before.statement.predicate.to, digest: { sha256: before.digest } } }),
    disposed: due.map(disposed),
    time: now.toISOString(),
    collector: { name: 'holdfast', version },
    key: { hint },
  };
  const subject: Subject[] = due
    .flatMap(({ objects }) => objects.map(({ key, sha256 }) => ({ name: key, digest: { sha256 } })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const statement = { _type: STATEMENT_TYPE, subject, predicateType: DISPOSITION_PREDICATE, predicate } as const;
  return { chain, record: recordKey(chain, from, last.sequence), statement, keys: keysOf(due) };
}

function disposed(part: ChainPart): Disposed {
  const { basis } = isRetentionClass(part.class) ? retentionClasses[part.class] : { basis: '' };
  return {
    sequence: part.sequence,
    digest: { sha256: part.sha256 },
    class: part.class,
    basis,
    retainedUntil: (retainedUntil(part) ?? part.time).toISOString(),
  };
}

function keysOf(parts: readonly ChainPart[]): string[] {
  return parts.flatMap(({ objects }) =>
    objects
      .map(({ key }) => ({ key, commits: commits(key) }))
      .sort((a, b) => Number(a.commits) - Number(b.commits) || (a.key < b.key ? -1 : 1))
      .map(({ key }) => key),
  );
}

function commits(key: string): boolean {
  const role = roleOf(key);
  return role.is === 'Pack' && role.commits;
}

/** `packs/nightly/disposition-00000001-00000007.sigstore.json`. */
export function recordKey({ kind, name = '' }: ChainName, from: number, to: number): string {
  const digits = kind === 'Pack' ? 8 : 12;
  const numbers = [from, to].map((number) => String(number).padStart(digits, '0')).join('-');
  return `${kind === 'Pack' ? `packs/${name}` : 'journal'}/disposition-${numbers}.sigstore.json`;
}

function nameOf({ kind, name = '' }: ChainName): string {
  return kind === 'Pack' ? `EvidencePack ${name}` : 'the journal';
}
