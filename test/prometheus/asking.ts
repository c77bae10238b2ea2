/** The connector with one server, for tests. */
import { openPrometheus, type PrometheusOptions } from '../../operator/connect/prometheus/openPrometheus.ts';
import { limits, type Server } from '../../operator/connect/prometheus/server.ts';
import type { MetricsAnswer, SingleValue } from '../../operator/connect/prometheus/types.ts';
import { single } from '../../operator/connect/prometheus/single.ts';

export const time = new Date('2026-03-01T12:00:00Z');

export function serverAt(url: string, more: Partial<Server> = {}): Server {
  const usual = Object.entries(limits).map(([field, { default: value }]) => [field, value]);
  return { ...(Object.fromEntries(usual) as Omit<Server, 'name'>), name: 'main', isDefault: true, url, ...more };
}

export interface Asked {
  readonly ask: (query: string, namespace?: string) => Promise<MetricsAnswer>;
  readonly value: (query: string, maxAgeSeconds?: number) => Promise<SingleValue>;
  /** What the meters were told. */
  readonly results: string[];
}

export function asking(server: Server, options: Partial<PrometheusOptions> & { at?: Date } = {}): Asked {
  const results: string[] = [];
  const { askMetrics, askValue } = openPrometheus({
    servers: [server],
    elapsed: () => performance.now(),
    random: () => 0,
    onQuery: (name, result) => results.push(`${name} ${result}`),
    ...options,
  });
  const at = options.at ?? time;
  return {
    results,
    ask: (query, namespace = 'team-a') => askMetrics({ namespace, query, time: at }, AbortSignal.timeout(60_000)),
    value: (query, maxAgeSeconds) =>
      askValue(
        { namespace: 'team-a', query, time: at, ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }) },
        AbortSignal.timeout(60_000),
      ),
  };
}

/** The value, or the reason why there is none. */
export function told(answer: MetricsAnswer): number | string {
  const value = single(answer);
  return value.is === 'value' ? value.value : value.reason;
}
