/**
 * A segment of the journal: a header, an entry a line, a closing line; each names the digest of the one before. What is read back is understood to the last
 * byte, or an error names the segment and the line. Pure.
 */
import { sha256 } from '../../lib/digest.ts';
import { isUtf8 } from '../../lib/utf8.ts';
import type { JournalEntry, JournalEvent } from './entry.ts';
import { lineOf } from './text.ts';

export interface SegmentHeader {
  readonly number: number;
  /** SHA-256 of the bytes of the segment before, in hexadecimal; absent for the first. */
  readonly previous?: string;
  readonly store: { readonly namespace: string; readonly name: string };
  readonly cluster: { readonly id: string };
  readonly openedTime: string;
  /** Sequence of its first entry. */
  readonly firstEntry: number;
}

export interface Segment {
  readonly header: SegmentHeader;
  readonly entries: readonly JournalEntry[];
  /** Absent while it is written. */
  readonly closed?: { readonly time: string; readonly entries: number };
  /** Of all its bytes. */
  readonly digest: string;
}

/** A segment that is not what was stored, or never was one. */
export class SegmentFault extends Error {
  readonly segment: number;

  constructor(segment: number, message: string) {
    super(message);
    this.segment = segment;
  }
}

export const journalPrefix = 'journal/';
/** Of a segment; an entry more than is wanted may be in it. */
export const mostSegmentBytes = 8 * 1024 * 1024;

