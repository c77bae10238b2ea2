import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { approvalPolicies } from '../wiring/approvalPolicies.ts';
import { guardOf, type ShippedPolicy } from './approvalPolicies.ts';

const shipped = approvalPolicies();

/** The policies as an apiserver has them, one of them changed. */
function installed(
  change: (spec: Record<string, unknown>, one: ShippedPolicy) => void = () => undefined,
  meta: object = {},
) {
  return (one: ShippedPolicy): Resource => {
    const spec = structuredClone(one.spec) as Record<string, unknown>;
    change(spec, one);
    const metadata = { name: one.name, creationTimestamp: '2026-03-01T00:00:00Z', ...meta };
    return { apiVersion: 'admissionregistration.k8s.io/v1', kind: one.kind, metadata, spec };
  };
}

test('what is shipped: for each policy a binding that denies', () => {
  const names = (kind: string) => shipped.filter((one) => one.kind === kind).map(({ name }) => name);
  expect(names('ValidatingAdmissionPolicy')).toEqual([
    'approvals.holdfast.dev',
    'not-your-own.holdfast.dev',
    'clusterbaselines.holdfast.dev',
    'policywaivers.holdfast.dev',
  ]);
  expect(names('ValidatingAdmissionPolicyBinding')).toEqual(names('ValidatingAdmissionPolicy'));
  for (const { kind, name, spec } of shipped)
    expect(spec).toMatchObject(
      kind === 'ValidatingAdmissionPolicy'
        ? { failurePolicy: 'Fail' }
        : { policyName: name, validationActions: ['Deny'] },
    );
});

test('installed as shipped, since the last of them was heeded', () => {
  expect(guardOf(shipped, installed())).toEqual({ is: 'intact', since: '2026-03-01T00:00:05Z' });
  // Empty parts, which other versions of the apiserver may add, change nothing.
  expect(
    guardOf(
      shipped,
      installed((spec) => (spec['futureSelector'] = {})),
    ).is,
  ).toBe('intact');
});

describe('broken, and said so with what to do', () => {
  test.each<[string, (one: ShippedPolicy) => Resource | undefined, RegExp]>([
    [
      'nothing is installed',
      () => undefined,
      /ValidatingAdmissionPolicy approvals.holdfast.dev is missing.* and 6 more; run `kubectl apply -f policies\/`$/,
    ],
    [
      'a binding is missing',
      (one) => (one.kind.endsWith('Binding') && one.name.startsWith('approvals') ? undefined : installed()(one)),
      /Binding approvals.holdfast.dev is missing; run `kubectl/,
    ],
    ['one is being deleted', installed(undefined, { deletionTimestamp: '2026-03-02T00:00:00Z' }), /is missing/],
    [
      'a failure lets through',
      installed((spec) => spec['failurePolicy'] && (spec['failurePolicy'] = 'Ignore')),
      /was altered/,
    ],
    [
      'a violation is only told',
      installed((spec) => spec['validationActions'] && (spec['validationActions'] = ['Warn'])),
      /was altered/,
    ],
    ['a rule is gone', installed((spec) => (spec['validations'] as unknown[] | undefined)?.pop()), /was altered/],
    [
      'a condition leaves somebody out',
      installed((spec) => spec['validations'] && (spec['matchConditions'] = [{ name: 'x', expression: 'false' }])),
      /was altered/,
    ],
    [
      'a binding leaves namespaces out',
      installed(
        (spec) => spec['policyName'] && (spec['matchResources'] = { namespaceSelector: { matchLabels: { a: 'b' } } }),
      ),
      /was altered/,
    ],
    [
      'a selector leaves objects out',
      installed(
        (spec) =>
          spec['matchConstraints'] &&
          Object.assign(spec['matchConstraints'], { objectSelector: { matchLabels: { a: 'b' } } }),
      ),
      /was altered/,
    ],
  ])('%s', (_, of, message) => {
    expect(guardOf(shipped, of)).toEqual({ is: 'broken', message: expect.stringMatching(message) });
  });

  test('none are known', () => {
    expect(guardOf([], installed())).toMatchObject({ is: 'broken' });
  });
});
