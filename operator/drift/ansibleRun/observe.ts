/** Reads what a run needs: its hosts, its playbook, how its execution stands, and, before and after, what the probe finds. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleState, PlaybookSource } from '../../connect/ansible/types.ts';
import type { SshTarget } from '../../connect/ssh/types.ts';
import { windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { listed } from '../../lib/text.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { Kind } from '../../api/kind.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { endpointOf } from '../credentials.ts';
import type { HostObservation } from '../probe/observation.ts';
import { devicesOf } from '../indexes.ts';
import { linesBefore } from './before.ts';
import { noImage, secretOf, stateOfRun } from './backend.ts';
import type { RunNeeds } from './needs.ts';
import { blocksOf, checksOn, selectedBlocks, type Block } from './work.ts';

const configMapKind: Kind<{ readonly data?: Record<string, string> }> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const playbookKey = 'playbook.yml';

export interface RunHost {
  readonly name: string;
  readonly target: SshTarget;
  /** What the probe finds of the run's checks; absent when the run has none. */
  readonly observation?: HostObservation;
}

export type RunWorld =
  | { readonly is: 'complete' | 'deleted' }
  /** Something is missing that a person may yet provide. */
  | { readonly is: 'blocked'; readonly reason: string; readonly message: string }
  /** It can never run. */
  | { readonly is: 'invalid'; readonly reason: string; readonly message: string }
  | (RunWork & { readonly is: 'fresh' })
  | (RunWork & {
      readonly is: 'started';
      readonly state: AnsibleState;
      /** Of the Secret that a Job was given and needs no more. */
      readonly secretUid?: string;
    });

export interface RunWork {
  readonly hosts: readonly RunHost[];
  readonly blocks: readonly Block[];
  readonly playbook?: PlaybookSource;
  /** The run that this one undoes. */
  readonly reverted?: AnsibleRun;
}

export async function observeRun(run: AnsibleRun, needs: RunNeeds, observing: Observing): Promise<RunWorld> {
  const { read, signal } = observing;
  if (run.metadata.deletionTimestamp) return { is: 'deleted' };
  if (run.status?.completionTime) return { is: 'complete' };
  const reverted =
    run.spec.revertOf &&
    read.get(resources.AnsibleRun, {
      namespace: run.metadata.namespace ?? '',
      name: run.spec.revertOf.name,
    });
  const problem = run.status?.startTime ? undefined : obstacleTo(run, reverted, needs, observing);
  if (problem) return problem;
  const playbook = await playbookOf(run, read, signal);
  if (playbook?.is === 'blocked' && !run.status?.startTime) return playbook;
  const declared = blocksOf(run, reverted);
  const work = {
    ...(playbook && playbook.is !== 'blocked' && { playbook }),
    ...(reverted && { reverted }),
  };
  if (!run.status?.startTime) {
    const hosts = await hostsOf(run, reverted ? devicesOf(reverted) : devicesOf(run), {
      blocks: declared,
      looks: true,
      needs,
      observing,
    });
    return 'is' in hosts ? hosts : { is: 'fresh', ...work, hosts, blocks: declared };
  }
  const state = await stateOfRun(run, read, needs, signal);
  const ended = state.is === 'finished' || state.is === 'lost';
  const secretUid = ended ? await secretOf(run, read, signal) : undefined;
  const blocks = declared.length ? selectedBlocks(declared, linesBefore(run.status.before)) : [];
  // One that was recorded and never started is asked for again, by what is there now.
  const looks = ended || state.is === 'absent';
  const names = (run.status.hosts ?? []).map(({ name }) => name);
  const hosts = await hostsOf(run, names, { blocks, looks, needs, observing });
  return { is: 'started', state, ...work, ...(secretUid && { secretUid }), hosts: 'is' in hosts ? [] : hosts, blocks };
}

function obstacleTo(
  run: AnsibleRun,
  reverted: AnsibleRun | undefined,
  needs: RunNeeds,
  { read, now }: Observing,
): (RunWorld & { is: 'blocked' | 'invalid' }) | undefined {
  const { revertOf, playbook, backend, mode } = run.spec;
  if (playbook && backend === 'Local' && !needs.localPlaybooks) {
    const message =
      'backend Local runs generated playbooks only, because a playbook of your own would have the rights of the operator; use backend Job';
    return { is: 'invalid', reason: 'PlaybookRefused', message };
  }
  if (backend !== 'Local' && !needs.jobs) return { is: 'blocked', reason: 'NoRunnerImage', message: noImage };
  const own = new Set(reverted ? devicesOf(reverted) : devicesOf(run));
  const other = read
    .list(resources.AnsibleRun, run.metadata.namespace ?? '')
    .filter((one) => devicesOf(one).some((device) => own.has(device)))
    .find(({ metadata, status }) => metadata.uid !== run.metadata.uid && status?.startTime && !status.completionTime);
  if (other)
    return {
      is: 'blocked',
      reason: 'DevicesBusy',
      message: `AnsibleRun '${other.metadata.name}' is at work on some of these Devices; this one waits for its end`,
    };
  if (!revertOf) return closedWindow(run, read, now);
  if (!reverted)
    return {
      is: 'blocked',
      reason: 'RunNotFound',
      message: `AnsibleRun '${revertOf.name}' does not exist in this namespace; name the run to undo`,
    };
  if (!reverted.status?.completionTime)
    return {
      is: 'blocked',
      reason: 'RunNotComplete',
      message: `AnsibleRun '${revertOf.name}' is still at work; it is undone when it is complete`,
    };
  if (
    reverted.spec.playbook ||
    reverted.spec.mode === 'Check' ||
    reverted.spec.revertOf ||
    !reverted.status.before?.length
  )
    return { is: 'invalid', reason: 'NothingToUndo', message: whyNothing(reverted) };
  const baseline =
    reverted.spec.baselineRef &&
    read.get(resources.DeviceBaseline, {
      namespace: run.metadata.namespace ?? '',
      name: reverted.spec.baselineRef.name,
    });
  if (mode !== 'Check' && baseline?.spec.mode === 'Enforce' && !isSuspended(baseline.spec.suspend, now)) {
    const message = `DeviceBaseline '${reverted.spec.baselineRef?.name}' would correct this again at once; set its mode to Inform, or suspend it, first`;
    return { is: 'blocked', reason: 'BaselineEnforces', message };
  }
  return undefined;
}

