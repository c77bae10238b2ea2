/** The list of features. Reading it is reading the product. */
import { ansibleRunFeature } from './drift/ansibleRun/index.ts';
import type { RunParts } from './drift/ansibleRun/parts.ts';
import { clusterBaselineFeature, type ClusterParts } from './drift/clusterBaseline/index.ts';
import { deviceFeature, type DeviceParts } from './drift/device/index.ts';
import { deviceBaselineFeature } from './drift/deviceBaseline/index.ts';
import { approvalFeature } from './governance/approval/index.ts';
import { maintenanceWindowFeature } from './governance/maintenanceWindow/index.ts';
import { policyWaiverFeature, type GovernanceParts } from './governance/policyWaiver/index.ts';
import type { AnyFeature } from './runtime/feature.ts';

/** What the features need of the outside world, given at wiring. */
export type Parts = DeviceParts & RunParts & ClusterParts & GovernanceParts;

export function features(parts: Parts): readonly AnyFeature[] {
  return [
    deviceFeature(parts),
    deviceBaselineFeature(),
    clusterBaselineFeature(parts),
    maintenanceWindowFeature(),
    policyWaiverFeature(parts),
    approvalFeature(parts),
    ansibleRunFeature(parts),
  ];
}
