/**
 * Reads the oldest segments of the journal before some are deleted. Nobody signs a segment: it counts as ours once those after it lead, digest by digest, to
 * one that a pack has signed.
 */
import { readDispositions } from '../verify/dispositions.ts';
import { layoutOf, type Numbered } from '../verify/layout.ts';
import { TreeError } from '../verify/tree.ts';
import { Findings } from '../verify/verdict.ts';
import { mostSegmentBytes, readSegment, SegmentFault, type Segment } from '../journal/segment.ts';
import { retainUntil } from './classes.ts';
import { assertNoObjection, Doubt } from './doubt.ts';
import type { Chain, ChainPart } from './plan.ts';
import { leftOver, type ReadChain, type Reading } from './readPacks.ts';
import { isHere } from './readTrust.ts';
import { MOST_SUBJECTS } from '../statement/types.ts';
import { filesBelow, seenTree, type SeenTree } from './seenTree.ts';

/** What is in the journal may be part of anything that is asked for later. */
export const journalClass = 'Audit';
/** Read in one pass. */
const mostSegments = 20_000;
const together = 8;

export interface Journal {
  /** Its parts are those that lead to a signed digest, and one more that stays. */
  readonly chain: Chain;
  readonly after: number;
}

/** What the packs of the store say of the journal; asked for only when something of it is over. */
export type PacksOf = () => Promise<readonly ReadChain[]>;

/** Undefined where nothing of the journal is over. Rejects with a `Doubt`. */
export async function readJournal(
  reading: Reading,
  packs: PacksOf,
  now: Date,
  signal: AbortSignal,
): Promise<{ readonly journal: Journal; readonly packs: readonly ReadChain[] } | undefined> {
  const { store, place, trust } = reading;
  const chain = { kind: 'Journal' } as const;
  const files = await filesBelow(store, 'journal/', signal);
  const { segments: all, dispositions, misnamed } = layoutOf(files);
  const findings = new Findings();
  for (const path of misnamed) findings.refuse('Found', path, 'its number is not written as a store writes it');
  const tree = seenTree(store, files, signal);
  const { records, anchoring } = await readDispositions(
    tree,
    { dispositions, place: { chain, ...place } },
    trust,
    findings,
  );
  assertNoObjection(findings, 'the journal');
  const after = anchoring.anchor?.sequence ?? 0;
  const segments = all.filter(({ number }) => number > after);
  const left = await leftOver({ tree, files, records, after }, findings);
  assertNoObjection(findings, 'the journal');
  const before = anchoring.anchor?.digest.sha256;
  const walk = { reading, tree, segments, after, before, now };
  if (left.length === 0 && !(await isOldestOver(walk))) return undefined;
  const chains = await packs();
  const parts = await linked(walk, signedBy(chains));
  return { journal: { chain: { chain, parts: [...left, ...parts], records }, after }, packs: chains };
}

interface Walk {
  readonly reading: Reading;
  readonly tree: SeenTree;
  readonly segments: readonly Numbered[];
  readonly after: number;
  /** Digest of the last segment that was deleted. */
  readonly before: string | undefined;
  readonly now: Date;
}

async function isOldestOver({ tree, segments, now }: Walk): Promise<boolean> {
  const [oldest] = segments;
  return oldest !== undefined && isOver(await segmentAt(tree, oldest), now);
}

function isOver({ closed, header }: Segment, now: Date): boolean {
  return retainUntil(new Date(closed?.time ?? header.openedTime), journalClass) <= now;
}

function signedBy(chains: readonly ReadChain[]): ReadonlyMap<number, string> {
  const signed = new Map<number, string>();
  for (const { number, sha256 } of chains.flatMap((chain) => chain.signed)) {
    if ((signed.get(number) ?? sha256) !== sha256)
      throw new Doubt(
        `nothing of the journal is deleted: packs have signed two segments ${number}; verify the store, and find out who wrote there`,
      );
    signed.set(number, sha256);
  }
  return signed;
}

/** From the oldest on, until one is signed and none before it is left to be verified. */
async function linked(
  { reading, tree, segments, after, before, now }: Walk,
  signed: ReadonlyMap<number, string>,
): Promise<ChainPart[]> {
  const parts: ChainPart[] = [];
  let [verified, previous, next, entries] = [0, before, after + 1, 0];
  for await (const { one, segment } of inTurn(tree, segments.slice(0, mostSegments))) {
    const { number } = one;
    const { header } = segment;
    const isNext =
      number === next &&
      header.previous === previous &&
      isHere(header, reading.place) &&
      (entries === 0 || header.firstEntry === entries);
    if (!isNext) throw broken(one.path, `it does not follow segment ${next - 1}`);
    const digest = signed.get(number);
    if (digest !== undefined && digest !== segment.digest)
      throw broken(one.path, 'its digest is not the one that a pack has signed');
    const object = tree.seen(one.path);
    if (object) parts.push(partOf(segment, object));
    if (digest !== undefined) verified = parts.length;
    [previous, next, entries] = [segment.digest, number + 1, header.firstEntry + segment.entries.length];
    if (digest !== undefined && (!isOver(segment, now) || parts.length > MOST_SUBJECTS)) break;
  }
  return parts.slice(0, verified);
}

/** Some are read at once. */
async function* inTurn(tree: SeenTree, segments: readonly Numbered[]) {
  for (let at = 0; at < segments.length; at += together) {
    const some = segments.slice(at, at + together);
    yield* await Promise.all(some.map(async (one) => ({ one, segment: await segmentAt(tree, one) })));
  }
}

function partOf({ header, closed, digest }: Segment, object: ChainPart['objects'][number]): ChainPart {
  const end = new Date(closed?.time ?? header.openedTime);
  return {
    sequence: header.number,
    sha256: digest,
    time: end,
    start: new Date(header.openedTime),
    end,
    class: journalClass,
    objects: [object],
  };
}

async function segmentAt(tree: SeenTree, { path, number }: Numbered): Promise<Segment> {
  try {
    return readSegment(number, await tree.read(path, mostSegmentBytes));
  } catch (error) {
    if (!(error instanceof SegmentFault) && !(error instanceof TreeError)) throw error;
    throw broken(path, error.message);
  }
}

function broken(where: string, why: string): Doubt {
  return new Doubt(
    `nothing of the journal is deleted: ${where}: ${why}; verify the store, and find out who wrote there`,
  );
}
