/** What the programs of a node read: pure functions from its place to texts. */

export interface Place {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  readonly address: string;
  readonly cgroup: string;
}

export const pauseImage = 'holdfast.invalid/pause:1';
const podNetwork = '10.244.0.0/24';

export function socketOf({ folder }: Pick<Place, 'folder'>): string {
  return `${folder}/containerd.sock`;
}

export function containerdConfig(place: Place): string {
  const { folder } = place;
  return `version = 2
root = "${folder}/containerd"
state = "${folder}/containerd-state"
[grpc]
  address = "${socketOf(place)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/opt"
`;
}

/** A bridge for the pods, whose packages leave the node under the node's address. */
export function networkConfig({ folder }: Place): string {
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: podNetwork }]],
    routes: [{ dst: '0.0.0.0/0' }],
    dataDir: `${folder}/addresses`,
  };
  const bridge = { type: 'bridge', bridge: 'pods', isGateway: true, ipMasq: true, hairpinMode: true, ipam };
  return JSON.stringify({ cniVersion: '0.4.0', name: 'pods', plugins: [bridge] });
}

export function kubeletConfig(place: Place): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: place.address,
    // Only this machine reaches it.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${socketOf(place)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: place.cgroup,
    failCgroupV1: false,
    failSwapOn: false,
    // Names are resolved by nobody: there is no DNS in this cluster.
    resolvConf: '',
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    nodeStatusUpdateFrequency: '2s',
    syncFrequency: '5s',
  });
}

export function proxyConfig({ name }: Place, kubeconfig: string): string {
  return JSON.stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clusterCIDR: podNetwork,
    hostnameOverride: name,
    clientConnection: { kubeconfig },
    // The kernel's limits are those of the machine.
    conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  });
}
