/** Reads a chain of packs before something of it is deleted, by the code that verifies it for others. What is not as it was signed ends it. */
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { checkChain } from '../verify/chain.ts';
import { readDispositions } from '../verify/dispositions.ts';
import { layoutOf, type ChainFiles, type PackFiles } from '../verify/layout.ts';
import { checkFiles, readPack, type ReadPack } from '../verify/packs.ts';
import type { Trust } from '../verify/signed.ts';
import { TreeError, type TreeFile } from '../verify/tree.ts';
import { Findings, shown } from '../verify/verdict.ts';
import type { SignedDisposition } from './anchor.ts';
import { roleOf } from './classes.ts';
import { assertNoObjection, Doubt } from './doubt.ts';
import { nameOf, type Chain, type ChainPart, type PartObject } from './plan.ts';
import { isHere, type Place } from './readTrust.ts';
import { filesBelow, seenTree, type SeenTree } from './seenTree.ts';

export interface Reading {
  readonly store: ObjectStore;
  readonly place: Place;
  readonly trust: Trust;
}

export interface ReadChain {
  readonly chain: Chain;
  /** The last part that was deleted; 0 for none. */
  readonly after: number;
  /** Segments of the journal with the digests that packs sign. */
  readonly signed: readonly { readonly number: number; readonly sha256: string }[];
}

/**
 * The oldest packs of a chain with all of their objects, at most so many, and the last two. Rejects with a `Doubt` when one of them, a record, or anything of
 * their numbers, is not as it was signed.
 */
export async function readOldest(
  reading: Reading,
  name: string,
  most: number,
  signal: AbortSignal,
): Promise<ReadChain | undefined> {
  const files = await filesBelow(reading.store, `packs/${name}/`, signal);
  return readChainOf({ reading, name, files }, { most, hasFiles: true }, signal);
}

/** All chains of a store, with all of their bundles. Rejects with a `Doubt`: then nobody knows which segments of the journal are still needed. */
export async function readAll(reading: Reading, signal: AbortSignal): Promise<readonly ReadChain[]> {
  const files = await filesBelow(reading.store, 'packs/', signal);
  const chains: ReadChain[] = [];
  const byName = Map.groupBy(files, ({ path }) => path.split('/')[1] ?? '');
  for (const [name, own] of byName) {
    const read = await readChainOf({ reading, name, files: own }, { most: Infinity, hasFiles: false }, signal);
    if (!read)
      throw new Doubt(
        `nothing of the journal is deleted: packs/${shown(name)} has objects, and no pack; find out what became of it`,
      );
    chains.push(read);
  }
  return chains;
}

interface Wanted {
  readonly reading: Reading;
  readonly name: string;
  readonly files: readonly TreeFile[];
}

async function readChainOf(
  { reading, name, files }: Wanted,
  { most, hasFiles }: { readonly most: number; readonly hasFiles: boolean },
  signal: AbortSignal,
): Promise<ReadChain | undefined> {
  const { store, place, trust } = reading;
  const chain = { kind: 'Pack', name } as const;
  const findings = new Findings();
  const layout = layoutOf(files);
  for (const path of layout.misnamed)
    findings.refuse('Found', path, 'its number is not written as a store writes it; it is none of its files');
  const own = layout.chains.get(`packs/${name}`);
  if (!own) return undefined;
  const tree = seenTree(store, files, signal);
  const at = { dispositions: own.dispositions, place: { chain, ...place } };
  const { records, anchoring } = await readDispositions(tree, at, trust, findings);
  assertNoObjection(findings, nameOf(chain));
  const after = anchoring.anchor?.sequence ?? 0;
  const there = own.packs.filter(({ number }) => number > after);
  const read = await readPacks(tree, wantedOf(there, most), trust, findings);
  for (const pack of read) checkOrigin(pack, name, place, findings);
  checkChain({ packs: read, numbers: there.map(({ number }) => number), name, anchoring }, {}, findings);
  if (hasFiles) for (const pack of read) await checkFiles(tree, { chain: own, pack, leftOut: new Map() }, findings);
  const left = await leftOver({ tree, files, records, after }, findings);
  assertNoObjection(findings, nameOf(chain));
  const parts = read.map((pack) => partOf(pack, own, tree));
  return { chain: { chain, parts: [...left, ...parts], records }, after, signed: read.flatMap(segmentIn) };
}

