/**
 * Parts of PromQL that alerts and dashboards share. All of them keep the labels `namespace` and `job`, which Prometheus gives to what it reads
 * of the operator, so that two installations are apart; objects have the label `resource_namespace`, which nothing else writes. Pure.
 */

const installation = ['namespace', 'job'];

/**
 * What replicas say alike, of whichever says most: each counts objects from a cache of its own, and the leader alone changes them. A value from
 * before a restart, of a process or of Prometheus, counts for ten minutes, so that what was true before and is true after it was true meanwhile.
 */
export function known(selector: string, ...labels: readonly string[]): string {
  return anyReplica(`last_over_time(${selector}[10m])`, ...labels);
}

export function anyReplica(expr: string, ...labels: readonly string[]): string {
  return `max ${by(...labels)} (${expr})`;
}

/** `by (namespace, job, …)` */
export function by(...labels: readonly string[]): string {
  return `by (${[...installation, ...labels].join(', ')})`;
}

/** `on (namespace, job, …)` */
export function on(...labels: readonly string[]): string {
  return `on (${[...installation, ...labels].join(', ')})`;
}

/** Of series whose names other operators have too, those of ours: of processes that have the build information. */
export function ours(expr: string, window = '10m'): string {
  return `${expr} and on (job, instance) last_over_time(holdfast_build_info[${window}])`;
}
