/** What making a pack takes beside its order: what must not be in a plan, such as a key, and what is read while it is made. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { BelievedKeyList, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import type { ObjectLock } from '../../api/v1alpha1/evidenceStore.ts';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import type { EvidenceSigner, EvidenceWitness } from '../../connect/signing/types.ts';
import type { FindingSource } from '../../findings/source.ts';
import type { Key, Reader } from '../../runtime/feature.ts';
import type { Gate } from '../gate/gate.ts';
import type { Framework } from '../frameworks/framework.ts';
import type { Draft, JournalEntry } from '../journal/entry.ts';
import type { Head as JournalHead } from '../journal/head.ts';
import type { Missing, Period, Section, SectionDocument } from '../sections/section.ts';

/** Of one EvidencePack, as it was when the pass began. */
export interface PackKit {
  readonly pack: EvidencePack;
  readonly store: ObjectStore;
  readonly storeName: Key;
  readonly lock?: ObjectLock;
  readonly cluster: { readonly id: string };
  readonly signing: PackSigning;
  /** Asked until the signal ends. */
  readonly witnesses: (signal: AbortSignal) => readonly EvidenceWitness[];
  readonly read: Reader;
  readonly frameworks: readonly Framework[];
  /** Frameworks that are wanted, and could not be read. */
  readonly unread: readonly Missing[];
}

export interface PackSigning {
  /** A keyless signer has a key for one statement. */
  signer(signal: AbortSignal): Promise<EvidenceSigner>;
  /** In PEM; absent where it is keyless. */
  readonly publicKey?: string;
  /** The key before it, which endorses it. */
  readonly previous?: EvidenceSigner & { readonly publicKey: string };
  /** The list of keys that was believed last. */
  readonly pinned?: BelievedKeyList;
  /** Whose lists of keys are believed; of any where it is not known. */
  readonly place?: { readonly store: Key & { readonly namespace: string }; readonly cluster: { readonly id: string } };
}

/** The journals of stores, by their keys. */
export interface PackJournal {
  /** Stores what is not stored yet. Undefined where the store has no journal. Rejects when that is not possible in time. */
  flush(store: Key, signal: AbortSignal): Promise<JournalHead | undefined>;
  /** Of the period, in order. */
  read(store: Key, period: Period, signal: AbortSignal): AsyncIterable<JournalEntry>;
  /** Records something once for that ID. Throws while there is no room for it. */
  readonly append: (store: Key, id: string, entry: Omit<Draft, 'time'>) => void;
  /** Records that a pack is stored, once. Throws while there is no room for it. */
  stored(store: Key, pack: { readonly name: string; readonly uid: string }, record: StoredPack): void;
  /** Records that a witness attested a pack later, once. Throws while there is no room for it. */
  witnessed(store: Key, pack: { readonly name: string; readonly uid: string }, record: LateRecord): void;
}

export interface LateRecord extends Pick<StoredPack, 'sequence' | 'digest'> {
  readonly witness: string;
}

/** What is the same for all packs. */
export interface PackParts {
  readonly journal: PackJournal;
  readonly sections: readonly Section[];
  readonly sources: readonly FindingSource[];
  /** JSON in UTF-8, and how many items its lists had. */
  write(document: SectionDocument): { readonly chunks: AsyncIterable<Uint8Array>; readonly records: () => number };
  /** Looks for secrets and personal data in what is written to a file of that name. Throws where the spec allows something that is not understood. */
  search(file: string, kit: PackKit): Gate;
  /** A private folder of this machine, in which files are written before they are stored. */
  readonly folder: string;
  readonly version: string;
  readonly now: () => Date;
}

/** Why there is no pack. */
export class PackFailure extends Error {
  readonly reason: string;
  /** Whether a person must change something first. */
  readonly needsPerson: boolean;

  constructor(reason: string, message: string, options: ErrorOptions & { needsPerson?: boolean } = {}) {
    super(message, options);
    this.reason = reason;
    this.needsPerson = options.needsPerson ?? false;
  }
}
