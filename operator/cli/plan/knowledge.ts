/**
 * What reports already say of a check on a host: those of the operator on that very host, current, under a baseline that declares the same. What no such
 * report covers is not known: it was not evaluated yet. Pure.
 */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { hostEvaluation } from '../../drift/deviceBaseline/evaluation.ts';
import { isReportOn, type ComparedCheck } from '../../drift/driftReport/report.ts';
import { digestOf } from '../../lib/digest.ts';

export const notEvaluated = 'not evaluated yet';

/** What is known of each check of a baseline on a host, in their order. */
export type Known = (device: Device, checks: readonly DeviceCheck[]) => ComparedCheck[];

/** `baselines` as they are in the cluster now, by which the reports were made. */
export function knownFrom(baselines: readonly DeviceBaseline[], reports: readonly DriftReport[], now: Date): Known {
  const byTarget = Map.groupBy(reports, ({ status }) => status?.target?.name ?? '');
  const declared = new Map(baselines.map((baseline) => [baseline, baseline.spec.checks.map(requirementOf)]));
  const digests = new Map<DeviceCheck, string>();
  const requirement = (check: DeviceCheck): string => {
    const digest = digests.get(check) ?? requirementOf(check);
    digests.set(check, digest);
    return digest;
  };
  return (device, checks) => {
    const own = byTarget.get(device.metadata.name) ?? [];
    const answers = new Map<string, ComparedCheck>();
    for (const [baseline, requirements] of declared) {
      const report = own.find((one) => isReportOn(one, device, baseline.metadata.name));
      if (!report) continue;
      const { state, findings, unlisted } = hostEvaluation({ baseline, device, report }, now);
      if (state !== 'Seen') continue;
      const byCheck = Map.groupBy(findings, ({ check }) => check);
      baseline.spec.checks.forEach(({ name }, at) => {
        const said = answerOf(byCheck.get(name) ?? [], unlisted);
        const before = answers.get(requirements[at]!);
        if (said && (!before || before.comparison.is === 'unknown')) answers.set(requirements[at]!, said);
      });
    }
    return checks.map((check) => answers.get(requirement(check)) ?? unknown);
  };
}

const unknown: ComparedCheck = { comparison: { is: 'unknown', message: notEvaluated } };

/** Of what is asked of a host, without how much it matters. */
export function requirementOf({ name: _, severity: __, controls: ___, ...requirement }: DeviceCheck): string {
  return digestOf(requirement);
}

/** A check of which the report lists nothing passes, unless there is more than it lists. */
function answerOf(findings: readonly Finding[], unlisted: number): ComparedCheck | undefined {
  const [first] = findings;
  if (!first) return unlisted > 0 ? undefined : { comparison: { is: 'known', differences: [] } };
  const failing = findings.filter(({ result }) => result === 'Fail');
  if (failing.length === 0)
    return {
      comparison: {
        is: first.result === 'NotApplicable' ? 'notApplicable' : 'unknown',
        message: first.message ?? 'no reason was given',
      },
    };
  const manual = failing.find((one) => one.manual);
  return {
    comparison: {
      is: 'known',
      differences: failing.map(({ path = '', expected = '', found = '', message }) => ({
        ...{ path, expected, actual: found },
        ...(message !== undefined && !manual && { message }),
      })),
    },
    ...(manual && { byHand: manual.message ?? 'a person has to do it' }),
  };
}
