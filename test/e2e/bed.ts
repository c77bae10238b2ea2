/** A whole cluster as its administrator has it: a control plane with an audit log, a real node with the images, hosts, Helm. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { setUp } from '../cluster/setUp.ts';
import { mustRun, runCommand, type CommandResult } from '../fleet/command.ts';
import { startFleet, type Fleet } from '../fleet/fleet.ts';
import { makeImages, operatorImage, runnerImage } from '../node/images.ts';
import { startNode, type Node } from '../node/node.ts';
import { Kubectl } from '../operator/kubectl.ts';

export const chart = resolve(import.meta.dirname, '../../charts/holdfast');
/** Where the release is. */
export const home = 'holdfast';

export interface EndToEnd {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly node: Node;
  readonly kubectl: Kubectl;
  /** What it printed; throws with its error when it fails. */
  helm(...args: readonly string[]): Promise<string>;
  tryHelm(...args: readonly string[]): Promise<CommandResult>;
  stop(): Promise<void>;
}

/** The values that name the images of the test bed. */
export const images = [
  ...['--set', `image.repository=${repository(operatorImage)},image.tag=test,image.pullPolicy=Never`],
  ...['--set', `runner.image.repository=${repository(runnerImage)},runner.image.tag=test`],
];

export async function startEndToEnd(hosts: readonly string[]): Promise<EndToEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-e2e-'));
  const helmProgram = join(await setUp('helm'), 'helm');
  const [fleet, archives] = await Promise.all([startFleet({ names: hosts }), makeImages(folder)]);
  const cluster = await startCluster({ nodesReachItAt: fleet.gateway, audit: true });
  const node = await startNode({ cluster, fleet, images: archives });
  const environment = {
    ...(process.env as Record<string, string>),
    KUBECONFIG: cluster.kubeconfig,
    HELM_CACHE_HOME: join(folder, 'helm'),
    HELM_CONFIG_HOME: join(folder, 'helm'),
    HELM_DATA_HOME: join(folder, 'helm'),
  };
  const options = { environment, timeoutSeconds: 300 };
  return {
    ...{ cluster, fleet, node },
    kubectl: new Kubectl(cluster, 'fleet'),
    helm: (...args) => mustRun([helmProgram, ...args], options),
    tryHelm: (...args) => runCommand([helmProgram, ...args], options),
    stop: async () => {
      await node.stop();
      await Promise.all([cluster.stop(), fleet.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function repository(image: string): string {
  return image.slice(0, image.lastIndexOf(':'));
}
