/** The list of features. Reading it is reading the product. */
import { ansibleRun } from './drift/ansibleRun/index.ts';
import { clusterBaseline } from './drift/clusterBaseline/index.ts';
import { device } from './drift/device/index.ts';
import { deviceBaseline } from './drift/deviceBaseline/index.ts';
import { evidenceExport } from './evidence/evidenceExport/index.ts';
import { evidencePack } from './evidence/evidencePack/index.ts';
import { evidenceStore } from './evidence/evidenceStore/index.ts';
import { policyReports } from './evidence/policyReport/index.ts';
import { findingSources } from './findingSources.ts';
import { approval } from './governance/approval/index.ts';
import { maintenanceWindow } from './governance/maintenanceWindow/index.ts';
import { policyWaiver } from './governance/policyWaiver/index.ts';
import { canaryRollout } from './rollout/canaryRollout/index.ts';
import { serviceLevelObjective } from './rollout/serviceLevelObjective/index.ts';

export const features = [
  device,
  deviceBaseline,
  clusterBaseline,
  maintenanceWindow,
  policyWaiver(findingSources),
  approval,
  ansibleRun,
  canaryRollout,
  serviceLevelObjective,
  evidenceStore,
  evidencePack,
  evidenceExport,
] as const;

/** Those that are off unless a flag asks for them: the operator has no right for them by itself. */
export const optionalFeatures = [policyReports] as const;
