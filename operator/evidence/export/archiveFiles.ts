/** What is in the archive of an export: files of the store as they are, and those that are made from them. */
import { readFile } from 'node:fs/promises';
import { newestPack, oscalFiles, whyNoOscal, type OscalFiles } from './oscalFiles.ts';
import { checksums, commandsFor, controlsCsv, readme, redactionManifest } from './texts.ts';
import { page, type PageVerdict } from './page.ts';
import { sectionsOf, type ExportWish, type SelectedPack, type Selection } from './selection.ts';
import { evidenceView, policyView, type EvidenceView, type PolicyView } from './view.ts';
import { checkNames, type Verdict } from '../verify/verdict.ts';
import type { SectionName } from '../sections/section.ts';
import type { Layout } from '../verify/layout.ts';
import type { Tree, TreeFile } from '../verify/tree.ts';
import { sha256 } from '../../lib/digest.ts';
import { policyContent, waiverContents } from './sectionContents.ts';
import type { TarFile } from './tar.ts';

export interface ArchiveInput {
  readonly tree: Tree;
  readonly listed: readonly TreeFile[];
  readonly layout: Layout;
  readonly selection: Selection;
  readonly wish: ExportWish;
  readonly verdict: Verdict;
  readonly isBroken: boolean;
  readonly notes: readonly string[];
  /** Bytes of one section that is shown on the page, or made OSCAL of; a longer one is in the archive all the same. */
  readonly mostShown?: number;
}

const usuallyShown = 64 * 2 ** 20;
const verifier = new URL('../verify/verify.sh', import.meta.url);

export async function archiveFiles(input: ArchiveInput): Promise<readonly TarFile[]> {
  const { tree, selection, wish, isBroken, layout, listed } = input;
  const sizes = new Map(listed.map(({ path, size }) => [path, size]));
  const copied: TarFile[] = [];
  for (const { path, digest } of pathsOf(selection, layout, input.wish)) {
    const size = sizes.get(path);
    if (size === undefined) continue;
    // What a pack has signed was verified by that digest; of the rest, what is written is what is read now.
    const known = digest ?? (await tree.digest(path)).sha256;
    copied.push({
      path,
      size,
      sha256: isBroken ? (await tree.digest(path)).sha256 : known,
      read: () => tree.stream(path),
    });
  }
  const views = await viewsOf(input);
  const shownPolicies = newestOf(selection.packs).flatMap(({ digest }) => views.policies.get(digest)?.controls ?? []);
  const oscal = await oscalOf(input);
  const made = [
    { path: 'index.html', text: page(pageInput(input, views)) },
    { path: 'README.txt', text: readme(selection, { isBroken, oscal }) },
    { path: 'controls.csv', text: controlsCsv(shownPolicies) },
    { path: 'verify.sh', text: await readFile(verifier, 'utf8') },
    ...oscal.documents,
    ...(selection.leftOut.length > 0
      ? [{ path: 'REDACTED.json', text: redactionManifest(selection, { ...wish, sections: sectionsOf(wish), oscal }) }]
      : []),
  ].map(({ path, text }) => fileOf(path, text));
  const all = [...copied, ...made];
  return [...all, fileOf('SHA256SUMS', checksums(all))];
}

function fileOf(path: string, text: string): TarFile {
  const body = Buffer.from(text);
  // eslint-disable-next-line @typescript-eslint/require-await
  const read = async function* () {
    yield body;
  };
  return { path, size: body.length, sha256: sha256(body), read };
}

