/** What sections of a pack are made of, for tests: a namespace, a journal, and what was written, parsed again. */
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import { frameworks } from '../../operator/evidence/frameworks/frameworks.ts';
import type { JournalEntry } from '../../operator/evidence/journal/entry.ts';
import type { Section, SectionInput } from '../../operator/evidence/sections/section.ts';
import { written } from '../../operator/evidence/sections/write.ts';
import { findingSources } from '../../operator/findingSources.ts';
import { makeDevice, now } from './drift.ts';
import { readerOf } from './reader.ts';

export const period = { start: new Date('2026-03-01T00:00:00.000Z'), end: new Date('2026-03-02T00:00:00.000Z') };

export type Entry = Omit<JournalEntry, 'sequence' | 'time' | 'event'> & {
  readonly event: string;
  readonly time?: string;
  readonly sequence?: number;
};

/** Entries in order, numbered from 1, at noon. */
export function journalOf(...entries: readonly Entry[]): () => AsyncIterable<JournalEntry> {
  return async function* () {
    await Promise.resolve();
    let sequence = 0;
    for (const entry of entries) {
      sequence = entry.sequence ?? sequence + 1;
      yield { time: now.toISOString(), ...entry, sequence } as JournalEntry;
    }
  };
}

export function inputOf(
  objects: readonly Resource[],
  input: Partial<SectionInput> = {},
  ...entries: readonly Entry[]
): SectionInput {
  return {
    read: readerOf(...objects),
    namespace: 'fleet',
    cluster: { id: 'b2c1' },
    period,
    now,
    journal: journalOf(...entries),
    frameworks,
    sources: findingSources,
    ...input,
  };
}

/** A host that was evaluated as it is declared. */
export function seen(name: string, labels?: Record<string, string>, suspend?: Device['spec']['suspend']): Device {
  return {
    ...makeDevice(name, suspend ? { suspend } : {}, labels),
    status: { conditions: [reachable('True', 'Connected', `${name} responds`)] },
  };
}

export function reachable(status: 'True' | 'False' | 'Unknown', reason: string, message: string) {
  return {
    type: 'Reachable',
    status,
    reason,
    message,
    observedGeneration: 1,
    lastTransitionTime: now.toISOString(),
  } as const;
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** The section as it is written, and parsed again. */
export async function made<T = Record<string, unknown>>(section: Section, input: SectionInput): Promise<T> {
  const document = section.build(input);
  return JSON.parse((await bytesOf(written(document.content))).toString()) as T;
}
