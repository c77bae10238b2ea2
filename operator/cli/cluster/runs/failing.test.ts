import { describe, expect, test } from '@jest/globals';
import {
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  motd,
  now,
  rootLogin,
} from '../../../../test/builders/drift.ts';
import { approved, makeWaiver } from '../../../../test/builders/waiver.ts';
import { selects } from '../../../api/selector.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { failingOn, specOf, type Choice } from './failing.ts';

const web01: Device = {
  ...makeDevice('web-01'),
  status: {
    conditions: [
      {
        type: 'Reachable',
        status: 'True',
        reason: 'Connected',
        message: '',
        observedGeneration: 1,
        lastTransitionTime: '',
      },
    ],
  },
};
const baseline = makeBaseline();
const bothFail = [makeFinding(motd), makeFinding(rootLogin)];

interface Case {
  readonly findings?: Finding[];
  readonly device?: Device;
  readonly baselines?: readonly DeviceBaseline[];
  readonly reports?: readonly DriftReport[];
  readonly waivers?: readonly PolicyWaiver[];
  readonly choice?: Partial<Choice>;
}

function failing({ findings = bothFail, device = web01, baselines = [baseline], waivers = [], choice, ...rest }: Case) {
  const reports = rest.reports ?? baselines.map((one) => makeReport(one, device, findings));
  const isOf = (one: DeviceBaseline, { metadata }: Device) => selects(one.spec.selector, metadata.labels);
  const fleet = { devices: [device], baselines, reports, waivers, sizeOf: () => 20, selects: isOf };
  const found = failingOn(fleet, { baseline: undefined, checks: [], ...choice }, now);
  return {
    corrects: found.correctable.map(({ baseline: { metadata }, corrections }) => [
      metadata.name,
      corrections.map(({ check }) => check),
    ]),
    left: found.left.map(({ check, why }) => [check, why]),
    found,
  };
}

describe('what is corrected', () => {
  test('is what fails', () => {
    expect(failing({})).toMatchObject({ corrects: [['rhel9', ['motd', 'sshd-no-root']]], left: [] });
  });

  test('is nothing where all of it complies', () => {
    expect(failing({ findings: [] })).toMatchObject({ corrects: [], left: [] });
  });

  test('is what was chosen, of the baseline that was chosen', () => {
    const baselines = [baseline, makeBaseline({}, 'other')];
    expect(failing({ baselines, choice: { checks: ['motd'] } }).corrects).toEqual([
      ['rhel9', ['motd']],
      ['other', ['motd']],
    ]);
    expect(failing({ baselines, choice: { baseline: 'other' } }).corrects).toEqual([
      ['other', ['motd', 'sshd-no-root']],
    ]);
  });

  test('is not what does not apply', () => {
    expect(failing({ findings: [makeFinding(motd, { result: 'NotApplicable' })] })).toMatchObject({
      corrects: [],
      left: [],
    });
  });
});

const declaration = (spec: Partial<DeviceBaseline['spec']>) => [makeBaseline(spec)];
const reportOf = (one: Partial<DriftReport['status']>) => [makeReport(baseline, web01, bothFail, one)];

describe('what is left as it is', () => {
  test.each<[string, Case, RegExp]>([
    [
      'is waived',
      { findings: [makeFinding(motd)], waivers: [approved(makeWaiver())] },
      /PolicyWaiver legacy-motd covers it/,
    ],
    [
      'is for a person',
      { findings: [makeFinding(motd, { manual: true, message: 'run visudo' })] },
      /a person has to do it: run visudo/,
    ],
    [
      'is unknown',
      { findings: [makeFinding(motd, { result: 'Unknown', message: 'no answer' })] },
      /it is unknown: no answer/,
    ],
    [
      'has a baseline that is suspended',
      { baselines: declaration({ suspend: { reason: 'x' } }) },
      /the baseline is suspended/,
    ],
    [
      'is on a Device that is suspended',
      { device: { ...web01, spec: { ...web01.spec, suspend: { reason: 'x' } } } },
      /the Device is suspended/,
    ],
    [
      'was evaluated against other checks',
      { reports: reportOf({ source: { kind: 'DeviceBaseline', name: 'rhel9', revision: 'sha256:old' } }) },
      /other checks/,
    ],
    ['has no report', { reports: [] }, /not evaluated yet/],
    [
      'has a report that somebody copied',
      { reports: [makeReport(baseline, makeDevice('web-02'), bothFail)] },
      /not evaluated yet/,
    ],
    [
      'waits for a rollout',
      { baselines: declaration({ updateStrategy: { type: 'Rollout' } }) },
      /its rollout has not given it the declared revision/,
    ],
    [
      'is on a host that does not respond',
      {
        device: {
          ...web01,
          status: { conditions: [{ ...web01.status!.conditions![0]!, status: 'False', message: 'no route' }] },
        },
      },
      /no route/,
    ],
  ])('%s', (_, one, why) => {
    const { corrects, left } = failing(one);
    expect(corrects).toEqual([]);
    expect(left).toEqual([[left[0]![0], expect.stringMatching(why)]]);
  });

  test('is waived in part: nothing of it is corrected', () => {
    const waiver = approved(makeWaiver());
    const accepted = { ...waiver, status: { ...waiver.status, accepted: [] } };
    const findings = [makeFinding(motd), makeFinding(motd, { result: 'Unknown', path: 'mode' })];
    expect(failing({ findings, waivers: [accepted] }).corrects).toEqual([]);
  });
});

describe('the run', () => {
  const specFor = (remediation: DeviceBaseline['spec']['remediation'], size = 20) => {
    const baselines = declaration({ ...(remediation && { remediation }) });
    return specOf(failing({ baselines }).found.correctable[0]!, size);
  };

  test('is one as the baseline would create it, of the failing checks on their hosts', () => {
    expect(specFor({ backend: 'Local', maxFailPercentage: 5 })).toMatchObject({
      ...{ mode: 'Apply', deviceNames: ['web-01'], backend: 'Local', maxFailPercentage: 5, serial: 2 },
      ...{ baselineRef: { name: 'rhel9' }, checks: [motd, rootLogin] },
      corrections: [
        {
          device: 'web-01',
          checks: ['motd', 'sshd-no-root'],
          drifts: expect.stringMatching(/^[0-9a-f]{12} [0-9a-f]{12}$/),
        },
      ],
    });
  });

  test('has no more hosts at once than the baseline allows', () => {
    expect(specFor({ serial: 5, maxUnavailable: 1 }).serial).toBe(1);
    expect(specFor({ serial: 1, maxUnavailable: 9 }).serial).toBe(1);
    expect(specFor(undefined, 3).serial).toBe(1);
  });

  test('keeps to the playbook of the baseline', () => {
    expect(specFor({ playbookRef: { name: 'own' } }).playbook).toEqual({ configMapRef: { name: 'own' } });
  });
});
