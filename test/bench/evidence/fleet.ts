/** Hosts with a report each, as the cache has them: ten findings of different checks in each. */
import type { DeviceBaseline } from '../../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../../operator/api/v1alpha1/deviceCheck.ts';
import type { Finding } from '../../../operator/api/v1alpha1/finding.ts';
import type { Resource, Severity } from '../../../operator/api/v1alpha1/shared.ts';
import { reportName } from '../../../operator/drift/driftReport/report.ts';
import { after, makeBaseline, makeReport } from '../../builders/drift.ts';
import { seen } from '../../builders/sections.ts';

export const findingsEach = 10;
const severities: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];

const checks: readonly DeviceCheck[] = Array.from({ length: 20 }, (_, at) => ({
  name: `cis-${5 + Math.floor(at / 10)}-${(at % 10) + 1}-permissions`,
  severity: severities[at % severities.length]!,
  controls: [`cis:5.2.${at + 1}`, `nist-800-53:CM-6`, `nist-800-53:AC-6(${at + 1})`],
  file: { path: `/etc/security/limits.d/${at}-defaults.conf`, mode: '0644' },
}));

export const baseline: DeviceBaseline = makeBaseline({ checks: [...checks] });

export function hostName(index: number): string {
  return `web-${String(index).padStart(5, '0')}.eu-central`;
}

export function* objectsOf(findings: number): Iterable<Resource> {
  yield baseline;
  for (let index = 0; index < Math.ceil(findings / findingsEach); index += 1) {
    const device = seen(hostName(index), { os: 'rhel9' });
    yield device;
    const report = makeReport(baseline, device, findingsOf(index));
    yield { ...report, metadata: { ...report.metadata, name: reportName(baseline.metadata.name, hostName(index)) } };
  }
}

/** Some of the checks fail, others on the next host; one in ten findings says that something is not known. */
function findingsOf(index: number): Finding[] {
  return Array.from({ length: findingsEach }, (_, at): Finding => {
    const check = checks[(index + at * 2) % checks.length]!;
    const { name, severity = 'Medium', controls = [] } = check;
    const common = { check: name, severity, controls: controls.join(', '), since: after(-86_400 - index * 7 - at) };
    if (at === findingsEach - 1)
      return {
        ...common,
        result: 'Unknown',
        message: `${check.file?.path} cannot be read: the volume does not respond`,
      };
    return {
      ...common,
      result: 'Fail',
      path: 'mode',
      expected: '0644, owner root, group root',
      found: `0${666 - (index % 3)}, owner deploy, group deploy-${index % 40}`,
    };
  });
}
