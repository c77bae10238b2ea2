/** `node:fs` for a single executable: its functions, of which those that read also know the assets. */
import * as disk from 'node:fs';
import { Readable } from 'node:stream';
import { assetAt, assetsIn, isAssetFolder } from './assets.ts';

export * from 'node:fs';

type Loose = (...args: unknown[]) => unknown;
const onDisk = disk as unknown as Readonly<
  Record<'readFileSync' | 'readdirSync' | 'existsSync' | 'createReadStream', Loose>
>;

export const readFileSync: Loose = (path, options, ...rest) => {
  const asset = assetAt(path);
  if (!asset) return onDisk.readFileSync(path, options, ...rest);
  return encoded(asset, options);
};

export const readdirSync: Loose = (path, options, ...rest) => {
  const entries = assetsIn(path);
  if (!entries) return onDisk.readdirSync(path, options, ...rest);
  return wantsEntries(options) ? entries : entries.map(({ name }) => name);
};

export const existsSync: Loose = (path) => {
  const isFolder = isAssetFolder(path);
  if (isFolder === undefined) return onDisk.existsSync(path);
  try {
    return (isFolder ? assetsIn(path) : assetAt(path)) !== undefined;
  } catch {
    return false;
  }
};

export const createReadStream: Loose = (path, ...rest) => {
  const asset = assetAt(path);
  return asset ? Readable.from([asset]) : onDisk.createReadStream(path, ...rest);
};

export function encoded(asset: Buffer, options: unknown): string | Buffer {
  const encoding = typeof options === 'string' ? options : (options as { encoding?: string } | undefined)?.encoding;
  return encoding ? asset.toString(encoding as BufferEncoding) : asset;
}

export function wantsEntries(options: unknown): boolean {
  return (options as { readonly withFileTypes?: boolean } | undefined)?.withFileTypes === true;
}
