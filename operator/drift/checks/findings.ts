/** How the comparison of a check with a host becomes findings. Pure. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { makeFinding } from '../../findings/finding.ts';
import type { Comparison } from './checkType.ts';

/** The findings of one check; none when it holds. A finding that was there before keeps its first time. */
export function findingsOf(
  check: DeviceCheck,
  comparison: Comparison,
  before: readonly Finding[],
  now: Date,
): Finding[] {
  if (comparison.is === 'known')
    return comparison.differences.map((difference) =>
      makeFinding(check, { ...difference, result: 'Fail' }, before, now),
    );
  const result = comparison.is === 'unknown' ? 'Unknown' : 'NotApplicable';
  return [makeFinding(check, { result, message: comparison.message }, before, now)];
}
