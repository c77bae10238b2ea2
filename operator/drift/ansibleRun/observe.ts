/** Reads what a run needs: its hosts, its playbook, how its execution stands, and, before and after, what the probe finds. */
import { resources } from '../../api/generated/resources.ts';
import type { AnsibleRun, AnsibleRunStatus } from '../../api/v1alpha1/ansibleRun.ts';
import type { AnsibleState, StartedRun } from '../../connect/ansible/types.ts';
import { isSuspended } from '../../api/suspension.ts';
import type { Observing, Reader } from '../../runtime/feature.ts';
import { endpointOf } from '../credentials.ts';
import { grants } from '../grants.ts';
import { devicesOf, devicesWith } from '../indexes.ts';
import { linesBefore } from './before.ts';
import { configMapKind, executorOf, jobKey, jobKind, playbookKey, podKind } from './backend.ts';
import { obstacleTo } from './checks.ts';
import { meansOf, type RunNeeds } from './needs.ts';
import { blocksOf, checksOn, selectedBlocks, type Block } from './work.ts';
import { isCopy, isMarked } from './mark.ts';
import { comesFirst, isItsTurn } from './turns.ts';
import { outdatedWorld, permissionOf, unrecordedWorld, unwantedWorld, windowsOf } from './permission.ts';
import {
  isReady,
  type DeletedWorld,
  type FreshWorld,
  type RunHost,
  type RunWorld,
  type StartedWorld,
  type UnreadyHost,
} from './world.ts';

/** All but for how long it is in its state. */
export async function observeRun(
  run: AnsibleRun,
  needs: RunNeeds,
  observing: Observing,
): Promise<Exclude<RunWorld, { is: 'started' }> | StartedWorld> {
  const { metadata, spec, status } = run;
  if (metadata.deletionTimestamp) return deletedWorld(run, needs, observing);
  if (status?.completionTime) return { is: 'complete' };
  if (isCopy(run)) return { is: 'copied' };
  if (status?.startTime) return startedWorld(run, needs, observing);
  const started = spec.backend === 'Local' ? await needs.local.started(metadata.uid ?? '') : undefined;
  if (!started) return freshWorld(run, needs, observing);
  const lostStatus = lostStatusOf(run, needs, started);
  return { ...(await startedWorld({ ...run, status: lostStatus }, needs, observing)), lostStatus };
}

/** With its Job, which may yet begin, or be at work. A right that was not granted, or taken away, does not keep the run from going. */
async function deletedWorld(run: AnsibleRun, { jobs }: RunNeeds, { read, signal }: Observing): Promise<DeletedWorld> {
  const uid = run.status?.job?.uid;
  const { namespace = '' } = run.metadata;
  if (uid === undefined || (await read.ungranted(grants.jobs, { namespace }, signal)) !== undefined)
    return { is: 'deleted' };
  const job = await read.fetch(jobKind, jobKey(run), signal);
  return {
    is: 'deleted',
    jobIsOpen: job?.metadata.uid === uid && ['prepared', 'running'].includes(jobs.stateOf(job, []).is),
  };
}

/** What the status of a run was that etcd no longer has; where that is not kept either, of its hosts nothing is known. */
function lostStatusOf(
  { metadata, spec, status }: AnsibleRun,
  { local }: RunNeeds,
  { record }: StartedRun,
): AnsibleRunStatus {
  const nothing: AnsibleRunStatus = {
    startTime: metadata.creationTimestamp ?? '',
    executor: local.executor,
    hosts: (spec.deviceNames ?? []).map((name) => ({ name, outcome: 'Unknown' })),
  };
  return { ...status, ...(record?.status ?? nothing) };
}

/** In steps, each dearer than those before it; what stands in the way ends the reading, for a run may wait for days. */
async function freshWorld(
  run: AnsibleRun,
  needs: RunNeeds,
  observing: Observing,
): Promise<FreshWorld | { readonly is: 'unmarked' }> {
  const means = meansOf(needs);
  const steps: ((world: FreshWorld) => Promise<Partial<FreshWorld>>)[] = [
    async () => unrecordedWorld(run, observing),
    async () => localProblem(run, needs),
    async ({ reverted }) => orphansBeside(run, devicesWith(run, reverted), needs, observing),
    async () => jobProblem(run, observing),
    async () => playbookOf(run, observing),
    async ({ reverted }) => (reverted ? undoneWork(run, reverted, observing) : {}),
    async ({ reverted }) => ({ hosts: await hostsOf(run, devicesWith(run, reverted), observing) }),
    async ({ hosts = [], blocks }) => ({ hosts: await probed(hosts.filter(isReady), blocks, needs, observing) }),
    async ({ hosts = [] }) => ({ hosts: await located(hosts.filter(isReady), needs, observing) }),
    // The last question before hosts are changed.
    async () => outdatedWorld(run, observing),
  ];
  let world: FreshWorld = cachedWorld(run, needs, observing);
  if (!isMarked(run) && !obstacleTo({ run, world, means })) return { is: 'unmarked' };
  for (const step of steps) {
    if (obstacleTo({ run, world, means })) break;
    world = { ...world, ...(await step(world)) };
  }
  return world;
}

