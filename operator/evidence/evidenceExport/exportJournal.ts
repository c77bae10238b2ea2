/** The journals as exports use them. */
import type { Journals } from '../journal/journals.ts';
import type { ExportJournal } from './kit.ts';

export function exportJournal(journals: Journals | undefined): ExportJournal {
  return {
    append: (store, id, entry) => journals?.append(store, id, entry) ?? 'NoJournal',
    flush: async (store, signal) => journals?.flush(store, signal),
  };
}
