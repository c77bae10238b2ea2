/**
 * A control plane made of this machine's own processes: etcd, kube-apiserver and, if wanted, kube-controller-manager
 * and kube-scheduler, on loopback. Neither `stop` nor any end of this process leaves a process or a file behind.
 */
import { existsSync } from 'node:fs';
import { copyFile, cp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { auditFolder, type Cluster, type ClusterOptions } from './cluster.ts';
import { Component } from './component.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, etcdSocket, schedulerFlags } from './flags.ts';
import { accepts, answersOk } from './health.ts';
import type { Credentials } from './health.ts';
import { createLayout, createUser } from './layout.ts';
import type { Layout } from './layout.ts';
import { applyManifests } from './manifests.ts';
import { createTemporaryFolder } from './temporaryFolder.ts';
import type { TemporaryFolder } from './temporaryFolder.ts';

type Name = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** `programs` is a folder that holds the programs by their names. */
export async function startLocalCluster(programs: string, options: Required<ClusterOptions>): Promise<Cluster> {
  const folder = await createTemporaryFolder('holdfast-cluster-');
  try {
    const layout = await createLayout(folder.path, options.nodesReachItAt || undefined);
    const cluster = new LocalCluster(programs, folder, layout, options);
    await cluster.start();
    return cluster;
  } catch (error) {
    await folder.delete();
    throw error;
  }
}

class LocalCluster implements Cluster {
  readonly owned = true;
  readonly runsControllers: boolean;
  readonly url: string;
  readonly kubeconfig: string;
  readonly certificateAuthority: string;
  readonly kubectl: string;
  readonly programs: string;
  readonly dataFolder: string;
  readonly auditLog: string | undefined;
  private readonly folder: TemporaryFolder;
  private readonly layout: Layout;
  private readonly options: Required<ClusterOptions>;
  private readonly running = new Map<Name, Component>();
  private users = 0;
  private copies = 0;

  constructor(programs: string, folder: TemporaryFolder, layout: Layout, options: Required<ClusterOptions>) {
    this.programs = programs;
    this.folder = folder;
    this.layout = layout;
    this.options = options;
    this.runsControllers = options.controllerManager;
    this.url = layout.url;
    this.kubeconfig = layout.adminKubeconfig;
    this.certificateAuthority = layout.authority.certificate;
    this.kubectl = join(programs, 'kubectl');
    this.dataFolder = layout.folder;
    this.auditLog = options.audit ? layout.auditLog : undefined;
  }

  async start(): Promise<void> {
    try {
      await this.startAll(() => applyManifests(this, this.options.manifests));
    } catch (error) {
      await this.killAll();
      throw error;
    }
  }

  private async startAll(prepare?: () => Promise<void>): Promise<void> {
    await this.startEtcd();
    await this.startApiServer();
    await prepare?.();
    await Promise.all([
      this.options.controllerManager && this.startControllerManager(),
      this.options.scheduler && this.startScheduler(),
    ]);
  }

  async startApiServer(): Promise<void> {
    const { audit, controllerManager } = this.options;
    const apiServer = this.run(
      'kube-apiserver',
      apiServerFlags(this.layout, { audit, serviceAccounts: controllerManager, nodes: this.hasNodes }),
    );
    await this.isReady(apiServer, this.layout.url, '/readyz');
  }

  async stopApiServer(): Promise<void> {
    await this.running.get('kube-apiserver')?.kill();
    this.running.delete('kube-apiserver');
  }

  async copyStore(): Promise<string> {
    const copy = join(this.layout.folder, `etcd-copy-${++this.copies}`);
    await this.withoutEtcd(() => cp(this.store, copy, { recursive: true }));
    return copy;
  }

  async restoreStore(copy: string, whileStopped?: () => void): Promise<void> {
    await this.withoutEtcd(async () => {
      whileStopped?.();
      await rm(this.store, { recursive: true });
      await cp(copy, this.store, { recursive: true });
    });
  }

  /** Its data is whole when it does not run; the others must not keep what they read of it. */
  private async withoutEtcd(act: () => Promise<void>): Promise<void> {
    await this.killAll();
    await act();
    await this.startAll();
  }

  private get hasNodes(): boolean {
    return this.options.nodesReachItAt !== '';
  }

  private get store(): string {
    return join(this.layout.folder, 'etcd');
  }

  async kubeconfigFor(user: string, groups: readonly string[] = []): Promise<string> {
    const kubeconfig = join(this.layout.folder, `user-${++this.users}.kubeconfig`);
    return (await createUser(this.layout.authority, this.url, { name: user, groups, kubeconfig })).kubeconfig;
  }

  async stop(): Promise<void> {
    await this.killAll();
    const kept = process.env[auditFolder];
    if (kept && this.auditLog && existsSync(this.auditLog))
      await copyFile(this.auditLog, join(kept, `${basename(this.layout.folder)}.log`));
    await this.folder.delete();
  }

  private async killAll(): Promise<void> {
    await Promise.all([...this.running.values()].map((component) => component.kill()));
    this.running.clear();
  }

  private async startEtcd(): Promise<void> {
    const etcd = this.run('etcd', etcdFlags(this.layout));
    await etcd.ready(() => accepts(join(this.layout.folder, etcdSocket)));
  }

  private async startControllerManager(): Promise<void> {
    const controllerManager = this.run('kube-controller-manager', controllerManagerFlags(this.layout, this.hasNodes));
    await this.isReady(controllerManager, ownUrl(this.layout.ports.controllerManager), '/healthz');
    // The first thing that its controllers make, and what every pod needs.
    await this.isReady(controllerManager, this.layout.url, '/api/v1/namespaces/default/serviceaccounts/default');
  }

  private async startScheduler(): Promise<void> {
    const scheduler = this.run('kube-scheduler', schedulerFlags(this.layout));
    await this.isReady(scheduler, ownUrl(this.layout.ports.scheduler), '/healthz');
  }

  private run(name: Name, flags: string[]): Component {
    const component = new Component({ name, path: join(this.programs, name), arguments: flags }, this.layout.folder);
    this.running.set(name, component);
    return component;
  }

  private async isReady(component: Component, url: string, path: string): Promise<void> {
    const credentials = await readCredentials(this.layout);
    await component.ready(() => answersOk(`${url}${path}`, credentials));
  }
}

/** Of a component that only this machine asks. */
function ownUrl(port: number): string {
  return `https://127.0.0.1:${port}`;
}

async function readCredentials({ authority, admin }: Layout): Promise<Credentials> {
  const files = [authority.certificate, admin.certificate, admin.key];
  const [ca = '', cert = '', key = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return { ca, cert, key };
}