/** What the cache knows; nobody is asked. */
function cachedWorld(run: AnsibleRun, { mostLocalRuns }: RunNeeds, { read, now }: Observing): FreshWorld {
  const { namespace = '' } = run.metadata;
  const reverted = revertedBy(run, read);
  const baselineName = (run.spec.revertOf ? reverted : run)?.spec.baselineRef?.name;
  const baseline = baselineName && read.get(resources.DeviceBaseline, { namespace, name: baselineName });
  return {
    is: 'fresh',
    readAt: now,
    atWork: atWorkBeside(run, devicesWith(run, reverted), read),
    blocks: run.spec.revertOf ? [] : blocksOf(run),
    waitsForTurn: run.spec.backend === 'Local' && !isItsTurn(run, read.list(resources.AnsibleRun, ''), mostLocalRuns),
    ...(reverted && { reverted }),
    ...(baseline && { baseline }),
    windows: windowsOf(run, baseline || undefined, read),
    ...unwantedWorld(run, baseline || undefined, { read, now }),
  };
}

async function localProblem({ spec }: AnsibleRun, { local }: RunNeeds): Promise<Pick<FreshWorld, 'localProblem'>> {
  const problem = spec.backend === 'Local' ? await local.problem() : undefined;
  return problem === undefined ? {} : { localProblem: problem };
}

/** After a restore, etcd may not know of runs that are at work here: they keep their hosts until Ansible has ended. */
async function orphansBeside(
  { metadata: { namespace } }: AnsibleRun,
  devices: readonly string[],
  { local }: RunNeeds,
  { read }: Observing,
): Promise<Pick<FreshWorld, 'orphans'>> {
  const known = new Set(
    read
      .list(resources.AnsibleRun, '')
      .filter(isAtWork)
      .map(({ metadata }) => metadata.uid),
  );
  const orphans = (await local.atWork()).flatMap(({ id, record }) => {
    const isBeside = !record || (record.namespace === namespace && record.devices.some((one) => devices.includes(one)));
    return isBeside && !known.has(id) ? [record?.name ?? id] : [];
  });
  return orphans.length ? { orphans } : {};
}

async function jobProblem(
  { metadata: { namespace = '' }, spec }: AnsibleRun,
  { read, signal }: Observing,
): Promise<Pick<FreshWorld, 'ungranted'>> {
  const commands = spec.backend === 'Local' ? undefined : await read.ungranted(grants.jobs, { namespace }, signal);
  return commands === undefined ? {} : { ungranted: commands };
}

function atWorkBeside(run: AnsibleRun, devices: readonly string[], read: Reader): AnsibleRun[] {
  const own = new Set(devices);
  return read
    .list(resources.AnsibleRun, run.metadata.namespace ?? '')
    .filter((one) => one.metadata.uid !== run.metadata.uid && (isAtWork(one) || comesFirst(one, run)))
    .filter((one) => devicesOf(one).some((device) => own.has(device)));
}

function isAtWork({ status }: AnsibleRun): boolean {
  return status?.startTime !== undefined && !status.completionTime;
}

function revertedBy({ metadata, spec }: AnsibleRun, read: Reader): AnsibleRun | undefined {
  if (!spec.revertOf) return undefined;
  return read.get(resources.AnsibleRun, { namespace: metadata.namespace ?? '', name: spec.revertOf.name });
}

/** What a run undoes, from the apiserver: of a complete run the cache does not keep the checks. Throws when it was deleted a moment ago. */
async function undoneWork(
  run: AnsibleRun,
  { metadata: { namespace = '', name, uid } }: AnsibleRun,
  { read, signal }: Observing,
): Promise<{ reverted: AnsibleRun; blocks: Block[] }> {
  const reverted = await read.fetch(resources.AnsibleRun, { namespace, name }, signal);
  if (!reverted || reverted.metadata.uid !== uid)
    throw new Error(`AnsibleRun ${name} was deleted; the next reconciliation will see that`);
  return { reverted, blocks: blocksOf(run, reverted) };
}

