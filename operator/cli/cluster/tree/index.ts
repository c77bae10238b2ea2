/** Reads what belongs to what, with the rights of who asks: what may not be read is named, and stops nothing else. */
import { resources } from '../../../api/generated/resources.ts';
import type { Kind } from '../../../api/kind.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { ClusterBaseline } from '../../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../../api/v1alpha1/shared.ts';
import { reportLabel } from '../../../drift/clusterBaseline/reports.ts';
import { exit, Failure, type Cluster, type Exit, type Io } from '../../command.ts';
import type { Root } from '../../tree.ts';
import { pages } from '../doctor/facts.ts';
import { asFailure, listed } from '../listed.ts';
import { isUnread, itemsOf, orUnread, unread } from '../unread.ts';
import { within, type Place } from '../within.ts';
import { Hosts, slimDevice } from './hosts.ts';
import { isAllWell, nodeJson, nodesText, type Node } from './node.ts';
import { rolloutNode } from './parts.ts';
import { baselineTree, clusterTree, deviceTree, type Belongings } from './trees.ts';
import { written } from '../../written.ts';
import { allOf } from '../allOf.ts';

interface Asked {
  /** All baselines when undefined. */
  readonly root: { readonly kind: Root; readonly name: string } | undefined;
  readonly output: 'text' | 'json';
  /** Of one kind below an object. */
  readonly most: number;
  readonly place: Place;
}

export function runTree({ root, output, most, place }: Asked, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    const roots = await rootsOf(cluster, namespace, root).catch((error: unknown) => {
      throw asFailure('the tree cannot be shown', error);
    });
    if (output === 'json') io.stdout(written({ roots: roots.map(nodeJson) }, 'json'));
    else if (roots.length > 0) io.stdout(nodesText(roots, most));
    if (roots.length === 0)
      throw new Failure(
        `namespace ${namespace} has no DeviceBaseline; name another with --namespace, or see \`kubectl get devicebaselines -A\`.`,
      );
    return roots.every(isAllWell) ? exit.holds : exit.differs;
  });
}

function rootsOf(cluster: Cluster, namespace: string, root: Asked['root']): Promise<Node[]> {
  const { kind, name } = root ?? {};
  switch (kind) {
    case 'Device':
      return ofDevice(cluster, namespace, name!);
    case 'ClusterBaseline':
      return ofCluster(cluster, name!);
    case 'CanaryRollout':
      return ofRollout(cluster, namespace, name!);
    default:
      return ofBaselines(cluster, namespace, name);
  }
}

async function found<R extends Resource>(cluster: Cluster, kind: Kind<R>, namespace: string, name: string): Promise<R> {
  const object = await cluster.client.get<R>(kind, { namespace, name }, AbortSignal.timeout(10_000));
  if (object) return object;
  const where = namespace === '' ? '' : ` in namespace ${namespace}`;
  throw new Failure(
    `${kind.kind} ${name} does not exist${where}; list them with \`kubectl get ${kind.plural}${namespace === '' ? '' : ' -A'}\`.`,
  );
}

/** Of all baselines of the namespace, or of one. */
async function ofBaselines(cluster: Cluster, namespace: string, name: string | undefined): Promise<Node[]> {
  const [baselines, all] = await allOf([
    name === undefined
      ? listed<DeviceBaseline>(cluster, resources.DeviceBaseline, namespace)
      : found<DeviceBaseline>(cluster, resources.DeviceBaseline, namespace, name).then((one) => [one]),
    belongings(cluster, namespace, slimDevices(cluster, namespace)),
  ]);
  const hosts = new Hosts(itemsOf(all.devices), baselines);
  // By its label where its name can be one: others have no report here.
  const selector = name !== undefined && name.length <= 63 ? `holdfast.dev/baseline=${name}` : undefined;
  const complete = await withReports(cluster, hosts, { namespace, all, ...(selector !== undefined && { selector }) });
  return baselines.map((baseline) => baselineTree(baseline, hosts, complete));
}

async function ofRollout(cluster: Cluster, namespace: string, name: string): Promise<Node[]> {
  const rollout = await found<CanaryRollout>(cluster, resources.CanaryRollout, namespace, name);
  const baseline = rollout.spec.target.deviceBaselineRef.name;
  const now = cluster.date() ?? cluster.clock.now();
  try {
    const children = await ofBaselines(cluster, namespace, baseline);
    return [{ ...rolloutNode(rollout, now), namespace, children }];
  } catch (error) {
    const why = error instanceof Failure ? error.message.replace(/\.$/, '') : unread(error).message;
    return [{ ...rolloutNode(rollout, now), namespace, notes: [`DeviceBaseline ${baseline}: ${why}`] }];
  }
}

async function ofDevice(cluster: Cluster, namespace: string, name: string): Promise<Node[]> {
  const [device, baselines, all] = await allOf([
    found<Device>(cluster, resources.Device, namespace, name),
    orUnread(listed<DeviceBaseline>(cluster, resources.DeviceBaseline, namespace)),
    belongings(cluster, namespace, Promise.resolve([])),
  ]);
  const hosts = new Hosts([device], itemsOf(baselines));
  const selector = name.length <= 63 ? `holdfast.dev/device=${name}` : undefined;
  const complete = await withReports(cluster, hosts, { namespace, all, ...(selector !== undefined && { selector }) });
  return [deviceTree(device, baselines, hosts, complete)];
}

async function ofCluster(cluster: Cluster, name: string): Promise<Node[]> {
  const baseline = await found<ClusterBaseline>(cluster, resources.ClusterBaseline, '', name);
  const selector = name.length <= 63 ? `${reportLabel}=${name}` : undefined;
  const home = baseline.spec.serviceAccountRef.namespace;
  const [reports, waivers] = await allOf([
    orUnread(listed<DriftReport>(cluster, resources.DriftReport, home, { labelSelector: selector })),
    // Objects of a namespace are waived there.
    orUnread(listed<PolicyWaiver>(cluster, resources.PolicyWaiver, '')),
  ]);
  return [clusterTree(baseline, reports, waivers, cluster.date() ?? cluster.clock.now())];
}

async function belongings(
  cluster: Cluster,
  namespace: string,
  reading: Promise<readonly Device[]>,
): Promise<Belongings> {
  const [devices, rollouts, runs, waivers] = await allOf([
    orUnread(reading),
    orUnread(listed(cluster, resources.CanaryRollout, namespace)),
    orUnread(listed(cluster, resources.AnsibleRun, namespace)),
    orUnread(listed(cluster, resources.PolicyWaiver, namespace)),
  ]);
  return { devices, rollouts, runs, waivers, now: cluster.date() ?? cluster.clock.now() };
}

async function slimDevices(cluster: Cluster, namespace: string): Promise<Device[]> {
  const slim: Device[] = [];
  for await (const page of pages<Device>(cluster, resources.Device, { namespace })) slim.push(...page.map(slimDevice));
  return slim;
}

interface Reading {
  readonly namespace: string;
  readonly selector?: string;
  readonly all: Belongings;
}

/** Page by page, after the Devices are known. */
async function withReports(cluster: Cluster, hosts: Hosts, { namespace, selector, all }: Reading): Promise<Belongings> {
  if (isUnread(all.devices)) return all;
  try {
    const where = { namespace, ...(selector !== undefined && { labelSelector: selector }) };
    for await (const page of pages<DriftReport>(cluster, resources.DriftReport, where))
      for (const report of page) hosts.add(report, all.now);
    return all;
  } catch (error) {
    return { ...all, reportsUnread: unread(error).message };
  }
}
