/** A real Prometheus for tests: reads these targets every second, and evaluates the generated rules, without waiting for what they wait for. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dump } from 'js-yaml';
import { rulesPath } from '../../operator/tools/rules.ts';
import { setUp } from '../cluster/setUp.ts';
import { freePort } from '../freePort.ts';
import { until } from '../operator/until.ts';
import { promtool } from './promtool.ts';

const root = resolve(import.meta.dirname, '../..');

export interface PrometheusOptions {
  /** host:port each. */
  readonly targets: readonly string[];
  /** Bearer token; none for loopback. */
  readonly token?: string;
  /** Samples that it has from the start, in the format of OpenMetrics. */
  readonly samples?: string;
  /** More arguments. */
  readonly args?: readonly string[];
}

export interface Point {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

export interface Prometheus {
  readonly url: string;
  /** Instant queries: the value of each series, as one point. */
  query(expr: string): Promise<Point[]>;
  /** Over the last so many seconds. */
  range(expr: string, seconds: number): Promise<Point[]>;
  /** Names of the alerts that fire. */
  firing(): Promise<string[]>;
  stop(): Promise<void>;
}

interface Answer<D> {
  readonly status: string;
  readonly error?: string;
  readonly data: D;
}

export async function startPrometheus({ targets, token, samples, args = [] }: PrometheusOptions): Promise<Prometheus> {
  const program = join(await setUp('prometheus'), 'prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-prometheus-'));
  const rules = (await readFile(join(root, rulesPath), 'utf8')).replace(/^( +for: ).*$/gm, '$10s');
  await writeFile(join(folder, 'alerts.yaml'), rules);
  if (token !== undefined) await writeFile(join(folder, 'token'), token);
  const scrape = {
    job_name: 'holdfast',
    ...(token !== undefined && { authorization: { credentials_file: join(folder, 'token') } }),
    static_configs: [{ targets, labels: { namespace: 'holdfast' } }],
  };
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['alerts.yaml'],
    scrape_configs: [scrape],
  };
  await writeFile(join(folder, 'prometheus.yml'), dump(config));
  if (samples !== undefined) {
    await writeFile(join(folder, 'samples'), samples);
    const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples'), join(folder, 'data')];
    const { code, text } = await promtool(blocks);
    if (code !== 0) throw new Error(`promtool: ${text}`);
  }
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      ...args,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
  const ask = async <D>(path: string): Promise<D> => {
    const response = await fetch(`http://${address}/api/v1/${path}`);
    const answer = (await response.json()) as Answer<D>;
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  };
  await until('Prometheus is ready', async () => {
    const response = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    return response?.ok || undefined;
  });
  type Result<P> = { readonly result: readonly P[] };
  type Instant = Pick<Point, 'metric'> & { readonly value: Point['values'][number] };
  return {
    url: `http://${address}`,
    query: async (expr) => {
      const { result } = await ask<Result<Instant>>(`query?query=${encodeURIComponent(expr)}`);
      return result.map(({ metric, value }) => ({ metric, values: [value] }));
    },
    range: async (expr, seconds) => {
      const end = Date.now() / 1000;
      const times = `start=${end - seconds}&end=${end}&step=${Math.max(1, Math.floor(seconds / 200))}`;
      const { result } = await ask<Result<Point>>(`query_range?query=${encodeURIComponent(expr)}&${times}`);
      return [...result];
    },
    firing: async () => {
      const { alerts } = await ask<{
        readonly alerts: readonly { readonly state: string; readonly labels: Readonly<Record<string, string>> }[];
      }>('alerts');
      const names = alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '');
      return [...new Set(names)].sort();
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
