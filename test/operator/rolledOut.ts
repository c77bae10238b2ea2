/** A baseline of all hosts of a bed, whose revisions are rolled out, or given to all hosts at once. */
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { apiVersion, namespace } from './bed.ts';

export interface RolledOut {
  readonly name?: string;
  readonly type?: 'Immediate' | 'Rollout';
  readonly maxUnavailable?: number;
  readonly checks: readonly DeviceCheck[];
}

export function rolledOutBaseline({ name = 'rhel9', type = 'Rollout', maxUnavailable = 3, checks }: RolledOut): object {
  return {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 10,
      mode: 'Enforce',
      updateStrategy: { type },
      remediation: { backend: 'Local', maxUnavailable },
      checks,
    },
  };
}
