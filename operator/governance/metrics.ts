/** Whether the admission policies that guard Holdfast are installed as they are shipped, from the cache. */
import type { Gauge, Reader } from '../runtime/feature.ts';
import { policyKinds, policyStateOf, policyStates, type ShippedPolicy } from './approvalPolicies.ts';

export function policyGauges(shipped: readonly ShippedPolicy[]): readonly Gauge[] {
  const stateOf = (one: ShippedPolicy, read: Reader) =>
    policyStateOf(one, read.get(policyKinds[one.kind], { namespace: '', name: one.name }));
  return [
    {
      name: 'holdfast_admission_policies',
      help: 'Admission policies and bindings of Holdfast by state: only those that are intact are applied as shipped.',
      labels: ['state'],
      samples: (read) => {
        const states = shipped.map((one) => stateOf(one, read));
        return policyStates.map((state) => ({
          labels: { state },
          value: states.filter((one) => one === state).length,
        }));
      },
    },
  ];
}
