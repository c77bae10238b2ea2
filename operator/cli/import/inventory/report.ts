/** What became of each host, for people: what is alike is said once. Pure. */
import { counted, listed } from '../../../lib/text.ts';
import { printable } from '../../table.ts';
import { shown } from './values.ts';

/** Something that is said of a host. */
export interface Said {
  readonly host: string;
  readonly text: string;
}

export interface Outcome {
  readonly devices: number;
  readonly hosts: number;
  readonly refused: readonly Said[];
  /** Hosts whose keys differ from those that were expected. */
  readonly alarms: readonly Said[];
  readonly notes: readonly Said[];
  readonly warnings: readonly string[];
}

const mostNames = 10;
const mostWarnings = 20;

export function reportOf(outcome: Outcome, columns: number): string {
  const { devices, hosts, refused, alarms, notes, warnings } = outcome;
  const blocks = [
    block('HOST KEYS DIFFER, not translated:', grouped(alarms)),
    block('Not translated:', grouped(refused)),
    block('Notes:', [...grouped(notes), ...warnings.slice(0, mostWarnings)]),
    warnings.length > mostWarnings ? [`  and ${warnings.length - mostWarnings} more`] : [],
  ];
  const lines = blocks.flat().map((line) => wrapped(printable(line), columns));
  return [...lines, `${counted(devices, 'Device')}, ${hosts - devices} not translated.`, ''].join('\n');
}

function block(title: string, items: readonly string[]): string[] {
  return items.length > 0 ? [title, ...items.map((item) => `  ${item}`)] : [];
}

/** By what is said, in the order in which it was said first. */
function grouped(all: readonly Said[]): string[] {
  const hosts = new Map<string, string[]>();
  for (const { host, text } of all) {
    const before = hosts.get(text);
    if (before) before.push(shown(host));
    else hosts.set(text, [shown(host)]);
  }
  return [...hosts].map(([text, names]) => `${listed(names, mostNames)}: ${text}`);
}

/** At blanks, the lines below deeper. What has none stays as it is. */
function wrapped(line: string, columns: number): string {
  const indent = ' '.repeat(/^ */.exec(line)![0].length);
  const lines: string[] = [];
  for (const word of line.trim().split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? `${indent}${word}` : `${indent}  ${word}`);
  }
  return lines.join('\n');
}
