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
      const appended = journals?.append(store, `pack/${name}/${sequence}/${digest}`, {
        event: 'PackStored',
        object: { kind: resources.EvidencePack.kind, namespace: store.namespace, name, uid },
        facts: { sequence, digest, periodEnd, complete, uri },
      });
      if (appended === 'Full') throw new Error('the journal has no room; it will be retried');
    },
  };
}
