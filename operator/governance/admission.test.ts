import { describe, expect, test } from '@jest/globals';
import type { AdmissionRecord } from '../api/v1alpha1/shared.ts';
import { now } from '../../test/builders/drift.ts';
import { seconds } from '../../test/builders/waiver.ts';
import { admissionOf, isNewlyUnchecked, unheeded, untilHeeded } from './admission.ts';
import type { Guard } from './approvalPolicies.ts';

const guard: Guard = { is: 'intact', since: seconds(-60), policies: 'sha256:a' };
const broken: Guard = { is: 'broken', message: 'missing' };
/** `generation` and what it says. */
type Version = readonly [number, string];
const [first, second]: Version[] = [
  [1, 'a'],
  [2, 'b'],
];
const record = ([generation, digest]: Version, checked: boolean, policies = 'sha256:a'): AdmissionRecord => ({
  generation,
  digest,
  checked,
  policies,
});

/** Made long before the policies. */
function seen([generation, digest]: Version, before?: AdmissionRecord, under: Guard = guard, created = seconds(-3600)) {
  const { isChecked, record: after } = admissionOf(
    { metadata: { creationTimestamp: created, generation }, digest, ...(before && { before }) },
    under,
    now,
  );
  return [isChecked, after];
}

describe('what was written', () => {
  test.each<[string, ReturnType<typeof seen>, boolean, AdmissionRecord | undefined]>([
    ['after the policies applied', seen(first!, undefined, guard, seconds(-60)), true, record(first!, true)],
    [
      'a second before they certainly applied',
      seen(first!, undefined, guard, seconds(-61)),
      false,
      record(first!, false),
    ],
    ['before, and is looked at again', seen(first!, record(first!, false)), false, record(first!, false)],
    [
      'before, and was deleted, or written with other digits',
      seen([2, 'a'], record(first!, false)),
      false,
      record(first!, false),
    ],
    ['before, and has a new default', seen([1, 'b'], record(first!, false)), false, record(first!, false)],
    [
      'and checked, and has a new default',
      seen([1, 'b'], record(first!, true, 'sha256:b')),
      true,
      record(first!, true, 'sha256:b'),
    ],
    ['before, and was written again', seen(second!, record(first!, false)), true, record(second!, true)],
    [
      'under policies that were made again since',
      seen(first!, record(first!, true, 'sha256:b')),
      true,
      record(first!, true, 'sha256:b'),
    ],
    [
      'while they were away, and they are another now',
      seen(second!, record(first!, true, 'sha256:b')),
      false,
      record(second!, false),
    ],
    [
      'before, twice, while they were away',
      seen(second!, record(first!, false, 'sha256:b')),
      false,
      record(second!, false),
    ],
    ['and checked, with the policies gone', seen(first!, record(first!, true), broken), true, record(first!, true)],
    ['with the policies gone', seen(second!, record(first!, true), broken), false, record(first!, true)],
    ['with no policies yet', seen(first!, undefined, broken), false, undefined],
    [
      'before, with policies that do not certainly apply yet',
      seen(first!, undefined, { ...guard, since: seconds(4) }),
      false,
      undefined,
    ],
  ])('%s', (_, [isChecked, after], expected, recorded) => {
    expect([isChecked, after]).toEqual([expected, recorded]);
  });
});

test('a record that says unchecked for the first time is one to make sure of', () => {
  const unchecked = record(first!, false);
  expect(isNewlyUnchecked({ isChecked: false, record: unchecked }, undefined)).toBe(true);
  expect(isNewlyUnchecked({ isChecked: false, record: unchecked }, unchecked)).toBe(false);
  expect(isNewlyUnchecked({ isChecked: false }, undefined)).toBe(false);
  expect(isNewlyUnchecked({ isChecked: true, record: record(first!, true) }, undefined)).toBe(false);
});

test('how long until what is written is checked for certain', () => {
  expect(untilHeeded({ ...guard, since: seconds(4) }, now)).toBe(4);
  expect(untilHeeded(guard, now)).toBeUndefined();
  expect(untilHeeded(broken, now)).toBeUndefined();
});

test('the operator is not ready before new policies are heeded, whatever the clock says', () => {
  expect(unheeded({ ...guard, since: seconds(4) }, now)).toEqual(['the admission policies are new and apply in 4 s']);
  expect(unheeded({ ...guard, since: seconds(3600) }, now)).toEqual([]);
  expect(unheeded(guard, now)).toEqual([]);
  expect(unheeded(broken, now)).toEqual([]);
});
