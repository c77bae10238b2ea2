/** Measurements of waivers, as they stand at the instant at which they are asked for: read from the cache, evaluated as everywhere. */
import { resources } from '../../api/generated/resources.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { FindingSource } from '../../findings/source.ts';
import { isWithin } from '../../findings/waiver/expiry.ts';
import type { Gauge, Reader, Sample } from '../../runtime/feature.ts';
import { scopeOf, sourceOf } from './source.ts';
import { lifetimeOf, waiverStates, type Lifetime } from './lifetime.ts';

export function waiverGauges(sources: readonly FindingSource[]): readonly Gauge[] {
  return [
    {
      name: 'holdfast_policywaivers',
      help: 'Waivers by state.',
      labels: ['resource_namespace', 'state'],
      samples: (read, now) => waiverSamples(read, sources, now),
    },
    {
      name: 'holdfast_policywaiver_expiry_timestamp_seconds',
      help: 'Time at which an effective waiver ends.',
      labels: ['resource_namespace', 'name'],
      samples: (read, now) => expirySamples(read, sources, now),
    },
  ];
}

/** Waivers by namespace and state. */
export function waiverSamples(read: Reader, sources: readonly FindingSource[], now: Date): Sample[] {
  const byNamespace = Map.groupBy(waivers(read), ({ metadata }) => metadata.namespace ?? '');
  return [...byNamespace].flatMap(([namespace, members]) => {
    const states = members.map((waiver) => lifetimeAt(waiver, read, sources, now).state);
    return waiverStates.map((state) => ({
      labels: { resource_namespace: namespace, state },
      value: states.filter((one) => one === state).length,
    }));
  });
}

/** When each waiver ends that is in force, in seconds since 1970. */
export function expirySamples(read: Reader, sources: readonly FindingSource[], now: Date): Sample[] {
  return waivers(read).flatMap((waiver) => {
    const { span } = lifetimeAt(waiver, read, sources, now);
    const { namespace = '', name } = waiver.metadata;
    return span && isWithin(span, now)
      ? [{ labels: { resource_namespace: namespace, name }, value: span.until / 1000 }]
      : [];
  });
}

function lifetimeAt(waiver: PolicyWaiver, read: Reader, sources: readonly FindingSource[], now: Date): Lifetime {
  return lifetimeOf(waiver, scopeOf(waiver, sourceOf(waiver, sources, read)), now);
}

function waivers(read: Reader): readonly PolicyWaiver[] {
  return read.list(resources.PolicyWaiver, '');
}
