/** An object store as the operator is configured with it. */

export interface StoreServer {
  readonly name: string;
  /** The address of S3, without a bucket. */
  readonly url: string;
  /** That by which others reach it, where they cannot by `url`: a link is signed for the name of its host. */
  readonly publicUrl?: string;
  readonly region: string;
  /** The bucket is in the path of requests, not in the name of the host. */
  readonly pathStyle: boolean;
  /** Certificates that alone are trusted, in PEM; those of Node if it is not set. */
  readonly caFile?: string;
  /** How bytes are checked on their way: by `x-amz-checksum-sha256`, or by `Content-MD5` where a store does not know that. */
  readonly checksums: 'Sha256' | 'Md5';
  /** Connections of one EvidenceStore at once. */
  readonly maxConnections: number;
  readonly connectSeconds: number;
  /** Without a byte in either direction. */
  readonly silenceSeconds: number;
  /** For a request to be answered in full. */
  readonly requestSeconds: number;
}

export const limits = {
  maxConnections: { default: 4, from: 1, to: 64 },
  connectSeconds: { default: 10, from: 1, to: 120 },
  silenceSeconds: { default: 30, from: 1, to: 600 },
  requestSeconds: { default: 300, from: 1, to: 3600 },
} as const;