function whyNothing({ metadata: { name }, spec }: AnsibleRun): string {
  if (spec.playbook) return `AnsibleRun '${name}' ran a playbook of your own; only its author knows how to undo it`;
  if (spec.mode === 'Check') return `AnsibleRun '${name}' only checked, and changed nothing`;
  if (spec.revertOf) return `AnsibleRun '${name}' is itself an undoing; apply what it undid again instead`;
  return `AnsibleRun '${name}' changed nothing`;
}

/** A baseline's correction that could not begin while its window was open waits for the next opening. */
function closedWindow(run: AnsibleRun, read: Reader, now: Date): (RunWorld & { is: 'blocked' }) | undefined {
  const { namespace = '' } = run.metadata;
  const name = run.spec.baselineRef?.name;
  const baseline = name && read.get(resources.DeviceBaseline, { namespace, name });
  const ref = baseline ? baseline.spec.remediation?.windowRef : undefined;
  if (!ref) return undefined;
  const window = read.get(resources.MaintenanceWindow, { namespace, name: ref.name });
  const gate = windowGate(ref, window, now);
  return gate.open ? undefined : { is: 'blocked', reason: gate.reason, message: `${gate.words}; ${gate.advice}` };
}

async function playbookOf(
  run: AnsibleRun,
  read: Reader,
  signal: AbortSignal,
): Promise<PlaybookSource | (RunWorld & { is: 'blocked' }) | undefined> {
  const { playbook } = run.spec;
  if (playbook?.inline !== undefined) return { is: 'text', text: playbook.inline };
  if (playbook?.collectionRole) return { is: 'role', role: playbook.collectionRole };
  if (!playbook?.configMapRef) return undefined;
  const { name } = playbook.configMapRef;
  const configMap = await read.fetch(configMapKind, { namespace: run.metadata.namespace ?? '', name }, signal);
  const text = configMap?.data?.[playbookKey];
  if (text !== undefined) return { is: 'text', text };
  return {
    is: 'blocked',
    reason: 'PlaybookNotFound',
    message: `ConfigMap '${name}' with the key '${playbookKey}' does not exist in this namespace; create it`,
  };
}

interface HostsAsked {
  readonly blocks: readonly Block[];
  /** Whether the probe looks at each. */
  readonly looks: boolean;
  readonly needs: Pick<RunNeeds, 'probe'>;
  readonly observing: Observing;
}

/** The hosts with their endpoints; a host that cannot be configured blocks the run before it starts, not after. */
async function hostsOf(
  run: AnsibleRun,
  names: readonly string[],
  { blocks, looks, needs, observing }: HostsAsked,
): Promise<RunHost[] | (RunWorld & { is: 'blocked' })> {
  const found = await Promise.all(names.map(async (name) => hostOf(name, run, observing)));
  const missing = found.flatMap((host) => ('problem' in host ? [host.problem] : []));
  if (missing.length && !run.status?.startTime)
    return { is: 'blocked', reason: 'DeviceNotReady', message: listed(missing) };
  const hosts = found.filter((host) => 'target' in host);
  return Promise.all(
    hosts.map(async (host) => {
      const checks = checksOn(host.name, blocks);
      if (!looks || !checks.length) return host;
      return { ...host, observation: await needs.probe(host.target, checks, observing.signal) };
    }),
  );
}

async function hostOf(
  name: string,
  run: AnsibleRun,
  { read, now, signal }: Observing,
): Promise<RunHost | { problem: string }> {
  const device = read.get(resources.Device, { namespace: run.metadata.namespace ?? '', name });
  if (!device) return { problem: `Device '${name}' does not exist in this namespace` };
  if (isSuspended(device.spec.suspend, now)) return { problem: `Device '${name}' is suspended` };
  const endpoint = await endpointOf(device, read, signal);
  return endpoint.is === 'ready'
    ? { name, target: endpoint.target }
    : { problem: `Device '${name}': ${endpoint.message}` };
}
