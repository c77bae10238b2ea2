/**
 * A real Kubernetes control plane for tests: started by `startCluster`, or one that the environment offers.
 *
 * - By default: etcd, kube-apiserver and kube-controller-manager, built from the Go module beside this file.
 * - `KUBEBUILDER_ASSETS`: a folder with etcd, kube-apiserver and kubectl to run instead. If it holds no
 *   kube-controller-manager, no owner's dependents are collected, no namespace is emptied and no Job makes pods.
 * - `HOLDFAST_TEST_EXISTING_CLUSTER=1` with `KUBECONFIG`: that cluster is used as it is and left running. `KUBECONFIG`
 *   alone is not enough, since tests would then write to whatever cluster somebody last worked with.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalCluster } from './localCluster.ts';
import { useOfferedCluster } from './offeredCluster.ts';
import { setUp } from './setUp.ts';

export interface Cluster {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** https://host:port of the API server. */
  readonly url: string;
  /** Path of the certificate that the API server's is signed by, PEM. */
  readonly certificateAuthority: string;
  /** kubectl as a command to run; pass it `--kubeconfig`. A path, but for a cluster that was offered by KUBECONFIG. */
  readonly kubectl: string;
  /** The folder of the programs that it was started from; empty for a cluster that was offered by KUBECONFIG. */
  readonly programs: string;
  /** Where everything of this cluster lies, logs of the components (NAME.log) among it; gone after `stop`. */
  readonly dataFolder: string;
  /** Path of the audit log, one JSON event of level Metadata a line, if asked for. */
  readonly auditLog: string | undefined;
  /** Whether owner references, namespaces, service accounts and Jobs are attended to. */
  readonly runsControllers: boolean;
  /** False for a cluster that was offered by KUBECONFIG: the methods below that say so throw. */
  readonly owned: boolean;
  /** Path of a kubeconfig for a named user (at most 64 characters) with no rights but RBAC's. Only if owned. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>;
  /** Kills the API server, as a crash would. Resolves when its port is closed. Only if owned. */
  stopApiServer(): Promise<void>;
  /** Starts it again with the same port and data. Resolves when it is ready. Only if owned. */
  startApiServer(): Promise<void>;
  /** Copies what etcd has at this moment, and returns the path of the copy. Only if owned. */
  copyStore(): Promise<string>;
  /**
   * Puts a copy in the place of what etcd has, as a restore does: with the control plane stopped, and started again under the same port. Revisions go
   * back to those of the copy. `whileStopped` is called when nothing answers. Only if owned.
   */
  restoreStore(copy: string, whileStopped?: () => void): Promise<void>;
  /** Ends all processes and deletes the data. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Default: true. Without it, pods need no service account. */
  controllerManager?: boolean;
  /** Default: false. */
  scheduler?: boolean;
  /** The address of this machine at which nodes reach the API server; with it, there is a scheduler, and every controller that pods need. */
  nodesReachItAt?: string;
  /** Writes an audit log. Default: false. */
  audit?: boolean;
  /**
   * Paths of files or folders to apply before the controllers start: definitions of kinds above all. Of a kind that is
   * defined later, the garbage collector learns so late that dependents of its objects live on for up to 40 s.
   */
  manifests?: readonly string[];
}

/** Names the environment variable with a directory in which the audit logs of all clusters are kept. */
export const auditFolder = 'HOLDFAST_AUDIT';

/** Resolves when the cluster can be used: within seconds, but for the first time on a machine, when it is built. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { HOLDFAST_TEST_EXISTING_CLUSTER: existing, KUBEBUILDER_ASSETS: assets, KUBECONFIG: kubeconfig } = process.env;
  const wanted = {
    controllerManager: true,
    scheduler: options.nodesReachItAt !== undefined,
    nodesReachItAt: '',
    audit: Boolean(process.env[auditFolder]),
    manifests: [],
    ...options,
  };
  if (existing === '1') return useOfferedCluster(kubeconfig, wanted.manifests);
  if (assets) return startLocalCluster(assets, limitTo(assets, wanted));
  return startLocalCluster(await setUp('cluster'), wanted);
}

/** What of the wish the folder of programs can fulfil; says what it cannot. */
function limitTo(assets: string, wanted: Required<ClusterOptions>): Required<ClusterOptions> {
  const holds = (name: string): boolean => existsSync(join(assets, name));
  for (const name of ['etcd', 'kube-apiserver', 'kubectl'].filter((program) => !holds(program))) {
    throw new Error(`KUBEBUILDER_ASSETS names ${assets}, which holds no ${name}: unset it or add the program.`);
  }
  const controllerManager = wanted.controllerManager && holds('kube-controller-manager');
  const scheduler = wanted.scheduler && holds('kube-scheduler');
  if (wanted.controllerManager && !controllerManager) {
    say(`${assets} holds no kube-controller-manager: nobody attends to owner references, namespaces and Jobs.`);
  }
  if (wanted.scheduler && !scheduler) say(`${assets} holds no kube-scheduler: no pod is placed on a node.`);
  return { ...wanted, controllerManager, scheduler };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
