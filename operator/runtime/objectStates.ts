/** Objects of all kinds counted by where they are in the table of `conditions.ts`, so that a new kind is counted without code of its own. Pure. */
import type { Condition, Resource, ResourceStatus } from '../api/v1alpha1/shared.ts';
import type { Declaration, Gauge, Reader, Sample } from './feature.ts';

export const objectStates = [
  'New',
  'Ready',
  'Progressing',
  'Waiting',
  'Failed',
  'Stalled',
  'Suspended',
  'Complete',
  'Unsuccessful',
] as const;
export type ObjectState = (typeof objectStates)[number];

/** Counted also where there are none, since alerts are about them. */
const always: readonly ObjectState[] = ['Failed', 'Stalled'];

/** In one word: `Failed` is retried, `Stalled` waits for a person, `Complete` and `Unsuccessful` have run to an end. */
export function objectStateOf(status: ResourceStatus | undefined, bounded: boolean): ObjectState {
  const conditions = status?.conditions ?? [];
  const find = (type: string): Condition | undefined => conditions.find((one) => one.type === type);
  const is = (type: string): boolean => find(type)?.status === 'True';
  const summary = find(bounded ? 'Succeeded' : 'Ready');
  if (!summary && !is('Suspended')) return 'New';
  if (bounded && summary?.status === 'True') return 'Complete';
  if (bounded && summary?.status === 'False') return 'Unsuccessful';
  if (is('Suspended')) return 'Suspended';
  if (is('Reconciling') && find('Reconciling')?.reason === 'ProgressingWithRetry') return 'Failed';
  if (is('Stalled')) return 'Stalled';
  if (summary?.status === 'True') return 'Ready';
  return summary?.status === 'Unknown' ? 'Progressing' : 'Waiting';
}

/** By kind, namespace and state, of the kinds of these features. */
export function objectGauge(features: readonly Pick<Declaration, 'kind' | 'bounded'>[]): Gauge {
  return {
    name: 'holdfast_objects',
    help: 'Objects by kind and state.',
    labels: ['kind', 'resource_namespace', 'state'],
    samples: (read) => features.flatMap((feature) => samplesOf(feature, read)),
  };
}

function samplesOf({ kind, bounded = false }: Pick<Declaration, 'kind' | 'bounded'>, read: Reader): Sample[] {
  const counts = new Map<string, Map<ObjectState, number>>();
  for (const { metadata, status } of read.list<Resource>(kind, '')) {
    const { namespace = '' } = metadata;
    let states = counts.get(namespace);
    if (!states) counts.set(namespace, (states = new Map(always.map((state) => [state, 0]))));
    const state = objectStateOf(status, bounded);
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  return [...counts].flatMap(([namespace, states]) =>
    [...states].map(([state, value]) => ({
      labels: { kind: kind.kind, resource_namespace: namespace, state },
      value,
    })),
  );
}
