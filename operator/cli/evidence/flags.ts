/** The flags of the commands about evidence, as given. */
export interface VerifyFlags extends S3Flags, TrustFlags {
  /** Text when undefined. */
  readonly output: 'json' | 'yaml' | undefined;
  readonly from?: string;
  readonly to?: string;
}

/** What is believed. */
export interface TrustFlags {
  readonly keys: readonly string[];
  readonly 'keys-manifest'?: string;
  readonly identity?: string;
  readonly issuer?: string;
  readonly 'trusted-root'?: string;
}

export interface S3Flags {
  readonly place: string;
  readonly 's3-endpoint'?: string;
  readonly 's3-region'?: string;
  readonly 's3-ca'?: string;
}
