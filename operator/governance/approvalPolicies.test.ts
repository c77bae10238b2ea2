import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../api/v1alpha1/shared.ts';
import { approvalPolicies } from '../wiring/approvalPolicies.ts';
import type { Reader } from '../runtime/feature.ts';
import { guardOf, readGuard, type ShippedPolicy } from './approvalPolicies.ts';

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
    'approvals-deletion.holdfast.dev',
    'not-your-own.holdfast.dev',
    'not-your-own-rollout.holdfast.dev',
    'clusterbaselines.holdfast.dev',
    'devicebaselines.holdfast.dev',
    'evidencestores.holdfast.dev',
    'evidencepacks.holdfast.dev',
    'evidenceexports.holdfast.dev',
    'policywaivers.holdfast.dev',
    'status.holdfast.dev',
    'driftreports.holdfast.dev',
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
  expect(guardOf(shipped, installed())).toEqual({
    is: 'intact',
    since: '2026-03-01T00:00:05Z',
    policies: expect.stringMatching(/^sha256:/),
  });
  // Empty parts, which other versions of the apiserver may add, change nothing.
  expect(
    guardOf(
      shipped,
      installed((spec) => (spec['futureSelector'] = {})),
    ).is,
  ).toBe('intact');
});

describe('one that was altered', () => {
  const altered = (managedFields: object[], generation = 2) => installed(undefined, { generation, managedFields });

  test('and restored is in force since it was written last; a status of it is not counted', () => {
    const entries = [
      { manager: 'kubectl', time: '2026-03-02T00:00:00Z' },
      { manager: 'kube-controller-manager', time: '2026-03-03T00:00:00Z', subresource: 'status' },
    ];
    expect(guardOf(shipped, altered(entries))).toMatchObject({ is: 'intact', since: '2026-03-02T00:00:05Z' });
    expect(guardOf(shipped, altered(entries, 1))).toMatchObject({ is: 'intact', since: '2026-03-01T00:00:05Z' });
  });

  test('is another from then on, and so is one that was made again', () => {
    const policies = [installed(), altered([{ time: '2026-03-02T00:00:00Z' }]), installed(undefined, { uid: 'b' })].map(
      (of) => (guardOf(shipped, of) as { policies: string }).policies,
    );
    expect(new Set(policies).size).toBe(3);
  });

  test('nobody knows when: then it is broken', () => {
    expect(guardOf(shipped, altered([]))).toMatchObject({
      is: 'broken',
      message: expect.stringMatching(/was altered at an unknown time, so delete it first.*run `kubectl/),
    });
  });

  test('is asked from the apiserver, which alone has its managed fields, once', async () => {
    const [one] = shipped;
    const seen = altered([])(one!);
    let fetches = 0;
    const live = altered([{ time: '2026-03-02T00:00:00Z' }])(one!);
    const read = {
      get: () => seen,
      fetch: () => Promise.resolve((fetches += 1) ? live : undefined),
    } as unknown as Pick<Reader, 'get' | 'fetch'>;
    for (let round = 0; round < 3; round += 1)
      expect(await readGuard([one!], read, AbortSignal.timeout(1000))).toMatchObject({ since: '2026-03-02T00:00:05Z' });
    expect(fetches).toBe(1);
  });
});

describe('broken, and said so with what to do', () => {
  test.each<[string, (one: ShippedPolicy) => Resource | undefined, RegExp]>([
    [
      'nothing is installed',
      () => undefined,
      /ValidatingAdmissionPolicy approvals.holdfast.dev is missing.* and 22 more; run `kubectl apply -f policies\/`$/,
    ],
    [
      'a binding is missing',
      (one) => (one.kind.endsWith('Binding') && one.name === 'approvals.holdfast.dev' ? undefined : installed()(one)),
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
