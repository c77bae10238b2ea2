/**
 * Counters and histograms of what happens at every pass: plain numbers, which prom-client reads when it is asked. To count
 * by its own means costs as much as a decision.
 */
import { Counter, type Histogram, type Registry } from 'prom-client';

/** A number that only grows. */
export class Tally {
  count = 0;
}

/** How many values were at most each bound, and their sum. */
export class Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.#bounds.length && value > this.#bounds[at]!) at++;
    this.#counts[at]!++;
    this.sum += value;
  }

  /** Pairs of a bound and the values up to it, the last of them `+Inf`. */
  cumulative(): (readonly [bound: string, count: number])[] {
    let total = 0;
    return this.#counts.map((count, at) => [
      at < this.#bounds.length ? String(this.#bounds[at]) : '+Inf',
      (total += count),
    ]);
  }
}

interface About {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
}

/** A counter of prom-client; answers a function that gives the tally of a set of labels, each from zero on. */
export function counterOf<L extends string>({ registry, name, help }: About, labelNames: L[]) {
  const tallies: { readonly labels: Record<L, string>; readonly tally: Tally }[] = [];
  const collect = function (this: Counter<L>): void {
    this.reset();
    for (const { labels, tally } of tallies) this.inc(labels, tally.count);
  };
  new Counter({ name, help, labelNames, registers: [registry], collect });
  return (labels: Record<L, string>): Tally => {
    const tally = new Tally();
    tallies.push({ labels, tally });
    return tally;
  };
}

/** The same for a histogram by one label. */
export function histogramOf({ registry, name, help }: About, label: string, bounds: readonly number[]) {
  const distributions = new Map<string, Distribution>();
  const valuesOf = ([value, distribution]: [string, Distribution]): object[] => {
    const labels = { [label]: value };
    const buckets = distribution.cumulative();
    return [
      ...buckets.map(([le, count]) => ({ labels: { le, ...labels }, value: count, metricName: `${name}_bucket` })),
      { labels, value: distribution.sum, metricName: `${name}_sum` },
      { labels, value: buckets.at(-1)![1], metricName: `${name}_count` },
    ];
  };
  const get = (): object => ({
    name,
    help,
    type: 'histogram',
    values: [...distributions].flatMap(valuesOf),
    aggregator: 'sum',
  });
  // All that a registry asks of a metric.
  registry.registerMetric({ name, get } as unknown as Histogram);
  return (value: string): Distribution => {
    const distribution = new Distribution(bounds);
    distributions.set(value, distribution);
    return distribution;
  };
}
