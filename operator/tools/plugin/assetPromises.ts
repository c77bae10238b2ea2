/** `node:fs/promises` for a single executable: its functions, of which those that read also know the assets. */
import * as disk from 'node:fs/promises';
import { assetAt, assetsIn, isAssetFolder } from './assets.ts';
import { encoded, wantsEntries } from './assetFiles.ts';

export * from 'node:fs/promises';

type Loose = (...args: unknown[]) => Promise<unknown>;
const onDisk = disk as unknown as Readonly<Record<'readFile' | 'readdir' | 'stat', Loose>>;

// Async, so that what is not there rejects as it does on the disk.
export const readFile: Loose = async (path, options) => {
  const asset = assetAt(path);
  return asset ? encoded(asset, options) : onDisk.readFile(path, options);
};

export const readdir: Loose = async (path, options) => {
  const entries = assetsIn(path);
  if (!entries) return onDisk.readdir(path, options);
  return wantsEntries(options) ? entries : entries.map(({ name }) => name);
};

export const stat: Loose = async (path, options) => {
  const isFolder = isAssetFolder(path);
  if (isFolder === undefined) return onDisk.stat(path, options);
  const size = isFolder ? (assetsIn(path), 0) : assetAt(path)!.length;
  return { size, isFile: () => !isFolder, isDirectory: () => isFolder };
};
