/** Verifies a tree: what is signed, by whom, and that nothing is changed, missing, added or in another order. It needs no network. */
import type { KeyObject } from 'node:crypto';
import { sha256 } from '../../lib/digest.ts';
import { counted, listed } from '../../lib/text.ts';
import { checkChain, type Span } from './chain.ts';
import { checkCompleteness, type Wanted } from './completeness.ts';
import { readAnchoring, readRedaction } from './dispositions.ts';
import { skippedIn, type ReadNumber } from './skipped.ts';
import { checkJournal } from './journal.ts';
import { manifestIn, ringOf, type KeyRing, type Manifest, type Suspect } from './keyRing.ts';
import { layoutOf, type ChainFiles, type Layout } from './layout.ts';
import type { Anchoring } from '../retention/anchor.ts';
import { checkOrigin } from './origin.ts';
import { checkFiles, readBundle, readPack, type ReadPack } from './packs.ts';
import type { Trust } from './signed.ts';
import { TreeError, type Tree } from './tree.ts';
import { Findings, shown, type VerifiedPack, type Verdict } from './verdict.ts';
import type { Identity, Roots } from './witnesses.ts';

export interface VerifyOptions extends Span, Wanted {
  /** Public keys that are believed. */
  readonly keys: readonly KeyObject[];
  /** A list of keys that is believed as it is. */
  readonly manifest?: Manifest;
  readonly identity?: Identity;
  /** Of authorities and logs that are believed. */
  readonly roots?: Roots;
  /** One pack alone was given: what is before and after it is not asked for. */
  readonly isSingle?: boolean;
}

/** Rejects with a `TreeError` where the tree cannot be listed. */
export async function verifyTree(tree: Tree, options: VerifyOptions): Promise<Verdict> {
  const findings = new Findings();
  const layout = layoutOf(await tree.list());
  for (const { path, is } of layout.special)
    findings.refuse(
      'Found',
      path,
      `it is ${is === 'link' ? 'a symbolic link' : 'not a file'}; copy the files themselves`,
    );
  for (const path of layout.misnamed)
    findings.refuse('Found', path, 'its number is not written as a store writes it; it is none of its files');
  const ring = await readRing(tree, layout, options, findings);
  const { identity, roots } = options;
  const isRoot = layout.store !== undefined || [...layout.chains.keys()].some((place) => place.startsWith('packs/'));
  const trust: Trust = {
    ring,
    hasLists: isRoot && !options.isSingle,
    ...(identity && { identity }),
    ...(roots && { roots }),
  };
  const packs: ReadPack[] = [];
  let bytes = 0;
  const leftOut = await readRedaction(tree, layout.redaction, findings);
  for (const [place, chain] of layout.chains) {
    const read = await readChain(tree, chain, { ...options, trust }, findings);
    for (const pack of read) bytes += await checkFiles(tree, { chain, pack, leftOut }, findings);
    checkStrays(place, chain, read, findings);
    checkCompleteness(read, options, findings);
    packs.push(...read);
  }
  await checkOrigin(tree, layout, { packs, ring }, findings);
  if (options.isSingle) findings.notChecked('Journal', 'one pack was given');
  else {
    const [first] = packs;
    const { dispositions, segments, redaction } = layout;
    // Whoever adds that file to a tree does not make it complete.
    if (redaction !== undefined)
      findings.partial('Found', redaction, 'it is an export that leaves out what is listed there');
    const place = first && {
      chain: { kind: 'Journal' } as const,
      store: first.predicate.store,
      cluster: first.predicate.cluster,
    };
    const anchoring = place ? await readAnchoring(tree, { dispositions, place }, trust, findings) : {};
    // Of a part of a store, or of an export, the beginning is elsewhere.
    const isAll = layout.store !== undefined && options.from === undefined && layout.redaction === undefined;
    const here = { segments, packs, isRoot: isRoot && layout.redaction === undefined };
    await checkJournal(tree, { ...here, ...(isAll && { anchoring }) }, findings);
  }
  sayWhat(findings, { layout, packs, bytes, options, ring });
  return findings.verdict(packs.map(verified));
}

