/** The only list of scenarios. */
import { clusterBaseline } from './clusterBaseline.ts';
import { jobRun } from './jobRun.ts';
import { policyWaiver } from './policyWaiver.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [clusterBaseline, policyWaiver, jobRun];
