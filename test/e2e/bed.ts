/** A whole cluster as its administrator has it: a control plane with an audit log, a real node with the images, hosts, Helm. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import { dump, load } from 'js-yaml';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { setUp } from '../cluster/setUp.ts';
import { mustRun, runCommand, type CommandResult } from '../fleet/command.ts';
import { startFleet, type Fleet } from '../fleet/fleet.ts';
import { makeImages, operatorImage, runnerImage } from '../node/images.ts';
import { startNode } from '../node/node.ts';
import { Kubectl } from '../operator/kubectl.ts';

const repository = resolve(import.meta.dirname, '../..');
export const chart = join(repository, 'charts/holdfast');
/** Where the release is. */
export const home = 'holdfast';

export interface EndToEnd {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly kubectl: Kubectl;
  /** What it printed; throws with its error when it fails. */
  helm(...args: readonly string[]): Promise<string>;
  tryHelm(...args: readonly string[]): Promise<CommandResult>;
  /** Installs the release of a chart, with the images of the test bed, and waits until its pods are ready; what it printed. */
  install(from: string, ...flags: readonly string[]): Promise<string>;
  /** What commands of a page printed, typed where the repository is; throws with their error when one fails. */
  shell(commands: string): Promise<string>;
  /** A chart of a lower version, whose CRDs lack a field and a column that came later. */
  readonly olderChart: string;
  /** Upgrades the release, and waits until its pods are ready. */
  upgrade(...flags: readonly string[]): Promise<string>;
  /** Its node is switched off and removed, with all that ran there; there is a new one. */
  replaceNode(): Promise<void>;
  stop(): Promise<void>;
}

/** The values that name the images of the test bed. */
export const images = [
  ...['--set', `image.repository=${imageRepository(operatorImage)},image.tag=test,image.pullPolicy=Never`],
  ...['--set', `runner.image.repository=${imageRepository(runnerImage)},runner.image.tag=test`],
];

export async function startEndToEnd(hosts: readonly string[]): Promise<EndToEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-e2e-'));
  const helmProgram = join(await setUp('helm'), 'helm');
  const [fleet, archives] = await Promise.all([startFleet({ names: hosts }), makeImages(folder)]);
  const cluster = await startCluster({ nodesReachItAt: fleet.gateway, audit: true });
  const nodes = [await startNode({ cluster, fleet, images: archives })];
  const kubectl = new Kubectl(cluster, 'fleet');
  const environment = {
    ...(process.env as Record<string, string>),
    KUBECONFIG: cluster.kubeconfig,
    HELM_CACHE_HOME: join(folder, 'helm'),
    HELM_CONFIG_HOME: join(folder, 'helm'),
    HELM_DATA_HOME: join(folder, 'helm'),
  };
  const options = { environment, timeoutSeconds: 300 };
  const path = [dirname(helmProgram), dirname(cluster.kubectl), process.env['PATH']].join(':');
  const helm = (...args: readonly string[]): Promise<string> => mustRun([helmProgram, ...args], options);
  const wait = ['--wait', '--timeout', '3m'];
  return {
    ...{ cluster, fleet, kubectl, helm },
    shell: (commands) =>
      mustRun(['sh', '-euc', `cd "$0"\n${commands}`, repository], {
        environment: { ...environment, PATH: path },
        timeoutSeconds: 300,
      }),
    olderChart: await olderChartIn(folder),
    install: (from, ...flags) => helm('install', 'holdfast', from, '--namespace', home, ...images, ...wait, ...flags),
    upgrade: (...flags) =>
      helm('upgrade', 'holdfast', chart, '--namespace', home, '--reset-then-reuse-values', ...wait, ...flags),
    tryHelm: (...args) => runCommand([helmProgram, ...args], options),
    replaceNode: async () => {
      const lost = nodes.at(-1);
      await lost?.stop();
      await kubectl.run('delete', 'node', lost?.name ?? '');
      nodes.push(await startNode({ cluster, fleet, number: nodes.length + 1, images: archives }));
    },
    stop: async () => {
      await nodes.at(-1)?.stop();
      await Promise.all([cluster.stop(), fleet.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function olderChartIn(folder: string): Promise<string> {
  const older = join(folder, 'older');
  await cp(chart, older, { recursive: true });
  const change = async (path: string, by: (text: string) => string): Promise<void> => {
    const text = await readFile(join(older, path), 'utf8');
    await writeFile(join(older, path), by(text));
  };
  await change('Chart.yaml', (text) => text.replace(/^version: .*$/m, 'version: 0.0.1'));
  await change('files/crds/holdfast.dev_ansibleruns.yaml', (text) => {
    const crd = load(text) as V1CustomResourceDefinition;
    const [version] = crd.spec.versions;
    delete version!.schema!.openAPIV3Schema!.properties!['spec']!.properties!['serial'];
    version!.additionalPrinterColumns?.pop();
    return dump(crd);
  });
  return older;
}

function imageRepository(image: string): string {
  return image.slice(0, image.lastIndexOf(':'));
}
