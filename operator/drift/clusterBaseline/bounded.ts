/**
 * Of how many objects each is named: what is decided of them is decided at once, while everything else waits. The others are counted,
 * as drifted even where a waiver might cover them, and are named when those before them comply. Pure.
 */
import type { ItemEvaluation, NonCompliant } from './evaluation.ts';

/** Of a baseline, and of each of its templates and checks at least. */
const mostNamed = 5000;
const leastNamed = 100;

export function bounded(evaluations: readonly ItemEvaluation[], most = mostNamed): readonly ItemEvaluation[] {
  const all = evaluations.reduce((sum, { nonCompliant }) => sum + nonCompliant.length, 0);
  if (all <= most) return evaluations;
  const each = Math.max(Math.min(leastNamed, most), Math.floor(most / evaluations.length));
  return evaluations.map((evaluation) => boundedTo(evaluation, each));
}

function boundedTo(evaluation: ItemEvaluation, most: number): ItemEvaluation {
  if (evaluation.nonCompliant.length <= most) return evaluation;
  let named = 0;
  const kept: NonCompliant[] = [];
  const unnamed = { drifted: 0, unknown: 0 };
  for (const one of evaluation.nonCompliant) {
    // What is said of no object is said of all.
    if (one.object === undefined || ++named <= most) kept.push(one);
    else unnamed[one.is === 'fails' ? 'drifted' : 'unknown'] += 1;
  }
  return { ...evaluation, nonCompliant: kept, unnamed };
}
