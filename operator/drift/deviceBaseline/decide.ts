/** How a baseline stands over its hosts, and, in mode Enforce, the next correction. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline, DeviceCounts } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Action, DomainConditions, Intent, Plan } from '../../runtime/feature.ts';
import { isSuspended } from '../../api/suspension.ts';
import { counted, listed, shortened } from '../../lib/text.ts';
import { compliance } from '../../findings/compliance.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { nextChangeOfAny } from '../../findings/waiver/waiverFor.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import {
  needsSomebody,
  recheckBefore,
  waitsForWindow,
  windowGate,
} from '../../governance/maintenanceWindow/windowGate.ts';
import { contradictionsAmong, type Contradiction } from '../contradictions.ts';
import { inOrder, lastNumber, latestOf, recordOf } from '../ownRuns.ts';
import { revisionOf } from '../driftReport/report.ts';
import { allowedAtOnce, failedHosts, nextBatch, verdictsOn, type Verdict } from './correction.ts';
import { creationOf, nextName, runOf } from './creation.ts';
import type { BaselineWorld } from './observe.ts';
import { deviceSubject } from './source.ts';
import { hostComplianceOf, worstHostFirst, type HostCompliance } from './hostCompliance.ts';
import {
  blockedCondition,
  contradictionCondition,
  correctionConditions,
  haltedCondition,
  idleWork,
  awaitedInWords,
  isPassing,
  succeededCondition,
  type Awaited,
} from './told.ts';
import type { Work } from '../work.ts';

const mostWorst = 10;
const keptRuns = 50;
const recheckSeconds = 600;
/** The cache mostly knows within milliseconds what has changed a moment ago. */
const heldUpSeconds = 2;

