/** Baselines beside other writers, pass after pass: what others have reported of the tools that they correct drift with. */
import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import { decideClusterBaseline } from './decide.ts';
import { placeId } from './evaluation.ts';

const kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const item: ObjectTemplate = { name: 'item', severity: 'High', template: { apiVersion: 'v1', kind: 'ConfigMap' } };
const declared: ClusterBaselineSpec = {
  mode: 'Enforce',
  serviceAccountRef: { namespace: 'platform', name: 'writer' },
  objects: [item],
};

/** What happens in so many seconds, before the baseline looks: it is written, by itself or by the other; or nothing is known of it. */
interface Step {
  readonly seconds: number;
  readonly is: 'drifted' | 'complies' | 'unknown';
  readonly spec?: Partial<ClusterBaselineSpec>;
  /** The last write was refused, or it is not known what became of it, because the operator was restarted. */
  readonly isLost?: true;
}

/** After each step, what was done: `w` a write, `C` contended, `F` failed, `-` nothing. */
function played(steps: readonly Step[]): string {
  let [seconds, lastWrite] = [0, Number.NaN];
  let status: ClusterBaseline['status'] = {};
  return steps
    .map(({ seconds: more, is, spec, isLost }) => {
      seconds += more;
      const now = new Date(Date.UTC(2026, 10, 26, 0, 0, seconds));
      const baseline: ClusterBaseline = {
        apiVersion: 'holdfast.dev/v1alpha1',
        kind: 'ClusterBaseline',
        metadata: { name: 'b' },
        spec: { ...declared, ...spec },
        status,
      };
      const differs = { path: 'data.x', expected: '1', actual: '2', manager: { name: 'other' } };
      const fix = { kind, write: { patch: [], key: { namespace: 'shop', name: 'a' }, manager: 'holdfast:b' } };
      const isAccepted = !isLost && !Number.isNaN(lastWrite);
      const plan = decideClusterBaseline(
        baseline,
        {
          guard: { is: 'intact', since: '', policies: 'sha256:1' },
          admission: { isChecked: true },
          evaluations: [
            {
              item,
              holds: is === 'complies' ? 1 : 0,
              nonCompliant: {
                complies: [],
                unknown: [{ is: 'unknown' as const, object, message: 'no right' }],
                drifted: [{ is: 'fails' as const, object, differences: [differs], fix }],
              }[is],
            },
          ],
          accepted: new Map(
            isAccepted ? [[placeId({ check: 'item', target: 'configmap/shop/a' }), new Date(lastWrite)]] : [],
          ),
          reports: [],
          waivers: [],
          prunable: [],
        },
        now,
      );
      status = plan.status;
      const isWritten = (plan.afterStatus ?? []).some((action) => action.do === 'writeAs');
      if (isWritten) lastWrite = now.getTime();
      if (plan.conditions?.['Contended']) return 'C';
      if (isWritten) return 'w';
      return plan.conditions?.['CorrectionFailed'] ? 'F' : '-';
    })
    .join('');
}

const times = (count: number, ...steps: Step[]): Step[] => Array.from({ length: count }, () => steps).flat();
const drifted = (seconds: number): Step => ({ seconds, is: 'drifted' });
const complies = (seconds: number): Step => ({ seconds, is: 'complies' });
const lost = (seconds: number): Step => ({ seconds, is: 'drifted', isLost: true });

describe('a writer that puts its value back', () => {
  test.each<[string, readonly Step[], string]>([
    ['20 times a second', times(6, drifted(1)), 'wwCCCC'],
    ['every three minutes, as GitOps tools do', times(4, drifted(1), complies(1), complies(178)), 'w--w--C--C--'],
    ['after each reboot', times(4, drifted(1), complies(1), complies(36_000)), 'w--'.repeat(4)],
    ['every fifteen minutes', times(4, drifted(1), complies(1), complies(899)), 'w--'.repeat(4)],
    ['while nothing is known in between', times(3, drifted(1), { seconds: 1, is: 'unknown' }), 'w-w-C-'],
  ])('%s', (_, steps, expected) => {
    expect(played(steps)).toBe(expected);
  });

  test('is left alone for days, also while its value is there all the time', () => {
    expect(played([...times(3, drifted(1)), ...times(3, drifted(86_400))])).toBe('wwCCCC');
  });
  test('is corrected again once it has stopped for ten minutes', () => {
    expect(played([...times(3, drifted(1)), complies(60), drifted(1), complies(1), complies(600), drifted(1)])).toBe(
      'wwC-C--w',
    );
  });
  test('is corrected again when the checks change, and not when the mode does', () => {
    const informing: Step = { ...drifted(1), spec: { mode: 'Inform' } };
    const changed: Step = { ...drifted(1), spec: { objects: [{ ...item, severity: 'Low' }] } };
    expect(played([...times(3, drifted(1)), informing, drifted(1), changed])).toBe('wwC-Cw');
  });
  test('is noticed although the operator is restarted in between', () => {
    expect(played([drifted(1), complies(1), drifted(1), lost(1), lost(30), complies(1), drifted(1), drifted(1)])).toBe(
      'w-w-w-wC',
    );
  });
});

describe('writes that are refused', () => {
  test('are made again after 30 s and 5 min, then every hour, and are no contention', () => {
    const steps = [lost(1), lost(29), lost(1), lost(299), lost(1), lost(1), lost(3598), lost(1), lost(3599), lost(1)];
    expect(played(steps)).toBe('w-w-wFFwFw');
  });
  test('count from the beginning once one was accepted and has lasted', () => {
    const failing = [lost(1), lost(30), lost(300), lost(1)];
    expect(played([...failing, complies(10), complies(600), ...failing])).toBe('wwwF--wwwF');
  });
});
