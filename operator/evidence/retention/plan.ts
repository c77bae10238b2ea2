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
  /** The longest time until the next one, in seconds, as its schedule says. */
  readonly pause?: number;
  readonly objects: readonly PartObject[];
}

export interface PartObject {
  readonly key: string;
  /** The version that was read. */
  readonly versionId?: string;
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
  /** The list of keys that has it. */
  readonly manifest?: number;
  readonly now: Date;
}

export interface DispositionStep {
  readonly chain: ChainName;
  /** Where its record is. */
  readonly record: string;
  /** What is to be signed; absent where the record is there, and only the deletion was interrupted. */
  readonly statement?: DispositionStatement;
  /** Deleted in this order: what makes a pack one goes last. */
  readonly objects: readonly PartObject[];
}

/** What keeps the oldest part that is kept. */
export interface Kept {
  readonly sequence: number;
  /** When neither its class nor a lock keeps it any longer; undefined of a class that is not known, and of what stays in any case. */
  readonly until?: Date;
  /** Names of holds. */
  readonly holds: readonly string[];
  /** The store itself has a hold on an object of it. */
  readonly isHeld: boolean;
}

export interface DispositionPlan {
  readonly steps: readonly DispositionStep[];
  /** Why nothing is deleted of a chain that has something due. Sentences. */
  readonly notes: readonly string[];
}

/** A clock that is so far beyond the evidence before is not believed. */
const mostAhead = 7 * 86_400_000;

export function dispositions(chains: readonly Chain[], facts: RetentionFacts): DispositionPlan {
  const doubt = whyDoubted(chains, facts.now);
  if (doubt !== undefined) return { steps: [], notes: [doubt] };
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

/**
 * The newest pack is made by the same clock moments before something is deleted, so it says nothing of that clock: the one before it must not be much older
 * than its schedule says. Of the journal alone, it is the last but one segment.
 */
function whyDoubted(chains: readonly Chain[], now: Date): string | undefined {
  const packs = chains.filter(({ chain }) => chain.kind === 'Pack').flatMap(({ parts }) => parts);
  const parts = packs.length > 0 ? packs : chains.flatMap((chain) => chain.parts);
  const [, before] = parts
    .map(({ time }) => time.getTime())
    .filter((time) => time > 0)
    .sort((a, b) => b - a);
  const pause = Math.max(0, ...parts.map((part) => part.pause ?? 0)) * 1000;
  if (before === undefined || now.getTime() - before <= Math.max(mostAhead, 2 * pause)) return undefined;
  return `Nothing is deleted: the evidence before the newest is of ${new Date(before).toISOString()}, and it is ${now.toISOString()} now; check why no evidence was stored, and the clock; the next pack that is stored in time continues.`;
}

/** What a record says was deleted, and is there still: a hold that came meanwhile keeps it. */
function interrupted({ chain, parts, records }: Chain, done: number, facts: RetentionFacts): DispositionStep[] {
  return records.flatMap(({ statement: { predicate } }): DispositionStep[] => {
    const { from, to } = predicate;
    const there = parts.filter(({ sequence }) => sequence >= from && sequence <= to && sequence <= done);
    const free = there.filter(
      (part) => holding(chain, part, facts).length === 0 && part.objects.every((object) => isFree(object, facts.now)),
    );
    const objects = inOrder(free);
    return objects.length > 0 ? [{ chain, record: recordKey(chain, from), objects }] : [];
  });
}

function dueOf({ chain, parts }: Chain, range: { after: number; before: number }, facts: RetentionFacts): ChainPart[] {
  const due: ChainPart[] = [];
  let subjects = 0;
  let next = range.after + 1;
  // What follows covers the journal from where this one ends.
  const covering = parts.findLast(({ firstSegment }) => firstSegment !== undefined)?.sequence;
  // The head stays: what follows refers to it.
  for (const part of parts.slice(0, -1)) {
    if (part.sequence <= range.after) continue;
    if (part.sequence !== next || part.sequence === covering) break;
    if (part.sequence >= range.before || !isDue(chain, part, facts)) break;
    subjects += part.objects.length;
    if (subjects > MOST_SUBJECTS) break;
    due.push(part);
    next++;
  }
  return due;
}

/** Of a class that is not known, nothing is due. */
function isDue(chain: ChainName, part: ChainPart, facts: RetentionFacts): boolean {
  const until = retainedUntil(part);
  if (!until || facts.now < until) return false;
  return holding(chain, part, facts).length === 0 && part.objects.every((object) => isFree(object, facts.now));
}

function holding({ name }: ChainName, { start, end }: ChainPart, { holds, now }: RetentionFacts): readonly Hold[] {
  return holdsOn({ start, end, ...(name !== undefined && { pack: name }) }, holds, now);
}

/** What keeps the oldest part beyond `after`. Undefined where the chain has none. */
export function keptIn(chain: Chain, after: number, facts: RetentionFacts): Kept | undefined {
  const index = chain.parts.findIndex(({ sequence }) => sequence > after);
  const part = chain.parts[index];
  if (!part) return undefined;
  const isHead = index === chain.parts.length - 1;
  const times = [retainedUntil(part), ...part.objects.map(({ lockedUntil }) => lockedUntil)];
  const until = times.reduce((a, b) => (a && b && b > a ? b : a));
  return {
    sequence: part.sequence,
    ...(until && !isHead && { until }),
    holds: holding(chain.chain, part, facts).map(({ name }) => name),
    isHeld: part.objects.some(({ isHeld }) => isHeld),
  };
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
  const { store, cluster, version, hint, manifest, now } = facts;
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
    key: { hint, ...(manifest !== undefined && { manifest }) },
  };
  const subject: Subject[] = due
    .flatMap(({ objects }) => objects.map(({ key, sha256 }) => ({ name: key, digest: { sha256 } })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const statement = { _type: STATEMENT_TYPE, subject, predicateType: DISPOSITION_PREDICATE, predicate } as const;
  return { chain, record: recordKey(chain, from), statement, objects: inOrder(due) };
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

function inOrder(parts: readonly ChainPart[]): PartObject[] {
  return parts.flatMap(({ objects }) =>
    objects.toSorted((a, b) => Number(commits(a.key)) - Number(commits(b.key)) || (a.key < b.key ? -1 : 1)),
  );
}

function commits(key: string): boolean {
  const role = roleOf(key);
  return role.is === 'Pack' && role.commits;
}

/** `packs/nightly/disposition-00000001.sigstore.json`: of two that begin with the same part, only the first can be stored. */
export function recordKey({ kind, name = '' }: ChainName, from: number): string {
  const number = String(from).padStart(kind === 'Pack' ? 8 : 12, '0');
  return `${kind === 'Pack' ? `packs/${name}` : 'journal'}/disposition-${number}.sigstore.json`;
}

export function nameOf({ kind, name = '' }: ChainName): string {
  return kind === 'Pack' ? `EvidencePack ${name}` : 'the journal';
}
