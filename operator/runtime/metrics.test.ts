import { expect, test } from '@jest/globals';
import { createMetrics } from './metrics.ts';

const samples = () => [
  { labels: { source: 'rhel9', target: 'web-01', severity: 'High' }, value: 2 },
  { labels: { source: 'rhel9', target: 'web-02', severity: 'High' }, value: 3 },
  { labels: { source: 'rhel9', target: 'web-02', severity: 'Low' }, value: 1 },
];
const gauge = { name: 'holdfast_findings', help: 'Findings.', labels: ['source', 'target', 'severity'] };

test.each<[string[], string[]]>([
  [
    ['target'],
    ['holdfast_findings{source="rhel9",severity="High"} 5', 'holdfast_findings{source="rhel9",severity="Low"} 1'],
  ],
  [
    [],
    [
      'holdfast_findings{source="rhel9",target="web-01",severity="High"} 2',
      'holdfast_findings{source="rhel9",target="web-02",severity="High"} 3',
      'holdfast_findings{source="rhel9",target="web-02",severity="Low"} 1',
    ],
  ],
])('without the labels %j, what differs in them alone is summed up, at each scrape anew', async (without, expected) => {
  const metrics = createMetrics();
  metrics.gauge(gauge, without, samples);
  const lines = async () =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('holdfast_findings{'));
  expect(await lines()).toEqual(expected);
  expect(await lines()).toEqual(expected);
});

test('build information names the version, and no default gauge is named like a counter', async () => {
  const text = await createMetrics('1.2.3').registry.metrics();
  expect(text).toContain(`holdfast_build_info{version="1.2.3",node_version="${process.version}"} 1`);
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type] as const));
  expect(types.get('process_cpu_seconds_total')).toBe('counter');
  expect([...types].filter(([name, type]) => name?.endsWith('_total') && type !== 'counter')).toEqual([]);
});
