/**
 * A dashboard → a ConfigMap for the console of OpenShift, which reads the schema that Grafana had before panels had places: rows of twelve
 * columns. It asks the Prometheus of the cluster, and knows graphs and single numbers.
 */
import { toYaml } from '../crd.ts';
import type { Dashboard, Panel } from './panel.ts';

export function consoleYaml({ name, title, rows }: Dashboard, header: string): string {
  const dashboard = {
    uid: name,
    title,
    tags: ['holdfast'],
    schemaVersion: 14,
    version: 0,
    editable: false,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: { list: [] },
    rows: rows.map((row) => ({
      title: row.title,
      showTitle: true,
      collapse: false,
      height: 250,
      panels: row.panels.map(drawn),
    })),
  };
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${name}-dashboard`,
      namespace: 'openshift-config-managed',
      labels: { 'console.openshift.io/dashboard': 'true', 'app.kubernetes.io/name': 'holdfast' },
    },
    data: { [`${name}.json`]: `${JSON.stringify(dashboard, undefined, 2)}\n` },
  };
  return header + toYaml(object);
}

function drawn({ title, description, shows, unit, width, queries }: Panel): object {
  const targets = queries.map(({ expr, legend }, at) => ({
    refId: String.fromCharCode(65 + at),
    expr,
    legendFormat: legend,
    format: 'time_series',
    intervalFactor: 2,
  }));
  const shared = { title, description, span: width / 2, targets };
  if (shows === 'number') return { ...shared, type: 'singlestat', format: unit, valueName: 'current' };
  return {
    ...shared,
    type: 'graph',
    stack: shows === 'stack',
    fill: shows === 'stack' ? 10 : 0,
    linewidth: 1,
    lines: true,
    nullPointMode: 'null',
    legend: { show: true },
    yaxes: [
      { format: unit, min: 0, show: true },
      { format: 'short', show: false },
    ],
  };
}
