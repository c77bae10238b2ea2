/**
 * What 400 hung hosts of one tenant cost another: the time from a change of a baseline to its report, without them, while they are new, while
 * their labels change all the time, and beside expressions that never end; and how long `/healthz` takes meanwhile.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, namespace, startBed, type Bed } from '../operator/bed.ts';
import { bombBaseline, bombObjects } from '../operator/bomb.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import { reachesLoopback, hungName, hungTenant, startHungHosts, type HungHosts } from '../operator/hungHosts.ts';
import { until } from '../operator/until.ts';
import type { FaultResult } from './faults.ts';

const neighbour = 'neighbour';
const bomber = 'bomber';
const policies = resolve(import.meta.dirname, '../../policies');
const hungCount = 400;
const changes = Number(process.env['CHANGES'] ?? 200);
const mostRatio = 2;
const mostHealthMilliseconds = 1000;

export async function fairness(say: (line: string) => void, signal: AbortSignal): Promise<FaultResult> {
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  );
  ended.catch(() => undefined);
  const [bed, hung] = await Promise.all([startBed(['web-01']), startHungHosts()]);
  try {
    return await Promise.race([measured(bed, hung, say), ended]);
  } finally {
    await bed.stop();
    hung.stop();
  }
}

async function measured(bed: Bed, hung: HungHosts, say: (line: string) => void): Promise<FaultResult> {
  await bed.kubectl.run('apply', '--filename', policies);
  await untilPoliciesAreHeeded(bed.kubectl);
  const operator = await bed.operator(...reachesLoopback);
  const port = await until(
    'the operator logs its port',
    () => /"port":(\d+)[^\n]*"msg":"started"/.exec(operator.log())?.[1],
  );
  await bed.kubectl.apply(baseline(0));
  await until('the host is reported', () => revisionOf(bed));
  say(`${changes} changes without hung hosts`);
  const alone = await latencies(bed);
  const health = startAskingHealth(port);
  say(`${changes} changes with ${hungCount} hung hosts of another namespace, which are new`);
  await bed.kubectl.apply(...hungTenant(neighbour, hungCount, hung, await readFile(bed.fleet.privateKey, 'utf8')));
  const besideNew = await latencies(bed);
  say(`${changes} changes while the labels of the hung hosts change`);
  const flapping = startFlapping(bed);
  const besideFlapping = await latencies(bed);
  await flapping.stop();
  say(`${changes} changes beside a ClusterBaseline as well that would take minutes to evaluate`);
  await bed.kubectl.apply(...bombObjects(bomber));
  await bed.kubectl.apply(bombBaseline(bomber));
  const besideBomb = await latencies(bed);
  const asked = await health.stop();
  const rows = {
    'without hung hosts': alone,
    'with new ones': besideNew,
    'with changing ones': besideFlapping,
    'and a bomb': besideBomb,
  };
  const limit = mostRatio * quantile(alone, 0.99);
  return {
    count: Object.keys(rows).length - 1,
    lines: [
      ...Object.entries(rows).map(([what, times]) => `change → report ${what.padEnd(20)} ${inWords(times)}`),
      `/healthz                             ${inWords(asked)}`,
      `labels changed ${flapping.count()} times`,
    ],
    problems: [
      ...Object.entries(rows)
        .filter(([, times]) => quantile(times, 0.99) > limit)
        .map(
          ([what, times]) =>
            `p99 ${what} is ${Math.round(quantile(times, 0.99))} ms, more than ${Math.round(limit)} ms`,
        ),
      ...(Math.max(...asked) > mostHealthMilliseconds ? [`/healthz took ${Math.round(Math.max(...asked))} ms`] : []),
    ],
  };
}

function baseline(number: number): object {
  return {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: 'base', namespace },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      checks: [{ name: 'motd', file: { path: '/etc/motd', content: `${number}\n` } }],
    },
  };
}

async function revisionOf(bed: Bed): Promise<string | undefined> {
  return (await bed.kubectl.get<DriftReport>('driftreport', 'base.web-01'))?.status?.source?.revision;
}

let number = 0;

/** Milliseconds from each change to its report. */
async function latencies(bed: Bed): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < changes; round += 1) {
    const before = await revisionOf(bed);
    const began = performance.now();
    await bed.kubectl.apply(baseline((number += 1)));
    const isOther = async () => ((await revisionOf(bed)) === before ? undefined : true);
    await until('the change is reported', isOther, { seconds: 600, everyMilliseconds: 10 });
    times.push(performance.now() - began);
  }
  return times;
}

/** Asks four times a second, in time or not. */
function startAskingHealth(port: string): { stop(): Promise<number[]> } {
  const times: number[] = [];
  const state = { goesOn: true };
  const ask = async (): Promise<void> => {
    while (state.goesOn) {
      const began = performance.now();
      const { status } = await fetch(`http://127.0.0.1:${port}/healthz`);
      if (status !== 200) throw new Error(`/healthz says ${status}`);
      times.push(performance.now() - began);
      await delay(250);
    }
  };
  const asking = ask();
  asking.catch(() => undefined);
  return {
    stop: async () => {
      state.goesOn = false;
      await asking;
      return times;
    },
  };
}

/** Changes labels of one hung host after the other, as quickly as the apiserver takes it. */
function startFlapping(bed: Bed): { stop(): Promise<void>; count(): number } {
  const state = { goesOn: true, count: 0 };
  const flap = async (): Promise<void> => {
    while (state.goesOn) {
      state.count += 1;
      const labels = { flaps: String(state.count) };
      await bed.kubectl.merge(
        'device',
        hungName(state.count % hungCount),
        { metadata: { labels } },
        { namespace: neighbour },
      );
    }
  };
  const flapping = flap();
  flapping.catch(() => undefined);
  return {
    stop: () => {
      state.goesOn = false;
      return flapping;
    },
    count: () => state.count,
  };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]!;
}

function inWords(times: readonly number[]): string {
  const [half, p99, most] = [quantile(times, 0.5), quantile(times, 0.99), Math.max(...times)].map(Math.round);
  return `p50 ${half} ms, p99 ${p99} ms, most ${most} ms (${times.length})`;
}
