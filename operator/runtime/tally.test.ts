import { expect, test } from '@jest/globals';
import { Histogram, Registry } from 'prom-client';
import { counterOf, histogramOf } from './tally.ts';

test('a counter has a zero from the start, and its count at each scrape', async () => {
  const registry = new Registry();
  const count = counterOf({ registry, name: 'passes_total', help: 'Passes.' }, ['controller', 'result']);
  const [good, bad] = [
    count({ controller: 'device', result: 'success' }),
    count({ controller: 'device', result: 'error' }),
  ];
  good.count += 3;
  const lines = [
    'passes_total{controller="device",result="success"} 3',
    'passes_total{controller="device",result="error"} 0',
  ];
  for (let scrape = 0; scrape < 2; scrape++) expect((await registry.metrics()).split('\n').slice(2, 4)).toEqual(lines);
  bad.count++;
  expect(await registry.metrics()).toContain('passes_total{controller="device",result="error"} 1');
});

test('a histogram is what that of prom-client would be', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const about = { name: 'work_seconds', help: 'Work.' };
  const buckets = [0.001, 0.01, 1];
  const distribution = histogramOf({ ...about, registry: ours }, 'name', buckets)('device');
  const histogram = new Histogram({ ...about, labelNames: ['name'], buckets, registers: [theirs] });
  for (const value of [0, 0.001, 0.0011, 0.5, 1, 1.5, 100]) {
    distribution.observe(value);
    histogram.observe({ name: 'device' }, value);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
});
