import { expect, test } from '@jest/globals';
import { after, at, makeRollout } from '../../../test/builders/gatedRollout.ts';
import type { ErrorBudgetGate } from '../../api/v1alpha1/rolloutGates.ts';
import type { ObjectiveEvidence } from './evidence.ts';
import { startVerdict } from './start.ts';

const met: ObjectiveEvidence = {
  name: 'checkout',
  is: 'ok',
  reason: 'Met',
  message: 'm',
  observedTime: at(0),
  remainingPercent: '50',
};

test.each<[string, ErrorBudgetGate | undefined, Partial<ObjectiveEvidence> | undefined, string]>([
  ['met, with half of its budget', {}, {}, 'Pass'],
  ['met, with a little less', {}, { remainingPercent: '49.99' }, 'Fail'],
  ['met, with less, which suffices', { minRemainingPercent: 20 }, { remainingPercent: '20.0' }, 'Pass'],
  ['overspent, which may be', { minRemainingPercent: 0 }, { remainingPercent: '-0.01' }, 'Fail'],
  ['met, with a budget that is not known', {}, { remainingPercent: undefined }, 'Inconclusive'],
  ['met, and no budget matters', undefined, { remainingPercent: undefined }, 'Pass'],
  ['burning before anything changes', undefined, { is: 'burning' }, 'Fail'],
  ['unknown', undefined, { is: 'unknown' }, 'Inconclusive'],
  ['not evaluated recently', undefined, { observedTime: at(-7200) }, 'Inconclusive'],
  ['missing', {}, undefined, 'Inconclusive'],
])('an objective that is %s', (_, errorBudget, part, expected) => {
  const rollout = makeRollout({ objectives: [{ name: 'checkout' }], errorBudget });
  const verdict = startVerdict(rollout, { objectives: part ? [{ ...met, ...part }] : [] }, after(60));
  expect(verdict.result).toBe(expected);
  expect(verdict.message).toMatch(
    expected === 'Pass' ? /^the objectives are met$/ : /^no step starts: (objective|errorBudget)\/checkout: /,
  );
});

test('a rollout without objectives starts', () =>
  expect(startVerdict(makeRollout(), {}, after(0)).result).toBe('Pass'));
