/**
 * Writes entries into segments of a spool, one after the other, and advances the state by each: what was written is what is known. What cannot be written
 * throws, and then neither is there.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Spool, SpoolFile } from '../../connect/spool/spool.ts';
import { readCheckpoint, writeCheckpoint, type Seal } from './checkpoint.ts';
import type { Draft } from './entry.ts';
import { headOf, type Head } from './head.ts';
import {
  breakBetween,
  closingLine,
  entryLine,
  headerLine,
  numberOf,
  readSegment,
  segmentName,
  SegmentFault,
  type SegmentHeader,
} from './segment.ts';
import type { JournalState } from './state.ts';
import { openSuffix, uploadedFile, uploadedIn } from './unsent.ts';

export interface About {
  readonly store: { readonly namespace: string; readonly name: string };
  readonly cluster: { readonly id: string };
}

export interface ChainOptions {
  readonly about: About;
  readonly seal: Seal;
  readonly segmentBytes: number;
}

export const stateFile = 'state.json';
/** Of what is appended at once. */
const chunkBytes = 128 * 1024;
/** Segments after which the state is written down, so that no more have to be read at a start. */
const checkpointEvery = 64;

interface Open {
  readonly file: SpoolFile;
  readonly hash: Hash;
  readonly number: number;
  readonly firstEntry: number;
  readonly openedTime: string;
  entries: number;
}

export class Chain {
  readonly state: JournalState;
  #spool: Spool;
  readonly #options: ChainOptions;
  /** Closed, and not in the store yet; oldest first. */
  readonly waiting: (Head & { readonly openedTime: string })[] = [];
  #head: Head;
  #uploaded: Head;
  #open: Open | undefined;
  #checkpoint: number;

  constructor(spool: Spool, options: ChainOptions, known: { state: JournalState; head: Head }) {
    this.#spool = spool;
    this.#options = options;
    this.state = known.state;
    this.#head = known.head;
    this.#uploaded = known.head;
    this.#checkpoint = known.head.number;
  }

  /** A new one in an empty spool, which continues what the store has. */
  static begin(spool: Spool, options: ChainOptions, known: { state: JournalState; head: Head }): Chain {
    spool.replace(uploadedFile, JSON.stringify(known.head));
    const chain = new Chain(spool, options, known);
    chain.#writeState();
    return chain;
  }

  /** As it was left. Undefined where nothing was; throws a SegmentFault when it is not as it was left. */
  static restore(spool: Spool, options: ChainOptions): Chain | undefined {
    const names = spool.names();
    if (!names.includes(stateFile)) return undefined;
    const known = readCheckpoint(spool.read(stateFile).toString(), aboutId(options.about), options.seal);
    if (!known) throw new SegmentFault(0, 'the state of the journal on disk is not what the operator wrote');
    const chain = new Chain(spool, options, known);
    chain.#uploaded = uploadedIn(spool);
    for (const name of names) {
      const number = numberOf(name.replace(openSuffix, ''));
      if (number === undefined || number <= known.head.number) continue;
      if (name.endsWith(openSuffix)) chain.#continue(name, number);
      else chain.#reread(name, number);
    }
    return chain;
  }

  get about(): About {
    return this.#options.about;
  }

  /** Its files are elsewhere now, with the same names. */
  movedTo(spool: Spool): void {
    this.#spool = spool;
  }

  get uploaded(): Head {
    return this.#uploaded;
  }

  /** Of the last entry. */
  get sequence(): number {
    return this.#open ? this.#open.firstEntry + this.#open.entries - 1 : this.#head.sequence;
  }

  /** Segment of the last entry. */
  get number(): number {
    return this.#open?.number ?? this.#head.number;
  }

