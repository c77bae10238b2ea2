/** The journals of EvidenceStores: where their spools are, how their stores are opened, and what is measured of them. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { resources } from '../api/generated/resources.ts';
import { isSuspended } from '../api/suspension.ts';
import type { OpenStore } from '../connect/objectStore/types.ts';
import { openSpools } from '../connect/spool/spool.ts';
import { identityBytes, identityKey, strangerIn } from '../evidence/evidenceStore/identity.ts';
import { lockedFrom } from '../evidence/evidenceStore/lock.ts';
import { openEvidenceStore } from '../evidence/evidenceStore/observe.ts';
import { defaultLimits, Journals } from '../evidence/journal/journals.ts';
import { JournalError, type Connected } from '../evidence/journal/keeper.ts';
import { features } from '../features.ts';
import { findingSources } from '../findingSources.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Key, Reader } from '../runtime/feature.ts';

export interface JournalWiring {
  /** Of their spools. */
  readonly folder: string;
  readonly spoolBytes: number;
  readonly openStore: OpenStore;
  /** Once there is one. */
  readonly read: () => Reader | undefined;
  readonly lookAgain: (namespace: string) => void;
  readonly cluster: () => string | undefined;
  readonly seal: (text: string) => string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Of all stores together, as many times that of one. */
const stores = 4;

export function openJournals(wiring: JournalWiring): Journals {
  const { folder, spoolBytes, clock, log, seal, registry } = wiring;
  const journals = new Journals({
    openSpools: (name) => openSpools(join(folder, name)),
    stores: journaledStores,
    home: (kind, object) => findingSources.find((source) => source.kind.kind === kind.kind)?.home(object),
    kinds: features.map(({ kind }) => kind),
    connect: (key, signal) => connect(key, wiring, signal),
    cluster: () => {
      const id = wiring.cluster();
      return id === undefined ? undefined : { id };
    },
    seal,
    clock,
    random: Math.random,
    log,
    limits: { ...defaultLimits, storeBytes: spoolBytes, totalBytes: stores * spoolBytes },
    onBegun: wiring.lookAgain,
  });
  measure(journals, registry, clock);
  return journals;
}

function journaledStores(read: Reader, namespace: string): readonly Key[] {
  return read
    .list(resources.EvidenceStore, namespace)
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}

async function connect(
  key: Key,
  { openStore, read, cluster, clock }: JournalWiring,
  signal: AbortSignal,
): Promise<Connected> {
  const reader = read();
  const object = reader?.get(resources.EvidenceStore, key);
  if (!reader || !object) throw new JournalError('NotFound', `EvidenceStore ${key.name} does not exist`);
  const now = clock.now();
  if (isSuspended(object.spec.suspend, now))
    throw new JournalError('Suspended', 'the store is suspended; entries wait until that ends');
  const opened = await openEvidenceStore(object, openStore, { read: reader, now, signal });
  if (opened.is === 'unopened') throw new JournalError('Unavailable', opened.message);
  const { store } = opened;
  try {
    const identity = await store.get(identityKey, { maxBytes: identityBytes }, signal);
    if (!identity) throw new JournalError('NotProbed', 'the store was not probed yet; see condition Ready');
    const stranger = strangerIn(identity, object, cluster() ?? '');
    if (stranger !== undefined) throw new JournalError('PrefixInUse', stranger);
  } catch (error) {
    store.close();
    throw error;
  }
  return { store, retention: () => lockedFrom(object.spec.s3?.objectLock, clock.now()).retention };
}

function measure(journals: Journals, registry: Registry, clock: Clock): void {
  const labelNames = ['resource_namespace', 'evidence_store'];
  const registers = [registry];
  const labels = ({ namespace, name }: Key) => ({ resource_namespace: namespace, evidence_store: name });
  const gauge = (
    name: string,
    help: string,
    value: (standing: ReturnType<Journals['standing']> & object) => number,
  ): void => {
    const collect = function (this: Gauge): void {
      this.reset();
      for (const [key, standing] of journals.standings()) this.set(labels(key), value(standing));
    };
    new Gauge({ name, help, labelNames, registers, collect });
  };
  const counter = (
    name: string,
    help: string,
    value: (standing: ReturnType<Journals['standing']> & object) => number,
  ): void => {
    const collect = function (this: Counter): void {
      this.reset();
      for (const [key, standing] of journals.standings()) this.inc(labels(key), value(standing));
    };
    new Counter({ name, help, labelNames, registers, collect });
  };
  counter(
    'holdfast_evidence_journal_entries_total',
    'Entries of journals since the operator started.',
    ({ entries }) => entries,
  );
  counter(
    'holdfast_evidence_journal_gaps_total',
    'Times for which a journal had no room, since the operator started.',
    ({ gaps }) => gaps,
  );
  gauge(
    'holdfast_evidence_journal_spooled_bytes',
    'Bytes of a journal that are not in its store yet.',
    ({ spooledBytes }) => spooledBytes,
  );
  gauge(
    'holdfast_evidence_journal_behind_seconds',
    'Age of the oldest entry of a journal that is not in its store yet; up to a minute is usual.',
    ({ behindSince }) => (behindSince ? Math.max(0, (clock.now().getTime() - behindSince.getTime()) / 1000) : 0),
  );
}
