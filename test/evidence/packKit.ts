/** Packs made one after the other in a store of memory, as the operator makes them, at any time. */
import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import type { EvidenceStore, EvidenceStoreSpec } from '../../operator/api/v1alpha1/evidenceStore.ts';
import { ownKey } from '../../operator/connect/signing/ownKey.ts';
import { disposeDue, type Disposal } from '../../operator/evidence/evidencePack/disposal.ts';
import type { Head } from '../../operator/evidence/evidencePack/head.ts';
import type { PackJournal, PackKit, PackParts } from '../../operator/evidence/evidencePack/kit.ts';
import { makePack } from '../../operator/evidence/evidencePack/makePack.ts';
import { gate } from '../../operator/evidence/gate/gate.ts';
import type { Draft } from '../../operator/evidence/journal/entry.ts';
import type { Head as JournalHead } from '../../operator/evidence/journal/head.ts';
import {
  closingLine,
  entryLine,
  headerLine,
  readSegment,
  segmentKey,
} from '../../operator/evidence/journal/segment.ts';
import { rfc8785Bytes } from '../../operator/lib/rfc8785.ts';
import type { Reader } from '../../operator/runtime/feature.ts';
import { LockedStore } from './lockedStore.ts';

export const day = 86_400_000;
export const begin = Date.parse('2026-11-27T02:00:00Z');
export const place = { store: { namespace: 'audit', name: 'vault' }, cluster: { id: 'c1' } };
const { signal } = new AbortController();

export function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return ownKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

export interface Nights {
  readonly store: LockedStore;
  readonly key: ReturnType<typeof newKey>;
  /** What the apiserver has; undefined for none. */
  declared: EvidenceStore | undefined;
  /** Days since the first night. */
  day: number;
  readonly appended: Omit<Draft, 'time'>[];
  head: Head | undefined;
  kit(changes?: Partial<PackKit>, spec?: Partial<EvidencePack['spec']>): PackKit;
  parts(): PackParts;
  /** Makes the pack of a night, and a segment of the journal that it covers. */
  night(spec?: Partial<EvidencePack['spec']>, name?: string): Promise<Head>;
  dispose(changes?: Partial<PackKit>): Promise<Disposal>;
}

export function nights(folder: string, spec: Partial<EvidenceStoreSpec> = {}): Nights {
  const store = new LockedStore(new Date(begin));
  const key = newKey();
  const heads = new Map<string, Head>();
  let segment: JournalHead | undefined;
  const made: Nights = {
    store,
    key,
    declared: {
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'EvidenceStore',
      metadata: { ...place.store, uid: 's1' },
      spec: { filesystem: {}, disposal: 'WhenDue', ...spec },
    },
    day: 0,
    appended: [],
    head: undefined,
    kit(changes = {}, packSpec = {}) {
      const pack = {
        apiVersion: 'holdfast.dev/v1alpha1',
        kind: 'EvidencePack',
        metadata: { namespace: place.store.namespace, name: 'nightly', uid: 'u1' },
        spec: {
          storeRef: { name: place.store.name },
          sections: ['Evidence'],
          signing: { keyRef: { name: 'key' } },
          retention: { class: 'Telemetry' },
          ...packSpec,
        },
      } as EvidencePack;
      const read = {
        get: () => made.declared,
        tryFetch: () => Promise.resolve(made.declared),
      } as unknown as Reader;
      return {
        ...{ pack, store, read, cluster: place.cluster, storeName: place.store },
        signing: { signer: () => Promise.resolve(key), publicKey: key.publicKey },
        witnesses: () => [],
        frameworks: [],
        unread: [],
        ...changes,
      };
    },
    parts: () => ({
      journal: journal(),
      sections: [{ name: 'Evidence', stem: 'evidence', schema: {}, build: () => ({ content: {}, missing: [] }) }],
      sources: [],
      write: () => ({ chunks: Readable.from([rfc8785Bytes({ day: made.day })]), records: () => 1 }),
      search: (file) => gate(file, { allow: [], people: new Set() }),
      folder,
      version: '1',
      now: () => new Date(begin + made.day * day),
    }),
    async night(packSpec = {}, name = 'nightly') {
      made.day += 1;
      const end = begin + made.day * day;
      store.now = new Date(end);
      const before = heads.get(name)?.pack;
      const kit = made.kit({}, packSpec);
      await write(new Date(end));
      const head = await makePack(
        {
          uid: `u-${name}`,
          sequence: (before?.sequence ?? 0) + 1,
          ...(before && { previous: { sequence: before.sequence, digest: before.digest } }),
          period: { start: new Date(end - day).toISOString(), end: new Date(end).toISOString() },
          missed: 0,
          schedule: { cron: '0 2 * * *', timeZone: 'Etc/UTC', seconds: 86_400 },
        },
        { ...kit, pack: { ...kit.pack, metadata: { ...kit.pack.metadata, name } } },
        made.parts(),
        signal,
      );
      heads.set(name, head);
      made.head = head;
      return head;
    },
    dispose: (changes = {}) => disposeDue(made.kit(changes), made.parts(), signal),
  };

  const journal = (): PackJournal => ({
    flush: () => Promise.resolve(segment),
    read: () => Readable.from([]) as AsyncIterable<never>,
    append: (_, __, entry) => void made.appended.push(entry),
    stored: () => undefined,
    witnessed: () => undefined,
  });

  async function write(now: Date): Promise<void> {
    const number = (segment?.number ?? 0) + 1;
    const sequence = (segment?.sequence ?? 0) + 1;
    const time = now.toISOString();
    const previous = segment && { previous: segment.digest };
    const object = { kind: 'Device', name: 'web-01' };
    const bytes = Buffer.from(
      headerLine({ number, ...previous, ...place, openedTime: time, firstEntry: sequence }) +
        entryLine({ sequence, time, event: 'FactsChanged', object }) +
        closingLine({ time, entries: 1 }),
    );
    await store.put(segmentKey(number), bytes, { contentType: 'application/x-ndjson', ifAbsent: true }, signal);
    segment = { number, digest: readSegment(number, bytes).digest, size: bytes.length, sequence };
  }
  return made;
}
