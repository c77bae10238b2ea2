/** A thousand runs, and what they leave behind. */
import type { Fault } from './faults.ts';
import { runTests } from './tests.ts';

export const litter: Fault = async (_, signal) => {
  const tests = await runTests(['test/faults/litter/thousandRuns.test.ts'], ['faults'], signal);
  const failed = tests.filter(({ passed }) => !passed);
  return {
    count: 0,
    lines: [`${tests.length} tests, ${failed.length} failed`],
    problems: failed.map(({ name, failure }) => `${name}\n${failure}`),
  };
};
