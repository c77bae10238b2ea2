/** A dashboard drawn from what Prometheus answers to its queries: a page of HTML with a picture of each panel, to be looked at. */
import type { Dashboard, Panel, Query, Unit } from '../../operator/tools/dashboard/panel.ts';
import type { Point, Prometheus } from './prometheus.ts';

const colors = [
  '#7eb26d',
  '#eab839',
  '#6ed0e0',
  '#ef843c',
  '#e24d42',
  '#1f78c1',
  '#ba43a9',
  '#705da0',
  '#508642',
  '#cca300',
];
const cell = 58;
const gap = 8;
const picture = { left: 62, top: 6, bottom: 18, height: 150 };

interface Line {
  readonly legend: string;
  readonly points: readonly (readonly [time: number, value: number])[];
}

export async function drawn(dashboard: Dashboard, prometheus: Prometheus, seconds: number): Promise<string> {
  const rows: string[] = [];
  for (const { title, panels } of dashboard.rows) {
    const pictures: string[] = [];
    for (const panel of panels) pictures.push(await drawPanel(panel, prometheus, seconds));
    rows.push(`<h2>${escaped(title)}</h2><div class="row">${pictures.join('')}</div>`);
  }
  const style = `body{background:#111217;color:#ccccdc;font:12px sans-serif;margin:12px;width:${24 * cell + 24}px}h1{font-size:18px}h2{font-size:14px;margin:14px 0 6px}
.row{display:flex;flex-wrap:wrap;gap:${gap}px}.panel{background:#181b1f;border:1px solid #2c3235;padding:6px;box-sizing:border-box}.title{font-weight:bold}
.text{color:#8e8e9c;font-size:11px}.number{font-size:30px;padding:8px 0}.legend span{margin-right:10px;white-space:nowrap}.none{color:#8e8e9c;padding:20px 0}`;
  return `<!doctype html><meta charset="utf-8"><title>${escaped(dashboard.title)}</title><style>${style}</style><h1>${escaped(dashboard.title)}</h1>${rows.join('')}`;
}

async function drawPanel(panel: Panel, prometheus: Prometheus, seconds: number): Promise<string> {
  const width = panel.width * cell - gap;
  const lines = (await Promise.all(panel.queries.map((query) => linesOf(query, prometheus, seconds)))).flat();
  const body = panel.shows === 'number' ? numberOf(panel, lines) : graphOf(panel, lines, width - 14);
  const text = `<div class="title">${escaped(panel.title)}</div><div class="text">${escaped(panel.description)}</div>`;
  return `<div class="panel" style="width:${width}px">${text}${body}</div>`;
}

async function linesOf({ expr, legend }: Query, prometheus: Prometheus, seconds: number): Promise<Line[]> {
  const found = await prometheus.range(expr, seconds);
  return found.map(({ metric, values }) => ({
    legend: legendOf(legend, metric),
    points: values.map(([time, value]) => [time, Number(value)] as const).filter(([, value]) => Number.isFinite(value)),
  }));
}

function legendOf(legend: string, metric: Point['metric']): string {
  return legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '');
}

function numberOf({ unit, warns }: Panel, lines: readonly Line[]): string {
  const value = lines[0]?.points.at(-1)?.[1];
  if (value === undefined) return '<div class="number">No data</div>';
  const color = warns ? colorOf(value, warns) : '#ccccdc';
  return `<div class="number" style="color:${color}">${formatted(value, unit)}</div>`;
}

function colorOf(value: number, { yellow, red }: NonNullable<Panel['warns']>): string {
  if (red < yellow) return value >= yellow ? '#73bf69' : value >= red && red > 0 ? '#fade2a' : '#f2495c';
  return value >= red ? '#f2495c' : value >= yellow ? '#fade2a' : '#73bf69';
}

function graphOf({ shows, unit }: Panel, lines: readonly Line[], width: number): string {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b);
  if (!times.length) return '<div class="none">No data</div>';
  const [from, to] = [times[0]!, Math.max(times.at(-1)!, times[0]! + 1)];
  const sums = new Map<number, number>();
  const shown = lines.map(({ legend, points }) => {
    const placed = points.map(([time, value]) => {
      const base = shows === 'stack' ? (sums.get(time) ?? 0) : 0;
      sums.set(time, base + value);
      return [time, base + value] as const;
    });
    return { legend, placed: shows === 'stack' ? placed : points };
  });
  const most = Math.max(...shown.flatMap(({ placed }) => placed.map(([, value]) => value))) || 1;
  const x = (time: number) => picture.left + ((time - from) / (to - from)) * (width - picture.left - 4);
  const y = (value: number) =>
    picture.height - picture.bottom - (value / most) * (picture.height - picture.bottom - picture.top);
  const paths = shown.map(({ placed }, at) => {
    const path = placed.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colors[at % colors.length]}" stroke-width="1.5"/>`;
  });
  const ticks = [0, 0.5, 1].map((part) => {
    const height = y(part * most);
    return `<line x1="${picture.left}" x2="${width}" y1="${height}" y2="${height}" stroke="#2c3235"/><text x="${picture.left - 5}" y="${height + 4}" text-anchor="end" fill="#8e8e9c" font-size="10">${formatted(part * most, unit)}</text>`;
  });
  const legend = shown.map(
    (line, at) =>
      `<span><b style="color:${colors[at % colors.length]}">▬</b> ${escaped(line.legend)} <i>${formatted(lines[at]!.points.at(-1)?.[1] ?? 0, unit)}</i></span>`,
  );
  return `<svg width="${width}" height="${picture.height}">${ticks.join('')}${paths.join('')}</svg><div class="legend">${legend.join(' ')}</div>`;
}

export function formatted(value: number, unit: Unit): string {
  const short = (number: number): string => String(Number(number.toPrecision(3)));
  switch (unit) {
    case 'percentunit':
      return `${short(value * 100)}%`;
    case 'bytes':
      return `${short(value / 2 ** 20)} MiB`;
    case 's':
      if (Math.abs(value) >= 172_800) return `${short(value / 86_400)} d`;
      return Math.abs(value) >= 1 || value === 0 ? `${short(value)} s` : `${short(value * 1000)} ms`;
    case 'reqps':
    case 'ops':
      return `${short(value)}/s`;
    case 'short':
      return short(value);
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
