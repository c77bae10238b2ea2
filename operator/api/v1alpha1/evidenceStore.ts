import type {
  DeclaredTime,
  Digest,
  Int32,
  LocalRef,
  ObjectName,
  Resource,
  ResourceStatus,
  StatusSeal,
  Suspend,
  Text,
  Timestamp,
} from './shared.ts';

/**
 * Where evidence is kept: a bucket of S3, whose objects can be locked, or a directory of the operator. `Ready` says that a probe was written,
 * locked, and read back.
 *
 * @resource plural=evidencestores shortName=hes scope=Namespaced writtenBy=author
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Locked string .status.conditions[?(@.type=="Locked")].status
 * @printcolumn Mode string .spec.s3.objectLock.mode
 * @printcolumn Days integer .spec.s3.objectLock.retentionDays
 * @printcolumn Held string .status.conditions[?(@.type=="Held")].status
 * @printcolumn Reason string .status.conditions[?(@.type=="Ready")].reason priority=1
 * @printcolumn Next-Disposal string .status.nextDisposalTime priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface EvidenceStore extends Resource<EvidenceStoreSpec, EvidenceStoreStatus> {
  kind: 'EvidenceStore';
}

/**
 * Where the store is. A chain of evidence lives there: the place cannot be changed.
 *
 * @rule has(self.s3) != has(self.filesystem) :: set exactly one of `s3` and `filesystem`
 * @rule has(self.s3) == has(oldSelf.s3) :: the place of a store cannot be changed; create another EvidenceStore
 */
export interface EvidenceStoreSpec {
  /** A bucket of S3, or of a store that is compatible with it. */
  s3?: S3Location;

  /**
   * A directory of the operator, which locks nothing: `filesystem: {}`.
   *
   * @maxProperties 0
   */
  filesystem?: Record<string, Text>;

  /**
   * Legal holds: while one is in force, nothing that it covers is deleted. To add, change or remove one takes the verb `hold` on
   * evidencestores.holdfast.dev; so does deleting the EvidenceStore while it has any.
   *
   * @maxItems 50
   * @listType map
   * @listMapKey name
   */
  holds?: LegalHold[];

  /**
   * Whether evidence is deleted once its retention is over, with a signed record of it. `Never` if it is not set. To set `WhenDue` takes the verb
   * `dispose` on evidencestores.holdfast.dev.
   */
  disposal?: 'Never' | 'WhenDue';

  /** Stops probing, and with it evidence that is to be kept here, until it ends. */
  suspend?: Suspend;
}

/**
 * A legal hold.
 *
 * @rule !has(self.from) || !has(self.to) || self.from < self.to :: `to` must be after `from`
 */
export interface LegalHold {
  /**
   * Its name.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
   */
  name: string;

  /**
   * Why, such as the number of a case.
   *
   * @minLength 1
   * @maxLength 512
   * @pattern ^[^\x00-\x1f\x7f]*$
   */
  reason: string;

  /**
   * Who placed it: your own user name, as the policies verify.
   *
   * @minLength 1
   * @maxLength 253
   * @pattern ^[^\x00-\x1f\x7f]+$
   */
  placedBy: string;

  /**
   * EvidencePacks whose packs it covers, beside the journal; all if it is not set.
   *
   * @minItems 1
   * @maxItems 50
   * @listType set
   */
  packs?: ObjectName[];

  /** Covers evidence of the time after that; all before `to` if it is not set. */
  from?: DeclaredTime;

  /** Covers evidence of the time before that; all after `from` if it is not set. */
  to?: DeclaredTime;

  /** When it ends; only by removing it if it is not set. */
  until?: DeclaredTime;
}

/**
 * A bucket, and what in it belongs to this store: everything below `<prefix>/holdfast.dev/<namespace>/<name>/`.
 *
 * @rule self.endpoint == oldSelf.endpoint && self.bucket == oldSelf.bucket :: the place of a store cannot be changed; create another EvidenceStore
 * @rule has(self.prefix) == has(oldSelf.prefix) && (!has(self.prefix) || self.prefix == oldSelf.prefix) :: the place of a store cannot be changed; create another EvidenceStore
 */
export interface S3Location {
  /**
   * Name of the object store in the configuration of the operator.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
   */
  endpoint: string;

  /**
   * Name of the bucket.
   *
   * @minLength 3
   * @maxLength 63
   * @pattern ^[a-z0-9][a-z0-9.-]*[a-z0-9]$ :: a bucket is named in lower case letters, digits, `.` and `-`
   * @rule !self.contains('..') && !self.endsWith('--x-s3') && !self.endsWith('-s3alias') && !self.endsWith('--ol-s3') :: must be the name of a general purpose bucket
   */
  bucket: string;

  /**
   * What all keys begin with, such as `audit/production`; nothing if it is not set.
   *
   * @minLength 1
   * @maxLength 100
   * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]*([/][A-Za-z0-9][A-Za-z0-9._-]*)*$ :: a prefix consists of letters, digits and `._-`, in segments that start with a letter or digit, with `/` between them
   * @rule !self.split('/').exists(segment, segment == 'holdfast.dev') :: no segment of a prefix can be `holdfast.dev`: what is below belongs to the stores of a namespace
   */
  prefix?: string;

  /** Secret in the same namespace with the keys `accessKeyId`, `secretAccessKey`, and `sessionToken` if there is one. */
  credentialsRef: LocalRef;

  /** How what is stored is locked. If it is not set, nothing is: who may write to the bucket may then change evidence. */
  objectLock?: ObjectLock;
}

/** For how long nobody can change or remove what is stored. */
export interface ObjectLock {
  /** `Governance` can be lifted by those who have a right of their own for it, `Compliance` by nobody. */
  mode: 'Governance' | 'Compliance';

  /**
   * For how long, in days.
   *
   * @minimum 1
   * @maximum 36500
   */
  retentionDays: Int32;
}

/** What was seen of the store. */
export interface EvidenceStoreStatus extends ResourceStatus {
  /** Where it is, such as `s3://bucket/prefix/holdfast.dev/namespace/name`. */
  uri?: Text;

  /** The last probe that was written, and read back. */
  probe?: StoreProbe;

  /**
   * Legal holds that are in force, as they were journaled.
   *
   * @maxItems 50
   * @listType map
   * @listMapKey name
   */
  holds?: HoldInForce[];

  /** When the oldest pack can be deleted, of all EvidencePacks here: neither its class nor a lock keeps it then. Only with `disposal: WhenDue`. */
  nextDisposalTime?: Timestamp;

  /** Proof that Holdfast wrote it. */
  seal?: StatusSeal;
}

/** A probe that was written, and read back. */
export interface StoreProbe {
  /** When. */
  time: Timestamp;

  /** Digest of what was probed: place, lock and credentials. */
  revision: Digest;

  /** Its key. */
  key: Text;

  /**
   * Its version, if the store has versions.
   *
   * @maxLength 1024
   */
  versionId?: string;

  /** Until when it is locked. */
  lockedUntil?: Timestamp;
}

/** A legal hold that is in force. */
export interface HoldInForce {
  /** Its name. */
  name: Text;

  /** Who placed it. */
  placedBy: Text;

  /** Digest of what was declared. */
  digest: Digest;
}
