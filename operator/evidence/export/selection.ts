/** Which packs and which of their files are exported, and what is left out. Pure. */
import type { PackPredicate, PackFile } from '../statement/types.ts';
import type { SectionName } from '../sections/section.ts';

export interface ExportWish {
  /** Packs with a period after that, and before that. */
  readonly from?: Date;
  readonly to?: Date;
  /** Names of EvidencePacks; all when empty. */
  readonly packs: readonly string[];
  /** All when empty. */
  readonly sections: readonly SectionName[];
  /** Ids of the frameworks whose controls are shown; all when empty. */
  readonly frameworks: readonly string[];
}

/** A pack in the tree that is exported; paths are those in it. */
export interface PackInTree {
  readonly bundle: string;
  /** The same signature with what witnesses added. */
  readonly late: readonly string[];
  /** Where its directory is, with a `/` at its end unless it is the root. */
  readonly place: string;
  readonly predicate: PackPredicate;
  /** Of its payload. */
  readonly digest: string;
}

export interface LeftOut {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly pack: string;
  readonly sequence: number;
  readonly section: SectionName;
}

export interface SelectedPack extends PackInTree {
  readonly files: readonly (PackFile & { readonly path: string; readonly isLeftOut: boolean })[];
}

export interface Selection {
  /** In the order of names and numbers. */
  readonly packs: readonly SelectedPack[];
  readonly leftOut: readonly LeftOut[];
}

/** Sections that say something of controls: others are left out when frameworks are asked for. */
const withControls: readonly SectionName[] = ['Evidence', 'Policy'];

export function sectionsOf({ sections, frameworks }: ExportWish): readonly SectionName[] {
  if (sections.length > 0) return sections;
  return frameworks.length > 0 ? withControls : [];
}

export function select(packs: readonly PackInTree[], wish: ExportWish): Selection {
  const sections = sectionsOf(wish);
  const selected = packs
    .filter(({ predicate }) => isWanted(predicate, wish))
    .map((pack): SelectedPack => {
      const files = pack.predicate.files.map((file) => ({
        ...file,
        path: `${pack.place}${pack.predicate.folder}/${file.name}`,
        isLeftOut: sections.length > 0 && !sections.includes(file.section),
      }));
      return { ...pack, files };
    })
    .sort(
      (a, b) => compare(a.predicate.pack.name, b.predicate.pack.name) || a.predicate.sequence - b.predicate.sequence,
    );
  const leftOut = selected.flatMap(({ predicate: { pack, sequence }, files }) =>
    files
      .filter(({ isLeftOut }) => isLeftOut)
      .map(({ path, size, digest, section }): LeftOut => ({
        path,
        size,
        sha256: digest.sha256,
        pack: pack.name,
        sequence,
        section,
      })),
  );
  return { packs: selected, leftOut };
}

function isWanted({ pack, period }: PackPredicate, { from, to, packs }: ExportWish): boolean {
  if (packs.length > 0 && !packs.includes(pack.name)) return false;
  return !(from && Date.parse(period.end) <= from.getTime()) && !(to && Date.parse(period.start) >= to.getTime());
}

/** By UTF-16 code units: the same everywhere. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
