/**
 * What a benchmark found, as a file, as a line and as a table. Every run's figure is kept; a figure of a subject is the
 * median of its runs. A ratio above 1 says that ours is better, whichever way the figure counts.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, machineLine } from './machine.ts';
import { type Summary, summarise, threeDigits } from './statistics.ts';

export interface Figure {
  readonly what: string;
  /** Appended to the number: `s`, `MB`, `decisions per CPU-second`. */
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** One number a run. */
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  /** Who the peer is, where it is not the benchmark's. */
  readonly against?: string;
}

export interface Measured {
  readonly peer: string;
  /** The first is the one that the benchmark is about. */
  readonly figures: readonly [Figure, ...Figure[]];
  /** What was compared, how often, with what. */
  readonly setting: Readonly<Record<string, string | number>>;
  /** What a reader must know to read the figures fairly: disagreements, noise, what is not counted. */
  readonly notes: readonly string[];
  /** Anything else that was recorded of each run. */
  readonly runs: readonly unknown[];
}

export interface Result extends Measured {
  readonly name: string;
  readonly time: string;
  readonly machine: Machine;
  readonly ratio: number;
  readonly summaries: readonly { what: string; unit: string; ours: Summary; peer: Summary; ratio: number }[];
}

const folder = join(import.meta.dirname, 'results');

export function ratioOf({ better, ours, peer }: Pick<Figure, 'better' | 'ours' | 'peer'>): number {
  const [mine, theirs] = [summarise(ours).median, summarise(peer).median];
  return better === 'more' ? mine / theirs : theirs / mine;
}

export function toResult(name: string, measured: Measured, machine: Machine, time: Date): Result {
  const summaries = measured.figures.map((figure) => ({
    what: figure.what,
    unit: figure.unit,
    ours: summarise(figure.ours),
    peer: summarise(figure.peer),
    ratio: ratioOf(figure),
  }));
  return { name, time: time.toISOString(), machine, ratio: ratioOf(measured.figures[0]), summaries, ...measured };
}

export async function writeResult(result: Result): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** `reconcile ratio 3.3 (ours 8,100 decisions per CPU-second, peer 2,450 decisions per CPU-second)` */
export function lastLine({ name, ratio, figures: [{ ours, peer, unit }] }: Result): string {
  const figure = (runs: readonly number[]): string => `${threeDigits(summarise(runs).median)} ${unit}`;
  return `${name} ratio ${threeDigits(ratio)} (ours ${figure(ours)}, peer ${figure(peer)})`;
}

/** All figures of one benchmark, with their spread, for the terminal. */
export function terminalTable({ figures, peer }: Result): string {
  const spread = (runs: readonly number[]): string => {
    const { median, least, most } = summarise(runs);
    return runs.length === 1
      ? threeDigits(median)
      : `${threeDigits(median)} (${threeDigits(least)}–${threeDigits(most)})`;
  };
  const rows = figures.map((figure) => [
    figure.what,
    figure.unit,
    spread(figure.ours),
    spread(figure.peer),
    threeDigits(ratioOf(figure)),
    figure.against ?? peer,
  ]);
  return align([['', 'unit', 'ours', 'peer', 'ratio', 'peer is'], ...rows]);
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** All results that are there, as Markdown. */
export async function markdownTable(): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const results = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Result),
  );
  return markdown(results);
}

export function markdown(results: readonly Result[]): string {
  const number = (runs: readonly number[], unit: string): string => `${threeDigits(summarise(runs).median)} ${unit}`;
  const rows = results.flatMap(({ name, peer, figures }) =>
    figures.map((figure, index) => {
      const first = index === 0 ? `\`${name}\`` : '';
      const cells = [
        number(figure.ours, figure.unit),
        number(figure.peer, figure.unit),
        `${threeDigits(ratioOf(figure))}×`,
      ];
      return `| ${[first, figure.what, ...cells, figure.against ?? peer].join(' | ')} |`;
    }),
  );
  const machines = [...new Set(results.map(({ machine }) => machineLine(machine)))];
  const head = '| benchmark | figure (median) | Holdfast | peer | better by | the peer |\n|---|---|---|---|---|---|';
  return `${head}\n${rows.join('\n')}\n\nMeasured on ${machines.join('; ')}. Above 1× Holdfast is better, below it the peer is.`;
}
