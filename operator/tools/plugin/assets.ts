/** The assets of a single executable as a tree of files: what is below its root is read from them alone, everything else from the disk. */
import { fileURLToPath } from 'node:url';
import { getAsset, getAssetKeys } from 'node:sea';

const root = '/proc/holdfast/';

/** Where a path is in the assets; undefined when it is on the disk. */
function placeOf(path: unknown): string | undefined {
  const text = path instanceof URL ? fileURLToPath(path) : path;
  return typeof text === 'string' && `${text}/`.startsWith(root)
    ? text.slice(root.length).replace(/\/$/, '')
    : undefined;
}

/** Undefined when it is on the disk. Throws as `node:fs` does when it should be here and is not. */
export function assetAt(path: unknown): Buffer | undefined {
  const place = placeOf(path);
  if (place === undefined) return undefined;
  if (!getAssetKeys().includes(place)) throw missing(place);
  return Buffer.from(getAsset(place));
}

export interface AssetEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What is in a folder, by name. Undefined when it is on the disk. */
export function assetsIn(path: unknown): readonly AssetEntry[] | undefined {
  const place = placeOf(path);
  if (place === undefined) return undefined;
  const below = getAssetKeys()
    .filter((key) => key.startsWith(`${place}/`))
    .map((key) => key.slice(place.length + 1));
  if (below.length === 0) throw missing(place);
  const folders = new Set(below.filter((key) => key.includes('/')).map((key) => key.split('/')[0]!));
  const files = below.filter((key) => !key.includes('/'));
  const entry = (name: string, isFile: boolean): AssetEntry => ({
    ...{ name, isFile: () => isFile, isDirectory: () => !isFile, isSymbolicLink: () => false },
  });
  return [...[...folders].map((name) => entry(name, false)), ...files.map((name) => entry(name, true))].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

export function isAssetFolder(path: unknown): boolean | undefined {
  const place = placeOf(path);
  return place === undefined ? undefined : !getAssetKeys().includes(place);
}

function missing(place: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: this executable does not contain ${place}`), { code: 'ENOENT' });
}
