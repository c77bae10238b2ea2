/** Findings counted, of all sources alike: what is waived at the instant stands apart. */
import type { Gauge, Reader, Sample } from '../runtime/feature.ts';
import type { Severity } from '../api/v1alpha1/shared.ts';
import { waiversBySource } from './indexes.ts';
import { marking } from './waiver/marking.ts';
import { severities } from './severity.ts';
import { sourceId, type FindingSource } from './source.ts';
import { targetId } from './waiver/subject.ts';

const labels = ['kind', 'resource_namespace', 'source', 'target', 'severity'] as const;

export function findingGauges(sources: readonly FindingSource[]): readonly Gauge[] {
  const samples =
    (isWaived: boolean): Gauge['samples'] =>
    (read, now) =>
      sources.flatMap((source) => samplesOf(source, { read, now, isWaived }));
  return [
    {
      name: 'holdfast_findings',
      help: 'Findings that are not waived, by severity.',
      labels,
      samples: samples(false),
    },
    {
      name: 'holdfast_waived_findings',
      help: 'Waived findings, by severity.',
      labels,
      samples: samples(true),
    },
  ];
}

interface Asked {
  readonly read: Reader;
  readonly now: Date;
  readonly isWaived: boolean;
}

/** Of targets on which something is counted, and a zero of the source for every severity, so that none is missing from a graph. */
function samplesOf(source: FindingSource, { read, now, isWaived }: Asked): Sample[] {
  const { kind } = source.kind;
  return read.list(source.kind, '').flatMap((object) => {
    const { name, namespace = '' } = object.metadata;
    const waivers = read.by(waiversBySource, namespace, sourceId(kind, name));
    const own = { kind, resource_namespace: source.home(object), source: name };
    // What no waiver covers need not be looked at for it.
    const { targets } = isWaived && !waivers.length ? { targets: [] } : source.known(object, read);
    const counted = targets.flatMap(({ subject, findings }) => {
      if (!findings.length) return [];
      const mark = marking(subject, waivers, now);
      const counts = new Map<Severity, number>();
      for (const { severity, waiver } of mark(findings))
        if ((waiver !== undefined) === isWaived) counts.set(severity, (counts.get(severity) ?? 0) + 1);
      const target = targetId(subject.target);
      return [...counts].map(([severity, value]) => ({ labels: { ...own, target, severity }, value }));
    });
    return [...counted, ...severities.map((severity) => ({ labels: { ...own, target: '', severity }, value: 0 }))];
  });
}
