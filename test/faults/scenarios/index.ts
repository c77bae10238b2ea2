/** The only list of scenarios. */
import { clusterBaseline } from './clusterBaseline.ts';
import { editedDuring } from './editedDuring.ts';
import { hostBoth, hostCorrection, hostLeased } from './hostCorrection.ts';
import { jobRun } from './jobRun.ts';
import { policyWaiver } from './policyWaiver.ts';
import { rollout } from './rollout.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [
  clusterBaseline,
  policyWaiver,
  jobRun,
  hostCorrection,
  editedDuring,
  hostLeased,
  hostBoth,
  rollout,
];
