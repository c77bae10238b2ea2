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

// client_js#194, client_python#14, prometheus_wireguard_exporter#82, scaphandre#204, gitlab-tokens-exporter#221: one such value ended every scrape.
test('whatever text a label has, a scrape is whole, and what is gone is not told any more', async () => {
  const metrics = createMetrics();
  const odd = ['13" laptop', 'a\\nb', 'two\nlines', '\\u--nocleartty', '', '__proto__', 'constructor'];
  let left = odd;
  metrics.gauge({ ...gauge, labels: ['source'] }, [], () =>
    left.map((source, index) => ({ labels: { source }, value: index })),
  );
  const values = async () =>
    [...(await metrics.registry.metrics()).matchAll(/^holdfast_findings(.*)$/gm)].map(([, rest]) => rest);
  expect(await values()).toEqual([
    '{source="13\\" laptop"} 0',
    '{source="a\\\\nb"} 1',
    '{source="two\\nlines"} 2',
    '{source="\\\\u--nocleartty"} 3',
    '{source=""} 4',
    '{source="__proto__"} 5',
    '{source="constructor"} 6',
  ]);
  left = [];
  expect(await values()).toEqual([]);
  expect(await metrics.registry.metrics()).toContain('# TYPE holdfast_findings gauge');
});

test('build information names the version, and no default gauge is named like a counter', async () => {
  const text = await createMetrics('1.2.3').registry.metrics();
  expect(text).toContain(`holdfast_build_info{version="1.2.3",node_version="${process.version}"} 1`);
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type] as const));
  expect(types.get('process_cpu_seconds_total')).toBe('counter');
  expect([...types].filter(([name, type]) => name?.endsWith('_total') && type !== 'counter')).toEqual([]);
});
