import { describe, expect, test } from '@jest/globals';
import { after, makeWholeRun, motd } from '../../../test/builders/drift.ts';
import { devicesOf } from '../indexes.ts';
import { withoutWork } from './kept.ts';

const whole = {
  deviceNames: ['web-01', 'web-02'],
  checks: [motd],
  variables: { stage: 'blue' },
  revision: `sha256:${'0'.repeat(64)}`,
  corrections: [{ device: 'web-01', checks: ['motd'], drifts: 'abcdef012345' }],
};
const before = [{ device: 'web-01', checks: ['motd: content differs'], states: '0123' }];

describe('what the cache keeps', () => {
  test.each([
    ['that has not begun', undefined],
    ['that is at work', { startTime: after(-60), finishTime: after(-5), before }],
  ])('of a run %s is all of it', (_, status) => {
    const run = makeWholeRun('rhel9-1', whole, status);
    expect(withoutWork(run)).toBe(run);
  });

  test('of a complete run is what it was about and how it came out, as it was written', () => {
    const run = makeWholeRun('rhel9-1', whole, { startTime: after(-60), completionTime: after(-5), before });
    const { metadata, status, spec } = withoutWork(run);
    expect(metadata).toBe(run.metadata);
    expect(status).toBe(run.status);
    expect(spec).toEqual({ ...run.spec, checks: undefined, variables: undefined });
    expect(spec).not.toHaveProperty('checks');
    expect(run.spec.checks).toEqual([motd]);
    expect(devicesOf({ ...run, spec })).toEqual(devicesOf(run));
  });

  test('of its playbook is that there was one', () => {
    const playbook = { inline: '- hosts: all' };
    const { spec } = withoutWork(makeWholeRun('own', { checks: undefined, playbook }, { completionTime: after(-5) }));
    expect(spec.playbook).toEqual({});
  });
});
