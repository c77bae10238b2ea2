/** An alert as data: what people are woken by. The rules that Prometheus loads are generated from it. Pure. */

/**
 * How soon someone must act: `critical` at once, because nothing is evaluated or guarded; `warning` within the day, because something stays
 * wrong; `info` before it becomes a warning, without waking anyone.
 */
export type AlertSeverity = 'critical' | 'warning' | 'info';

export interface Alert {
  /** `Holdfast…`; its runbook is `docs/runbooks/NAME.md`. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /**
   * PromQL, true while something is wrong. Its result has no label `severity`, which the rule sets, and differs in what people tell
   * objects apart by, so that each is one alert.
   */
  readonly expr: string;
  /** How long it is true before anyone is told, such as `15m`: longer than a restart takes. */
  readonly for: string;
  /** One line, without values, so that alerts of one name can be grouped by it. */
  readonly summary: string;
  /** Names objects as kubectl takes them; `{{ $labels.… }}` and `{{ $value }}` are filled in by Prometheus. */
  readonly description: string;
}
