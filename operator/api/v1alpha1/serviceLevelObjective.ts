import type { ServerName } from './rolloutGates.ts';
import type { ServiceLevelObjectiveStatus } from './serviceLevelObjectiveStatus.ts';
import type { Int32, MatchLabels, Resource, Suspend } from './shared.ts';

/**
 * How good a service must be: the share of its events, such as requests, that must be good within a rolling time window. Prometheus counts
 * the events; the status shows what is attained, and what is left of the error budget.
 *
 * @resource plural=servicelevelobjectives shortName=hslo scope=Namespaced writtenBy=author
 * @sentence .status.summary
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Met string .status.conditions[?(@.type=="Met")].status
 * @printcolumn Objective string .spec.objectivePercent
 * @printcolumn Attained string .status.attainmentPercent
 * @printcolumn Budget string .status.errorBudgetRemainingPercent
 * @printcolumn Burn string .status.burnRates[?(@.window=="1h")].rate priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status priority=1
 * @printcolumn Reason string .status.conditions[?(@.type=="Met")].reason priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface ServiceLevelObjective extends Resource<ServiceLevelObjectiveSpec, ServiceLevelObjectiveStatus> {
  kind: 'ServiceLevelObjective';
}

/** What is counted, how much of it must be good, and who is alerted. */
export interface ServiceLevelObjectiveSpec {
  /** Name of the Prometheus server in the configuration of the operator; the default server if it is not set. */
  server?: ServerName;

  /** What is counted. */
  indicator: Indicator;

  /** How much of the events must be good, in percent, such as `99.9`. */
  objectivePercent: ObjectivePercent;

  /**
   * The rolling time window, in days.
   *
   * @minimum 1
   * @maximum 90
   * @default 30
   */
  windowDays?: Int32;

  /** Alerts on the burn rate. */
  alerting?: ObjectiveAlerting;

  /** The rules for Prometheus that are generated: a PrometheusRule, or a ConfigMap where that kind does not exist. */
  rules?: ObjectiveRules;

  /**
   * Fewer events in the time window than this say nothing: `Met` is Unknown.
   *
   * @minimum 1
   * @maximum 1000000000
   * @default 1
   */
  minSamples?: Int32;

  /**
   * How often Prometheus is asked, in seconds.
   *
   * @minimum 10
   * @maximum 3600
   * @default 60
   */
  intervalSeconds?: Int32;

  /** Asks nothing, and knows nothing, until it ends. The rules stay. */
  suspend?: Suspend;
}

/**
 * What is counted.
 *
 * @rule has(self.ratio) != has(self.latency) :: set exactly one of `ratio` and `latency`
 */
export interface Indicator {
  /** Events of which some are good or bad, by two counters. */
  ratio?: RatioIndicator;

  /** Events that must not take longer than a threshold, by a histogram. */
  latency?: LatencyIndicator;
}

/**
 * Two counters. The number of events in a time window is the `increase` of their series in it, summed.
 *
 * @rule has(self.errors) != has(self.good) :: set exactly one of `errors` and `good`
 */
export interface RatioIndicator {
  /** Selects the counters of bad events, such as `http_requests_total{job="web",code=~"5.."}`. */
  errors?: SeriesSelector;

  /** Selects the counters of good events, instead of `errors`. */
  good?: SeriesSelector;

  /** Selects the counters of all events, such as `http_requests_total{job="web"}`. */
  total: SeriesSelector;
}

/**
 * A histogram of durations, and the longest that is good.
 *
 * @rule !self.histogram.matches('[{,][ ]*le[ ]*(=|!)') :: `histogram` must not select by the label `le`; set `thresholdSeconds`
 */
export interface LatencyIndicator {
  /** Selects the histogram, by its name without `_bucket`, such as `http_request_duration_seconds{job="web"}`. */
  histogram: SeriesSelector;

  /**
   * The longest duration that is good, in seconds, such as `0.35`. A classic histogram must have a bucket with this bound.
   *
   * @rule double(self) > 0.0 :: `thresholdSeconds` must be greater than 0
   */
  thresholdSeconds: ThresholdSeconds;

