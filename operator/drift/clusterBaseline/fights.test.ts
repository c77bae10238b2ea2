/** Baselines beside other writers, pass after pass: what others have reported of the tools that they correct drift with. */
import { describe, expect, test } from '@jest/globals';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import { decideClusterBaseline } from './decide.ts';
import type { WriteOutcome } from '../../runtime/feature.ts';
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
  /** It is not known what became of the last write, because the operator was restarted. */
  readonly isLost?: true;
  /** What the apiserver answered to the last write, where it did not accept it. */
  readonly outcome?: Outcome;
}

type Outcome = { [K in WriteOutcome['is']]: Omit<Extract<WriteOutcome, { is: K }>, 'time'> }[WriteOutcome['is']];

const place = placeId({ check: 'item', target: 'configmap/shop/a' });

/** After each step, what was done: `w` a write, `C` contended, `F` failed, `-` nothing. */
function played(steps: readonly Step[]): string {
  let [seconds, lastWrite] = [0, Number.NaN];
  let status: ClusterBaseline['status'] = {};
  return steps
    .map(({ seconds: more, is, spec, isLost, outcome }) => {
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
          written: new Map(
            isAccepted || outcome ? [[place, { ...(outcome ?? { is: 'accepted' }), time: new Date(lastWrite) }]] : [],
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
const ended = (seconds: number, outcome: Outcome | undefined): Step => ({
  seconds,
  is: 'drifted',
  isLost: true,
  ...(outcome && { outcome }),
});
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
      'w-w-w-CC',
    );
  });
});

describe('writes that are refused', () => {
  const no = (seconds: number): Step => ended(seconds, { is: 'refused', status: 403, message: 'no' });
  test('are made again after 30 s and 5 min, then every hour, and are no contention', () => {
    const steps = [drifted(1), no(29), no(1), no(299), no(1), no(1), no(3598), no(1), no(3599), no(1)];
    expect(played(steps)).toBe('w-w-wFFwFw');
  });
  test('count from the beginning once one was accepted and has lasted', () => {
    const failing = [no(30), no(300), no(1)];
    const steps = [drifted(1), ...failing, complies(10), complies(600), drifted(1), ...failing];
    expect(played(steps)).toBe('wwwF--wwwF');
  });
});

describe('writes on which nobody decided', () => {
  const refused = (status: number, message: string): Outcome => ({ is: 'refused', status, message });
  const busy = refused(429, 'too many requests, please try again later');
  const conflict = refused(409, 'Operation cannot be fulfilled on configmaps "a": the object has been modified');
  test.each<[string, Outcome | undefined]>([
    ['an apiserver that is busy', busy],
    ['a webhook that does not respond', refused(500, 'failed calling webhook "w": context deadline exceeded')],
    ['a CRD that is installed again', refused(404, 'the server could not find the requested resource')],
    ['no answer', { is: 'unanswered' }],
    ['an operator that was killed', undefined],
  ])('%s: are made again every 30 s, and never count', (_, outcome) => {
    const steps = times(5, ended(1, outcome), ended(29, outcome));
    expect(played([drifted(1), ...steps])).toBe(`w${'-w'.repeat(5)}`);
  });
  test.each<[string, Outcome]>([
    ['an object that is another by then', conflict],
    ['a write that was not begun', { is: 'skipped' }],
  ])('%s: are made again at once, and never count', (_, outcome) => {
    expect(played([drifted(1), ...times(6, ended(1, outcome))])).toBe('wwwwwww');
  });
  test('leave the count of refusals as it is', () => {
    const no = refused(403, 'no');
    // Written; refused once, tried after 30 s, nobody decided, tried after 30 s, refused twice, tried after 5 min, refused three times.
    const steps = [
      ended(1, no),
      ended(29, no),
      ended(1, busy),
      ended(29, busy),
      ended(1, no),
      ended(299, no),
      ended(1, no),
    ];
    expect(played([drifted(1), ...steps])).toBe('w-w-w-wF');
  });
});