function wantedOf(packs: readonly PackFiles[], most: number): readonly PackFiles[] {
  return packs.filter((_, index) => index < most || index >= packs.length - 2);
}

const together = 8;

async function readPacks(
  tree: SeenTree,
  wanted: readonly PackFiles[],
  trust: Trust,
  findings: Findings,
): Promise<ReadPack[]> {
  const read: ReadPack[] = [];
  for (let at = 0; at < wanted.length; at += together) {
    const some = wanted.slice(at, at + together);
    const packs = await Promise.all(some.map((files) => readPack(tree, files, trust, findings)));
    read.push(...packs.filter((pack) => pack !== undefined));
  }
  return read;
}

function checkOrigin({ where, predicate }: ReadPack, name: string, place: Place, findings: Findings): void {
  const { pack, store, cluster } = predicate;
  if (pack.name !== name || pack.namespace !== place.store.namespace || !isHere({ store, cluster }, place))
    findings.refuse('Origin', where, 'it is a pack of another EvidencePack, store or cluster');
}

function partOf({ where, number, predicate, digest }: ReadPack, { packs }: ChainFiles, tree: SeenTree): ChainPart {
  const { period, time, retention, journal, schedule, files, folder } = predicate;
  const base = where.replace(/[^/]+$/, '');
  const late = packs.find((one) => one.number === number)?.late ?? [];
  const paths = [where, ...late, ...files.map((file) => `${base}${folder}/${file.name}`)];
  return {
    sequence: number,
    sha256: digest,
    time: new Date(time),
    start: new Date(period.start),
    end: new Date(period.end),
    class: retention.class,
    ...(retention.until !== undefined && { until: new Date(retention.until) }),
    ...(journal && { firstSegment: journal.first }),
    ...(schedule && { pause: schedule.seconds }),
    objects: paths.map((path) => tree.seen(path)).filter((object) => object !== undefined),
  };
}

function segmentIn({ predicate: { journal } }: ReadPack): { number: number; sha256: string }[] {
  return journal ? [{ number: journal.last, sha256: journal.digest.sha256 }] : [];
}

interface Left {
  readonly tree: SeenTree;
  readonly files: readonly TreeFile[];
  readonly records: readonly SignedDisposition[];
  readonly after: number;
}

/** What records name and is there still. Nothing is known of it any longer but its number, so that every hold covers it. */
export async function leftOver({ tree, files, records, after }: Left, findings: Findings): Promise<ChainPart[]> {
  const there = new Set(files.map(({ path }) => path));
  const parts = new Map<number, PartObject[]>();
  for (const { statement } of records)
    for (const { name, digest } of statement.subject) {
      if (!there.has(name)) continue;
      const role = roleOf(name);
      if ((role.is !== 'Pack' && role.is !== 'Segment') || role.number > after) continue;
      const found = await tree.digest(name).catch(gone);
      const object = tree.seen(name);
      if (found && found.sha256 !== digest.sha256)
        findings.refuse('Files', name, 'a record says that it was deleted, and something else is there');
      else if (object) parts.set(role.number, [...(parts.get(role.number) ?? []), object]);
    }
  return [...parts]
    .toSorted(([a], [b]) => a - b)
    .map(([sequence, objects]) => ({
      ...{ sequence, objects, sha256: '', class: '', time: new Date(0) },
      start: new Date(-8.64e15),
      end: new Date(8.64e15),
    }));
}

function gone(error: unknown): undefined {
  if (!(error instanceof TreeError)) throw error;
  return undefined;
}
