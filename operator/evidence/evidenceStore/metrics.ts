/** How stores of evidence stand, counted from the cache. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { EvidenceStore } from '../../api/v1alpha1/evidenceStore.ts';
import type { Gauge } from '../../runtime/feature.ts';

type Impaired = (store: EvidenceStore) => boolean;

const isFalse = ({ status }: EvidenceStore, type: string, isReason: (reason: string) => boolean = () => true) =>
  status?.conditions?.some((one) => one.type === type && one.status === 'False' && isReason(one.reason)) ?? false;

/** An altered journal is another matter than one that is late. */
const conditions: Readonly<Record<string, Impaired>> = {
  Ready: (store) => isFalse(store, 'Ready'),
  JournalCurrent: (store) => isFalse(store, 'JournalCurrent', (reason) => reason !== 'Altered'),
  JournalIntact: (store) => isFalse(store, 'JournalCurrent', (reason) => reason === 'Altered'),
};

export const storeGauges: readonly Gauge[] = [
  {
    name: 'holdfast_evidence_store_impaired',
    help: 'Whether an EvidenceStore cannot be used (Ready), or its journal is behind (JournalCurrent) or altered (JournalIntact).',
    labels: ['resource_namespace', 'evidencestore', 'condition'],
    samples: (read) =>
      read.list(resources.EvidenceStore, '').flatMap((store) =>
        Object.entries(conditions).map(([condition, isImpaired]) => ({
          labels: {
            resource_namespace: store.metadata.namespace ?? '',
            evidencestore: store.metadata.name,
            condition,
          },
          value: isImpaired(store) ? 1 : 0,
        })),
      ),
  },
];
