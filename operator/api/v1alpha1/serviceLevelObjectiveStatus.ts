import type { DecimalText } from './rolloutGates.ts';
import type { Digest, Int32, Int64, ObjectName, ResourceStatus, StatusSeal, Text, Timestamp } from './shared.ts';

/** What is attained, what is left of the error budget, and how fast it burns. */
export interface ServiceLevelObjectiveStatus extends ResourceStatus {
  /** How much of the events of the time window were good, in percent, rounded down. */
  attainmentPercent?: DecimalText;

  /** What is left of the error budget, in percent, rounded down. It is negative when more was spent than there is. */
  errorBudgetRemainingPercent?: DecimalText;

  /**
   * How fast the error budget burns: 1 spends it exactly by the end of the time window.
   *
   * @maxItems 10
   * @listType map
   * @listMapKey window
   */
  burnRates?: BurnRate[];

  /**
   * The pairs of windows that are alerted on, and those that are not, with the reason.
   *
   * @maxItems 4
   * @listType map
   * @listMapKey longWindow
   */
  alerts?: BurnAlertStatus[];

  /** When the error budget is spent, if it burns as in the last hour. Absent if that is not within the time window. */
  exhaustionTime?: Timestamp;

  /** How many events there were in the time window. */
  samples?: Int64;

  /**
   * What is wrong with the data, or why there is none.
   *
   * @maxItems 16
   * @listType atomic
   */
  quality?: DataQuality[];

  /** Where the attainment is, if the histogram has no bucket with the bound `thresholdSeconds`. */
  interval?: AttainmentInterval;

  /** When Prometheus last answered what this status shows, or confirmed it. */
  observedTime?: Timestamp;

  /** When Prometheus last answered about windows longer than a day. It is asked about them less often while little of the budget burns. */
  budgetTime?: Timestamp;

  /** Digest of the spec that this status is about. */
  revision?: Digest;

  /** The object that has the generated rules. */
  rules?: RulesRecord;

  /** In one line, such as `99.953% of 99.9%, 53.1% of the budget left`. */
  summary?: Text;

  /** Proof that Holdfast wrote it. */
  seal?: StatusSeal;
}

/** How fast the error budget burns, as seen in one window. */
export interface BurnRate {
  /**
   * The window, such as `1h`.
   *
   * @maxLength 8
   */
  window: string;

  /** The burn rate. */
  rate: DecimalText;

  /** How many events there were in the window. */
  samples: Int64;
}

/** A pair of windows: both must burn faster than the factor. */
export interface BurnAlertStatus {
  /** `Page` wakes people, `Ticket` can wait for working hours. */
  severity: 'Page' | 'Ticket';

  /**
   * The long window, such as `1h`.
   *
   * @maxLength 8
   */
  longWindow: string;

  /**
   * The short window, such as `5m`, by which it is over soon after its cause is.
   *
   * @maxLength 8
   */
  shortWindow: string;

  /** The burn rate above which it is alerted on. */
  factor: DecimalText;

  /**
   * `Quiet`, `Burning`, or `Unknown` where there is too little data. Not alerted on are pairs that are `Unreachable`, because more than
   * all events would have to fail; `WithinBudget`, because the budget would last; and `TooLong` for the time window.
   */
  state: 'Quiet' | 'Burning' | 'Unknown' | 'Unreachable' | 'WithinBudget' | 'TooLong';

  /** As many events in the long window are needed to say that it is quiet: so that at the factor, 10 of them fail. */
  leastSamples?: Int64;
}

/** One thing that is wrong with the data. */
export interface DataQuality {
  /** What, in one word, such as `Absent`, `Stale`, `BucketMissing`, `MoreGoodThanTotal`, `CounterReset`, `ShortHistory` or `TimedOut`. */
  reason: Text;

  /** What, in a sentence, and what to do. */
  message: Text;
}

/** The attainment is not below `lowPercent` and not above `highPercent`. */
export interface AttainmentInterval {
  /** The share of the events within the next lower bound. */
  lowPercent: DecimalText;

  /** The share of the events within the next higher bound. */
  highPercent: DecimalText;
}

/** The object that has the generated rules. */
export interface RulesRecord {
  /** Its kind. */
  kind: 'PrometheusRule' | 'ConfigMap';

  /** Its name. */
  name: ObjectName;

  /** Digest of the rules. */
  digest: Digest;

  /** How many rules there are. */
  count: Int32;
}
