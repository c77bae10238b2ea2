/** An object store as evidence uses it: what is stored was read back, and what is not certain is an error with a reason. */
import type { Readable } from 'node:stream';

/** Below the root that was given when it was opened; keys are relative to that. */
export interface ObjectStore {
  /**
   * Resolves once the object was read back as it was stored: its digest, version and retention. Where the key is taken, a store with versions
   * adds one; another rejects with `Exists`, unless the same bytes are there.
   */
  put(key: string, body: Uint8Array | StoredFile, options: PutOptions, signal: AbortSignal): Promise<Stored>;
  /** Undefined when there is none; rejects with `Invalid` when it is longer than `maxBytes`. */
  get(key: string, options: { versionId?: string; maxBytes: number }, signal: AbortSignal): Promise<Buffer | undefined>;
  stream(key: string, options: { versionId?: string }, signal: AbortSignal): Promise<Readable | undefined>;
  head(key: string, options: { versionId?: string }, signal: AbortSignal): Promise<ObjectFacts | undefined>;
  /** In ascending order of keys, after `after`. */
  list(prefix: string, options: { after?: string }, signal: AbortSignal): AsyncIterable<ListedObject>;
  /** Without a version, only where the store has none. */
  remove(key: string, versionId: string | undefined, signal: AbortSignal): Promise<void>;
  /** Sets or ends a legal hold. */
  hold(key: string, versionId: string | undefined, on: boolean, signal: AbortSignal): Promise<void>;
  /** An address from which anyone can read the object for some time. Not where a store has none, such as a file system. */
  link?(
    key: string,
    versionId: string | undefined,
    options: { readonly seconds: number; readonly now: Date },
  ): Promise<string>;
  close(): void;
}

/** A file of this machine, which is streamed. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface Retention {
  readonly mode: 'Governance' | 'Compliance';
  readonly until: Date;
}

export interface PutOptions {
  readonly contentType: string;
  /** Rejects with `Exists` when the key is taken, whatever is there. */
  readonly ifAbsent?: boolean;
  /** Not where the store cannot lock: then it rejects with `LockRefused`. */
  readonly retention?: Retention;
}

export interface Stored {
  readonly key: string;
  readonly versionId?: string;
  readonly sha256: string;
  readonly size: number;
  readonly retention?: Retention;
  /** Where it is, for people, such as `s3://bucket/key?versionId=1`. */
  readonly uri: string;
}

export interface ObjectFacts {
  readonly size: number;
  readonly sha256?: string;
  readonly versionId?: string;
  readonly retention?: Retention;
  readonly isHeld?: boolean;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

export type StoreReason =
  'Exists' | 'Denied' | 'NotFound' | 'Full' | 'Unavailable' | 'Slow' | 'LockRefused' | 'Altered' | 'Invalid';

/** The message is a sentence that says what to do. */
export class StoreError extends Error {
  readonly reason: StoreReason;

  constructor(reason: StoreReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Where a store is. Its root is relative to the bucket, or to the folder of the operator. */
export type StoreLocation =
  | {
      readonly is: 's3';
      /** A name in the configuration of the operator. */
      readonly endpoint: string;
      readonly bucket: string;
      readonly root: string;
      readonly credentials: StoreCredentials;
    }
  | { readonly is: 'filesystem'; readonly root: string };

export interface StoreCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Opens a store, over connections of its own; whoever opens it closes it. Rejects with `Invalid` when the endpoint is not configured. */
export type OpenStore = (location: StoreLocation, now: Date) => Promise<ObjectStore>;
