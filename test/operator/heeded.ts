/** Waits until Holdfast takes the apiserver to heed the admission policies: five seconds after they were made. */
import { until } from './until.ts';
import type { Kubectl } from './kubectl.ts';

export async function untilPoliciesAreHeeded(kubectl: Kubectl): Promise<void> {
  await until('the policies are heeded', async () => {
    const kinds = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
    const made = await kubectl.list<{ metadata: { creationTimestamp: string } }>(kinds);
    const newest = Math.max(...made.map(({ metadata }) => Date.parse(metadata.creationTimestamp)));
    return Date.now() > newest + 6000 || undefined;
  });
}
