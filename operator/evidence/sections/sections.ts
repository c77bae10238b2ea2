/** The list of the sections of a pack, in the order in which they are made. */
import { cost } from './cost.ts';
import { dora } from './dora.ts';
import { evidence } from './evidence.ts';
import { policy } from './policy.ts';
import { slo } from './slo.ts';
import type { Section } from './section.ts';

export const sections: readonly Section[] = [evidence, policy, slo, dora, cost];
