/**
 * A real node of a test cluster: containerd, kubelet and kube-proxy in a cage of their own, in the network of a fleet, so that pods reach its hosts.
 * Nothing of it outlives the process that started it, however that process ends.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Component } from '../cluster/component.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { mustRun } from '../fleet/command.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { openCage, type Cage } from './cage.ts';
import { containerdConfig, kubeletConfig, networkConfig, proxyConfig, socketOf, type Place } from './files.ts';

export interface Node {
  readonly name: string;
  readonly address: string;
  /** Holds the logs of its programs (NAME.log). Gone after `stop`. */
  readonly folder: string;
  /** Loads an image from an archive. */
  load(archive: string): Promise<void>;
  /** Ends everything on it at once, as when its machine is switched off. */
  stop(): Promise<void>;
}

export interface NodeOptions {
  /** Started with `nodesReachItAt`, the gateway of the fleet. */
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  /** Its number: it is called `node-1`, for example. */
  readonly number?: number;
  /** Archives of images that it has from the start. */
  readonly images?: readonly string[];
}

/** The last number of its address in the network of the fleet is that and its own. */
const firstAddress = 240;

/** Resolves when the node is Ready. */
export async function startNode({ cluster, fleet, number = 1, images = [] }: NodeOptions): Promise<Node> {
  const cage = await openCage(join(tmpdir(), `holdfast-node-${randomBytes(4).toString('hex')}`));
  try {
    const name = `node-${number}`;
    const address = await fleet.attach(cage.pid, firstAddress + number);
    const node = new CagedNode(cluster, cage, { folder: cage.folder, cgroup: cage.cgroup, name, address });
    await node.start(images);
    return node;
  } catch (error) {
    await cage.close();
    throw error;
  }
}

class CagedNode implements Node {
  readonly name: string;
  readonly address: string;
  readonly folder: string;
  private readonly cluster: Cluster;
  private readonly cage: Cage;
  private readonly place: Place;

  constructor(cluster: Cluster, cage: Cage, place: Place) {
    this.cluster = cluster;
    this.cage = cage;
    this.place = place;
    ({ name: this.name, address: this.address, folder: this.folder } = place);
  }

  async start(images: readonly string[]): Promise<void> {
    const { folder, cluster, place } = this;
    await mkdir(join(folder, 'cni'));
    const [kubelet, proxy] = await Promise.all([
      cluster.kubeconfigFor(`system:node:${this.name}`, ['system:nodes']),
      cluster.kubeconfigFor('system:kube-proxy'),
      writeFile(join(folder, 'containerd.toml'), containerdConfig(place)),
      writeFile(join(folder, 'cni', '10-pods.conflist'), networkConfig(place)),
      writeFile(join(folder, 'kubelet.json'), kubeletConfig(place)),
    ]);
    await writeFile(join(folder, 'proxy.json'), proxyConfig(place, proxy));
    const containerd = this.run('containerd', 'containerd', [`--config=${folder}/containerd.toml`]);
    await containerd.ready(() => exists(socketOf(place)));
    for (const image of images) await this.load(image);
    const programs = cluster.programs;
    this.run('kube-proxy', join(programs, 'kube-proxy'), [`--config=${folder}/proxy.json`]);
    const running = this.run('kubelet', join(programs, 'kubelet'), [
      `--config=${folder}/kubelet.json`,
      `--kubeconfig=${kubelet}`,
      `--hostname-override=${this.name}`,
      `--node-ip=${this.address}`,
      `--root-dir=${folder}/kubelet`,
    ]);
    await running.ready(() => this.isReady());
  }

  async load(archive: string): Promise<void> {
    const images = ['ctr', '--address', socketOf(this.place), '--namespace', 'k8s.io', 'images', 'import', archive];
    await mustRun(this.cage.inside(images as [string, ...string[]]), { timeoutSeconds: 300 });
  }

  stop(): Promise<void> {
    return this.cage.close();
  }

  private run(name: string, path: string, flags: readonly string[]): Component {
    const [program, ...rest] = this.cage.inside([path, ...flags]);
    return new Component({ name, path: program, arguments: rest }, this.folder);
  }

  private async isReady(): Promise<boolean> {
    const path = '{.status.conditions[?(@.type=="Ready")].status}';
    const { kubectl, kubeconfig } = this.cluster;
    const get = ['get', 'node', this.name, '--ignore-not-found', `--output=jsonpath=${path}`];
    return (await mustRun([kubectl, '--kubeconfig', kubeconfig, ...get])) === 'True';
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