  /**
   * `Classic` for a histogram with the series `_bucket` and `_count`, `Native` for a native one.
   *
   * @default "Classic"
   */
  type?: 'Classic' | 'Native';
}

/**
 * Selects time series of one metric: its name, and matchers in braces. Strings are in double quotation marks; there are no ranges, offsets, functions or
 * comments.
 *
 * @minLength 1
 * @maxLength 512
 * @pattern ^[a-zA-Z_:][a-zA-Z0-9_:]*([{] *([a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *"([^"\\\x00-\x1f\x7f]|\\["\\nt])*"( *, *[a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *"([^"\\\x00-\x1f\x7f]|\\["\\nt])*")* *,? *)?[}])?$ :: must be one selector, such as `http_requests_total{job="web",code=~"5.."}`: a metric name and matchers, without functions, ranges or operators
 */
export type SeriesSelector = string;

/**
 * A share in percent, as text, more than 1 and less than 100.
 *
 * @minLength 1
 * @maxLength 9
 * @pattern ^(0|[1-9][0-9]?)(\.[0-9]{1,6})?$ :: must be a percentage below 100, written as text, such as "99.9"; 100 would leave no error budget
 * @rule double(self) > 1.0 :: must be more than 1: it is in percent, such as "99.9" for a share of 0.999
 */
export type ObjectivePercent = string;

/**
 * A duration in seconds, as text.
 *
 * @minLength 1
 * @maxLength 16
 * @pattern ^[0-9]{1,6}(\.[0-9]{1,9})?$ :: a duration must be written in seconds, as text, such as "0.35"
 */
export type ThresholdSeconds = string;

/** Alerts on the burn rate. */
export interface ObjectiveAlerting {
  /**
   * Generates no alerts.
   *
   * @default false
   */
  disabled?: boolean;

  /** Names of the alerts. */
  names?: AlertNames;

  /** Labels that are added to the alerts. */
  labels?: AlertLabels;

  /** Annotations that are added to the alerts. */
  annotations?: AlertAnnotations;
}

/** Names of the alerts. */
export interface AlertNames {
  /** Of the alerts with `severity: page`; `ErrorBudgetBurnsFast` if it is not set. */
  page?: AlertName;

  /** Of the alerts with `severity: ticket`; `ErrorBudgetBurnsSlowly` if it is not set. */
  ticket?: AlertName;

  /** Of the alert that there is no data; `ObjectiveHasNoData` if it is not set. */
  noData?: AlertName;
}

/**
 * Name of an alert.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[a-zA-Z_][a-zA-Z0-9_]*$
 */
export type AlertName = string;

/**
 * Labels of alerts. Prometheus executes templates, which can query everything that it has: there are none.
 *
 * @maxProperties 16
 * @rule self.all(key, key.matches('^[a-zA-Z_][a-zA-Z0-9_]{0,62}$') && !key.startsWith('__')) :: a label of an alert must consist of letters, digits and `_`
 * @rule self.all(key, !(key in ['alertname', 'severity', 'slo', 'namespace', 'resource_namespace', 'window'])) :: the labels `alertname`, `severity`, `slo`, `namespace`, `resource_namespace` and `window` are set by Holdfast
 * @rule self.all(key, !self[key].contains('{{')) :: templates are not allowed
 */
export type AlertLabels = Record<string, AlertText>;

/**
 * Annotations of alerts. Prometheus executes templates, which can query everything that it has: there are none.
 *
 * @maxProperties 16
 * @rule self.all(key, key.matches('^[a-zA-Z_][a-zA-Z0-9_]{0,62}$')) :: an annotation of an alert must consist of letters, digits and `_`
 * @rule self.all(key, !self[key].contains('{{')) :: templates are not allowed
 */
export type AlertAnnotations = Record<string, AlertText>;

/**
 * A value without templates.
 *
 * @maxLength 512
 * @pattern ^[^\x00-\x1f\x7f]*$
 */
export type AlertText = string;

/** The rules for Prometheus. */
export interface ObjectiveRules {
  /**
   * Generates no rules, and empties those that were generated.
   *
   * @default false
   */
  disabled?: boolean;

  /** Labels of the object that has the rules, by which a Prometheus may select it, such as `release: kube-prometheus-stack`. */
  labels?: MatchLabels;
}
