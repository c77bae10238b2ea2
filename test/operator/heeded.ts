/** Waits until Holdfast takes the apiserver to heed the admission policies: five seconds after they were made or changed. */
import { until } from './until.ts';
import type { Kubectl } from './kubectl.ts';

interface Timed {
  readonly metadata: {
    readonly creationTimestamp: string;
    readonly managedFields?: readonly { readonly time: string }[];
  };
}

export async function untilPoliciesAreHeeded(kubectl: Kubectl): Promise<void> {
  const kinds = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
  const { items } = JSON.parse(await kubectl.run('get', kinds, '--show-managed-fields', '--output=json')) as {
    items: Timed[];
  };
  const times = items.flatMap(({ metadata: { creationTimestamp, managedFields = [] } }) => [
    creationTimestamp,
    ...managedFields.map(({ time }) => time),
  ]);
  const newest = Math.max(...times.map((time) => Date.parse(time)));
  await until('the policies are heeded', () => Date.now() > newest + 6000 || undefined);
}
