/**
 * What is true of every status that Holdfast writes, whatever it is about: conditions as the runtime's table has them,
 * and words that a person can read. Tests look over each status that they read (`test/operator/objects.ts`).
 */
import type { Condition, Resource, ResourceStatus } from '../operator/api/v1alpha1/shared.ts';

type Evaluated = Pick<Resource, 'kind' | 'metadata'> & { readonly status?: ResourceStatus };

/** Throws with everything that is wrong. */
export function requireSoundStatus(object: Evaluated): void {
  const faults = faultsOfStatus(object);
  if (!faults.length) return;
  const { kind, metadata, status } = object;
  throw new Error(
    `The status of ${kind} ${metadata.name} is not sound: ${faults.join('; ')}\n${JSON.stringify(status)}`,
  );
}

/** What is wrong, a sentence each; none when the status is sound or not there yet. */
export function faultsOfStatus({ metadata, status }: Evaluated): string[] {
  if (!status) return [];
  const { conditions = [] } = status;
  return [
    ...(conditions.length ? [...faultsOfSummary(conditions), ...faultsOfGeneration(status, metadata.generation)] : []),
    ...conditions.flatMap(faultsOfWords),
    ...faultsOfValues(status),
  ];
}

function faultsOfSummary(conditions: readonly Condition[]): string[] {
  const of = (type: string): string | undefined => conditions.find((one) => one.type === type)?.status;
  const summaries = conditions.filter(({ type }) => type === 'Ready' || type === 'Succeeded');
  const [summary] = summaries;
  const under = ['Reconciling', 'Stalled'].filter((type) => of(type) !== undefined);
  const known = new Set(conditions.map(({ type }) => type));
  const faults = [
    [summaries.length === 1, 'there is not one of Ready and Succeeded'],
    [known.size === conditions.length, 'a type of condition is there twice'],
    [
      ['Reconciling', 'Stalled', 'Suspended', 'Failed'].every((type) => (of(type) ?? 'True') === 'True'),
      'what is only there while it is true is not true',
    ],
    [under.length < 2, 'it is Reconciling and Stalled at once'],
    [
      summary?.status !== 'True' || under.length === 0 || isRetried(conditions),
      `it is ${summary?.type}, and ${under.join()} too`,
    ],
    [
      !summary || summary.status === 'True' || under.length > 0 || known.has('Suspended'),
      `it is not ${summary?.type}, and neither Reconciling nor Stalled says why`,
    ],
    [summary?.status !== 'Unknown' || !under.includes('Stalled') || broken(summary), 'it is Stalled, and Unknown'],
  ] as const;
  return faults.filter(([holds]) => !holds).map(([, fault]) => fault);
}

/** What has ended stays ended when a later pass fails, such as one that is to remove its finalizer. */
function isRetried(conditions: readonly Condition[]): boolean {
  return (
    conditions.some(({ type }) => type === 'Succeeded') &&
    conditions.every(
      ({ type, reason }) => type !== 'Stalled' && (type !== 'Reconciling' || reason === 'ProgressingWithRetry'),
    )
  );
}

/** The one verdict that is Stalled without an answer: our own code failed. */
function broken({ reason }: Condition): boolean {
  return reason === 'InternalError';
}

function faultsOfGeneration({ observedGeneration, conditions = [] }: ResourceStatus, generation = 0): string[] {
  const ready = conditions.find(({ type }) => type === 'Ready' || type === 'Succeeded');
  const generations = [observedGeneration, ...conditions.map((one) => one.observedGeneration)];
  return [
    ...(generations.every((one) => Number(one ?? 0) <= Number(generation))
      ? []
      : ['a generation was evaluated that was not there']),
    ...(ready?.status === 'True' && observedGeneration === undefined ? ['it is ready, and of no generation'] : []),
  ];
}

function faultsOfWords({ type, reason, message }: Condition): string[] {
  return [
    ...(/^[A-Z][A-Za-z0-9]*$/.test(reason) ? [] : [`the reason of ${type} is not in PascalCase: ${reason}`]),
    ...(message && message === message.trim()
      ? []
      : [`the message of ${type} is empty or has blanks around: '${message}'`]),
  ];
}

/** Words of JavaScript that no person wrote. */
function faultsOfValues(value: unknown, at = 'status'): string[] {
  if (typeof value === 'string') {
    return /\b(undefined|NaN)\b|\[object /.test(value) ? [`${at} tells what JavaScript says: ${value}`] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => faultsOfValues(one, `${at}.${name}`));
}
