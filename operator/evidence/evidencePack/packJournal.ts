/** The journals as packs use them. */
import { resources } from '../../api/generated/resources.ts';
import type { Journals } from '../journal/journals.ts';
import type { PackJournal } from './kit.ts';

export function packJournal(journals: Journals | undefined): PackJournal {
  return {
    flush: async (store, signal) => journals?.flush(store, signal),
    async *read(store, period, signal) {
      if (journals) yield* journals.read(store, { period, signal });
    },
    stored(store, { name, uid }, { sequence, digest, periodEnd, complete, uri }) {
      journals?.append(store, `pack/${uid}/${sequence}`, {
        event: 'PackStored',
        object: { kind: resources.EvidencePack.kind, namespace: store.namespace, name, uid },
        facts: { sequence, digest, periodEnd, complete, uri },
      });
    },
  };
}
