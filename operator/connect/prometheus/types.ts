/** Questions to Prometheus servers, and their answers. */

/** One instant query. */
export interface MetricsQuery {
  /** Name of a server in the configuration of the operator; the default server if it is not set. */
  readonly server?: string;
  /** The namespace on whose behalf it is asked: its share of the queries, and the value of the tenant label where one is enforced. */
  readonly namespace: string;
  readonly query: string;
  /** The time that it is about. */
  readonly time: Date;
}

/** Why there is no answer that can be relied upon. */
export type NoAnswerReason =
  | 'UnknownServer'
  | 'Down'
  | 'TimedOut'
  | 'Redirected'
  | 'Unauthorized'
  | 'BadQuery'
  | 'TooManySamples'
  | 'TooLarge'
  | 'Partial'
  | 'Malformed'
  | 'Busy'
  | 'Refused';

export interface NoAnswer {
  readonly is: 'none';
  readonly reason: NoAnswerReason;
  /** What happened, and what to do. */
  readonly message: string;
}

/** One series of an instant vector, or a scalar, which has no labels. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite. */
  readonly value: number;
}

export type MetricsAnswer = { readonly is: 'answer'; readonly series: readonly Series[] } | NoAnswer;

/** Asks a server. It never throws, but when the signal aborts. */
export type AskMetrics = (query: MetricsQuery, signal: AbortSignal) => Promise<MetricsAnswer>;

/** One number, or why there is none: each reason is inconclusive, and none is a pass. */
export type SingleValue =
  | { readonly is: 'value'; readonly value: number }
  | {
      readonly is: 'none';
      readonly reason: NoAnswerReason | 'Empty' | 'SeveralSeries' | 'NotANumber' | 'Infinite' | 'Stale';
      readonly message: string;
    };

/** A query that must result in one number. */
export interface ValueQuery extends MetricsQuery {
  /** Every series that the query selects must have a sample that is at most this old, in seconds; of any age if it is not set. */
  readonly maxAgeSeconds?: number;
}

/** Asks for one number. It never throws, but when the signal aborts. */
export type AskValue = (query: ValueQuery, signal: AbortSignal) => Promise<SingleValue>;
