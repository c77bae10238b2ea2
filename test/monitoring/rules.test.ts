/** Each alert fires when it must, says what it must, and does not fire in the healthy cases beside; the generated files are rules. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dump, load } from 'js-yaml';
import { features } from '../../operator/features.ts';
import { alertsOf, rulesObjectPath, rulesPath, runbooks } from '../../operator/tools/rules.ts';
import { alertCases, type AlertCase, type Series } from './alertCases.ts';
import { promtool } from './promtool.ts';

const root = resolve(import.meta.dirname, '../..');
const alerts = alertsOf(features);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-rules-'));
  copyFileSync(join(root, rulesPath), join(folder, 'alerts.yaml'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function seriesText({ name, labels }: Series): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return `${name}{${pairs.map(([key, value]) => `${key}="${value}"`).join(',')}}`;
}

function testOf(alert: (typeof alerts)[number], { when, series, at, fires = [] }: AlertCase): object {
  const { name, severity, summary } = alert;
  const expected = fires.map(({ labels, says }) => ({
    exp_labels: { severity, ...labels },
    exp_annotations: { summary, description: says, runbook_url: `${runbooks}/${name}` },
  }));
  return {
    name: `${name}: ${when}`,
    interval: '1m',
    input_series: series.map((one) => ({ series: seriesText(one), values: one.values })),
    alert_rule_test: [{ eval_time: at, alertname: name, exp_alerts: expected }],
  };
}

/** What promtool says of the cases. */
function outcome(file: string, tests: readonly object[], every = '1m') {
  writeFileSync(
    join(folder, file),
    dump({ rule_files: ['alerts.yaml'], evaluation_interval: every, tests }, { lineWidth: -1, noRefs: true }),
  );
  return promtool(['test', 'rules', join(folder, file)]);
}

test('every alert has cases in which it fires, cases in which it does not, and a runbook; and nothing else has', () => {
  const names = alerts.map(({ name }) => name).sort();
  expect(Object.keys(alertCases).sort()).toEqual(names);
  for (const cases of Object.values(alertCases)) {
    expect(cases.some(({ fires }) => fires)).toBe(true);
    expect(cases.filter(({ fires }) => !fires).length).toBeGreaterThanOrEqual(2);
  }
  const pages = readdirSync(join(root, 'docs/runbooks')).filter((file) => file !== 'README.md');
  expect(pages.sort()).toEqual(names.map((name) => `${name}.md`));
  for (const name of names) expect(existsSync(join(root, `docs/runbooks/${name}.md`))).toBe(true);
});

describe('each alert', () => {
  test.each(alerts.map((alert) => [alert.name, alert] as const))('%s', async (name, alert) => {
    const cases = alertCases[name] ?? [];
    expect(
      await outcome(
        `${name}.yaml`,
        cases.map((one) => testOf(alert, one)),
        // A day by the minute takes ten seconds.
        alert.for.endsWith('24h') ? '10m' : '1m',
      ),
    ).toEqual({ code: 0, text: expect.stringContaining('SUCCESS') });
  });
});

test('docs/monitoring.md lists every alert with its severity', () => {
  const page = readFileSync(join(root, 'docs/monitoring.md'), 'utf8');
  const listed = [...page.matchAll(/^\| \[(\w+)\]\(runbooks\/(\w+)\.md\) \| (\w+) \|/gm)].map(([, ...row]) => row);
  expect(listed.sort()).toEqual(alerts.map(({ name, severity }) => [name, name, severity]).sort());
});

test('a case that is wrong is noticed', async () => {
  const down = alerts.find(({ name }) => name === 'HoldfastDown')!;
  const { code, text } = await outcome('wrong.yaml', [testOf(down, { when: 'wrong', series: [], at: '12m' })]);
  expect(code).not.toBe(0);
  expect(text).toContain('FAILED');
});

test('promtool accepts the rules, and the object has the same', async () => {
  const checked = await promtool(['check', 'rules', join(root, rulesPath)]);
  expect(checked).toEqual({ code: 0, text: expect.stringContaining(`SUCCESS: ${alerts.length} rules found`) });
  const read = (path: string): unknown => load(readFileSync(join(root, path), 'utf8'));
  const { groups } = read(rulesPath) as { groups: unknown };
  expect(read(rulesObjectPath)).toMatchObject({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    spec: { groups },
  });
});

test('the rules can be embedded by a chart: nothing but annotations has braces of a template, and the prefix of runbooks stands once a rule', () => {
  const text = readFileSync(join(root, rulesPath), 'utf8');
  const templated = text.split('\n').filter((line) => line.includes('{{'));
  expect(templated.filter((line) => !/^ +description: /.test(line))).toEqual([]);
  expect(text.split(runbooks).length - 1).toBe(alerts.length);
});

test('no rule sets a label that its result has already: two alerts of one rule would be the same', () => {
  const outer = (expr: string): string => /\bby \([^)]*\)/.exec(expr)?.[0] ?? '';
  const labels = alerts.filter(({ expr }) => /\bseverity\b/.test(outer(expr)));
  expect(labels).toEqual([]);
});
