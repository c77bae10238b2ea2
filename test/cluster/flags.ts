/** How each program of a test cluster is started: pure functions from the cluster's layout to arguments. */
import type { Layout } from './layout.ts';

/** The controllers that tests rely on; each further one costs memory and start-up time. */
const controllers = [
  'clusterrole-aggregation-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'ttl-after-finished-controller',
];

/** etcd listens on sockets in the working folder, where nobody else reaches it. It insists on a "port" in their names. */
export const etcdSocket = 'client:0';
const peerSocket = 'peer:0';

export function etcdFlags(layout: Layout): string[] {
  return [
    `--data-dir=${layout.folder}/etcd`,
    '--unsafe-no-fsync', // The data need not outlive the machine.
    `--listen-client-urls=unix://${etcdSocket}`,
    `--advertise-client-urls=unix://${etcdSocket}`,
    `--listen-peer-urls=unix://${peerSocket}`,
    `--initial-advertise-peer-urls=unix://${peerSocket}`,
    `--initial-cluster=default=unix://${peerSocket}`,
    '--log-level=warn',
  ];
}

export interface ApiServerOptions {
  readonly audit: boolean;
  readonly serviceAccounts: boolean;
  readonly nodes: boolean;
}

export function apiServerFlags(layout: Layout, options: ApiServerOptions): string[] {
  const { authority, server, serviceAccountKey } = layout;
  return [
    `--bind-address=${layout.address}`,
    `--advertise-address=${layout.address}`,
    // A loopback address is not allowed in an Endpoints object.
    ...(options.nodes ? nodeFlags : ['--endpoint-reconciler-type=none', '--authorization-mode=RBAC']),
    `--secure-port=${layout.ports.apiServer}`,
    `--etcd-servers=unix://${etcdSocket}`,
    `--client-ca-file=${authority.certificate}`,
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${serviceAccountKey}`,
    `--service-account-signing-key-file=${serviceAccountKey}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--watch-cache=true',
    '--allow-privileged=true',
    // As OpenShift has it: who sets an owner reference that blocks deletion needs a right to the finalizers of the owner.
    `--enable-admission-plugins=OwnerReferencesPermissionEnforcement${options.nodes ? ',NodeRestriction' : ''}`,
    // Without a controller that makes service accounts, this plugin would refuse every pod.
    ...(options.serviceAccounts ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ...(options.audit ? [`--audit-log-path=${layout.auditLog}`, `--audit-policy-file=${layout.auditPolicy}`] : []),
  ];
}

/** A node that is lost is noticed within seconds, so that tests need not wait for the minutes of a real cluster. */
const nodeFlags = [
  '--authorization-mode=Node,RBAC',
  // There is no DNS that knows their names.
  '--kubelet-preferred-address-types=InternalIP',
  '--default-not-ready-toleration-seconds=5',
  '--default-unreachable-toleration-seconds=5',
];

export function controllerManagerFlags(layout: Layout, nodes: boolean): string[] {
  return [
    ...clientFlags(layout, layout.controllerManagerKubeconfig, layout.ports.controllerManager),
    ...(nodes ? ['--controllers=*', '--node-monitor-grace-period=15s'] : [`--controllers=${controllers.join(',')}`]),
    `--root-ca-file=${layout.authority.certificate}`,
    `--service-account-private-key-file=${layout.serviceAccountKey}`,
  ];
}

export function schedulerFlags(layout: Layout): string[] {
  return clientFlags(layout, layout.schedulerKubeconfig, layout.ports.scheduler);
}

/** The port is where the component says whether it is healthy. */
function clientFlags(layout: Layout, kubeconfig: string, port: number): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false', // With it, a component ends itself when the API server is away for longer than its lease.
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${layout.server.certificate}`,
    `--tls-private-key-file=${layout.server.key}`,
  ];
}
