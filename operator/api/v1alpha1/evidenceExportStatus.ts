import type {
  AdmissionRecord,
  Digest,
  Int32,
  Int64,
  ObjectName,
  ResourceStatus,
  StatusSeal,
  Text,
  Timestamp,
} from './shared.ts';

/** What was exported, and where it is. */
export interface EvidenceExportStatus extends ResourceStatus {
  /** When it began: packs that were signed later are not in it. */
  startTime?: Timestamp;

  /** How often it was begun. */
  attempts?: Int32;

  /** The archive. */
  archive?: ExportedArchive;

  /** When the archive is deleted. */
  expiryTime?: Timestamp;

  /** A link to the archive, encrypted for `spec.recipientKey`. */
  link?: ArchiveLink;

  /** Since when the archive is to be deleted, because the EvidenceExport is. */
  removalStartTime?: Timestamp;

  /** What became of the archive. */
  removal?: ArchiveRemoval;

  /** Whether its author was checked. */
  admission?: AdmissionRecord;

  /** Proof that Holdfast wrote it. */
  seal?: StatusSeal;
}

/** An archive, as it was recorded. */
export interface ExportedArchive {
  /** Its digest. */
  digest: Digest;

  /** Its size. */
  bytes: Int64;

  /** Its key in the store. */
  key: Text;

  /**
   * The packs that are in it, by EvidencePack.
   *
   * @maxItems 100
   * @listType atomic
   */
  packs: ExportedPacks[];

  /** How many files of these packs were left out: `REDACTED.json` in the archive lists them. */
  leftOut: Int32;

  /** What the verification said: `Partial` if it is said by who signed that something is missing, or something was left out. */
  verdict: 'Verified' | 'Partial';

  /** When it was recorded in the journal. */
  recordedTime: Timestamp;

  /** When it was stored. */
  storedTime?: Timestamp;

  /** Where it is. */
  uri?: Text;

  /**
   * Its version, where the store has versions.
   *
   * @maxLength 1024
   */
  versionId?: string;

  /** Until when the bucket itself locks it. */
  lockedUntil?: Timestamp;
}

/** Packs of one EvidencePack. */
export interface ExportedPacks {
  /** Its name. */
  name: ObjectName;

  /** The number of the first one. */
  first: Int32;

  /** The number of the last one. */
  last: Int32;

  /** How many. */
  count: Int32;
}

/** A link to an archive, which only the holder of the private key can read. */
export interface ArchiveLink {
  /** The public key of the sender, made for this link alone: SubjectPublicKeyInfo in base64. */
  ephemeralKey: Text;

  /**
   * The link, encrypted by AES-256-GCM, in base64.
   *
   * @maxLength 16384
   */
  ciphertext: string;

  /** When it was made. */
  time: Timestamp;

  /** Until when it can be used. */
  expiryTime: Timestamp;

  /** The value of the annotation `holdfast.dev/renew-link` for which it was made. */
  request?: Text;

  /** How many links were made. */
  count: Int32;
}

/** What became of an archive. */
export interface ArchiveRemoval {
  /** When. */
  time: Timestamp;

  /** `Removed`; `Gone` if it was not there; `Left` if it is there, and was not removed. */
  result: 'Removed' | 'Gone' | 'Left';

  /** In words. */
  message: Text;
}
