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
