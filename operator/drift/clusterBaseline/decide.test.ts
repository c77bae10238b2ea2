import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import { after, now } from '../../../test/builders/drift.ts';
import { waiverDigest } from '../../findings/waiver/digest.ts';
import { cleanUpClusterBaseline, decideClusterBaseline } from './decide.ts';
import type { Plan } from '../../runtime/feature.ts';
import type { NonCompliant, ItemEvaluation } from './evaluation.ts';
import type { ClusterWorld } from './observe.ts';

const kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const item: ObjectTemplate = {
  name: 'settings',
  severity: 'High',
  template: { apiVersion: 'v1', kind: 'ConfigMap' },
};

function baseline(spec: Partial<ClusterBaselineSpec> = {}, status: ClusterBaseline['status'] = {}): ClusterBaseline {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name: 'platform', uid: 'uid-b' },
    spec: { serviceAccountRef: { namespace: 'platform', name: 'writer' }, objects: [item], ...spec },
    status,
  };
}

const object = (name = 'a') => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });

function failing(name = 'a', obstacle?: string): NonCompliant {
  return {
    is: 'fails',
    object: object(name),
    differences: [{ path: 'data.x', expected: '"1"', actual: '"2"', manager: { name: 'kubectl-edit' } }],
    fix: { kind, write: { delete: { namespace: 'shop', name }, uid: 'u' }, ...(obstacle && { obstacle }) },
  };
}

function world(nonCompliant: readonly NonCompliant[], holds = 0, more: Partial<ClusterWorld> = {}): ClusterWorld {
  return {
    guard: { is: 'intact', since: '', policies: 'sha256:1' },
    admission: { isChecked: true },
    evaluations: [{ item, holds, nonCompliant }],
    written: new Map(),
    reports: [],
    waivers: [],
    prunable: [],
    ...more,
  };
}

/** A waiver of the template on ConfigMap a, approved and in effect until some seconds after now. */
function waiver(seconds: number): PolicyWaiver {
  const spec: PolicyWaiver['spec'] = {
    source: { kind: 'ClusterBaseline', name: 'platform' },
    checks: ['settings'],
    targets: { names: ['a'], namespaces: ['shop'] },
    reason: 'migration',
    requestedBy: 'alice',
    expiryTime: after(seconds),
  };
  const approved = { digest: waiverDigest(spec), time: after(-60) };
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'PolicyWaiver',
    metadata: { name: 'exception', namespace: 'platform' },
    spec,
    status: { approved },
  };
}

/** What is written with the rights of the account. */
function writesOf({ afterStatus = [] }: Plan<ClusterBaseline>) {
  return afterStatus.filter((action) => action.do === 'writeAs');
}

describe('how a cluster stands', () => {
  test.each<[string, ClusterWorld, string, RegExp, object]>([
    ['all objects hold', world([], 3), 'True', /^3 objects comply$/, { total: 3, compliant: 3 }],
    [
      'one differs',
      world([failing()], 2),
      'False',
      /^1 of 3 objects drifted: configmap\/shop\/a \(settings\); see `kubectl get driftreports -n platform -l/,
      { drifted: 1 },
    ],
    [
      'an answer is not known: unknown is never compliant',
      world([{ is: 'unknown', message: 'no right; grant it' }], 2),
      'Unknown',
      /^1 object unknown: settings: no right; grant it; see `kubectl get driftreports/,
      { total: 3, unknown: 1 },
    ],
    [
      'one differs and another is not known',
      world([failing(), { is: 'unknown', message: 'no right' }]),
      'False',
      /1 of 2 objects drifted.*; 1 object unknown/,
      { drifted: 1, unknown: 1 },
    ],
    [
      'what differs is waived: not drift, and not counted as compliant',
      world([failing()], 2, { waivers: [waiver(100)] }),
      'True',
      /^3 objects comply, 1 by waiver$/,
      { compliant: 2, waived: 1, drifted: 0 },
    ],
    [
      'the waiver is over at this very instant',
      world([failing()], 2, { waivers: [waiver(0)] }),
      'False',
      /drifted/,
      { waived: 0, drifted: 1 },
    ],
  ])('when %s', (_, seen, status, message, counts) => {
    const plan = decideClusterBaseline(baseline(), seen, now);
    expect(plan.conditions?.['Compliant']).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(plan.status.objects).toMatchObject(counts);
  });

  test('nothing is known or done while the apiserver does not check who may act as the account', () => {
    const guard = { is: 'broken', message: 'missing; kubectl apply -f policies/' } as const;
    const enforcing = baseline({ mode: 'Enforce' });
    const plan = decideClusterBaseline(enforcing, world([failing()], 0, { guard }), now);
    expect(plan).toMatchObject({ outcome: { is: 'waiting', reason: 'AccountPolicyMissing' }, actions: [] });
    expect(plan.afterStatus).toEqual([]);
    expect(plan.conditions?.['Compliant']).toMatchObject({ status: 'Unknown', message: guard.message });
  });

  test('a waived finding stays a finding, with the name of its waiver, after all others', () => {
    const { status } = decideClusterBaseline(
      baseline(),
      world([failing('a'), failing('b')], 0, { waivers: [waiver(100)] }),
      now,
    );
    expect(status.findings).toMatchObject([
      { object: { name: 'b' }, path: 'data.x', manager: { name: 'kubectl-edit' } },
      { object: { name: 'a' }, waiver: 'exception', result: 'Fail' },
    ]);
  });

  test('findings are bounded, and how many there are is told', () => {
    const many = Array.from({ length: 130 }, (_, at) => failing(`s-${at}`));
    const { status } = decideClusterBaseline(baseline(), world(many), now);
    expect(status.findings).toHaveLength(10);
    expect(status).toMatchObject({ moreFindings: 30, objects: { drifted: 130 } });
  });

  test('the same answer is not written anew', () => {
    const first = decideClusterBaseline(baseline(), world([failing()]), now).status;
    const later = new Date(now.getTime() + 60_000);
    expect(decideClusterBaseline(baseline({}, first), world([failing()]), later).status).toEqual(first);
  });

  test('it is looked at again when a waiver ends', () => {
    const { outcome } = decideClusterBaseline(baseline(), world([failing()], 0, { waivers: [waiver(30)] }), now);
    expect(outcome).toMatchObject({ is: 'ready', recheckAfter: 30 / 1.1 });
  });

  test('a declaration that cannot be right stalls, and the rest is evaluated', () => {
    const invalid: ItemEvaluation = {
      item,
      holds: 0,
      nonCompliant: [{ is: 'unknown', message: 'wrong' }],
      invalid: 'template settings: wrong',
    };
    const { outcome, status } = decideClusterBaseline(
      baseline(),
      { ...world([failing()]), evaluations: [invalid, ...world([failing()]).evaluations] },
      now,
    );
    expect(outcome).toMatchObject({ is: 'stalled', message: 'template settings: wrong' });
    expect(status.objects).toMatchObject({ drifted: 1, unknown: 1 });
  });
});

