/**
 * Whether objects of a kind have a namespace, as far as that can be known without a cluster: of the kinds of Kubernetes and OpenShift,
 * and of operators that policies often speak of. A ClusterBaseline refuses a namespace where there is none, which Open Cluster
 * Management ignores.
 */

export type Scope = 'Cluster' | 'Namespaced' | 'Unknown';

/** Kinds without a namespace; the other kinds of these groups have one. `*` is all kinds of the group. */
const clusterKinds: Readonly<Record<string, string>> = {
  '': 'Namespace Node PersistentVolume ComponentStatus',
  'admissionregistration.k8s.io': '*',
  'apiextensions.k8s.io': '*',
  'apiregistration.k8s.io': '*',
  apps: '',
  'authorization.openshift.io': 'ClusterRole ClusterRoleBinding',
  autoscaling: '',
  'autoscaling.openshift.io': 'ClusterAutoscaler',
  batch: '',
  'build.openshift.io': '',
  'cert-manager.io': 'ClusterIssuer',
  'certificates.k8s.io': 'CertificateSigningRequest ClusterTrustBundle',
  'cluster.open-cluster-management.io': 'ManagedCluster ManagedClusterSet ClusterClaim',
  'compliance.openshift.io': '',
  'config.openshift.io': '*',
  'console.openshift.io': '*',
  'constraints.gatekeeper.sh': '*',
  'coordination.k8s.io': '',
  'discovery.k8s.io': '',
  'events.k8s.io': '',
  'external-secrets.io': 'ClusterSecretStore ClusterExternalSecret',
  'flowcontrol.apiserver.k8s.io': '*',
  'image.openshift.io': 'Image ImageSignature',
  'imageregistry.operator.openshift.io': '*',
  'k8s.ovn.org': 'AdminPolicyBasedExternalRoute ClusterUserDefinedNetwork EgressIP RouteAdvertisements',
  'kyverno.io': 'ClusterPolicy ClusterCleanupPolicy',
  'logging.openshift.io': '',
  'machine.openshift.io': '',
  'machineconfiguration.openshift.io': '*',
  'monitoring.coreos.com': '',
  'multicluster.openshift.io': '*',
  'networking.k8s.io': 'IngressClass IPAddress ServiceCIDR',
  'nmstate.io': 'NodeNetworkConfigurationPolicy NodeNetworkState',
  'node.k8s.io': '*',
  'oauth.openshift.io': '*',
  'operator.open-cluster-management.io': '',
  'operators.coreos.com': 'Operator OLMConfig',
  'performance.openshift.io': '*',
  policy: 'PodSecurityPolicy',
  'policy.networking.k8s.io': '*',
  'policy.open-cluster-management.io': '',
  'project.openshift.io': '*',
  'quota.openshift.io': 'ClusterResourceQuota',
  'rbac.authorization.k8s.io': 'ClusterRole ClusterRoleBinding',
  'resource.k8s.io': 'DeviceClass DeviceTaintRule ResourceSlice',
  'route.openshift.io': '',
  'samples.operator.openshift.io': '*',
  'scheduling.k8s.io': '*',
  'security.openshift.io': 'SecurityContextConstraints RangeAllocation',
  'snapshot.storage.k8s.io': 'VolumeSnapshotClass VolumeSnapshotContent',
  'storage.k8s.io': 'StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass',
  'template.openshift.io': 'BrokerTemplateInstance',
  'templates.gatekeeper.sh': '*',
  'tuned.openshift.io': '',
  'user.openshift.io': '*',
  'velero.io': '',
  'wgpolicyk8s.io': 'ClusterPolicyReport',
};

/** `operator.openshift.io` is the other way round: these of its kinds have a namespace. */
const namespacedOperators = ['IngressController'];

export function scopeOf(apiVersion: string, kind: string): Scope {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  if (group === 'operator.openshift.io') return namespacedOperators.includes(kind) ? 'Namespaced' : 'Cluster';
  const kinds = Object.hasOwn(clusterKinds, group) ? clusterKinds[group] : undefined;
  if (kinds === undefined) return 'Unknown';
  return kinds === '*' || kinds.split(' ').includes(kind) ? 'Cluster' : 'Namespaced';
}
