/** What is done with an archive after it was recorded: it is stored, looked at, shown by a link, and removed. Each touches only the very object that was stored. */
import { join } from 'node:path';
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { ExportedArchive } from '../../api/v1alpha1/evidenceExportStatus.ts';
import type { ObjectFacts } from '../../connect/objectStore/types.ts';
import { sealFor } from '../../lib/sealedBox.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { storeReason } from '../failures.ts';
import { exportsFolder } from '../verify/layout.ts';
import { ExportFailure, type ExportKit, type ExportOrder, type ExportParts, type ExportState } from './kit.ts';
import { linkContext, linkSeconds } from './link.ts';

const contentType = 'application/x-tar';
const mostLinkLength = 16_384;

export function archiveKey({ metadata: { name, uid = '' } }: Pick<EvidenceExport, 'metadata'>): string {
  // A name may have 253 characters, as a segment of a key has with its uid and end.
  return `${exportsFolder}${name.slice(0, 200)}-${uid}.tar`;
}

/** Where it is on this machine. */
export function spoolOf({ folder }: Pick<ExportParts, 'folder'>, uid: string): string {
  return join(folder, `${uid}.tar`);
}

/** Of two attempts that store the same bytes, the second finds those of the first. */
export async function storeArchive(
  { archive, uid }: ExportOrder,
  { store, uri: root }: ExportKit,
  parts: ExportParts,
  signal: AbortSignal,
): Promise<ExportState> {
  if (!archive) throw new Error('There is no archive to be stored.');
  const sha256 = hexOf(archive);
  const body = { path: spoolOf(parts, uid), size: archive.bytes, sha256 };
  const storedTime = timestamp(parts.now());
  try {
    const stored = await store.put(archive.key, body, { contentType, ifAbsent: true }, signal);
    const { uri, versionId, retention } = stored;
    return {
      is: 'stored',
      archive: {
        ...{ ...archive, uri, storedTime },
        ...(versionId !== undefined && { versionId }),
        ...(retention && { lockedUntil: timestamp(retention.until) }),
      },
    };
  } catch (error) {
    if (storeReason(error) !== 'Exists') throw error;
    const there = await store.head(archive.key, {}, signal);
    if (there?.sha256 !== sha256) throw altered(archive.key);
    const { versionId } = there;
    return {
      is: 'stored',
      archive: { ...archive, uri: `${root}/${archive.key}`, storedTime, ...(versionId !== undefined && { versionId }) },
    };
  }
}

function altered(key: string): ExportFailure {
  const message = `${key} is in the store with other content; find out who wrote it, and create another EvidenceExport`;
  return new ExportFailure('ArchiveAltered', message, { needsPerson: true });
}

export async function checkArchive(
  { archive }: ExportOrder,
  kit: ExportKit,
  parts: ExportParts,
  signal: AbortSignal,
): Promise<Extract<ExportState, { is: 'seen' }>> {
  return { is: 'seen', time: parts.now(), found: await stateOf(archive, kit, signal) };
}

async function stateOf(
  archive: ExportedArchive | undefined,
  kit: ExportKit,
  signal: AbortSignal,
): Promise<'There' | 'Gone' | 'Altered'> {
  const there = archive && (await facts(archive, kit, signal));
  if (!there) return 'Gone';
  return there.sha256 === hexOf(archive) && there.size === archive.bytes ? 'There' : 'Altered';
}

function facts(
  { key, versionId }: ExportedArchive,
  { store }: ExportKit,
  signal: AbortSignal,
): Promise<ObjectFacts | undefined> {
  return store.head(key, versionId === undefined ? {} : { versionId }, signal);
}

/** Only of what is there, as it was recorded. */
export async function linkArchive(
  { archive, link }: ExportOrder,
  kit: ExportKit,
  parts: ExportParts,
  signal: AbortSignal,
): Promise<ExportState> {
  const found = await stateOf(archive, kit, signal);
  const now = parts.now();
  const { recipientKey } = kit.object.spec;
  const { store } = kit;
  if (found !== 'There' || !archive || !link || !store.link || recipientKey === undefined)
    return { is: 'seen', time: now, found };
  const url = await store.link(archive.key, archive.versionId, { seconds: linkSeconds, now });
  const made = {
    time: timestamp(now),
    expiryTime: timestamp(new Date(now.getTime() + linkSeconds * 1000)),
    count: link.count,
    ...(link.request !== undefined && { request: link.request }),
  };
  const context = linkContext(kit.object, archive.digest, made.expiryTime);
  const sealed = sealFor(recipientKey, url, context);
  // The apiserver would refuse the status.
  if (sealed.ciphertext.length > mostLinkLength)
    throw new ExportFailure('LinkTooLong', 'the session token of the EvidenceStore is too long for a link');
  return { is: 'seen', time: now, found, link: { ...made, ...sealed } };
}

/** What is there now and is not what was stored is left alone. */
export async function removeArchive(
  { archive }: ExportOrder,
  kit: ExportKit,
  signal: AbortSignal,
): Promise<ExportState> {
  if (!archive) return removeUnknown(kit, signal);
  const there = await facts(archive, kit, signal);
  if (!there) return { is: 'removed', result: 'Gone', message: 'the archive was no longer in the store' };
  if (there.sha256 !== hexOf(archive)) {
    const message = `${archive.key} was altered in the store, so it was left there; find out who wrote it`;
    return { is: 'removed', result: 'Left', message };
  }
  await kit.store.remove(archive.key, archive.versionId ?? there.versionId, signal);
  return { is: 'removed', result: 'Removed', message: 'the archive was removed from the store' };
}

/** Another wrote the status that said what was stored. */
async function removeUnknown({ object, store }: ExportKit, signal: AbortSignal): Promise<ExportState> {
  const key = archiveKey(object);
  const there = await store.head(key, {}, signal);
  if (!there) return { is: 'removed', result: 'Gone', message: 'there was no archive' };
  const message = `${key} is in the store, and someone else wrote the status that said what it should be, so it was left there; delete it`;
  return { is: 'removed', result: 'Left', message };
}

function hexOf({ digest }: ExportedArchive): string {
  return digest.replace(/^sha256:/, '');
}