async function readChain(
  tree: Tree,
  chain: ChainFiles,
  { trust, from, to, isSingle = false }: VerifyOptions & { readonly trust: Trust },
  findings: Findings,
): Promise<ReadPack[]> {
  const anchoring = isSingle ? {} : await anchoringOf(tree, chain, trust, findings);
  // What is before was deleted, or is about to be.
  const begin = Math.max(from ?? 1, (anchoring.anchor?.sequence ?? 0) + 1);
  const wanted = chain.packs.filter(({ number }) => number >= begin && number <= (to ?? Infinity));
  const packs: ReadPack[] = [];
  const read: ReadNumber[] = [];
  for (const files of wanted) {
    const own = new Findings();
    read.push({ ...files, pack: await readPack(tree, files, trust, own), findings: own });
  }
  const skipped = skippedIn(read, findings);
  for (const { number, pack, findings: own } of read) {
    if (skipped.has(number)) continue;
    findings.take(own);
    if (!pack) continue;
    packs.push(pack);
    if (chain.name !== undefined && pack.predicate.pack.name !== chain.name)
      findings.refuse(
        'Origin',
        pack.where,
        `it is of ${shown(pack.predicate.pack.name)}, in the directory of ${shown(chain.name)}`,
      );
  }
  const ours = wanted.map(({ number }) => number).filter((number) => !skipped.has(number));
  // What has a number far beyond does not make those before it missing.
  const between = [...skipped].filter((number) => number < (ours.at(-1) ?? 0));
  const numbers = [...ours, ...between].toSorted((a, b) => a - b);
  const span = isSingle ? { from: numbers[0] ?? 1, to: numbers[0] ?? 0 } : { ...(from && { from }), ...(to && { to }) };
  checkChain({ packs, numbers, name: chain.name ?? '', anchoring }, span, findings);
  return packs;
}

async function anchoringOf(tree: Tree, chain: ChainFiles, trust: Trust, findings: Findings): Promise<Anchoring> {
  const { packs, dispositions } = chain;
  const newest = packs.at(-1);
  if (dispositions.length === 0 || !newest) return {};
  // What is wrong with it is said when all packs are read.
  const pack = await readPack(tree, newest, trust, new Findings());
  if (!pack) return {};
  const { pack: of, store, cluster } = pack.predicate;
  const place = { chain: { kind: 'Pack', name: of.name } as const, store, cluster };
  return readAnchoring(tree, { dispositions, place }, trust, findings);
}

/** An attempt that never got a bundle is no pack. It is said, so that no one takes it for one. */
function checkStrays(place: string, chain: ChainFiles, packs: readonly ReadPack[], findings: Findings): void {
  const signed = new Set(packs.map(({ predicate }) => predicate.folder));
  const numbers = new Set(packs.map(({ number }) => number));
  for (const name of chain.folders.keys())
    if (!signed.has(name) && numbers.has(Number(name.split('-', 1)[0])))
      findings.partial(
        'Files',
        `${place === '' ? '' : `${place}/`}${name}`,
        'it is of an attempt that was not signed, and not evidence',
      );
}

async function readRing(tree: Tree, layout: Layout, options: VerifyOptions, findings: Findings): Promise<KeyRing> {
  const manifests: Manifest[] = [];
  const unread: Suspect[] = [];
  for (const { path, number } of layout.manifests) {
    // What is wrong with it is said unless a list that is believed says that it is none.
    const own = new Findings();
    const bundle = await readBundle(tree, path, own);
    const manifest = bundle && own.trying('Bundles', path, () => manifestIn(path, bundle));
    const [problem] = own.verdict([]).checks.flatMap(({ problems }) => problems);
    if (problem) unread.push({ where: path, number, message: problem.message });
    else if (manifest && manifest.list.sequence !== number)
      unread.push({
        ...{ where: path, number },
        message: `it is list of keys ${manifest.list.sequence} under the name of list ${number}`,
      });
    else if (manifest) manifests.push(manifest);
  }
  const none: KeyRing = { keys: new Map(), manifest: 0 };
  const isGiven = options.keys.length > 0 || options.manifest !== undefined;
  const ring = ringOf(
    { keys: options.keys, ...(options.manifest && { manifest: options.manifest }) },
    manifests,
    unread,
  );
  const skipped = ('message' in ring ? undefined : ring.skipped) ?? new Set();
  for (const { where, number, message } of unread) if (!skipped.has(number)) findings.refuse('Bundles', where, message);
  // Without a key to begin with, nothing in the tree makes one believed.
  if (!isGiven) return none;
  if ('message' in ring) {
    if (!unread.includes(ring as Suspect)) findings.refuse('Keys', ring.where, ring.message);
    return { ...none, isRefused: true };
  }
  await checkKeyFiles(tree, layout, ring, findings);
  return ring;
}

