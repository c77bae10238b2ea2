import type { EvidenceSection, EvidenceStoreReference, FrameworkName } from './evidencePack.ts';
import type { EvidenceExportStatus } from './evidenceExportStatus.ts';
import type { DeclaredTime, Int32, ObjectName, Resource, Text, UserName } from './shared.ts';

/**
 * An archive of evidence for those who audit it. Who exports what, and why, is recorded in the journal of the store before anyone can read the archive. It
 * takes the verb `export` on the EvidenceStore, and is deleted from the store when its time is over.
 *
 * @resource plural=evidenceexports shortName=hee scope=Namespaced writtenBy=requester
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Recorded string .status.conditions[?(@.type=="Recorded")].status priority=1
 * @printcolumn Available string .status.conditions[?(@.type=="Available")].status
 * @printcolumn By string .spec.requestedBy
 * @printcolumn Expires string .status.expiryTime
 * @printcolumn Bytes integer .status.archive.bytes priority=1
 * @printcolumn Verdict string .status.archive.verdict priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface EvidenceExport extends Resource<EvidenceExportSpec, EvidenceExportStatus> {
  kind: 'EvidenceExport';
}

/**
 * What is exported, for whom, and why.
 *
 * @rule self == oldSelf :: an export cannot be changed, because it is recorded as it was requested; create another EvidenceExport
 * @rule !has(self.from) || !has(self.to) || self.from < self.to :: `to` must be after `from`
 */
export interface EvidenceExportSpec {
  /** The store. */
  storeRef: EvidenceStoreReference;

  /**
   * EvidencePacks that are exported; all of the store if it is not set.
   *
   * @minItems 1
   * @maxItems 100
   * @listType set
   */
  packs?: ObjectName[];

  /** Packs whose period ends after that time. */
  from?: DeclaredTime;

  /** Packs whose period begins before that time. Packs that are signed after the export has begun are not in it. */
  to?: DeclaredTime;

  /**
   * Frameworks whose controls are shown. Sections that say nothing about controls are then left out, unless `sections` names them.
   *
   * @minItems 1
   * @maxItems 10
   * @listType set
   */
  frameworks?: FrameworkName[];

  /**
   * Sections that are exported; of the others, the archive has the digests only.
   *
   * @minItems 1
   * @maxItems 5
   * @listType set
   */
  sections?: EvidenceSection[];

  /** Who exports: the user who creates it, as the apiserver knows them. */
  requestedBy: UserName;

  /** Why. It is in the journal for as long as that exists. */
  reason: Text;

  /**
   * A public key in PEM, of X25519 or P-256. If it is set and the store is a bucket, the status has a link to the archive that only the holder of the
   * private key can read. Use a new key for each export.
   *
   * @minLength 80
   * @maxLength 512
   * @pattern ^-----BEGIN PUBLIC KEY-----[\n][A-Za-z0-9+/=\n]+[\n]-----END PUBLIC KEY-----[\n]?$ :: a public key in PEM begins with `-----BEGIN PUBLIC KEY-----`
   */
  recipientKey?: string;

  /**
   * For how long the archive is kept.
   *
   * @minimum 600
   * @maximum 2592000
   * @default 86400
   */
  ttlSeconds?: Int32;
}
