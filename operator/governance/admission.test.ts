import { describe, expect, test } from '@jest/globals';
import type { AdmissionRecord } from '../api/v1alpha1/shared.ts';
import { now } from '../../test/builders/drift.ts';
import { seconds } from '../../test/builders/waiver.ts';
import { admissionOf, isNewlyUnchecked, untilHeeded } from './admission.ts';
import type { Guard } from './approvalPolicies.ts';

const guard: Guard = { is: 'intact', since: seconds(-60), policies: 'sha256:a' };
const broken: Guard = { is: 'broken', message: 'missing' };
const record = (version: string, checked: boolean, policies = 'sha256:a'): AdmissionRecord => ({
  version,
  checked,
  policies,
});

/** Made long before the policies. */
function seen(version: string, before?: AdmissionRecord, under: Guard = guard, created = seconds(-3600)) {
  const { isChecked, record: after } = admissionOf(
    { metadata: { creationTimestamp: created }, version, ...(before && { before }) },
    under,
    now,
  );
  return [isChecked, after];
}

describe('what was written', () => {
  test.each<[string, ReturnType<typeof seen>, boolean, AdmissionRecord | undefined]>([
    ['after the policies applied', seen('1', undefined, guard, seconds(-60)), true, record('1', true)],
    ['a second before they certainly applied', seen('1', undefined, guard, seconds(-61)), false, record('1', false)],
    ['before, and is looked at again', seen('1', record('1', false)), false, record('1', false)],
    ['before, and was written again', seen('2', record('1', false)), true, record('2', true)],
    [
      'under policies that were made again since',
      seen('1', record('1', true, 'sha256:b')),
      true,
      record('1', true, 'sha256:b'),
    ],
    [
      'while they were away, and they are another now',
      seen('2', record('1', true, 'sha256:b')),
      false,
      record('2', false),
    ],
    ['before, twice, while they were away', seen('2', record('1', false, 'sha256:b')), false, record('2', false)],
    ['and checked, with the policies gone', seen('1', record('1', true), broken), true, record('1', true)],
    ['with the policies gone', seen('2', record('1', true), broken), false, record('1', true)],
    ['with no policies yet', seen('1', undefined, broken), false, undefined],
    [
      'before, with policies that do not certainly apply yet',
      seen('1', undefined, { ...guard, since: seconds(4) }),
      false,
      undefined,
    ],
  ])('%s', (_, [isChecked, after], expected, recorded) => {
    expect([isChecked, after]).toEqual([expected, recorded]);
  });
});

test('a record that says unchecked for the first time is one to make sure of', () => {
  const unchecked = record('1', false);
  expect(isNewlyUnchecked({ isChecked: false, record: unchecked }, undefined)).toBe(true);
  expect(isNewlyUnchecked({ isChecked: false, record: unchecked }, unchecked)).toBe(false);
  expect(isNewlyUnchecked({ isChecked: false }, undefined)).toBe(false);
  expect(isNewlyUnchecked({ isChecked: true, record: record('1', true) }, undefined)).toBe(false);
});

test('how long until what is written is checked for certain', () => {
  expect(untilHeeded({ ...guard, since: seconds(4) }, now)).toBe(4);
  expect(untilHeeded(guard, now)).toBeUndefined();
  expect(untilHeeded(broken, now)).toBeUndefined();
});
