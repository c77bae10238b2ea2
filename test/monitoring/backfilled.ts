/** A real Prometheus whose past is made up, and a client that asks it as the operator does. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AskMetrics, Series } from '../../operator/connect/prometheus/types.ts';
import { setUp } from '../cluster/setUp.ts';
import { freePort } from '../freePort.ts';
import { until } from '../operator/until.ts';
import { promtool } from './promtool.ts';

/** A counter that grows by so much a minute. */
export interface Counter {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly perMinute: number;
  /** Minutes, from the beginning, after which it has no samples. */
  readonly ends?: number;
}

export interface Backfilled {
  readonly ask: AskMetrics;
  /** How often it was asked. */
  readonly queries: string[];
  stop(): Promise<void>;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** Counters from so many minutes ago until a quarter of an hour from now. */
export async function startBackfilled(counters: readonly Counter[], minutes: number, now: Date): Promise<Backfilled> {
  const bin = await setUp('prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-backfilled-'));
  await writeFile(join(folder, 'metrics'), openMetrics(counters, minutes, now));
  const { code, text } = await promtool([
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    join(folder, 'metrics'),
    join(folder, 'data'),
  ]);
  if (code !== 0) throw new Error(text);
  await writeFile(join(folder, 'prometheus.yml'), '{}\n');
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    join(bin, 'prometheus'),
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
  await until('Prometheus is ready', async () => {
    const response = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    return response?.ok || undefined;
  });
  const queries: string[] = [];
  return {
    queries,
    ask: async ({ query, time }, signal) => {
      queries.push(query);
      const body = new URLSearchParams({ query, time: String(time.getTime() / 1000) });
      const response = await fetch(`http://${address}/api/v1/query`, { method: 'POST', body, signal }).catch(
        () => undefined,
      );
      if (!response) return { is: 'none', reason: 'Down', message: 'Prometheus does not respond; check it' };
      const answer = (await response.json()) as Answer;
      if (answer.status !== 'success') return { is: 'none', reason: 'BadQuery', message: answer.error ?? '' };
      const series = answer.data.result.map(({ metric, value }): Series => ({
        labels: metric,
        value: Number(value[1]),
      }));
      return { is: 'answer', series };
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openMetrics(counters: readonly Counter[], minutes: number, now: Date): string {
  const first = Math.floor(now.getTime() / 60_000) * 60 - minutes * 60;
  const lines: string[] = [];
  for (const [metric, all] of Map.groupBy(counters, (one) => one.metric)) {
    lines.push(`# TYPE ${metric} unknown`);
    for (const { labels, perMinute, ends = Infinity } of all) {
      const name = `${metric}{${Object.entries(labels)
        .map(([key, value]) => `${key}="${value}"`)
        .join(',')}}`;
      for (let at = 0; at <= Math.min(minutes + 15, ends); at += 1)
        lines.push(`${name} ${perMinute * at} ${first + at * 60}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
