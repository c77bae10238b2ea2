import { describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaselineStatus } from '../api/v1alpha1/deviceBaseline.ts';
import { makeBaseline, makeRun } from '../../test/builders/drift.ts';
import { digestOf } from '../lib/digest.ts';
import { lastNumber, nextRunName, ownRunsOf, recordOf } from './ownRuns.ts';

const made = makeRun('rhel9-1');
const labels = { 'app.kubernetes.io/managed-by': 'holdfast', 'holdfast.dev/baseline': 'rhel9' };
/** All that a tenant may write into a run: name, label, owner, `baselineRef`. */
const forged: AnsibleRun = { ...made, metadata: { ...made.metadata, uid: 'uid-forged', labels } };
const baseline = (status: object = {}) => ({ ...makeBaseline(), status });

describe('runs of a baseline', () => {
  const creating = { name: 'rhel9-1', digest: digestOf(made.spec) };
  test.each<[string, object, AnsibleRun[], AnsibleRun[]]>([
    ['are those whose uid is recorded', { runs: ['uid-rhel9-1'] }, [made, forged], [made]],
    ['are not those that say so themselves', {}, [forged], []],
    ['are those that it was about to create, by what they say', { creating }, [made], [made]],
    [
      'are not those that took the name with something else',
      { creating },
      [{ ...made, spec: { ...made.spec, playbook: { inline: 'x' } } }],
      [],
    ],
    [
      'are not those of another owner',
      { creating },
      [{ ...made, metadata: { ...made.metadata, ownerReferences: [] } }],
      [],
    ],
  ])('%s', (_, status, runs, own) => {
    expect(ownRunsOf(baseline(status), runs)).toEqual(own);
  });

  test('are recorded in the order in which they were created, the latest 250', () => {
    const runs = Array.from({ length: 260 }, (_, index) => `u-${index}`);
    expect(recordOf(baseline({ runs }), [made])).toEqual([...runs.slice(11), 'uid-rhel9-1']);
    expect(recordOf(baseline({ runs: ['uid-rhel9-1'] }), [made])).toEqual(['uid-rhel9-1']);
  });
});

describe('the number of the next run', () => {
  const next = (status: DeviceBaselineStatus, own: string[] = [], others: string[] = []): string => {
    const last = lastNumber(
      baseline(status),
      own.map((name) => makeRun(name)),
    );
    return nextRunName('rhel9', last, new Set([...own, ...others]));
  };
  const creating = { name: 'rhel9-7', digest: 'sha256:1' };

  test.each<[string, DeviceBaselineStatus, string[], string[], string]>([
    [
      'is one more than the highest of its own',
      {},
      ['rhel9-2', 'rhel9-11', 'rhel9-x', 'rhel9-extra-40', 'other-99'],
      [],
      'rhel9-12',
    ],
    ['begins with one', {}, [], [], 'rhel9-1'],
    ['steps over what others took', {}, ['rhel9-2'], ['rhel9-3', 'rhel9-4'], 'rhel9-5'],
    ['is not used up by others', {}, ['rhel9-2'], ['rhel9-999999999', 'rhel9-1000000000'], 'rhel9-3'],
    ['is not that of a run that was deleted', { lastRun: 6 }, ['rhel9-5'], [], 'rhel9-7'],
    ['never goes back', { lastRun: 2 }, ['rhel9-5'], [], 'rhel9-6'],
    ['is not that of one that was deleted at once', { creating: { ...creating, uid: 'u' } }, [], [], 'rhel9-8'],
    ['is the same when it was not created', { creating, lastRun: 6 }, [], [], 'rhel9-7'],
  ])('%s', (_, status, own, others, name) => {
    expect(next(status, own, others)).toBe(name);
  });
});
