/** Waits until Holdfast takes the apiserver to heed the admission policies: five seconds after they were made. */
import { until } from './until.ts';
import type { Kubectl } from './kubectl.ts';

export async function untilPoliciesAreHeeded(kubectl: Kubectl): Promise<void> {
  await until('the policies are heeded', async () => {
    const kinds = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'];
    const list = (kind: string) => kubectl.list<{ metadata: { creationTimestamp: string } }>(kind);
    const made = await Promise.all(kinds.map(list));
    const newest = Math.max(...made.flat().map(({ metadata }) => Date.parse(metadata.creationTimestamp)));
    return Date.now() > newest + 6000 || undefined;
  });
}