/** Who takes a key from there to verify with another program shall have the right one. */
async function checkKeyFiles(tree: Tree, { keys }: Layout, ring: KeyRing, findings: Findings): Promise<void> {
  for (const [name, path] of keys) {
    const hint = Buffer.from(name.split('.', 1)[0] ?? '', 'hex').toString('base64');
    const life = ring.keys.get(hint)?.life;
    if (ring.manifest > 0 && !life) findings.refuse('Keys', path, 'it is in none of the lists of keys');
    if (life && (await digestOf(tree, path)) !== sha256(life.publicKey))
      findings.refuse('Keys', path, 'it is not the key that the list of keys has under that name');
  }
}

async function digestOf(tree: Tree, path: string): Promise<string | undefined> {
  try {
    return (await tree.digest(path)).sha256;
  } catch (error) {
    if (error instanceof TreeError) return undefined;
    throw error;
  }
}

function sayWhat(
  findings: Findings,
  {
    layout,
    packs,
    bytes,
    options,
    ring,
  }: { layout: Layout; packs: readonly ReadPack[]; bytes: number; options: VerifyOptions; ring: KeyRing },
): void {
  const { others, exports, chains } = layout;
  if (chains.size === 0) findings.unverifiable('Found', '.', 'there is no bundle of a pack, `<number>.sigstore.json`');
  const unsigned = others.length > 0 ? `; ${counted(others.length, 'other file')} that no signature covers` : '';
  const archives =
    exports.length > 0 ? `; ${counted(exports.length, 'archive')} of exports, not part of the evidence` : '';
  const found = `${counted(packs.length, 'pack')} of ${counted(chains.size, 'EvidencePack')}`;
  findings.say('Found', `${found}${unsigned}${archives}`);
  if (packs.length === 0) return;
  findings.say('Bundles', 'one signature each, read strictly');
  const who = options.identity ? `as ${shown(options.identity.identity)}` : `with ${counted(ring.keys.size, 'key')}`;
  findings.say('Signatures', `all of ${packs.length} ${who}`);
  const foreign = ring.skipped?.size
    ? `; it says that ${listed([...ring.skipped].map(String))} are of another writer`
    : '';
  if (ring.manifest > 0) findings.say('Keys', `as list of keys ${ring.manifest} has them${foreign}`);
  else findings.notChecked('Keys', 'there is no list of keys, so until when they are valid is not known');
  const proven = packs.filter(({ provenTime }) => provenTime !== undefined).length;
  if (options.roots) findings.say('Witnesses', `${proven} of ${packs.length} have a timestamp of an authority`);
  else findings.notChecked('Witnesses', 'who witnessed is not verified without --trusted-root');
  const files = packs.reduce((sum, { predicate }) => sum + predicate.files.length, 0);
  findings.say('Files', `${counted(files, 'file')}, ${bytes} bytes`);
  const [first, last] = [packs[0], packs.at(-1)];
  if (options.isSingle) findings.notChecked('Chain', 'one pack was given');
  else findings.say('Chain', `packs ${first?.number} to ${last?.number}`);
  findings.say('Completeness', `from ${first?.predicate.period.start} to ${last?.predicate.period.end}`);
}

function verified({ number, predicate }: ReadPack): VerifiedPack {
  const { pack, time, period, completeness } = predicate;
  return { pack: pack.name, sequence: number, time, period, isComplete: completeness.complete };
}