async function startedWorld(run: AnsibleRun, needs: RunNeeds, observing: Observing): Promise<StartedWorld> {
  const { playbook } = await playbookOf(run, observing);
  const state = await stateOfRun(run, needs, observing);
  const ended = state.is === 'finished' || state.is === 'lost';
  // One that was recorded and never started is asked for again, by what is there now.
  const looks = ended || state.is === 'absent';
  const cached = revertedBy(run, observing.read);
  const { reverted, blocks: declared } =
    looks && cached
      ? await undoneWork(run, cached, observing)
      : { reverted: cached, blocks: cached ? [] : blocksOf(run) };
  const blocks = declared.length ? selectedBlocks(declared, linesBefore(run.status?.before)) : [];
  const names = (run.status?.hosts ?? []).map(({ name }) => name);
  const hosts = (await hostsOf(run, names, observing)).filter(isReady);
  const seen = looks ? await probed(hosts, blocks, needs, observing) : hosts;
  return {
    is: 'started',
    state,
    ...(playbook && playbook.is !== 'missing' && { playbook }),
    ...(reverted && { reverted }),
    hosts: state.is === 'absent' ? (await located(seen, needs, observing)).filter(isReady) : seen,
    blocks,
    ...(state.is === 'absent' || state.is === 'prepared' ? await permissionOf(run, observing) : {}),
  };
}

/** How far the execution is. One that another operator's process began cannot be asked any more. */
async function stateOfRun(
  run: AnsibleRun,
  { local, jobs }: RunNeeds,
  { read, signal }: Observing,
): Promise<AnsibleState> {
  const { metadata, spec, status } = run;
  if (status?.executor !== executorOf(run, local.executor))
    return { is: 'lost', message: 'the operator that started Ansible is gone, so the state of the run is lost' };
  if (spec.backend === 'Local') return local.state(metadata.uid ?? '');
  const { name, uid } = status.job ?? {};
  // What is not recorded was never released.
  if (!uid) return { is: 'absent' };
  const job = await read.fetch(jobKind, jobKey(run), signal);
  if (job?.metadata.uid !== uid) {
    const what = job ? `another Job has the name ${name}` : `Job ${name} was deleted`;
    return { is: 'lost', message: `${what}, so what Ansible did is unknown` };
  }
  const pods = await read.search(
    podKind,
    metadata.namespace ?? '',
    `batch.kubernetes.io/controller-uid=${uid}`,
    signal,
  );
  return jobs.stateOf(job, pods);
}

async function playbookOf(run: AnsibleRun, { read, signal }: Observing): Promise<Pick<FreshWorld, 'playbook'>> {
  const { playbook } = run.spec;
  if (playbook?.inline !== undefined) return { playbook: { is: 'text', text: playbook.inline } };
  if (playbook?.collectionRole) return { playbook: { is: 'role', role: playbook.collectionRole } };
  if (!playbook?.configMapRef) return {};
  const { name } = playbook.configMapRef;
  const place = { namespace: run.metadata.namespace ?? '', name };
  const configMap = await read.tryFetch(configMapKind, place, signal);
  if (configMap && 'is' in configMap) {
    const commands = (await read.ungranted(grants.playbooks, place, signal)) ?? '';
    return { playbook: { is: 'missing', configMap: name, ungranted: commands } };
  }
  const text = configMap?.data?.[playbookKey];
  return { playbook: text === undefined ? { is: 'missing', configMap: name } : { is: 'text', text } };
}

/** The hosts with their endpoints. */
async function hostsOf(
  run: AnsibleRun,
  names: readonly string[],
  observing: Observing,
): Promise<(RunHost | UnreadyHost)[]> {
  return Promise.all(names.map(async (name) => hostOf(name, run, observing)));
}

async function hostOf(name: string, run: AnsibleRun, { read, now, signal }: Observing): Promise<RunHost | UnreadyHost> {
  const device = read.get(resources.Device, { namespace: run.metadata.namespace ?? '', name });
  if (!device) return { name, is: 'missing' };
  if (isSuspended(device.spec.suspend, now)) return { name, is: 'suspended' };
  const endpoint = await endpointOf(device, read, signal);
  const secretName = device.spec.ssh.credentialsRef.name;
  return endpoint.is === 'ready' ? { name, target: endpoint.target, secretName } : { name, ...endpoint };
}

/** The hosts as the probe sees them; those without checks are not asked. */
async function probed(
  hosts: readonly RunHost[],
  blocks: readonly Block[],
  { probe }: RunNeeds,
  { signal }: Observing,
): Promise<RunHost[]> {
  return Promise.all(
    hosts.map(async (host) => {
      const checks = checksOn(host.name, blocks);
      return checks.length ? { ...host, observation: await probe(host.target, checks, signal) } : host;
    }),
  );
}

/** The hosts with the addresses that Ansible connects to; those that the probe could not see are not connected to. */
async function located(
  hosts: readonly RunHost[],
  { locate }: RunNeeds,
  { signal }: Observing,
): Promise<(RunHost | UnreadyHost)[]> {
  return Promise.all(
    hosts.map(async (host) => {
      if (host.observation && host.observation.is !== 'seen') return host;
      const found = await locate(host.target, signal);
      return found.is === 'located'
        ? { ...host, address: found.target.address }
        : { name: host.name, is: 'unconfigured' as const, message: found.message };
    }),
  );
}