  /** Of what is not in the store yet. */
  get bytes(): number {
    return this.waiting.reduce((sum, { size }) => sum + size, 0) + (this.#open?.file.size ?? 0);
  }

  /** When the oldest entry was written that is not in the store. */
  get oldest(): string | undefined {
    return this.waiting[0]?.openedTime ?? this.#open?.openedTime;
  }

  get openedTime(): string | undefined {
    return this.#open?.openedTime;
  }

  /** Throws when the disk is full or fails; the entries up to there are written. */
  write(drafts: readonly Draft[], now: Date): void {
    let [text, begun]: [string, Draft[]] = ['', []];
    for (const draft of drafts) {
      text += entryLine({ ...draft, sequence: this.sequence + begun.length + 1 });
      begun.push(draft);
      if (text.length < chunkBytes) continue;
      this.#append(text, begun, now);
      [text, begun] = ['', []];
    }
    if (begun.length > 0) this.#append(text, begun, now);
  }

  /** Ends the segment that is open. */
  cut(now: Date): void {
    const open = this.#open;
    if (!open) return;
    const name = segmentName(open.number);
    const closing = closingLine({ time: now.toISOString(), entries: open.entries });
    open.file.append(closing);
    const digest = open.hash.update(closing).digest('hex');
    open.file.close();
    this.#spool.rename(`${name}${openSuffix}`, name);
    this.#head = { number: open.number, digest, size: open.file.size, sequence: this.sequence };
    this.waiting.push({ ...this.#head, openedTime: open.openedTime });
    this.#open = undefined;
    if (this.#head.number - this.#checkpoint >= checkpointEvery) this.#writeState();
  }

  async sync(): Promise<void> {
    await this.#open?.file.sync();
  }

  async syncClosed(number: number): Promise<void> {
    const file = this.#spool.append(segmentName(number));
    try {
      await file.sync();
    } finally {
      file.close();
    }
  }

  path(number: number): string {
    return this.#spool.path(segmentName(number));
  }

  /** The oldest that waits is in the store. */
  stored(): void {
    const head = this.waiting.shift();
    if (!head) return;
    const { number, digest, size, sequence } = head;
    this.#uploaded = { number, digest, size, sequence };
    this.#spool.replace(uploadedFile, JSON.stringify(this.#uploaded));
    this.#forgetStored();
  }

  /** Writes down the state, where no segment is open. */
  close(): void {
    this.#open?.file.close();
  }

  /** The state as of a segment that is in the store, for others to begin from. */
  checkpoint(): { readonly number: number; readonly text: string } | undefined {
    if (this.#checkpoint === 0 || this.#checkpoint > this.#uploaded.number) return undefined;
    return { number: this.#checkpoint, text: this.#spool.read(stateFile).toString() };
  }

  #append(text: string, drafts: readonly Draft[], now: Date): void {
    const isNew = this.#open === undefined;
    const open = this.#open ?? this.#begin(now);
    const bytes = isNew ? this.#headerOf(open) + text : text;
    open.file.append(bytes);
    this.#open = open;
    open.hash.update(bytes);
    open.entries += drafts.length;
    for (const draft of drafts) this.state.apply(draft);
    if (open.file.size >= this.#options.segmentBytes) this.cut(now);
  }

  #begin(now: Date): Open {
    const number = this.#head.number + 1;
    return {
      file: this.#spool.append(`${segmentName(number)}${openSuffix}`),
      hash: createHash('sha256'),
      number,
      firstEntry: this.#head.sequence + 1,
      openedTime: now.toISOString(),
      entries: 0,
    };
  }

  #headerOf({ number, firstEntry, openedTime }: Open): string {
    const { store, cluster } = this.#options.about;
    const previous = this.#head.digest;
    const header: SegmentHeader = { number, ...(previous && { previous }), store, cluster, openedTime, firstEntry };
    return headerLine(header);
  }

  #reread(name: string, number: number): void {
    const bytes = this.#spool.read(name);
    const segment = readSegment(number, bytes);
    this.#follow(segment);
    for (const entry of segment.entries) this.state.apply(entry);
    this.#head = headOf(segment, bytes.length);
    if (number > this.#uploaded.number) this.waiting.push({ ...this.#head, openedTime: segment.header.openedTime });
  }

  /** The line that was being written when the operator ended is not there. */
  #continue(name: string, number: number): void {
    const bytes = this.#spool.read(name);
    const sound = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    if (sound.length === 0) return this.#spool.remove(name);
    const segment = readSegment(number, sound, true);
    this.#follow(segment);
    if (segment.closed) {
      this.#spool.rename(name, segmentName(number));
      return this.#reread(segmentName(number), number);
    }
    if (segment.entries.length === 0) return this.#spool.remove(name);
    for (const entry of segment.entries) this.state.apply(entry);
    const { openedTime, firstEntry } = segment.header;
    const file = this.#spool.append(name);
    if (sound.length < bytes.length) file.truncate(sound.length);
    const hash = createHash('sha256').update(sound);
    this.#open = { file, hash, number, firstEntry, openedTime, entries: segment.entries.length };
  }

  #follow(segment: ReturnType<typeof readSegment>): void {
    const problem = breakBetween(this.#head, segment);
    if (problem !== undefined) throw new SegmentFault(segment.header.number, `on disk, ${problem}`);
  }

  #writeState(): void {
    const { about, seal } = this.#options;
    this.#spool.replace(stateFile, writeCheckpoint({ head: this.#head, state: this.state }, aboutId(about), seal));
    this.#checkpoint = this.#head.number;
    this.#forgetStored();
  }

  /** What is in the store, and not needed to know the state. */
  #forgetStored(): void {
    const until = Math.min(this.#checkpoint, this.#uploaded.number);
    for (const name of this.#spool.names()) {
      const number = numberOf(name);
      if (number !== undefined && number <= until) this.#spool.remove(name);
    }
  }
}

export function aboutId({ store, cluster }: About): string {
  return `${cluster.id}/${store.namespace}/${store.name}`;
}
