/** What a baseline in mode Enforce does next on its hosts: undoes what goes back, and corrects what drifts, revision by revision. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Assignment } from '../../api/v1alpha1/assignment.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { Action, DomainConditions, Intent } from '../../runtime/feature.ts';
import { shortened } from '../../lib/text.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import {
  needsSomebody,
  recheckBefore,
  waitsForWindow,
  windowGate,
} from '../../governance/maintenanceWindow/windowGate.ts';
import type { Contradiction } from '../contradictions.ts';
import { inOrder } from '../ownRuns.ts';
import { isReturning } from '../revision/assignment.ts';
import { responds } from '../revision/responds.ts';
import { isOfOpenRollout, nextUndo } from '../revision/undo.ts';
import type { Work } from '../work.ts';
import { allowedAtOnce, failedHosts, nextBatch, verdictsOn, type Verdict } from './correction.ts';
import { nextName, runOf, undoRunOf } from './creation.ts';
import type { HostCompliance } from './hostCompliance.ts';
import type { BaselineWorld } from './observe.ts';
import type { Versions } from './revisions.ts';
import {
  blockedCondition,
  correctionConditions,
  haltedCondition,
  idleWork,
  awaitedInWords,
  isPassing,
  succeededCondition,
  type Awaited,
} from './told.ts';

const keptRuns = 50;
/** Of rollouts that are not complete. */
const mostNeeded = 180;
/** The cache mostly knows within milliseconds what has changed a moment ago. */
const heldUpSeconds = 2;

export interface Correcting {
  readonly work: Work;
  /** The run that is to be created. */
  readonly run?: Intent;
  readonly conditions: DomainConditions;
  readonly recheckAfter?: number;
}

export interface Compared {
  readonly hosts: readonly HostCompliance[];
  readonly contradictions: ReadonlyMap<string, Contradiction>;
  readonly versions: Versions;
}

export function correct(
  baseline: DeviceBaseline,
  world: BaselineWorld,
  { hosts, contradictions, versions }: Compared,
  now: Date,
): Correcting {
  const verdicts = hosts.flatMap((host) => verdictsAt(host, world, versions, now));
  const conditions = correctionConditions(verdicts, baseline.metadata.name, contradictions);
  const active = world.runs.find(({ status }) => !status?.completionTime);
  const gate = windowGate(baseline.spec.remediation?.windowRef, world.window, now);
  if (active && (gate.open || active.status?.startTime || active.spec.revertOf))
    return { work: activeWork(active, world), conditions: { ...conditions, ...blockedCondition(active) } };

  const undo = undoNext(baseline, world, versions, now);
  if (undo.run) return { ...begun(undo.run), conditions };
  const most = baseline.spec.remediation?.maxFailPercentage ?? 20;
  const halts = versions.all.map((revision) => ({ revision, ...haltOf(world.runs, revision, most, hosts) }));
  const halt = halts.find(({ halted }) => halted);
  const all = Map.groupBy(
    verdicts.flatMap((verdict) => (verdict.is === 'due' ? [verdict.correction] : [])),
    ({ device }) => device,
  );
  const awaited: Awaited = new Map([...all.keys()].flatMap((device) => othersOn(device, world)));
  const due = new Map([...all].filter(([device]) => !world.busy.has(device)));
  // What failed may be tried again; further hosts are not touched until a person looked.
  for (const { revision, halted, failed } of halts) {
    if (!halted) continue;
    for (const device of due.keys())
      if (versions.of(device) === revision && !failed.includes(device)) due.delete(device);
  }
  if (halt) conditions['CorrectionHalted'] = haltedCondition(halt.failed, hosts.length, most);

  const atOnce = allowedAtOnce(baseline.spec.remediation?.maxUnavailable ?? '10%', hosts.length);
  const first = hosts.find(({ device }) => due.get(device.metadata.name)?.length)?.device.metadata.name;
  const revision = first === undefined ? undefined : versions.of(first);
  // A run is about one revision.
  const same = hosts.filter(({ device }) => versions.of(device.metadata.name) === revision);
  const batch = nextBatch(same, due, atOnce);
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
  const version = revision === undefined ? undefined : versions.at(revision);
  if (batch.length && version && revision !== undefined)
    return { ...begun(runOf(version, batch, nextName(baseline, world), revision)), conditions };
  const unknown = hosts.filter(({ is }) => is === 'unknown').length;
  return {
    work: idleWork(verdicts, awaited, world.runs, { halted: halt !== undefined, unknown }),
    conditions,
    recheckAfter: soonest(untilNext(verdicts, now), undo.recheckAfter),
  };
}

/** On a host that goes back to the base, what another revision changed is undone before anything else. */
function verdictsAt(host: HostCompliance, world: BaselineWorld, versions: Versions, now: Date): Verdict[] {
  const { name } = host.device.metadata;
  const revision = versions.of(name);
  if (revision === undefined || isReturning(versions.assignment, name)) return [];
  return verdictsOn(host, world, revision, now);
}

function begun(run: Intent): Pick<Correcting, 'work' | 'run'> {
  return { work: { correction: 'Running', correctionMessage: `AnsibleRun ${run.metadata.name} is running` }, run };
}

/** It waits for no window: what is taken back does harm. */
function undoNext(
  baseline: DeviceBaseline,
  world: BaselineWorld,
  { assignment }: Versions,
  now: Date,
): { run?: Intent; recheckAfter?: number } {
  if (!assignment?.returning) return {};
  const responding = new Set(world.devices.filter(responds).map(({ metadata }) => metadata.name));
  const devices = assignment.returning.filter((device) => responding.has(device) && !world.busy.has(device));
  const { next, waitUntil } = nextUndo(devices, { own: world.runs, assignment }, now);
  if (next) return { run: undoRunOf(baseline, next, nextName(baseline, world)) };
  return waitUntil ? { recheckAfter: secondsUntil(waitUntil, now) } : {};
}

function haltOf(runs: readonly AnsibleRun[], revision: string, most: number, hosts: readonly HostCompliance[]) {
  const failed = failedHosts(runs, revision);
  // Those that failed may have gone since: as long as there is a host that did not, it is not touched.
  const hasOthers = hosts.some(({ device }) => !failed.includes(device.metadata.name));
  return { failed, halted: failed.length * 100 > most * hosts.length && hasOthers };
}

function soonest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
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

/** History is bounded: the oldest complete runs go. What may yet have to be undone is kept longer. */
export function endedRuns(runs: readonly AnsibleRun[], assignment: Assignment | undefined): Action[] {
  const isNeeded = (run: AnsibleRun) => assignment !== undefined && isOfOpenRollout(run, assignment);
  const all = inOrder(runs.filter(({ status }) => status?.completionTime));
  const needed = all.filter(isNeeded).slice(-mostNeeded);
  const complete = all.filter((run) => !needed.includes(run));
  return complete
    .slice(0, Math.max(0, complete.length - keptRuns))
    .map(({ metadata: { namespace = '', name, uid = '' } }) => ({
      do: 'delete',
      kind: resources.AnsibleRun,
      key: { namespace, name },
      uid,
    }));
}
