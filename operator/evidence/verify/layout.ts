/** Which file of a tree is what, by its path alone: a copy of a store from its root, or of anything below it. Pure. */
import type { TreeFile } from './tree.ts';

export interface Layout {
  /** Packs of one name: they are one chain. By the directory that their bundles are in. */
  readonly chains: ReadonlyMap<string, ChainFiles>;
  readonly manifests: readonly Numbered[];
  /** `keys/<hex>.pub`, by name. */
  readonly keys: ReadonlyMap<string, string>;
  readonly segments: readonly Numbered[];
  /** Records of what was deleted of the journal. */
  readonly dispositions: readonly Numbered[];
  /** What an export left out. */
  readonly redaction: string | undefined;
  /** `store.json`. */
  readonly store: string | undefined;
  /** Archives of EvidenceExports, which are copies: nothing in them is evidence of this tree. */
  readonly exports: readonly string[];
  /** What no signature can cover where it is. */
  readonly others: readonly string[];
  /** Bundles, lists and segments whose number is written in another way: two of them could be of one number. */
  readonly misnamed: readonly string[];
  /** Links and others that are no files. */
  readonly special: readonly TreeFile[];
}

export interface ChainFiles {
  /** That of the directory, where it is `packs/<name>`. */
  readonly name: string | undefined;
  readonly packs: readonly PackFiles[];
  /** Directories of content, by name. */
  readonly folders: ReadonlyMap<string, readonly TreeFile[]>;
  /** Records of what was deleted, by the number of the first pack of each. */
  readonly dispositions: readonly Numbered[];
}

export interface PackFiles extends Numbered {
  /** The same signature, with what a witness added. */
  readonly late: readonly string[];
}

export interface Numbered {
  readonly number: number;
  readonly path: string;
}

const bundle = /^(?:(.*)\/)?(\d{8,15})(\.[a-z0-9][a-z0-9-]{0,62})?\.sigstore\.json$/s;
const content = /^(?:(.*)\/)?(\d{8,15}-[0-9a-f]{12})\/(.*)$/s;
const disposition = /^(?:(.*)\/)?disposition-(\d{8,15})\.sigstore\.json$/s;
const manifest = /^(?:.*\/)?manifest-(\d{8,15})\.sigstore\.json$/s;
const key = /^(?:.*\/)?([0-9a-f]{64}\.pub)$/s;
const segment = /^(?:(?:.*\/)?journal\/)?(\d{12,15})\.ndjson$/s;

/** In the root of a store. */
export const exportsFolder = 'exports/';

interface Open {
  readonly mains: Map<number, string>;
  readonly late: Map<number, string[]>;
  readonly folders: Map<string, TreeFile[]>;
}

export function layoutOf(files: readonly TreeFile[]): Layout {
  const open = new Map<string, Open>();
  const manifests: Numbered[] = [];
  const keys = new Map<string, string>();
  const segments: Numbered[] = [];
  const dispositions = new Map<string, Numbered[]>();
  const exports: string[] = [];
  const others: string[] = [];
  let redaction: string | undefined = undefined;
  const misnamed: string[] = [];
  let store: string | undefined = undefined;
  for (const file of files.filter(({ is }) => is === 'file')) {
    const { path } = file;
    if (path.startsWith(exportsFolder)) {
      exports.push(path);
      continue;
    }
    const inContent = content.exec(path);
    const asBundle = bundle.exec(path);
    const asDisposition = disposition.exec(path);
    const asManifest = manifest.exec(path);
    const asKey = key.exec(path);
    const asSegment = segment.exec(path);
    if (isMisnamed(asBundle?.[2] ?? asManifest?.[1], 8) || isMisnamed(asSegment?.[1], 12)) misnamed.push(path);
    else if (inContent) push(chainAt(open, inContent[1]).folders, inContent[2] ?? '', file);
    else if (asBundle) addBundle(chainAt(open, asBundle[1]), asBundle, path);
    else if (asDisposition) push(dispositions, asDisposition[1] ?? '', { number: Number(asDisposition[2]), path });
    else if (asManifest) manifests.push({ number: Number(asManifest[1]), path });
    else if (asKey) keys.set(asKey[1] ?? '', path);
    else if (asSegment) segments.push({ number: Number(asSegment[1]), path });
    else if (path === 'store.json') store = path;
    else if (path === 'REDACTED.json') redaction = path;
    else others.push(path);
  }
  const chains = new Map(
    [...open]
      .filter(([, { mains, late }]) => mains.size + late.size > 0)
      .map(([at, one]) => [at, { ...chainOf(at, one), dispositions: dispositions.get(at) ?? [] }]),
  );
  return {
    chains,
    manifests: manifests.toSorted(byNumber),
    keys,
    segments: segments.toSorted(byNumber),
    dispositions: [...dispositions].flatMap(([at, all]) => (isJournal(at) ? all : [])),
    redaction,
    store,
    exports,
    others,
    misnamed,
    special: files.filter(({ is }) => is !== 'file'),
  };
}

/** An EvidencePack may have that name as well. */
function isJournal(place: string): boolean {
  return /(?:^|\/)journal$/.test(place) && !/(?:^|\/)packs\/journal$/.test(place);
}

function isMisnamed(digits: string | undefined, width: number): boolean {
  return digits !== undefined && (Number(digits) < 1 || String(Number(digits)).padStart(width, '0') !== digits);
}

function chainAt(open: Map<string, Open>, place = ''): Open {
  const found = open.get(place) ?? { mains: new Map(), late: new Map(), folders: new Map() };
  open.set(place, found);
  return found;
}

function addBundle({ mains, late }: Open, [, , digits = '', witness]: RegExpExecArray, path: string): void {
  if (witness === undefined) mains.set(Number(digits), path);
  else push(late, Number(digits), path);
}

function chainOf(place: string, { mains, late, folders }: Open): Omit<ChainFiles, 'dispositions'> {
  const numbers = [...new Set([...mains.keys(), ...late.keys()])].toSorted((a, b) => a - b);
  return {
    name: /^(?:.*\/)?packs\/([^/]+)$/.exec(place)?.[1],
    // What a witness added has the same signature: where the first bundle is lost, it counts as the bundle.
    packs: numbers.map((number) => {
      const [first = '', ...more] = late.get(number) ?? [];
      const path = mains.get(number);
      return path === undefined ? { number, path: first, late: more } : { number, path, late: late.get(number) ?? [] };
    }),
    folders,
  };
}

function push<K, V>(map: Map<K, V[]>, at: K, value: V): void {
  map.set(at, [...(map.get(at) ?? []), value]);
}

function byNumber(a: Numbered, b: Numbered): number {
  return a.number - b.number;
}