/** `000000000007.ndjson`, so that names sort as numbers do. */
export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.ndjson`;
}

export function segmentKey(number: number): string {
  return `${journalPrefix}${segmentName(number)}`;
}

/** Undefined for what is no segment. */
export function numberOf(name: string): number | undefined {
  const match = /^(?:journal\/)?([0-9]{12})\.ndjson$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

export function headerLine(segment: SegmentHeader): string {
  return `${lineOf({ segment })}\n`;
}

export function entryLine(entry: JournalEntry): string {
  return `${lineOf(entry)}\n`;
}

export function closingLine(closed: NonNullable<Segment['closed']>): string {
  return `${lineOf({ closed })}\n`;
}

/** Throws a SegmentFault. One that is `open` needs no closing line. */
export function readSegment(number: number, bytes: Uint8Array, isOpen = false): Segment {
  const segment = openSegment(number, bytes, isOpen);
  const { header, digest, closed } = segment;
  return { header, entries: [...segment.entries()], ...(closed && { closed }), digest };
}

/** A segment of which the first and the last line were read. */
export interface OpenedSegment extends Omit<Segment, 'entries'> {
  /** Reads a line at a time, so that no more than that is in memory. Throws a SegmentFault, where all before it was sound. */
  entries(): Generator<JournalEntry, void, undefined>;
  /** How many bytes were read. */
  readonly at: number;
}

/** Throws a SegmentFault, as `entries` does: together they understand every byte. */
export function openSegment(number: number, bytes: Uint8Array, isOpen = false): OpenedSegment {
  const digest = sha256(bytes);
  const fault = (line: number, what: string): SegmentFault =>
    new SegmentFault(number, `line ${line} of segment ${number} of the journal ${what}`);
  if (!isUtf8(bytes)) throw new SegmentFault(number, `segment ${number} of the journal is not UTF-8`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = linesIn(buffer);
  if (bytes.length > 0 && bytes.at(-1) !== newline) throw fault(count + 1, 'does not end in a newline');
  const read = (from: number, line: number): { value: Members; next: number } => {
    const to = buffer.indexOf(newline, from);
    return {
      value: parseLine(buffer.toString('utf8', from, to)) ?? raise(fault(line, 'is not canonical JSON')),
      next: to + 1,
    };
  };
  const first = count > 0 ? read(0, 1) : undefined;
  const header = headerIn(first?.value);
  if (!first || !header) throw fault(1, 'is not the header of a segment');
  if (header.number !== number) throw fault(1, `says that it is segment ${header.number}`);
  const last = count > 1 ? buffer.lastIndexOf(newline, -2) + 1 : 0;
  const closed = count > 1 ? closedIn(read(last, count).value) : undefined;
  if (!closed && !isOpen) throw fault(count, 'is not the closing line of a segment');
  const end = closed ? last : buffer.length;
  const expected = count - (closed ? 2 : 1);
  let at = first.next;
  return {
    header,
    digest,
    ...(closed && { closed }),
    get at() {
      return at;
    },
    *entries() {
      at = first.next;
      for (let line = 2; at < end; line++) {
        const { value, next } = read(at, line);
        const problem = problemOf(value, header.firstEntry + line - 2);
        if (problem !== undefined) throw fault(line, problem);
        at = next;
        yield value as unknown as JournalEntry;
      }
      if (closed && closed.entries !== expected)
        throw fault(count, `counts ${closed.entries} entries, but there are ${expected}`);
    },
  };
}

const newline = 10;

function linesIn(buffer: Buffer): number {
  let count = 0;
  for (let at = buffer.indexOf(newline); at >= 0; at = buffer.indexOf(newline, at + 1)) count++;
  return count;
}

/** Why a segment does not follow the one before, where number 0 is before the first; undefined when it does. */
export function breakBetween(
  before: { readonly number: number; readonly digest: string; readonly sequence: number },
  { header }: Pick<Segment, 'header'>,
): string | undefined {
  const { number, previous, firstEntry } = header;
  if (number !== before.number + 1) return `segment ${before.number + 1} of the journal is missing`;
  if (number === 1 && previous !== undefined) return 'segment 1 of the journal names a segment before it';
  if (number > 1 && previous !== before.digest)
    return `segment ${before.number} of the journal is not the one that segment ${number} names: its SHA-256 is ${before.digest}`;
  if (firstEntry !== before.sequence + 1)
    return `segment ${number} of the journal begins with entry ${firstEntry}, but entry ${before.sequence} is the last before it`;
  return undefined;
}

/** Sequence of the last entry, also of a segment without one. */
export function lastSequence({ header, entries }: Segment): number {
  return header.firstEntry + entries.length - 1;
}

/** Of a line that is an entry by itself. */
export function soundEntry(line: string): JournalEntry[] {
  const entry = parseLine(line);
  const sequence = entry?.['sequence'];
  if (!entry || typeof sequence !== 'number' || problemOf(entry, sequence) !== undefined) return [];
  return [entry as unknown as JournalEntry];
}

function raise(error: Error): never {
  throw error;
}

type Members = Readonly<Record<string, unknown>>;

/** Undefined when the line is not exactly as it would be written, for instance with a key twice. */
function parseLine(line: string): Members | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return isMembers(value) && lineOf(value) === line ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function headerIn(line: Members | undefined): SegmentHeader | undefined {
  const header = line?.['segment'];
  if (!line || !isMembers(header) || Object.keys(line).length !== 1) return undefined;
  const { number, previous, store, cluster, openedTime, firstEntry } = header;
  const isSound =
    isCount(number) &&
    isCount(firstEntry) &&
    (previous === undefined ? number === 1 : typeof previous === 'string' && /^[0-9a-f]{64}$/.test(previous)) &&
    isMembers(store) &&
    isMembers(cluster) &&
    isTime(openedTime);
  return isSound ? (header as unknown as SegmentHeader) : undefined;
}

function closedIn(line: Members | undefined): Segment['closed'] {
  const closed = line?.['closed'];
  if (!line || !isMembers(closed) || Object.keys(line).length !== 1) return undefined;
  const { time, entries } = closed;
  return isTime(time) && Number.isSafeInteger(entries) ? (closed as { time: string; entries: number }) : undefined;
}

const events: ReadonlySet<string> = new Set<JournalEvent>([
  'FindingOpened',
  'FindingChanged',
  'FindingClosed',
  'FindingWaived',
  'FindingUnwaived',
  'ConditionChanged',
  'FactsChanged',
  'CorrectionBegun',
  'RunStarted',
  'RunCompleted',
  'PackStored',
  'PackWitnessed',
  'Read',
  'Exported',
  'Held',
  'Released',
  'Disposed',
  'KeyRotated',
  'ObjectGone',
  'Gap',
]);
const members: ReadonlySet<string> = new Set<keyof JournalEntry>([
  'sequence',
  'time',
  'event',
  'object',
  'source',
  'target',
  'finding',
  'condition',
  'was',
  'facts',
  'actor',
]);

function problemOf(entry: Members, sequence: number): string | undefined {
  const { event, time, object } = entry;
  if (entry['sequence'] !== sequence) return `has sequence ${String(entry['sequence'])}, not ${sequence}`;
  if (typeof event !== 'string' || !events.has(event)) return `has an event that is not known: ${String(event)}`;
  if (!isTime(time)) return 'has no time';
  if (!isMembers(object) || typeof object['kind'] !== 'string' || typeof object['name'] !== 'string')
    return 'names no object';
  const unknown = Object.keys(entry).find((name) => !members.has(name));
  return unknown === undefined ? undefined : `has a field that is not known: ${unknown}`;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && Number.isFinite(Date.parse(value));
}
