/** Names of hosts as Ansible takes them: with a port, and ranges such as `web[01:50:2]`. Pure. */
import { pythonInt } from './pythonText.ts';
import { NotRead } from './values.ts';

const numeric = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const hexadecimal = String.raw`\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`;
const alphanumeric = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const four = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${numeric})`;
const six = `(?:[0-9a-f]{1,4}|${hexadecimal})`;
const word = String.raw`[\p{L}\p{N}_]`;
const label = `(?:${word}|${alphanumeric})(?:[\\p{L}\\p{N}_-]|${alphanumeric})*(?<![_-])`;

const ipv4 = new RegExp(`^(?:${four}\\.){3}${four}$`, 'i');
const ipv6 = new RegExp(
  `^(?:${[
    `(?:${six}:){7}${six}`,
    `(?:${six}:){1,6}:`,
    `${six}:(?::${six}){1,6}`,
    `(?:${six}:){2}(?::${six}){1,5}`,
    `(?:${six}:){3}(?::${six}){1,4}`,
    `(?:${six}:){4}(?::${six}){1,3}`,
    `(?:${six}:){5}(?::${six}){1,2}`,
    `(?:${six}:){6}:${six}`,
    `:(?::${six}){1,6}`,
    `${six}?::`,
    `(?:0:){6}(?:${six}\\.){3}${six}`,
    `::(?:ffff:)?(?:${six}\\.){3}${six}`,
    `(?:0:){5}ffff:(?:${six}\\.){3}${six}`,
  ].join('|')})$`,
  'i',
);
const hostname = new RegExp(`^${label}(?:\\.${label})*$`, 'iu');
const ports = [/^\[(.+)\]:([0-9]+)$/, /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/];
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const longest = 1000;
/** Nested ranges multiply. */
export const mostHosts = 100_000;

export interface Expanded {
  readonly names: readonly string[];
  readonly port: number | undefined;
}

/** What is no name of a host stays as it is, since Ansible has no opinion on it. */
export function expandedPattern(pattern: string): Expanded {
  if (pattern.length > longest) throw new NotRead(`the name of a host is longer than ${longest} characters`);
  const { host, port } = addressOf(pattern) ?? { host: pattern, port: undefined };
  if (!host.includes('[')) return { names: [host], port };
  const names: string[] = [];
  expandInto(names, host);
  return { names, port };
}

function addressOf(pattern: string): { host: string; port: number | undefined } | undefined {
  let host = pattern;
  let port: number | undefined;
  for (const form of ports) {
    const match = form.exec(host);
    if (match) [host, port] = [match[1] ?? '', Number(match[2])];
  }
  return [ipv4, ipv6, hostname].some((form) => form.test(host)) ? { host, port } : undefined;
}

/** The first range; what it makes may have another. */
function expandInto(names: string[], host: string): void {
  const open = host.indexOf('[');
  const close = host.indexOf(']');
  if (host.includes('|') || open < 0 || close < open) throw new NotRead(`the range of a host is not [BEGIN:END]`);
  const [head, tail] = [host.slice(0, open), host.slice(close + 1)];
  for (const one of sequenceOf(host.slice(open + 1, close))) {
    const name = `${head}${one}${tail}`;
    if (name.includes('[')) expandInto(names, name);
    else names.push(name);
    if (names.length > mostHosts) throw tooMany();
  }
}

function tooMany(): NotRead {
  return new NotRead(`a range has more than ${mostHosts} hosts; write ranges for the hosts that there are`);
}

function sequenceOf(range: string): string[] {
  const bounds = range.split(':');
  if (bounds.length !== 2 && bounds.length !== 3) throw new NotRead('the range of a host is not [BEGIN:END]');
  const [begin = '', end = '', step = '1'] = [bounds[0] || '0', bounds[1], bounds[2]];
  if (!end) throw new NotRead('the range of a host has no end');
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0;
  if (width && width !== end.length)
    throw new NotRead('the range of a host begins with zeros, but BEGIN and END differ in length');
  return lettersOf(begin, end, step) ?? numbersOf(begin, end, step).map((one) => filled(String(one), width));
}

/** As `zfill` of Python: behind the sign. */
function filled(text: string, width: number): string {
  return text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
}

/** Undefined where Ansible goes on to read numbers. */
function lettersOf(begin: string, end: string, step: string): string[] | undefined {
  const [from, to] = [letters.indexOf(begin), letters.indexOf(end)];
  if (from < 0 || to < 0) return undefined;
  if (from > to) throw new NotRead('the range of a host ends before it begins');
  const by = pythonInt(step);
  if (!by || by < 0) throw new NotRead('the step of the range of a host is not a positive number');
  return [...letters].filter((_, at) => at >= from && at <= to && (at - from) % by === 0);
}

function numbersOf(begin: string, end: string, step: string): number[] {
  const [from, to, by] = [pythonInt(begin), pythonInt(end), pythonInt(step)];
  if (from === undefined || to === undefined || !by)
    throw new NotRead('the range of a host is neither one of letters nor one of numbers');
  const count = Math.max(0, Math.ceil((to + 1 - from) / by));
  if (!(count <= mostHosts)) throw tooMany();
  return Array.from({ length: count }, (_, at) => from + at * by);
}