/** With the digest that was signed, where there is one. */
function pathsOf(
  { packs }: Selection,
  { manifests, keys, store, segments, chains }: Layout,
  wish: ExportWish,
): readonly { readonly path: string; readonly digest?: string }[] {
  const spans = packs.flatMap(({ predicate: { journal } }) => (journal ? [journal] : []));
  // The journal has everything: it goes only where nothing is left out.
  const isAll = sectionsOf(wish).length === 0;
  const wanted = segments.filter(
    ({ number }) => isAll && spans.some(({ first, last }) => number >= first && number <= last),
  );
  const places = new Set(packs.map(({ place }) => place.replace(/\/$/, '')));
  return [
    ...packs.flatMap(({ bundle, late, files }) => [
      ...[bundle, ...late].map((path) => ({ path })),
      ...files.filter(({ isLeftOut }) => !isLeftOut).map(({ path, digest }) => ({ path, digest: digest.sha256 })),
    ]),
    ...[...chains].filter(([place]) => places.has(place)).flatMap(([, { dispositions }]) => dispositions),
    ...manifests,
    ...[...keys.values()].map((path) => ({ path })),
    ...wanted,
    ...(store === undefined ? [] : [{ path: store }]),
  ];
}

interface Views {
  readonly policies: Map<string, PolicyView>;
  readonly evidence: Map<string, EvidenceView>;
}

async function viewsOf({ tree, selection, wish, isBroken, mostShown = usuallyShown }: ArchiveInput): Promise<Views> {
  const views: Views = { policies: new Map(), evidence: new Map() };
  const newest = new Set(newestOf(selection.packs));
  for (const pack of selection.packs)
    for (const { section, path, size, isLeftOut, digest } of pack.files) {
      const isShown = section === 'Policy' || (section === 'Evidence' && newest.has(pack));
      if (!isShown || isLeftOut || size > mostShown) continue;
      const document = await documentAt(tree, path, isBroken ? undefined : digest.sha256);
      const policy = policyView(document, wish.frameworks);
      const evidence = evidenceView(document);
      if (policy) views.policies.set(pack.digest, policy);
      if (evidence) views.evidence.set(pack.digest, evidence);
    }
  return views;
}

async function oscalOf({
  tree,
  selection,
  wish,
  isBroken,
  mostShown = usuallyShown,
}: ArchiveInput): Promise<OscalFiles> {
  const pack = newestPack(selection);
  const why = pack ? whyNoOscal(pack, { isBroken }) : 'there is no pack';
  if (!pack || why !== undefined) return { documents: [], about: why ?? '' };
  const of = async (section: SectionName): Promise<unknown> => {
    const file = pack.files.find((one) => one.section === section);
    return file && file.size <= mostShown ? documentAt(tree, file.path, file.digest.sha256) : undefined;
  };
  const policy = policyContent(await of('Policy'));
  const waivers = waiverContents(await of('Evidence'));
  return oscalFiles(pack, { ...(policy && { policy }), ...(waivers && { waivers }) }, wish.frameworks);
}

async function documentAt(tree: Tree, path: string, digest: string | undefined): Promise<unknown> {
  try {
    const bytes = await tree.read(path, usuallyShown);
    return digest !== undefined && sha256(bytes) !== digest
      ? undefined
      : (JSON.parse(bytes.toString('utf8')) as unknown);
  } catch {
    // It is in the archive, or the verification says why not; only the page does not show it.
    return undefined;
  }
}

function newestOf(packs: readonly SelectedPack[]): SelectedPack[] {
  return [...new Map(packs.map((pack) => [pack.predicate.pack.name, pack])).values()];
}

function pageInput({ selection, wish, verdict, layout, notes }: ArchiveInput, views: Views) {
  const hints = new Set(selection.packs.map(({ predicate }) => predicate.key.hint));
  const keys = [...hints].sort().map((hint) => {
    const name = `${Buffer.from(hint, 'base64').toString('hex')}.pub`;
    return { hint, file: layout.keys.get(name) ?? 'not in this archive' };
  });
  return {
    ...selection,
    ...views,
    frameworks: wish.frameworks,
    commands: commandsFor(selection),
    verdict: pageVerdict(verdict),
    keys,
    notes,
  };
}

function pageVerdict({ is, message, checks }: Verdict): PageVerdict {
  return {
    is,
    message,
    checks: checks.map(({ name, ...check }) => ({ ...check, title: `${name}: ${checkNames[name]}` })),
  };
}