describe('what is corrected', () => {
  const enforcing = (status: ClusterBaseline['status'] = {}, spec: Partial<ClusterBaselineSpec> = {}) =>
    baseline({ mode: 'Enforce', ...spec }, status);

  test('in mode Inform: nothing', () => {
    expect(writesOf(decideClusterBaseline(baseline(), world([failing()]), now))).toEqual([]);
  });

  test('in mode Enforce: what differs, after the status that records it', () => {
    const plan = decideClusterBaseline(enforcing(), world([failing()]), now);
    expect(plan.actions).toEqual([]);
    expect(writesOf(plan)).toMatchObject([{ as: { namespace: 'platform', name: 'writer' } }]);
    expect(plan.status.corrections).toMatchObject([{ check: 'settings', target: 'configmap/shop/a', rounds: 1 }]);
    expect(plan.notes).toMatchObject([{ reason: 'Corrected', message: 'corrected configmap/shop/a' }]);
  });

  test('what is waived is left alone, until the very instant at which the waiver ends', () => {
    const left = (seconds: number) =>
      writesOf(decideClusterBaseline(enforcing(), world([failing()], 0, { waivers: [waiver(seconds)] }), now)).length;
    expect([left(0.001), left(0)]).toEqual([0, 1]);
  });

  test('what the account may not write is told, and not tried', () => {
    const plan = decideClusterBaseline(enforcing(), world([failing('a', 'grant it')]), now);
    expect(writesOf(plan)).toEqual([]);
    expect(plan.conditions?.['CorrectionBlocked']).toMatchObject({ message: 'settings, configmap/shop/a: grant it' });
    expect(plan.status.findings).toMatchObject([{ message: 'grant it' }]);
  });

  test('nothing outside the window, and why is told', () => {
    const plan = decideClusterBaseline(enforcing({}, { windowRef: { name: 'gone' } }), world([failing()]), now);
    expect(writesOf(plan)).toEqual([]);
    expect(plan.conditions?.['WaitsForWindow']?.message).toMatch(
      /MaintenanceWindow gone, which does not exist; create/,
    );
  });
});

describe('what goes with the baseline', () => {
  const prunable = ['a', 'b', 'c'].map((name) => ({ kind, key: { namespace: 'shop', name }, uid: name }));

  test('goes so many at a time', () => {
    const plan = cleanUpClusterBaseline(baseline({ maxDeletions: 2 }), world([], 0, { prunable }));
    expect(plan.actions).toMatchObject([{ write: { uid: 'a' } }, { write: { uid: 'b' } }]);
    expect(plan.outcome.is).toBe('progressing');
  });
  test('and then the baseline itself', () => {
    expect(cleanUpClusterBaseline(baseline(), world([]))).toMatchObject({ outcome: { is: 'ready' }, actions: [] });
  });
  test('is waited for when it is not known, with a way out', () => {
    const { outcome } = cleanUpClusterBaseline(baseline(), world([], 0, { prunable: 'no right' }));
    expect(outcome).toMatchObject({ is: 'waiting', message: expect.stringMatching(/no right.*prune: Keep/) });
  });
});
