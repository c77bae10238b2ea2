/** How a baseline stands over its hosts, and, in mode Enforce, the next correction. Pure. */
import type { Device } from '../../api/v1alpha1/device.ts';
import type { Assignment } from '../../api/v1alpha1/assignment.ts';
import type { DeviceBaseline, DeviceCounts } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DomainConditions, Plan } from '../../runtime/feature.ts';
import { isSuspended } from '../../api/suspension.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { compliance } from '../../findings/compliance.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { nextChangeOfAny } from '../../findings/waiver/waiverFor.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { contradictionsAmong, type Contradiction } from '../contradictions.ts';
import { lastNumber, latestOf, recordOf } from '../ownRuns.ts';
import { lostRevision } from '../revision/kept.ts';
import { correct, endedRuns } from './correct.ts';
import { creationOf } from './creation.ts';
import type { BaselineWorld } from './observe.ts';
import { keepingOf, versionsOf, type Versions } from './revisions.ts';
import { deviceSubject } from './source.ts';
import { hostComplianceOf, worstFirst, type HostCompliance } from './hostCompliance.ts';
import { contradictionCondition } from './told.ts';

/** With more, `kubectl describe` of a baseline is longer than a screen. */
const mostWorst = 5;
const recheckSeconds = 600;

export function decideBaseline(baseline: DeviceBaseline, world: BaselineWorld, now: Date): Plan<DeviceBaseline> {
  const versions = versionsOf(baseline, world, now);
  const hosts = worstFirst(world.devices.map((device) => standingOf(device, { baseline, world, versions }, now)));
  const devices = countsOf(hosts);
  const contradictions = contradictionsOf(baseline, world, versions, now);
  const correction =
    baseline.spec.mode === 'Enforce' ? correct(baseline, world, { hosts, contradictions, versions }, now) : undefined;
  const keeping = keepingOf(baseline, world, versions);
  const assignment = versions.assignment && provenBy(hosts, versions.assignment);
  const change = nextChangeOfAny(world.waivers, baseline.spec.waivers, now);
  const recheckAfter = correction?.recheckAfter ?? recheckSeconds;
  const runs = recordOf(baseline, world.runs);
  const lastRun = lastNumber(baseline, world.runs);
  const created = correction?.run && creationOf(correction.run);
  const creating = created?.record ?? latestOf(baseline, world.runs);
  const conditions: DomainConditions = {
    Compliant: compliant(baseline, hosts, devices),
    ...contradictionCondition(baseline.metadata.name, [...contradictions.values()]),
    ...correction?.conditions,
  };
  return {
    outcome: outcomeOf(hosts, change ? Math.min(recheckAfter, secondsUntil(change, now)) : recheckAfter),
    conditions,
    status: {
      revision: versions.declared,
      devices,
      summary: {
        compliant: `${devices.compliant}/${devices.total - (devices.notApplicable ?? 0)}`,
        ...correction?.work,
      },
      ...(devices.compliant < devices.total && { worst: worstOf(hosts) }),
      ...(runs.length && { runs }),
      ...(creating && { creating }),
      ...(lastRun && { lastRun }),
      ...(keeping.revisions && { revisions: keeping.revisions }),
      ...(assignment && { assignment }),
    },
    actions: keeping.actions,
    afterStatus: [...(created?.actions ?? []), ...endedRuns(world.runs, assignment), ...keeping.afterStatus],
  };
}

interface Standing {
  readonly baseline: DeviceBaseline;
  readonly world: BaselineWorld;
  readonly versions: Versions;
}

/** How a host stands to the revision that it is assigned. */
function standingOf(device: Device, { baseline, world, versions }: Standing, now: Date): HostCompliance {
  const { name } = device.metadata;
  const revision = versions.of(name);
  const version = revision === undefined ? undefined : versions.at(revision);
  if (revision === undefined)
    return { device, is: 'unknown', isPending: true, words: 'no revision is assigned: create a CanaryRollout' };
  if (!version) return { device, is: 'unknown', words: lostRevision(baseline.metadata.name, revision) };
  const mark = marking(deviceSubject(version, device), world.waivers, now);
  return hostComplianceOf(device, { report: world.reports.get(name), revision, mark }, now);
}

/** A revision to which hosts have complied is one to go back to. */
function provenBy(hosts: readonly HostCompliance[], assignment: Assignment): Assignment {
  if (assignment.proven || assignment.moved || assignment.returning || assignment.base === undefined) return assignment;
  const isProven = hosts.every(({ is }) => is !== 'drifted') && hosts.some(({ is }) => is === 'compliant');
  return isProven ? { ...assignment, proven: true } : assignment;
}

function outcomeOf(hosts: readonly HostCompliance[], recheckAfter: number): Plan<DeviceBaseline>['outcome'] {
  if (!hosts.length) return { is: 'ready', reason: 'NoDevices', message: 'no host is selected', recheckAfter };
  const blind = hosts.filter((host) => host.blind !== undefined);
  if (blind.length === hosts.length) {
    const words = blind.map(({ device, blind: why }) => `${device.metadata.name}: ${why}`);
    return { is: 'waiting', reason: 'AllUnreadable', message: shortened(listed(words, 2), 1000), recheckAfter };
  }
  return { is: 'ready', reason: 'Evaluated', message: `${counted(hosts.length, 'host')} evaluated`, recheckAfter };
}

/** Own checks that others exclude: others of this baseline, or of another that is about some of the same hosts. */
function contradictionsOf(
  baseline: DeviceBaseline,
  { rivals }: BaselineWorld,
  versions: Versions,
  now: Date,
): ReadonlyMap<string, Contradiction> {
  const awake = rivals.filter(({ spec }) => !isSuspended(spec.suspend, now));
  const each = [...new Set([versions.declared, ...versions.all])].flatMap((revision) => versions.at(revision) ?? []);
  const all = each.flatMap((version) => [...contradictionsAmong([version, ...awake])]);
  return new Map(all.filter(([, contradiction]) => contradiction.baseline === baseline.metadata.name));
}

function countsOf(hosts: readonly HostCompliance[]): DeviceCounts {
  const count = (is: HostCompliance['is']) => hosts.filter((host) => host.is === is).length;
  const notApplicable = count('notApplicable');
  return {
    total: hosts.length,
    compliant: count('compliant'),
    drifted: count('drifted'),
    waived: count('waived'),
    unknown: count('unknown'),
    ...(notApplicable && { notApplicable }),
  };
}

function worstOf(hosts: readonly HostCompliance[]) {
  return hosts
    .filter(({ is }) => is !== 'compliant')
    .slice(0, mostWorst)
    .map(({ device, words }) => ({ device: device.metadata.name, standing: shortened(words, 300) }));
}

function compliant(
  baseline: DeviceBaseline,
  hosts: readonly HostCompliance[],
  counts: DeviceCounts,
): DomainConditions[string] {
  const names = (is: HostCompliance['is']) =>
    listed(hosts.filter((host) => host.is === is).map(({ device }) => device.metadata.name));
  const message = 'the selector matches no Device; compare it with `kubectl get devices --show-labels`';
  return compliance(counts, {
    noun: 'host',
    drifted: names('drifted'),
    unknown: names('unknown'),
    isPending: hosts.every(({ is, isPending }) => is !== 'unknown' || isPending),
    see: `\`kubectl get driftreports -l holdfast.dev/baseline=${baseline.metadata.name}\``,
    nothing: { status: 'Unknown', reason: 'NoDevices', message },
  });
}
