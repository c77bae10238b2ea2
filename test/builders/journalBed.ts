/** A journal on real files with a real store, whose writes fail, are lost, or end the operator where a test says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openFilesystem } from '../../operator/connect/objectStore/filesystem.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { openSpools, type Spool, type SpoolFile, type Spools } from '../../operator/connect/spool/spool.ts';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import { Journal } from '../../operator/evidence/journal/journal.ts';
import { Keeper } from '../../operator/evidence/journal/keeper.ts';
import { readJournal } from '../../operator/evidence/journal/read.ts';
import type { Clock } from '../../operator/runtime/clock.ts';
import { about } from './journal.ts';
import { now } from './drift.ts';

/** What happens to the operation of that name, before it is done: an error instead, half of it, or nothing. */
export type Fault = (operation: string) => 'before' | 'half' | 'after' | undefined;

export class Killed extends Error {}

export interface BedOptions {
  /** Of operations on the spool. */
  readonly onSpool?: Fault;
  /** Of operations on the store; `after` is a reply that is lost. Throws for what the store answers. */
  readonly onStore?: Fault;
  /** Throws where the store cannot even be opened. */
  readonly onConnect?: () => void;
  readonly room?: () => number;
  readonly segmentBytes?: number;
  readonly onKnown?: () => void;
}

export interface OpenJournal {
  readonly journal: Journal;
  readonly keeper: Keeper;
  isKilled(): boolean;
  close(): Promise<void>;
}

export class JournalBed {
  readonly folder = mkdtempSync(join(tmpdir(), 'journal-'));
  /** Seconds since `now`. */
  seconds = 0;
  readonly storeFolder = join(this.folder, 'store');

  spoolFolder(name = 'spool'): string {
    return join(this.folder, name);
  }

  /** Timers end early: nothing here waits for a minute. */
  readonly clock: Clock = {
    now: () => new Date(now.getTime() + this.seconds * 1000),
    elapsed: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, Math.min(milliseconds, 5));
      return () => clearTimeout(timer);
    },
  };

  open(options: BedOptions = {}, spool = 'spool'): OpenJournal {
    let isKilled = false;
    const guard = (fault: Fault | undefined): Fault => {
      return (operation) => {
        if (isKilled) throw new Killed();
        const is = fault?.(operation);
        if (is && fault === options.onSpool) isKilled = true;
        return is;
      };
    };
    const journal: Journal = new Journal({
      spools: faultySpools(openSpools(this.spoolFolder(spool)), guard(options.onSpool)),
      about,
      seal: (text) => `sealed ${text.length}`,
      segmentBytes: options.segmentBytes ?? 3000,
      room: options.room ?? (() => Infinity),
      now: () => this.clock.now(),
      wake: () => keeper.recorded(),
    });
    const keeper = new Keeper({
      journal,
      connect: async () => {
        options.onConnect?.();
        return { store: faultyStore(await this.store(), guard(options.onStore)) };
      },
      clock: this.clock,
      random: () => 0.5,
      log: pino({ level: 'silent' }),
      segmentSeconds: 50,
      onKnown: options.onKnown ?? (() => undefined),
    });
    return { journal, keeper, isKilled: () => isKilled, close: () => keeper.stop() };
  }

  store(): Promise<ObjectStore> {
    return openFilesystem({ folder: this.storeFolder, root: 'fleet/main', now });
  }

  async entries(onFault?: (fault: Error) => void): Promise<JournalEntry[]> {
    const period = { start: new Date(0), end: new Date(8e15) };
    const { signal } = new AbortController();
    const reading = { store: await this.store(), period, signal, ...(onFault && { onFault }) };
    const all: JournalEntry[] = [];
    for await (const entry of readJournal(reading)) all.push(entry);
    return all;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function faultySpools(spools: Spools, fault: Fault): Spools {
  return {
    get current() {
      return faultySpool(spools.current, fault);
    },
    beginNext: () => done(fault('beginNext'), () => faultySpool(spools.beginNext(), fault)),
    exchange: () => done(fault('exchange'), () => faultySpool(spools.exchange(), fault)),
  };
}

function done<T>(is: ReturnType<Fault>, act: () => T): T {
  if (is === 'before' || is === 'half') throw new Killed();
  const result = act();
  if (is === 'after') throw new Killed();
  return result;
}

function faultySpool(spool: Spool, fault: Fault): Spool {
  return {
    ...spool,
    append(name) {
      const file = done(fault(`open ${name}`), () => spool.append(name));
      const faulty: SpoolFile = {
        get size() {
          return file.size;
        },
        append(text) {
          const is = fault(`append ${name}`);
          if (is === 'half') file.append(text.slice(0, text.length / 2));
          done(is, () => file.append(text));
        },
        truncate: (size) => done(fault(`truncate ${name}`), () => file.truncate(size)),
        sync: () => file.sync(),
        close: () => file.close(),
      };
      return faulty;
    },
    replace: (name, content) => done(fault(`replace ${name}`), () => spool.replace(name, content)),
    rename: (from, to) => done(fault(`rename ${from}`), () => spool.rename(from, to)),
    remove: (name) => done(fault(`remove ${name}`), () => spool.remove(name)),
  };
}

function faultyStore(store: ObjectStore, fault: Fault): ObjectStore {
  return {
    put: async (key, body, options, signal) => {
      const is = fault(`put ${key}`);
      if (is === 'before' || is === 'half') throw new Killed();
      const stored = await store.put(key, body, options, signal);
      if (is === 'after') throw new Killed();
      return stored;
    },
    get: async (key, options, signal) => done(fault(`get ${key}`), () => store.get(key, options, signal)),
    head: async (key, options, signal) => done(fault(`head ${key}`), () => store.head(key, options, signal)),
    list: (prefix, options, signal) => done(fault(`list ${prefix}`), () => store.list(prefix, options, signal)),
    stream: (key, options, signal) => store.stream(key, options, signal),
    remove: (key, versionId, signal) => store.remove(key, versionId, signal),
    hold: (key, versionId, on, signal) => store.hold(key, versionId, on, signal),
    close: () => store.close(),
  };
}
