/** The list of what makes findings. What is in it can be waived, and is counted in metrics. */
import { clusterBaselineSource } from './drift/clusterBaseline/source.ts';
import { deviceBaselineSource } from './drift/deviceBaseline/source.ts';
import type { FindingSource } from './findings/source.ts';

export const findingSources: readonly FindingSource[] = [deviceBaselineSource, clusterBaselineSource];
