/** What stands in the way of a run that has not begun: facts, in the order in which they are told. Pure. */
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import { isSuspended } from '../../api/suspension.ts';
import { windowGate, type ClosedGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { listed } from '../../lib/text.ts';
import { firstViolation, type Check } from '../../lib/violation.ts';
import { ungrantedWords } from '../../governance/grants.ts';
import { ownRunsOf } from '../ownRuns.ts';
import { noImage, playbookKey } from './backend.ts';
import type { RunMeans } from './needs.ts';
import { busyReason, turnReason } from './turns.ts';
import { unwantedReason } from './wanted.ts';
import { isReady, type FreshWorld, type Permission, type UnreadyHost } from './world.ts';

export interface Obstacle {
  /** Whether a person may yet provide what is missing, or it can never run. */
  readonly is: 'blocked' | 'invalid';
  readonly reason:
    | 'PlaybookRefused'
    | typeof unwantedReason
    | 'ChangesPending'
    | 'NoRunnerImage'
    | typeof busyReason
    | ClosedGate['reason']
    | 'RunNotFound'
    | 'RunNotComplete'
    | 'NothingToUndo'
    | 'EnforcedByBaseline'
    | 'PlaybookNotFound'
    | 'DeviceNotReady'
    | 'AnsibleNotInstalled'
    | 'JobsNotGranted'
    | 'PlaybookNotGranted'
    | 'RequestRefused'
    | 'NotStarted'
    | 'HostChanged'
    | 'Copied'
    | typeof turnReason;
  readonly message: string;
}

export interface Prospect {
  readonly run: AnsibleRun;
  readonly world: FreshWorld;
  readonly means: Pick<RunMeans, 'localPlaybooks'> & { readonly jobs: Pick<RunMeans['jobs'], 'isAvailable'> };
}

/** What is asked anew of a run that is recorded and not started. */
export interface Recorded {
  readonly run: AnsibleRun;
  readonly world: Permission;
}

/** The first that holds. Of what was not read nothing is said. */
export function obstacleTo(prospect: Prospect): Obstacle | undefined {
  return firstViolation(obstacles, prospect);
}

/** What may have come in the way of a run that is recorded, and not started, since the record. */
export function obstacleToStart(recorded: Recorded): Obstacle | undefined {
  return firstViolation(obstaclesToStart, recorded);
}

const obstaclesToStart: readonly Check<Recorded, Obstacle>[] = [
  baselineWantsItNoLonger,
  windowIsClosed,
  somethingHasJustChanged,
];

const obstacles: readonly Check<Prospect, Obstacle>[] = [
  playbookIsRefused,
  baselineWantsItNoLonger,
  runnerImageIsMissing,
  devicesAreBusy,
  orphansAreAtWork,
  windowIsClosed,
  runToUndoIsMissing,
  runToUndoIsAtWork,
  nothingIsToBeUndone,
  baselineWouldCorrectAgain,
  othersComeFirst,
  ansibleIsMissing,
  jobsAreNotGranted,
  playbookIsMissing,
  devicesAreNotReady,
  somethingHasJustChanged,
];

function playbookIsRefused({ run: { spec }, means }: Prospect): Obstacle | undefined {
  if (!spec.playbook || spec.backend !== 'Local' || means.localPlaybooks) return undefined;
  const message =
    'backend Local only runs generated playbooks, because your own playbook would have the rights of the operator; use backend Job';
  return { is: 'invalid', reason: 'PlaybookRefused', message };
}

function baselineWantsItNoLonger({ world: { unwanted } }: Recorded): Obstacle | undefined {
  if (unwanted === undefined) return undefined;
  return { is: 'invalid', reason: unwantedReason, message: `${unwanted}; nothing was run` };
}

function runnerImageIsMissing({ run: { spec }, means }: Prospect): Obstacle | undefined {
  if (spec.backend === 'Local' || means.jobs.isAvailable) return undefined;
  return { is: 'blocked', reason: 'NoRunnerImage', message: noImage };
}

function devicesAreBusy({ world: { atWork } }: Prospect): Obstacle | undefined {
  const [other] = atWork;
  if (!other) return undefined;
  const verb = other.status?.startTime ? 'is running' : 'comes first';
  const message = `AnsibleRun ${other.metadata.name} ${verb} on some of these Devices; this run waits for it to finish`;
  return { is: 'blocked', reason: busyReason, message };
}

function orphansAreAtWork({ world: { orphans = [] } }: Prospect): Obstacle | undefined {
  if (!orphans.length) return undefined;
  const message = `Ansible is still running on some of these Devices for AnsibleRun ${listed(orphans)}, which etcd does not show, as after a restore; this run waits for it to finish`;
  return { is: 'blocked', reason: busyReason, message };
}

/** What could not begin while a window was open waits for the next opening; an undoing waits for none. A playbook may change hosts in mode Check. */
function windowIsClosed({ run: { spec }, world: { windows = [], readAt } }: Recorded): Obstacle | undefined {
  if (!readAt || spec.revertOf || (spec.mode === 'Check' && !spec.playbook)) return undefined;
  const gates = windows.map(({ ref, window }) => windowGate(ref, window, readAt));
  const closed = gates.find((gate) => !gate.open);
  return closed && { is: 'blocked', reason: closed.reason, message: `${closed.words}; ${closed.advice}` };
}

function runToUndoIsMissing({ run: { spec }, world: { reverted } }: Prospect): Obstacle | undefined {
  if (!spec.revertOf || reverted) return undefined;
  const message = `AnsibleRun ${spec.revertOf.name} does not exist in this namespace; set \`revertOf\` to the run to undo`;
  return { is: 'blocked', reason: 'RunNotFound', message };
}

function runToUndoIsAtWork({ world: { reverted } }: Prospect): Obstacle | undefined {
  if (!reverted || reverted.status?.completionTime) return undefined;
  const message = `AnsibleRun ${reverted.metadata.name} is still running; it will be undone when it is complete`;
  return { is: 'blocked', reason: 'RunNotComplete', message };
}

function nothingIsToBeUndone({ world: { reverted } }: Prospect): Obstacle | undefined {
  const message = reverted && whyNothing(reverted);
  return message ? { is: 'invalid', reason: 'NothingToUndo', message } : undefined;
}

function whyNothing({ metadata: { name }, spec, status }: AnsibleRun): string | undefined {
  if (spec.playbook) return `AnsibleRun ${name} ran your own playbook; only its author knows how to undo it`;
  if (spec.mode === 'Check') return `AnsibleRun ${name} ran in mode Check and changed nothing`;
  if (spec.revertOf)
    return `AnsibleRun ${name} is itself an undo; to reapply what it undid, create a run with those checks`;
  return status?.before?.length ? undefined : `AnsibleRun ${name} changed nothing`;
}

function baselineWouldCorrectAgain({ run, world: { reverted, baseline, readAt } }: Prospect): Obstacle | undefined {
  if (!reverted || !baseline || run.spec.mode === 'Check') return undefined;
  // Its own undo is of a revision that these hosts are no longer assigned.
  if (ownRunsOf(baseline, [run]).length) return undefined;
  if (baseline.spec.mode !== 'Enforce' || isSuspended(baseline.spec.suspend, readAt)) return undefined;
  const message = `DeviceBaseline ${baseline.metadata.name} would immediately correct this again; set \`mode: Inform\` or suspend it first`;
  return { is: 'blocked', reason: 'EnforcedByBaseline', message };
}

function othersComeFirst({ world: { waitsForTurn } }: Prospect): Obstacle | undefined {
  if (!waitsForTurn) return undefined;
  const message =
    'as many runs of backend Local as `--max-local-runs` allows this namespace are running or come first; this run waits for its turn';
  return { is: 'blocked', reason: turnReason, message };
}

function ansibleIsMissing({ world: { localProblem } }: Prospect): Obstacle | undefined {
  return localProblem === undefined
    ? undefined
    : { is: 'blocked', reason: 'AnsibleNotInstalled', message: localProblem };
}

function jobsAreNotGranted({ world: { ungranted } }: Prospect): Obstacle | undefined {
  if (ungranted === undefined) return undefined;
  const message = ungrantedWords('create Jobs in this namespace', ungranted);
  return { is: 'blocked', reason: 'JobsNotGranted', message };
}

function playbookIsMissing({ world: { playbook } }: Prospect): Obstacle | undefined {
  if (playbook?.is !== 'missing') return undefined;
  if (playbook.ungranted !== undefined) {
    const message = ungrantedWords(`read ConfigMap ${playbook.configMap} in this namespace`, playbook.ungranted);
    return { is: 'blocked', reason: 'PlaybookNotGranted', message };
  }
  const message = `ConfigMap ${playbook.configMap} with the key \`${playbookKey}\` does not exist in this namespace; create it`;
  return { is: 'blocked', reason: 'PlaybookNotFound', message };
}

function devicesAreNotReady({ world: { hosts = [] } }: Prospect): Obstacle | undefined {
  const problems = hosts.flatMap((host) => (isReady(host) ? [] : [problemOf(host)]));
  return problems.length ? { is: 'blocked', reason: 'DeviceNotReady', message: listed(problems) } : undefined;
}

function somethingHasJustChanged({ world: { outdated } }: Recorded): Obstacle | undefined {
  return outdated === undefined ? undefined : { is: 'blocked', reason: 'ChangesPending', message: outdated };
}

function problemOf(host: UnreadyHost): string {
  switch (host.is) {
    case 'missing':
      return `Device ${host.name} does not exist in this namespace`;
    case 'suspended':
      return `Device ${host.name} is suspended`;
    case 'unconfigured':
      return `Device ${host.name}: ${host.message}`;
  }
}
