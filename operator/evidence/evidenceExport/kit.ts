/** What an export takes beside its order: an open store, and what is believed of what is in it. */
import type { KeyObject } from 'node:crypto';
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { ArchiveLink, ExportedArchive } from '../../api/v1alpha1/evidenceExportStatus.ts';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import type { Key } from '../../runtime/feature.ts';
import type { Draft } from '../journal/entry.ts';
import type { Head as JournalHead } from '../journal/head.ts';
import type { Appended } from '../journal/journals.ts';

/** Of one EvidenceExport, as it was when the pass began. */
export interface ExportKit {
  readonly object: EvidenceExport;
  readonly store: ObjectStore;
  readonly storeName: Key;
  /** Of the store, for people. */
  readonly uri: string;
  readonly believed: Believed;
}

/** What the operator believes of a store. */
export interface Believed {
  /** The keys that sign there now. */
  readonly keys: readonly KeyObject[];
  /** The last pack of each EvidencePack, by its name, as the operator stored it. */
  readonly lasts: ReadonlyMap<string, { readonly sequence: number; readonly digest: string }>;
  /** Why there are fewer keys than EvidencePacks. */
  readonly unread: readonly string[];
}

/** The journals of stores, by their keys. */
export interface ExportJournal {
  /** Taken once for each ID. */
  append(store: Key, id: string, entry: Omit<Draft, 'time'>): Appended;
  /** Stores what is not stored yet. Undefined where the store has no journal. */
  flush(store: Key, signal: AbortSignal): Promise<JournalHead | undefined>;
}

/** What is the same for all exports. */
export interface ExportParts {
  readonly journal: ExportJournal;
  /** A private folder of this machine, for archives until they are stored; nothing else is in it. */
  readonly folder: string;
  readonly now: () => Date;
}

export type Step = 'make' | 'store' | 'check' | 'link' | 'remove';

/** What is to be done. The archive is as it was recorded. */
export interface ExportOrder {
  readonly step: Step;
  readonly uid: string;
  readonly startTime: string;
  readonly archive?: ExportedArchive;
  /** What asked for the link, and the number that it will be. */
  readonly link?: { readonly request?: string; readonly count: number };
}

/** How that stands, in this process. */
export type ExportState =
  | { readonly is: 'running'; readonly step: Step }
  | { readonly is: 'made'; readonly archive: ExportedArchive }
  | { readonly is: 'stored'; readonly archive: ExportedArchive }
  | {
      readonly is: 'seen';
      readonly time: Date;
      readonly found: 'There' | 'Gone' | 'Altered';
      readonly link?: ArchiveLink;
    }
  | { readonly is: 'removed'; readonly result: 'Removed' | 'Gone' | 'Left'; readonly message: string }
  | {
      readonly is: 'failed';
      readonly step: Step;
      readonly time: Date;
      readonly reason: string;
      readonly message: string;
      /** Whether a person must change something first. */
      readonly needsPerson: boolean;
    };

/** Why a step was not done. */
export class ExportFailure extends Error {
  readonly reason: string;
  readonly needsPerson: boolean;

  constructor(reason: string, message: string, options: ErrorOptions & { needsPerson?: boolean } = {}) {
    super(message, options);
    this.reason = reason;
    this.needsPerson = options.needsPerson ?? false;
  }
}
