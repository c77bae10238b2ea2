/** Queries and panels that rows of the dashboard share. */
import { anyReplica } from '../../lib/promql.ts';
import type { Panel, Query } from './panel.ts';

/** Replicas count the same objects: of each label set the most that one of them says, added up by `label`. */
export function objects(selector: string, labels: readonly string[], label: string): string {
  return `sum by (${label}) (${anyReplica(selector, ...labels)})`;
}

/** The share of a gauge that is in one state, of all in it. */
export function share(part: string, all: string, labels: readonly string[]): string {
  return `sum (${anyReplica(part, ...labels)}) / sum (${anyReplica(all, ...labels)})`;
}

/** The median, and what nine in ten and 99 in 100 were below. */
export function quantiles(name: string, selector: string): Query[] {
  return [50, 90, 99].map((percent) => ({
    expr: `histogram_quantile(${percent / 100}, sum by (le) (rate(${name}_bucket${selector}[10m])))`,
    legend: `p${percent}`,
  }));
}

export function number(title: string, about: Pick<Panel, 'description' | 'unit' | 'warns'> & { expr: string }): Panel {
  const { expr, ...rest } = about;
  return { title, shows: 'number', width: 6, queries: [{ expr, legend: '' }], ...rest };
}
