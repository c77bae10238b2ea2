/** A Prometheus server as the operator is configured with it. */

export interface Server {
  readonly name: string;
  /** Without the path of the API, and without a slash at the end. */
  readonly url: string;
  /** Certificates that alone are trusted, in PEM; those of Node if it is not set. */
  readonly caFile?: string;
  /** The bearer token. */
  readonly tokenFile?: string;
  /** Every selector of every query gets the matcher `label="<namespace>"`. */
  readonly tenant?: { readonly label: string };
  /** Asked when a query names none. */
  readonly isDefault: boolean;
  /** Queries at once. A namespace has at most as many as it leaves free. */
  readonly maxConcurrent: number;
  /** Queries of one namespace in a minute. */
  readonly maxQueriesPerMinute: number;
  /** For a query to be answered in full, and as long again for its turn to come. */
  readonly timeoutSeconds: number;
  /** Series of an answer. */
  readonly maxSamples: number;
  /** Bytes of an answer. */
  readonly maxBytes: number;
}

export const limits = {
  maxConcurrent: { default: 8, from: 2, to: 256 },
  maxQueriesPerMinute: { default: 600, from: 1, to: 1_000_000 },
  timeoutSeconds: { default: 10, from: 1, to: 120 },
  maxSamples: { default: 1000, from: 1, to: 100_000 },
  maxBytes: { default: 1 << 20, from: 1024, to: 1 << 26 },
} as const;
