import { describe, expect, test } from '@jest/globals';
import { fingerprintOf } from '../../api/fingerprint.ts';
import type { DeviceBaseline, DeviceBaselineSpec } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport, DriftReportStatus } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import {
  after,
  havingCreated,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  motd,
  now,
  rootLogin,
} from '../../../test/builders/drift.ts';
import { approved, makeWaiver } from '../../../test/builders/waiver.ts';
import { attemptsAt } from '../attempts.ts';
import { hostCorrections } from '../corrections.ts';
import { revisionOf } from '../driftReport/report.ts';
import { unwantedReason, whyUnwanted } from './wanted.ts';

const enforcing = makeBaseline({ mode: 'Enforce' });
const drift = makeFinding(motd);
const correction = { device: 'web-01', check: 'motd', attempt: 1, drift: 'd' };
const run = makeRun('rhel9-1', { revision: revisionOf(enforcing), corrections: hostCorrections([correction]) });

function why(
  spec: Partial<DeviceBaselineSpec> = {},
  waivers: readonly PolicyWaiver[] = [],
  more: Partial<DeviceBaseline> = {},
  report: DriftReport | undefined = makeReport(enforcing, makeDevice(), [drift]),
) {
  const baseline = { ...havingCreated({ ...enforcing, spec: { ...enforcing.spec, ...spec } }, [run]), ...more };
  const device = makeDevice();
  return whyUnwanted(run, { baseline, waivers, deviceOf: () => device, reportOn: () => report }, now);
}

const inForce = approved(makeWaiver());
const reporting = (...[findings, status]: [Finding[], Partial<DriftReportStatus>?]) =>
  makeReport(enforcing, makeDevice(), findings, status);
const unknown = makeFinding(motd, { result: 'Unknown' });

describe('a correction that has not begun', () => {
  test.each<[string, string | undefined, string | undefined]>([
    ['is wanted as long as nothing changes', why(), undefined],
    [
      'is not, when only its baseline reports',
      why({ mode: 'Inform' }),
      'DeviceBaseline rhel9 is no longer in mode Enforce',
    ],
    ['is not, when its baseline is suspended', why({ suspend: { reason: 'x' } }), 'DeviceBaseline rhel9 is suspended'],
    [
      'is not, when its checks are others',
      why({ checks: [rootLogin] }),
      'the checks of DeviceBaseline rhel9 have changed',
    ],
    [
      'is not, when its baseline goes',
      why({}, [], { metadata: { ...enforcing.metadata, deletionTimestamp: after(0) } }),
      'DeviceBaseline rhel9 is being deleted',
    ],
    ['is not, when what it would correct is waived since', why({}, [inForce]), 'motd on web-01 is waived'],
    ['is, when a waiver is only asked for', why({}, [makeWaiver()]), undefined],
    ['is, when another check is waived', why({}, [approved(makeWaiver({ checks: ['sshd-no-root'] }))]), undefined],
    [
      'is, when another value is waived',
      why({}, [
        approved(makeWaiver(), {
          accepted: [{ target: 'web-01', check: 'motd', fingerprint: fingerprintOf({ ...drift, found: 'c' }) }],
        }),
      ]),
      undefined,
    ],
    [
      'is not, when what it would correct no longer fails',
      why({}, [], {}, reporting([makeFinding(rootLogin)])),
      'motd on web-01 no longer fails',
    ],
    ['is, when that is not known', why({}, [], {}, reporting([unknown])), undefined],
    ['is, when the host was not evaluated', why({}, [], {}, reporting([], { observedTime: '' })), undefined],
    ['is, when the report does not show everything', why({}, [], {}, reporting([], { moreFindings: 7 })), undefined],
    ['is, when only a part of it is waived', why({}, [inForce], {}, reporting([drift, unknown])), undefined],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });

  test('is wanted, when there is no report', () => {
    const baseline = havingCreated(enforcing, [run]);
    const wanting = { baseline, waivers: [inForce], deviceOf: () => makeDevice(), reportOn: () => undefined };
    expect(whyUnwanted(run, wanting, now)).toBeUndefined();
  });

  test('that nobody but a person asked for is wanted', () => {
    expect(
      whyUnwanted(
        run,
        { baseline: makeBaseline(), waivers: [], deviceOf: () => undefined, reportOn: () => undefined },
        now,
      ),
    ).toBeUndefined();
  });

  test('and no longer is wanted, is no attempt', () => {
    const ended = (reason: string) => ({
      ...run,
      status: {
        completionTime: after(-5),
        conditions: [
          { type: 'Succeeded', status: 'False' as const, reason, message: '', lastTransitionTime: after(-5) },
        ],
      },
    });
    expect(attemptsAt('web-01', 'motd', [ended(unwantedReason)])).toEqual([]);
    expect(attemptsAt('web-01', 'motd', [ended('NotStarted')])).toHaveLength(1);
  });
});