export function decideBaseline(baseline: DeviceBaseline, world: BaselineWorld, now: Date): Plan<DeviceBaseline> {
  const revision = revisionOf(baseline);
  const hosts = world.devices
    .map((device) =>
      hostComplianceOf(
        device,
        {
          report: world.reports.get(device.metadata.name),
          revision,
          mark: marking(deviceSubject(baseline, device), world.waivers, now),
        },
        now,
      ),
    )
    .sort(worstHostFirst);
  const devices = countsOf(hosts);
  const contradictions = contradictionsOf(baseline, world, now);
  const correction =
    baseline.spec.mode === 'Enforce' ? correct(baseline, world, { hosts, contradictions, revision }, now) : undefined;
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
      revision,
      devices,
      summary: {
        compliant: `${devices.compliant}/${devices.total - (devices.notApplicable ?? 0)}`,
        ...correction?.work,
      },
      ...(devices.compliant < devices.total && { worst: worstOf(hosts) }),
      ...(runs.length && { runs }),
      ...(creating && { creating }),
      ...(lastRun && { lastRun }),
    },
    actions: [],
    afterStatus: [...(created?.actions ?? []), ...endedRuns(world.runs)],
  };
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
  now: Date,
): ReadonlyMap<string, Contradiction> {
  const awake = rivals.filter(({ spec }) => !isSuspended(spec.suspend, now));
  const all = [...contradictionsAmong([baseline, ...awake])];
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

interface Correcting {
  readonly work: Work;
  /** The run that is to be created. */
  readonly run?: Intent;
  readonly conditions: DomainConditions;
  readonly recheckAfter?: number;
}

interface Compared {
  readonly hosts: readonly HostCompliance[];
  readonly contradictions: ReadonlyMap<string, Contradiction>;
  readonly revision: string;
}

function correct(
  baseline: DeviceBaseline,
  world: BaselineWorld,
  { hosts, contradictions, revision }: Compared,
  now: Date,
): Correcting {
  const verdicts = hosts.flatMap((host) => verdictsOn(host, world, revision, now));
  const conditions = correctionConditions(verdicts, baseline.metadata.name, contradictions);
  const active = world.runs.find(({ status }) => !status?.completionTime);
  const gate = windowGate(baseline.spec.remediation?.windowRef, world.window, now);
  if (active && (gate.open || active.status?.startTime))
    return { work: activeWork(active, world), conditions: { ...conditions, ...blockedCondition(active) } };

  const failed = failedHosts(world.runs, revision);
  const most = baseline.spec.remediation?.maxFailPercentage ?? 20;
  const halted = failed.length * 100 > most * hosts.length && failed.length < hosts.length;
  const all = Map.groupBy(
    verdicts.flatMap((verdict) => (verdict.is === 'due' ? [verdict.correction] : [])),
    ({ device }) => device,
  );
  const awaited: Awaited = new Map([...all.keys()].flatMap((device) => othersOn(device, world)));
  const due = new Map([...all].filter(([device]) => !world.busy.has(device)));
  // What failed may be tried again; further hosts are not touched until a person looked.
  if (halted) for (const device of due.keys()) if (!failed.includes(device)) due.delete(device);
  if (halted) conditions['CorrectionHalted'] = haltedCondition(failed, hosts.length, most);

  const batch = nextBatch(hosts, due, allowedAtOnce(baseline.spec.remediation?.maxUnavailable ?? '10%', hosts.length));
  if (!gate.open && (active || batch.length || needsSomebody(gate))) {
    conditions['WaitsForWindow'] = waitsForWindow(gate);
    return {
      work: { correction: 'Waiting', correctionMessage: gate.words },
      conditions,
      recheckAfter: recheckBefore(gate, untilNext(verdicts, now), now),
    };
  }
  if (batch.length && world.heldUp !== undefined)
    return {
      work: { correction: 'Waiting', correctionMessage: world.heldUp },
      conditions,
      recheckAfter: heldUpSeconds,
    };
  if (batch.length) {
    const run = runOf(baseline, batch, nextName(baseline, world), revision);
    return {
      work: { correction: 'Running', correctionMessage: `AnsibleRun ${run.metadata.name} is running` },
      run,
      conditions,
    };
  }
  return {
    work: idleWork(verdicts, awaited, world.runs, { halted, unknown: countsOf(hosts).unknown }),
    conditions,
    recheckAfter: untilNext(verdicts, now),
  };
}

/** The runs of others that are at work on a host. */
function othersOn(device: string, { busy, runs }: BaselineWorld): [string, readonly AnsibleRun[]][] {
  const others = (busy.get(device) ?? []).filter((run) => !runs.includes(run));
  return others.length ? [[device, others]] : [];
}

/** A run that was made and has not begun may wait for that of somebody else. */
function activeWork(active: AnsibleRun, world: BaselineWorld): Work {
  const { name } = active.metadata;
  const working: Work = { correction: 'Running', correctionMessage: `AnsibleRun ${name} is running` };
  if (active.status?.startTime) return working;
  const awaited = awaitedInWords(new Map((active.spec.deviceNames ?? []).flatMap((device) => othersOn(device, world))));
  if (awaited) return { correction: 'Waiting', correctionMessage: `AnsibleRun ${name} ${awaited}` };
  const waits = succeededCondition(active);
  if (!waits) return working;
  return {
    correction: isPassing(waits) ? 'Waiting' : 'Blocked',
    correctionMessage: shortened(`AnsibleRun ${name}: ${waits.message}`, 300),
  };
}

function untilNext(verdicts: readonly Verdict[], now: Date): number | undefined {
  const times = verdicts.flatMap((verdict) => (verdict.is === 'wait' ? [verdict.until.getTime()] : []));
  return times.length ? Math.max(1, Math.ceil((Math.min(...times) - now.getTime()) / 1000)) : undefined;
}

/** History is bounded: the oldest complete runs go. */
function endedRuns(runs: readonly AnsibleRun[]): Action[] {
  const complete = inOrder(runs.filter(({ status }) => status?.completionTime));
  return complete
    .slice(0, Math.max(0, complete.length - keptRuns))
    .map(({ metadata: { namespace = '', name, uid = '' } }) => ({
      do: 'delete',
      kind: resources.AnsibleRun,
      key: { namespace, name },
      uid,
    }));
}
