/** ServiceLevelObjectives, and the world that is seen of them, for tests. */
import { resources } from '../../operator/api/generated/resources.ts';
import type {
  ServiceLevelObjective,
  ServiceLevelObjectiveSpec,
} from '../../operator/api/v1alpha1/serviceLevelObjective.ts';
import type { ServiceLevelObjectiveStatus } from '../../operator/api/v1alpha1/serviceLevelObjectiveStatus.ts';

export const webRatio = {
  errors: 'http_requests_total{job="web",code=~"5.."}',
  total: 'http_requests_total{job="web"}',
} as const;

export function makeObjective(
  spec: Partial<ServiceLevelObjectiveSpec> = {},
  status?: ServiceLevelObjectiveStatus,
): ServiceLevelObjective {
  const { group, version, kind } = resources.ServiceLevelObjective;
  return {
    apiVersion: `${group}/${version}`,
    kind: kind as 'ServiceLevelObjective',
    metadata: { name: 'checkout', namespace: 'shop', uid: 'u-1', generation: 1 },
    spec: { indicator: { ratio: webRatio }, objectivePercent: '99.9', ...spec },
    ...(status && { status }),
  };
}
