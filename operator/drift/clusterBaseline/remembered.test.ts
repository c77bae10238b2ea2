import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ObjectCorrection } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import { after, now } from '../../../test/builders/drift.ts';
import type { NonCompliant, ItemEvaluation } from './evaluation.ts';
import { earlierCorrections, remembered } from './remembered.ts';
import { revisionOf } from './revision.ts';
import type { WriteOutcome } from '../../runtime/feature.ts';
import type { ObjectCompliance } from './objectCompliance.ts';

const template = { apiVersion: 'v1', kind: 'ConfigMap' };
const item: ObjectTemplate = { name: 'item', severity: 'High', template };
const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const fails: NonCompliant = { is: 'fails', object, differences: [] };

const complying: ItemEvaluation = { item, holds: 1, nonCompliant: [] };
const correction = (secondsAgo: number, more: Partial<ObjectCorrection> = {}): ObjectCorrection => ({
  check: 'item',
  target: 'configmap/shop/a',
  rounds: 1,
  lastTime: after(-secondsAgo),
  ...more,
});

/** What is remembered of one correction; the object is so since some seconds before now. */
function after1(
  before: ObjectCorrection,
  is?: ObjectCompliance['is'],
  since = 0,
  evaluation: ItemEvaluation = complying,
  written: ReadonlyMap<string, WriteOutcome> = new Map(),
): Partial<ObjectCorrection> | undefined {
  const result = (one: ObjectCompliance['is']): ObjectCompliance => ({
    is: one,
    evaluation: fails,
    item,
    findings: [{ since: after(-since) } as Finding],
  });
  return remembered([before], { evaluations: [evaluation], written, results: is ? [result(is)] : [] }, now)[0];
}

describe('a correction is remembered', () => {
  test.each<
    [string, ObjectCorrection, ObjectCompliance['is'] | undefined, number, Partial<ObjectCorrection> | undefined]
  >([
    ['as verified once its object complies', correction(5), undefined, 0, { outcome: 'Verified' }],
    ['until it has lasted for ten minutes', correction(599, { outcome: 'Verified' }), undefined, 0, { rounds: 1 }],
    ['no longer after that', correction(600, { outcome: 'Verified' }), undefined, 0, undefined],
    ['no longer after that, if it was contended', correction(600, { outcome: 'Recurred' }), undefined, 0, undefined],
    ['as it is while its object has not complied', correction(5), 'drifted', 100, correction(5)],
    ['as it is, however long that takes', correction(90_000), 'drifted', 100_000, correction(90_000)],
    [
      'as recurred, if its object complied and drifts again',
      correction(5, { outcome: 'Verified', recurred: 1 }),
      'drifted',
      1,
      { outcome: 'Recurred', recurred: 2 },
    ],
    [
      'as recurred, once',
      correction(9000, { outcome: 'Recurred', recurred: 1 }),
      'drifted',
      8990,
      { outcome: 'Recurred', recurred: 1 },
    ],
    [
      'no longer, if it drifts long after',
      correction(900, { outcome: 'Verified', recurred: 1 }),
      'drifted',
      300,
      undefined,
    ],
    ['as it is, if the drift is waived', correction(900), 'waived', 300, correction(900)],
    ['as it is, if the object is unknown', correction(900), 'unknown', 300, correction(900)],
  ])('%s', (_, before, is, since, expected) => {
    const seen = after1(before, is, since);
    if (expected) expect(seen).toMatchObject(expected);
    else expect(seen).toBeUndefined();
    expect(seen?.outcome).toBe(expected?.outcome ?? (expected && before.outcome));
  });

  test.each<[string, ItemEvaluation]>([
    [
      'its template could not be read',
      { item, holds: 0, nonCompliant: [{ is: 'unknown', message: 'no right' }], isUnread: true },
    ],
    ['its template is not known', { item, holds: 0, nonCompliant: [{ is: 'unknown', message: 'no CRD' }] }],
    ['its template is invalid', { ...complying, invalid: 'wrong' }],
    ['its template was not evaluated', { ...complying, item: { ...item, name: 'other' } }],
  ])('as it is, if %s', (_, evaluation) => {
    expect(after1(correction(900), undefined, 0, evaluation)).toEqual(correction(900));
  });
});

test.each<[string, number, ObjectCorrection, Partial<ObjectCorrection>]>([
  ['recurs, although nobody saw that it complied', 4, correction(5), { outcome: 'Recurred', recurred: 1 }],
  ['is no other than the one before: that one failed', 6, correction(5), correction(5)],
  ['recurs once', 4, correction(5, { outcome: 'Recurred', recurred: 1 }), { outcome: 'Recurred', recurred: 1 }],
])('a correction that was accepted, and whose object drifts, %s', (_, secondsAgo, before, expected) => {
  const time = new Date(after(-secondsAgo));
  const accepted = new Map([['item configmap/shop/a', { is: 'accepted', time } as const]]);
  expect(after1(before, 'drifted', 100, complying, accepted)).toMatchObject(expected);
  expect(after1(before, 'drifted', 100, complying, accepted)?.outcome).toBe(expected.outcome);
});

test('what was corrected is forgotten when the checks change, and only then', () => {
  const spec = { serviceAccountRef: { namespace: 'platform', name: 'writer' }, objects: [item] };
  const metadata = { name: 'b' };
  const made: ClusterBaseline = { apiVersion: 'holdfast.dev/v1alpha1', kind: 'ClusterBaseline', metadata, spec };
  const status = { revision: revisionOf(made), corrections: [correction(5)] };
  const count = (more: Partial<ClusterBaseline['spec']>) =>
    earlierCorrections({ ...made, spec: { ...spec, ...more }, status }).length;
  expect([count({}), count({ mode: 'Enforce' }), count({ objects: [{ ...item, match: 'MustNotHave' }] })]).toEqual([
    1, 1, 0,
  ]);
});
