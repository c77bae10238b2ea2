import type {
  Digest,
  Int32,
  LocalRef,
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
 * @printcolumn Reason string .status.conditions[?(@.type=="Ready")].reason priority=1
 * @printcolumn URI string .status.uri priority=1
 * @printcolumn Probed date .status.probe.time priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status priority=1
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

  /** Stops probing, and with it evidence that is to be kept here, until it ends. */
  suspend?: Suspend;
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
