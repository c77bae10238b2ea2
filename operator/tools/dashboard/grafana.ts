/** A dashboard → JSON of Grafana as it is today. The data source is a variable, so that none has to have a particular name. */
import type { Dashboard, Panel } from './panel.ts';

const columns = 24;
const heights = { number: 4, lines: 8, stack: 8 } as const;
const datasource = { type: 'prometheus', uid: '${datasource}' };

export function grafanaJson({ name, title, rows }: Dashboard): string {
  const dashboard = {
    uid: name,
    title,
    tags: ['holdfast'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'browser',
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    annotations: { list: [] },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', refresh: 1 }],
    },
    panels: placed(rows),
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

/** From left to right, then below what is lowest so far. */
function placed(rows: Dashboard['rows']): object[] {
  let [x, y, below, id] = [0, 0, 0, 0];
  return rows.flatMap(({ title, panels }) => {
    const row = {
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: below, w: columns, h: 1 },
    };
    [x, y, below] = [0, below + 1, below + 1];
    const those = panels.map((panel) => {
      if (x + panel.width > columns) [x, y] = [0, below];
      const gridPos = { x, y, w: panel.width, h: heights[panel.shows] };
      x += panel.width;
      below = Math.max(below, y + gridPos.h);
      return { id: ++id, gridPos, ...drawn(panel) };
    });
    return [row, ...those];
  });
}

function drawn({ title, description, shows, unit, queries, warns }: Panel): object {
  const targets = queries.map(({ expr, legend }, at) => ({
    refId: String.fromCharCode(65 + at),
    datasource,
    expr,
    legendFormat: legend || '__auto',
  }));
  const shared = { title, description, datasource, targets };
  if (shows === 'number')
    return {
      ...shared,
      type: 'stat',
      fieldConfig: { defaults: { unit, ...(warns && { thresholds: thresholdsOf(warns) }) }, overrides: [] },
      options: {
        colorMode: 'value',
        graphMode: 'area',
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      },
    };
  const isStack = shows === 'stack';
  const custom = {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: isStack ? 30 : 0,
    showPoints: 'never',
    stacking: { mode: isStack ? 'normal' : 'none', group: 'A' },
  };
  return {
    ...shared,
    type: 'timeseries',
    fieldConfig: { defaults: { unit, min: 0, custom }, overrides: [] },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function thresholdsOf({ yellow, red }: NonNullable<Panel['warns']>): object {
  const isFloor = red < yellow;
  const steps = isFloor
    ? [
        { color: 'red', value: null },
        ...(red > 0 ? [{ color: 'yellow', value: red }] : []),
        { color: 'green', value: yellow },
      ]
    : [
        { color: 'green', value: null },
        ...(red > yellow ? [{ color: 'yellow', value: yellow }] : []),
        { color: 'red', value: red },
      ];
  return { mode: 'absolute', steps };
}
