/** The flags of `kubectl holdfast evidence verify`, as given. */
export interface VerifyFlags extends S3Flags {
  readonly output: 'text' | 'json';
  readonly keys: readonly string[];
  readonly 'keys-manifest'?: string;
  readonly identity?: string;
  readonly issuer?: string;
  readonly 'trusted-root'?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface S3Flags {
  readonly place: string;
  readonly 's3-endpoint'?: string;
  readonly 's3-region'?: string;
  readonly 's3-ca'?: string;
}
