/** Reads what a run needs: its hosts, its playbook, how its execution stands, and, before and after, what the probe finds. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun } from '../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { AnsibleState, PlaybookSource } from '../../connect/ansible/types.ts';
import type { SshTarget } from '../../connect/ssh/types.ts';
import { windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { listed } from '../../lib/text.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { Kind, Reader } from '../../runtime/feature.ts';
import { endpointOf } from '../credentials.ts';
import type { HostObservation } from '../probe/observation.ts';
import { devicesOf } from '../indexes.ts';
import { linesBefore } from './before.ts';
import { noImage, secretOf, stateOfRun } from './backend.ts';
import type { RunParts } from './parts.ts';
import { blocksOf, checksOn, selectedBlocks, type Block } from './work.ts';

const configMapKind: Kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
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

export async function observeRun(
  run: AnsibleRun,
  read: Reader,
  parts: RunParts,
  signal: AbortSignal,
): Promise<RunWorld> {
  if (run.metadata.deletionTimestamp) return { is: 'deleted' };
  if (run.status?.completionTime) return { is: 'complete' };
  const reverted =
    run.spec.revertOf &&
    read.get<AnsibleRun>(resources.AnsibleRun, {
      namespace: run.metadata.namespace ?? '',
      name: run.spec.revertOf.name,
    });
  const problem = run.status?.startTime ? undefined : obstacleTo(run, reverted, read, parts);
  if (problem) return problem;
  const playbook = await playbookOf(run, read, signal);
  if (playbook?.is === 'blocked' && !run.status?.startTime) return playbook;
  const declared = blocksOf(run, reverted);
  const work = {
    ...(playbook && playbook.is !== 'blocked' && { playbook }),
    ...(reverted && { reverted }),
  };
  if (!run.status?.startTime) {
    const hosts = await hostsOf(
      reverted ? devicesOf(reverted) : devicesOf(run),
      declared,
      run,
      read,
      parts,
      true,
      signal,
    );
    return 'is' in hosts ? hosts : { is: 'fresh', ...work, hosts, blocks: declared };
  }
  const state = await stateOfRun(run, read, parts, signal);
  const ended = state.is === 'finished' || state.is === 'lost';
  const secretUid = ended ? await secretOf(run, read, signal) : undefined;
  const blocks = declared.length ? selectedBlocks(declared, linesBefore(run.status.before)) : [];
  const hosts = await hostsOf(
    (run.status.hosts ?? []).map(({ name }) => name),
    blocks,
    run,
    read,
    parts,
    // One that was recorded and never started is asked for again, by what is there now.
    ended || state.is === 'absent',
    signal,
  );
  return { is: 'started', state, ...work, ...(secretUid && { secretUid }), hosts: 'is' in hosts ? [] : hosts, blocks };
}

function obstacleTo(
  run: AnsibleRun,
  reverted: AnsibleRun | undefined,
  read: Reader,
  parts: RunParts,
): (RunWorld & { is: 'blocked' | 'invalid' }) | undefined {
  const { revertOf, playbook, backend, mode } = run.spec;
  if (playbook && backend === 'Local' && !parts.localPlaybooks) {
    const message =
      'backend Local runs generated playbooks only, because a playbook of your own would have the rights of the operator; use backend Job';
    return { is: 'invalid', reason: 'PlaybookRefused', message };
  }
  if (backend !== 'Local' && !parts.jobs) return { is: 'blocked', reason: 'NoRunnerImage', message: noImage };
  const own = new Set(reverted ? devicesOf(reverted) : devicesOf(run));
  const other = read
    .list<AnsibleRun>(resources.AnsibleRun, run.metadata.namespace ?? '')
    .filter((one) => devicesOf(one).some((device) => own.has(device)))
    .find(({ metadata, status }) => metadata.uid !== run.metadata.uid && status?.startTime && !status.completionTime);
  if (other)
    return {
      is: 'blocked',
      reason: 'DevicesBusy',
      message: `AnsibleRun '${other.metadata.name}' is at work on some of these Devices; this one waits for its end`,
    };
  if (!revertOf) return closedWindow(run, read, parts.clock());
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
  const { mode: baselineMode, suspend } = (baseline?.spec ?? {}) as { mode?: string; suspend?: { reason: string } };
  if (mode !== 'Check' && baselineMode === 'Enforce' && !isSuspended(suspend, parts.clock())) {
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
  const baseline = name && read.get<DeviceBaseline>(resources.DeviceBaseline, { namespace, name });
  const ref = baseline ? baseline.spec.remediation?.windowRef : undefined;
  if (!ref) return undefined;
  const window = read.get<MaintenanceWindow>(resources.MaintenanceWindow, { namespace, name: ref.name });
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
  const configMap = await read.fetch<{ data?: Record<string, string> }>(
    configMapKind,
    { namespace: run.metadata.namespace ?? '', name },
    signal,
  );
  const text = configMap?.data?.[playbookKey];
  if (text !== undefined) return { is: 'text', text };
  return {
    is: 'blocked',
    reason: 'PlaybookNotFound',
    message: `ConfigMap '${name}' with the key '${playbookKey}' does not exist in this namespace; create it`,
  };
}

/** The hosts with their endpoints, each looked at when `look` is set; a host that cannot be configured blocks the run before it starts, not after. */
async function hostsOf(
  names: readonly string[],
  blocks: readonly Block[],
  run: AnsibleRun,
  read: Reader,
  parts: RunParts,
  look: boolean,
  signal: AbortSignal,
): Promise<RunHost[] | (RunWorld & { is: 'blocked' })> {
  const found = await Promise.all(names.map(async (name) => hostOf(name, run, read, parts, signal)));
  const missing = found.flatMap((host) => ('problem' in host ? [host.problem] : []));
  if (missing.length && !run.status?.startTime)
    return { is: 'blocked', reason: 'DeviceNotReady', message: listed(missing) };
  const hosts = found.filter((host) => 'target' in host);
  return Promise.all(
    hosts.map(async (host) => {
      const checks = checksOn(host.name, blocks);
      return look && checks.length ? { ...host, observation: await parts.probe(host.target, checks, signal) } : host;
    }),
  );
}

async function hostOf(
  name: string,
  run: AnsibleRun,
  read: Reader,
  parts: RunParts,
  signal: AbortSignal,
): Promise<RunHost | { problem: string }> {
  const device = read.get<Device>(resources.Device, { namespace: run.metadata.namespace ?? '', name });
  if (!device) return { problem: `Device '${name}' does not exist in this namespace` };
  if (isSuspended(device.spec.suspend, parts.clock())) return { problem: `Device '${name}' is suspended` };
  const endpoint = await endpointOf(device, read, signal);
  return endpoint.is === 'ready'
    ? { name, target: endpoint.target }
    : { problem: `Device '${name}': ${endpoint.message}` };
}
