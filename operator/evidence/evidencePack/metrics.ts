/** How evidence stands, counted from the cache. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { Gauge, Reader, Sample } from '../../runtime/feature.ts';

const labels = ['resource_namespace', 'evidencepack'] as const;
const conditions = ['Stored', 'Complete', 'ChainIntact'] as const;

export const packGauges: readonly Gauge[] = [
  {
    name: 'holdfast_evidence_pack_impaired',
    help: 'Whether a condition of an EvidencePack is False: Stored, Complete, ChainIntact.',
    labels: [...labels, 'condition'],
    samples: (read) =>
      each(read, ({ status }, own) =>
        conditions.map((condition) => {
          const isFalse = status?.conditions?.some(({ type, status: is }) => type === condition && is === 'False');
          return { labels: { ...own, condition }, value: isFalse ? 1 : 0 };
        }),
      ),
  },
  {
    name: 'holdfast_evidence_pack_covered_timestamp_seconds',
    help: 'Until when the last pack that was stored has evidence, as Unix time.',
    labels,
    samples: (read) =>
      each(read, ({ status }, own) =>
        status?.last ? [{ labels: own, value: Date.parse(status.last.periodEnd) / 1000 }] : [],
      ),
  },
];

function each(
  read: Reader,
  samples: (pack: EvidencePack, own: Readonly<Record<string, string>>) => readonly Sample[],
): Sample[] {
  return read
    .list(resources.EvidencePack, '')
    .flatMap((pack) =>
      samples(pack, { resource_namespace: pack.metadata.namespace ?? '', evidencepack: pack.metadata.name }),
    );
}
