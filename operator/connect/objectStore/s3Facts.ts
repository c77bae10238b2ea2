/** What S3 says of an object, and whether that is what was stored. Pure. */
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectFacts, Retention } from './types.ts';

/** Metadata by which a write is known again. */
export const markName = 'holdfast-write';

export interface S3Facts extends ObjectFacts {
  readonly mark?: string;
}

export function factsOf(head: HeadObjectCommandOutput): S3Facts {
  const { ContentLength = 0, ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = head;
  const versionId = versionOf(head.VersionId);
  const sha256 = digestIn(head);
  const mark = head.Metadata?.[markName];
  return {
    size: ContentLength,
    isHeld: head.ObjectLockLegalHoldStatus === 'ON',
    ...(versionId !== undefined && { versionId }),
    ...(sha256 !== undefined && { sha256 }),
    ...(mode && until && { retention: { mode: mode === 'COMPLIANCE' ? 'Compliance' : 'Governance', until } }),
    ...(mark !== undefined && { mark }),
  };
}

/** Of a bucket without versions, a store may say `null`. */
export function versionOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === 'null' ? undefined : text;
}

/** Of an object in parts there is a digest of digests, which says nothing here. */
function digestIn({ ChecksumSHA256: text, ChecksumType: type }: HeadObjectCommandOutput): string | undefined {
  if (text === undefined || type === 'COMPOSITE' || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('hex');
}

/** Whether the lock that was read back is at least the one that was asked for. S3 knows seconds. */
export function isLockedAs(wanted: Retention, found: Retention | undefined): boolean {
  const until = Math.floor(wanted.until.getTime() / 1000) * 1000;
  return found?.mode === wanted.mode && found.until.getTime() >= until;
}
