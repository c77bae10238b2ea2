/** The journals as packs use them. */
import { resources } from '../../api/generated/resources.ts';
import type { Key } from '../../runtime/feature.ts';
import type { Draft } from '../journal/entry.ts';
import type { Journals } from '../journal/journals.ts';
import type { PackJournal } from './kit.ts';

export function packJournal(journals: Journals | undefined): PackJournal {
  const append = (store: Key, id: string, entry: Omit<Draft, 'time'>): void => {
    if (journals?.append(store, id, entry) === 'Full') throw new Error('the journal has no room; it will be retried');
  };
  const packOf = (namespace: string, pack: { readonly name: string; readonly uid: string }) => ({
    ...{ kind: resources.EvidencePack.kind, namespace },
    ...pack,
  });
  return {
    flush: async (store, signal) => journals?.flush(store, signal),
    async *read(store, period, signal) {
      if (journals) yield* journals.read(store, { period, signal });
    },
    append,
    stored(store, pack, { sequence, digest, periodEnd, complete, uri }) {
      append(store, `pack/${pack.name}/${sequence}/${digest}`, {
        event: 'PackStored',
        object: packOf(store.namespace, pack),
        facts: { sequence, digest, periodEnd, complete, uri },
      });
    },
    witnessed(store, pack, { sequence, digest, witness }) {
      append(store, `witness/${pack.name}/${sequence}/${digest}/${witness}`, {
        event: 'PackWitnessed',
        object: packOf(store.namespace, pack),
        facts: { sequence, digest, witness },
      });
    },
  };
}
