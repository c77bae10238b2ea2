/** Dashboards: each query is PromQL, both schemas have the same panels, and neither needs a data source of a particular name. */
import { describe, expect, test } from '@jest/globals';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dump, load } from 'js-yaml';
import { consolePath, grafanaPath } from '../../operator/tools/dashboard/index.ts';
import { holdfastDashboard } from '../../operator/tools/dashboard/holdfast.ts';
import { promtool } from './promtool.ts';
import { queriesOf } from './runbook.ts';

const root = resolve(import.meta.dirname, '../..');
const panels = holdfastDashboard.rows.flatMap((row) => row.panels);

interface Target {
  readonly expr: string;
  readonly datasource?: unknown;
}
interface Drawn {
  readonly id?: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly Target[];
  readonly datasource?: unknown;
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly span?: number;
}

const grafana = JSON.parse(readFileSync(join(root, grafanaPath), 'utf8')) as {
  readonly panels: readonly Drawn[];
  readonly templating: { readonly list: readonly { name: string; type: string }[] };
};
const object = load(readFileSync(join(root, consolePath), 'utf8')) as {
  readonly metadata: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly data: Readonly<Record<string, string>>;
};
const openshift = JSON.parse(object.data['holdfast.json'] ?? '') as {
  readonly schemaVersion: number;
  readonly rows: readonly { readonly panels: readonly Drawn[] }[];
};

const titlesAndQueries = (drawn: readonly Drawn[]) =>
  drawn.map(({ title, targets = [] }) => [title, ...targets.map(({ expr }) => expr)]);

test('every query of panels and runbooks is PromQL', async () => {
  const runbooks = globSync('docs/runbooks/*.md', { cwd: root }).flatMap((page) => queriesOf(join(root, page)));
  const exprs = [...panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)), ...runbooks];
  expect(exprs.length).toBeGreaterThan(35);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-queries-'));
  const file = join(folder, 'queries.yaml');
  const check = (all: readonly string[]) => {
    const rules = all.map((expr, at) => ({ record: `query:${at}`, expr }));
    writeFileSync(file, dump({ groups: [{ name: 'queries', rules }] }));
    return promtool(['check', 'rules', file]);
  };
  expect(await check(exprs)).toEqual({ code: 0, text: expect.stringContaining(`${exprs.length} rules found`) });
  expect(await check(['sum by (x) (y'])).toMatchObject({ code: 1 });
  rmSync(folder, { recursive: true });
});

test('both schemas have all panels, with a title of their own and a description', () => {
  const declared = panels.map(({ title, queries }) => [title, ...queries.map(({ expr }) => expr)]);
  expect(titlesAndQueries(grafana.panels.filter(({ type }) => type !== 'row'))).toEqual(declared);
  expect(titlesAndQueries(openshift.rows.flatMap((row) => row.panels))).toEqual(declared);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  for (const { description } of panels) expect(description).toMatch(/^[A-Z0-9`].*\.$/);
});

describe('Grafana', () => {
  test('asks for the data source: no panel and no query names one', () => {
    expect(grafana.templating.list).toEqual([expect.objectContaining({ name: 'datasource', type: 'datasource' })]);
    const wanted = { type: 'prometheus', uid: '${datasource}' };
    for (const { type, datasource, targets = [] } of grafana.panels) {
      if (type === 'row') continue;
      for (const one of [datasource, ...targets.map((target) => target.datasource)]) expect(one).toEqual(wanted);
    }
  });

  test('shows panels beside and below each other, and none on another', () => {
    const cells = grafana.panels.flatMap(({ gridPos }) => {
      const { x, y, w, h } = gridPos!;
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(grafana.panels.map(({ id }) => id)).size).toBe(grafana.panels.length);
    for (const { gridPos } of grafana.panels) expect(gridPos!.x + gridPos!.w).toBeLessThanOrEqual(24);
  });
});

test('the console of OpenShift finds the dashboard, and knows its kinds of panels', () => {
  expect(object.metadata.namespace).toBe('openshift-config-managed');
  expect(object.metadata.labels).toMatchObject({ 'console.openshift.io/dashboard': 'true' });
  expect(openshift.schemaVersion).toBe(14);
  const all = openshift.rows.flatMap((row) => row.panels);
  for (const { type, span } of all) {
    expect(['graph', 'singlestat']).toContain(type);
    expect(span).toBeLessThanOrEqual(12);
  }
});
