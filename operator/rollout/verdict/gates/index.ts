/** The one list of gates: reading it is reading what can stop a rollout. Pure. */
import type { Gate } from '../gate.ts';
import { budgets } from './budget.ts';
import { comparisons } from './comparison.ts';
import { convergence } from './convergence.ts';
import { findings } from './findings.ts';
import { metrics } from './metric.ts';
import { objectives } from './objective.ts';

export const allGates: readonly Gate[] = [convergence, objectives, budgets, metrics, comparisons, findings];
