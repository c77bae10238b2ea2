/** Writes the sections of a pack to files of this machine, and searches them for what must not be locked away for years. */
import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { zoneNamed } from '../../lib/zone.ts';
import { stopSentence } from '../gate/sentence.ts';
import type { Missing, Section, SectionInput, SectionName } from '../sections/section.ts';
import type { PackFile } from '../statement/types.ts';
import { keepFiles } from './keepFiles.ts';
import { PackFailure, type PackKit, type PackParts } from './kit.ts';

export interface Staged {
  readonly folder: string;
  readonly files: readonly PackFile[];
  /** Sections of which there is no file. */
  readonly missing: readonly Missing[];
  readonly expected: readonly SectionName[];
  remove(): Promise<void>;
}

const usualSections: readonly SectionName[] = ['Evidence', 'Policy', 'Slo', 'Dora'];

/** One section that cannot be made stops no other. Rejects when any has content that must not be stored. */
export async function stage(
  { kit, parts, name }: { readonly kit: PackKit; readonly parts: PackParts; readonly name: string },
  input: SectionInput,
  signal: AbortSignal,
): Promise<Staged> {
  const folder = join(parts.folder, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const expected = kit.pack.spec.sections ?? usualSections;
  const files: PackFile[] = [];
  const missing: Missing[] = [];
  for (const wanted of expected) {
    const section = parts.sections.find((one) => one.name === wanted);
    try {
      if (!section) throw new Error('this version of Holdfast cannot make it');
      files.push(await write(section, { kit, parts, folder, input }, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PackFailure) throw error;
      missing.push({ what: `section ${wanted}`, reason: (error as Error).message });
    }
  }
  return { folder, files, missing, expected, remove: () => rm(folder, { recursive: true, force: true }) };
}

interface Writing {
  readonly kit: PackKit;
  readonly parts: PackParts;
  readonly folder: string;
  readonly input: SectionInput;
}

async function write(section: Section, { kit, parts, folder, input }: Writing, signal: AbortSignal): Promise<PackFile> {
  const keep = keepFiles(folder, section.stem);
  const document = section.build({ ...input, keep: keep.make });
  const { chunks, records } = parts.write(document);
  const name = `${section.stem}-${dayOf(input.period.end, kit.pack.spec.timeZone)}.json`;
  const search = parts.search(name, kit);
  const digest = createHash('sha256');
  let size = 0;
  const file = await open(join(folder, name), 'wx', 0o600);
  try {
    // The disk takes one while the next is made.
    let writing = Promise.resolve();
    try {
      for await (const chunk of chunks) {
        signal.throwIfAborted();
        digest.update(chunk);
        search.push(chunk);
        size += chunk.byteLength;
        await writing;
        writing = file.writeFile(chunk);
        // It is handled when it is awaited.
        writing.catch(() => undefined);
      }
      await writing;
    } finally {
      await writing.catch(() => undefined);
    }
  } finally {
    await file.close();
    await keep.close();
  }
  const stop = stopSentence([{ file: name, verdict: search.end() }]);
  if (stop !== undefined) throw new PackFailure('SecretFound', stop, { needsPerson: true });
  const { missing } = document;
  return {
    name,
    section: section.name,
    mediaType: 'application/json',
    size,
    digest: { sha256: digest.digest('hex') },
    status: missing.length > 0 ? 'partial' : 'complete',
    records: records(),
    ...(missing.length > 0 && { missing }),
  };
}

/** To ask the database of zones for this one takes longer than all else here. */
const utc = 'Etc/UTC';

/** `20261127`: the day on which the period ends, by the clock of the schedule. */
export function dayOf(end: Date, timeZone = utc): string {
  const offset = timeZone === utc ? 0 : (zoneNamed(timeZone)?.offsetAt(end.getTime()) ?? 0);
  const wall = end.getTime() + offset;
  return new Date(wall).toISOString().slice(0, 10).replaceAll('-', '');
}
