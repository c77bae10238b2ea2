/**
 * What was journaled last as of the end of a segment, so that not all segments have to be read to know it. It is believed only with the operator's seal,
 * and of the very segment that it names: otherwise the segments are read. Pure.
 */
import { canonicalJson } from '../../lib/digest.ts';
import type { Head } from './head.ts';
import { JournalState, type FindingState, type ObjectState, type ReportState } from './state.ts';

export interface Checkpoint {
  readonly head: Head;
  readonly state: JournalState;
}

/** A digest of texts that only the operator can make. */
export type Seal = (text: string) => string;

type StoredReport = readonly [
  name: string,
  source: ReportState['source'] | null,
  target: ReportState['target'] | null,
  isCut: boolean,
  findings: (readonly [string, FindingState['finding'], number])[],
];
type StoredObject = readonly [id: string, Omit<ObjectState, 'reports'>, StoredReport[]];
interface Stored {
  readonly head: Head;
  readonly ids: readonly string[];
  readonly objects: readonly StoredObject[];
}

const version = 1;

export function writeCheckpoint({ head, state }: Checkpoint, about: string, seal: Seal): string {
  const objects = [...state.objects].map(([id, { reports, ...rest }]): StoredObject => [
    id,
    rest,
    [...(reports ?? [])].map(([name, report]): StoredReport => [
      name,
      report.source ?? null,
      report.target ?? null,
      report.isCut,
      [...report.findings].map(([key, { finding, changed }]) => [key, finding, changed] as const),
    ]),
  ]);
  const content = canonicalJson({ version, about, head, ids: [...state.ids], objects });
  return canonicalJson({ content, seal: seal(`journal ${content}`) });
}

/** Undefined when it is not what the operator wrote about this journal. */
export function readCheckpoint(text: string, about: string, seal: Seal): Checkpoint | undefined {
  let stored: Stored & { version: number; about: string };
  try {
    const outer = JSON.parse(text) as { content: string; seal: string };
    if (typeof outer.content !== 'string' || outer.seal !== seal(`journal ${outer.content}`)) return undefined;
    stored = JSON.parse(outer.content) as typeof stored;
  } catch {
    return undefined;
  }
  if (stored.version !== version || stored.about !== about) return undefined;
  const state = new JournalState();
  for (const id of stored.ids) state.ids.add(id);
  for (const [id, rest, reports] of stored.objects) {
    const made = reports.map(([name, source, target, isCut, findings]) => {
      const all = new Map(findings.map(([key, finding, changed]) => [key, { finding, changed }]));
      return [name, { source: source ?? undefined, target: target ?? undefined, isCut, findings: all }] as const;
    });
    state.restore(id, { ...rest, ...(made.length > 0 && { reports: new Map(made) }) });
  }
  return { head: stored.head, state };
}
