/** Verifies an archive that was downloaded: it is unpacked into a private folder of this machine, which is deleted again. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { folderTree } from '../../evidence/verify/folderTree.ts';
import { TreeError } from '../../evidence/verify/tree.ts';
import { verifyTree } from '../../evidence/verify/verify.ts';
import { exit, Failure, type Exit, type Io } from '../command.ts';
import { printable } from '../table.ts';
import type { TrustFlags } from './flags.ts';
import { printed } from './report.ts';
import { trustOf } from './verify.ts';

const mostFiles = 200_000;

/** Prints what is wrong with it. */
export async function checkArchive(path: string, flags: TrustFlags, io: Io): Promise<Exit> {
  const trust = await trustOf(flags, io);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-export-'));
  try {
    await unpack(path, folder);
    const verdict = await verifyTree(folderTree(folder), trust);
    io.stdout(printed(verdict));
    if (verdict.is === 'Verified') return exit.holds;
    return verdict.is === 'Partial' ? exit.differs : exit.failed;
  } catch (error) {
    if (error instanceof TreeError) throw new Failure(error.message);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whoever wrote it may have named files anywhere. */
async function unpack(path: string, folder: string): Promise<void> {
  const reading = extract();
  const seen = new Set<string>();
  const written = pipeline(createReadStream(path), reading);
  // Whoever reads the next entry hears of it.
  written.catch(() => undefined);
  for await (const entry of reading) {
    const { name, type } = entry.header;
    const isPlain = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(name) && name.length <= 512;
    if (!isPlain || type !== 'file' || seen.has(name) || seen.size >= mostFiles)
      throw new Failure(
        `${printable(path)} is not an archive of an export: it has ${printable(name.slice(0, 100))}; do not use it.`,
      );
    seen.add(name);
    const place = join(folder, name);
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await pipeline(entry, createWriteStream(place, { flags: 'wx', mode: 0o600 }));
  }
  await written;
}
