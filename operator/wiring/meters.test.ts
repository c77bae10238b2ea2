import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { now } from '../../test/builders/drift.ts';
import type { SshTarget } from '../connect/ssh/types.ts';
import type { Clock } from '../runtime/clock.ts';
import { createMeters } from './meters.ts';

const clock = { elapsed: () => 0, now: () => now } as unknown as Clock;
const target = (id: string): SshTarget => ({ id }) as SshTarget;

async function lines(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith('holdfast_device_last_scan'));
}

test.each<[boolean, string[]]>([
  [false, ['holdfast_device_last_scan_timestamp_seconds{resource_namespace="fleet"} 1772366400']],
  [
    true,
    [
      'holdfast_device_last_scan_timestamp_seconds{resource_namespace="fleet",device="web-01"} 1772366400',
      'holdfast_device_last_scan_timestamp_seconds{resource_namespace="fleet",device="web-02"} 1772366400',
    ],
  ],
])('the last evaluation is told as long as there is the Device (by host: %s)', async (byHost, expected) => {
  const registry = new Registry();
  const there = new Set(['fleet/web-01', 'fleet/web-02', 'other/db-01']);
  const meters = createMeters({ registry, clock, byHost, exists: (id) => there.has(id) });
  const probe = meters.measured(() => Promise.resolve({ is: 'seen', facts: {}, observed: [] } as never));
  for (const id of there) await probe(target(id), [], AbortSignal.timeout(1000));
  expect(await lines(registry)).toHaveLength(expected.length + 1);
  there.delete('other/db-01');
  expect(await lines(registry)).toEqual(expected);
  there.clear();
  expect(await lines(registry)).toEqual([]);
});

test('queries are counted by server and result', async () => {
  const registry = new Registry();
  const { onQuery } = createMeters({ registry, clock, byHost: false, exists: () => true });
  onQuery('main', 'answer', 0.2);
  onQuery('main', 'answer', 0.2);
  onQuery('main', 'TimedOut', 10);
  const text = await registry.metrics();
  expect(text).toContain('holdfast_prometheus_queries_total{server="main",result="answer"} 2');
  expect(text).toContain('holdfast_prometheus_queries_total{server="main",result="TimedOut"} 1');
  expect(text).toContain('holdfast_prometheus_query_seconds_bucket{le="0.25",server="main"} 2');
});
