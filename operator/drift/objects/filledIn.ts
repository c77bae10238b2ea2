/**
 * What the apiserver and its own controllers fill into the types of Kubernetes without the OpenAPI document saying so. Data, and pure. A
 * dry run tells it of any type; this is for those who may not try one, or whose correction would be refused.
 *
 * A field must not be here where its absence means something of its own.
 */
import { sameJson } from './scalars.ts';

type Members = Readonly<Record<string, unknown>>;
/** A value, or whether one is what would be filled in beside these fields of the live object. */
type Filled = string | number | boolean | Members | readonly unknown[] | Rule;
type Rule = (value: unknown, beside: Members) => boolean;

const always: Rule = () => true;
const equalTo =
  (of: (beside: Members) => unknown): Rule =>
  (value, beside) =>
    sameJson(value, of(beside));
/** Each entry is that of another map. */
const takenFrom =
  (...names: readonly string[]): Rule =>
  (value, beside) =>
    isObject(value) &&
    Object.entries(value).every(([key, one]) =>
      names.some((name) => isObject(beside[name]) && sameJson(beside[name][key], one)),
    );

const serviceAccountMount = '/var/run/secrets/kubernetes.io/serviceaccount';
const ofJobs = ['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'controller-uid', 'job-name'];
const fileMode = { defaultMode: 420 };
const pods = { revisionHistoryLimit: 10, replicas: 1 };
const selectors = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} };
const webhook = { ...selectors, failurePolicy: 'Fail', timeoutSeconds: 10, reinvocationPolicy: 'Never' };
const quarter = { maxSurge: '25%', maxUnavailable: '25%' };
const lost = (key: string) => ({ effect: 'NoExecute', key, operator: 'Exists', tolerationSeconds: 300 });

const byType: Readonly<Record<string, Readonly<Record<string, Filled>>>> = {
  'core.v1.ObjectFieldSelector': { apiVersion: 'v1' },
  'core.v1.ResourceFieldSelector': { divisor: '0' },
  'core.v1.ServiceAccountTokenProjection': { expirationSeconds: 3600 },
  'core.v1.PersistentVolumeClaim': { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } },
  'core.v1.PersistentVolumeClaimSpec': { volumeMode: 'Filesystem' },
  'core.v1.PersistentVolumeSpec': { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' },
  'core.v1.PodSpec': {
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    nodeName: always,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    serviceAccount: equalTo(({ serviceAccountName }) => serviceAccountName),
    serviceAccountName: 'default',
    terminationGracePeriodSeconds: 30,
    tolerations: [lost('node.kubernetes.io/not-ready'), lost('node.kubernetes.io/unreachable')],
  },
  'core.v1.Container': {
    imagePullPolicy: equalTo(({ image }) => (isMovingImage(image) ? 'Always' : 'IfNotPresent')),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  },
  'core.v1.Probe': { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 },
  'core.v1.HTTPGetAction': { path: '/', scheme: 'HTTP' },
  'core.v1.Volume': { emptyDir: {} },
  'core.v1.ConfigMapVolumeSource': fileMode,
  'core.v1.SecretVolumeSource': fileMode,
  'core.v1.DownwardAPIVolumeSource': fileMode,
  'core.v1.ProjectedVolumeSource': fileMode,
  'core.v1.HostPathVolumeSource': { type: '' },
  'core.v1.PodTemplateSpec': {
    metadata: (value) =>
      isObject(value) && sameKeys(value, ['labels']) && isObject(value['labels']) && sameKeys(value['labels'], ofJobs),
  },
  'core.v1.ServiceSpec': {
    allocateLoadBalancerNodePorts: true,
    clusterIP: (value) => value !== 'None',
    clusterIPs: equalTo(({ clusterIP, clusterIPs }) => (clusterIP === 'None' ? ['None'] : clusterIPs)),
    externalTrafficPolicy: 'Cluster',
    healthCheckNodePort: always,
    internalTrafficPolicy: 'Cluster',
    ipFamilies: always,
    ipFamilyPolicy: equalTo(({ clusterIP, selector }) =>
      clusterIP === 'None' && selector === undefined ? 'RequireDualStack' : 'SingleStack',
    ),
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
  'core.v1.ServicePort': { nodePort: always, targetPort: equalTo(({ port }) => port) },
  'core.v1.LimitRangeItem': { default: takenFrom('max'), defaultRequest: takenFrom('default', 'min') },
  'apps.v1.DeploymentSpec': {
    ...pods,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: quarter },
  },
  'apps.v1.DeploymentStrategy': { type: 'RollingUpdate', rollingUpdate: quarter },
  'apps.v1.RollingUpdateDeployment': quarter,
  'apps.v1.ReplicaSetSpec': { replicas: 1 },
  'apps.v1.DaemonSetSpec': {
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  },
  'apps.v1.DaemonSetUpdateStrategy': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  'apps.v1.RollingUpdateDaemonSet': { maxSurge: 0, maxUnavailable: 1 },
  'apps.v1.StatefulSetSpec': {
    ...pods,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  },
  'apps.v1.StatefulSetUpdateStrategy': { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  'apps.v1.RollingUpdateStatefulSetStrategy': { partition: 0 },
  'batch.v1.JobSpec': {
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    completions: 1,
    manualSelector: false,
    parallelism: 1,
    podReplacementPolicy: equalTo(({ podFailurePolicy }) => (podFailurePolicy ? 'Failed' : 'TerminatingOrFailed')),
    selector: (value) =>
      isObject(value) && isObject(value['matchLabels']) && sameKeys(value['matchLabels'], ofJobs.slice(0, 1)),
    suspend: false,
  },
  'batch.v1.CronJobSpec': {
    concurrencyPolicy: 'Allow',
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    suspend: false,
  },
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': { status: 'True' },
  'autoscaling.v2.HorizontalPodAutoscalerSpec': {
    metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 80, type: 'Utilization' } }, type: 'Resource' }],
    minReplicas: 1,
  },
  'networking.v1.NetworkPolicySpec': {
    policyTypes: equalTo(({ egress }) => (egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'])),
  },
  'networking.v1.NetworkPolicyPort': { protocol: 'TCP' },
  'networking.v1.IngressClassParametersReference': { scope: 'Cluster' },
  'discovery.v1.EndpointPort': { protocol: 'TCP', name: '' },
  'storage.v1.StorageClass': { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
  'storage.v1.CSIDriverSpec': {
    attachRequired: true,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    podInfoOnMount: false,
    requiresRepublish: false,
    seLinuxMount: false,
    storageCapacity: false,
    volumeLifecycleModes: ['Persistent'],
  },
  'rbac.v1.RoleRef': { apiGroup: 'rbac.authorization.k8s.io' },
  // Only users and groups are of this group, so that nobody can mean another.
  'rbac.v1.Subject': { apiGroup: 'rbac.authorization.k8s.io' },
  'admissionregistration.v1.RuleWithOperations': { scope: '*' },
  'admissionregistration.v1.NamedRuleWithOperations': { scope: '*' },
  'admissionregistration.v1.ServiceReference': { port: 443 },
  'admissionregistration.v1.ValidatingWebhook': webhook,
  'admissionregistration.v1.MutatingWebhook': webhook,
  'admissionregistration.v1.MatchResources': selectors,
  'admissionregistration.v1.ValidatingAdmissionPolicySpec': { failurePolicy: 'Fail' },
  'apiextensions.v1.CustomResourceDefinitionSpec': { conversion: { strategy: 'None' } },
  'apiextensions.v1.CustomResourceDefinitionNames': {
    listKind: equalTo(({ kind }) => `${String(kind)}List`),
    singular: equalTo(({ kind }) => String(kind).toLowerCase()),
  },
  'flowcontrol.v1.LimitedPriorityLevelConfiguration': { lendablePercent: 0, nominalConcurrencyShares: 30 },
  'flowcontrol.v1.FlowSchemaSpec': { matchingPrecedence: 1000 },
};

/** Items that an admission plugin of the apiserver adds to lists: the token of a pod's service account. */
const injected: Readonly<Record<string, (item: Members) => boolean>> = {
  'core.v1.Volume': ({ name, projected }) => isObject(projected) && String(name).startsWith('kube-api-access-'),
  'core.v1.VolumeMount': ({ mountPath }) => mountPath === serviceAccountMount,
};

/** Whether a type of that name has this field with this value because it was filled in, `beside` being all fields of the live object. */
export function isFilledInto(type: string, name: string, value: unknown, beside: Members): boolean {
  const filled = Object.hasOwn(byType, type) ? byType[type] : undefined;
  if (!filled || !Object.hasOwn(filled, name)) return false;
  const one = filled[name];
  return typeof one === 'function' ? one(value, beside) : sameJson(one, value);
}

/** Whether an item of that type was added to its list. */
export function isInjected(type: string, item: unknown): boolean {
  return Object.hasOwn(injected, type) && isObject(item) && injected[type]!(item);
}

/** Whether the labels of a pod template have this one because of the Job that it is in. */
export function isLabelOfJobs(name: string): boolean {
  return ofJobs.includes(name);
}

/** Of an image that may be another one tomorrow: without tag or digest, or `latest`. */
function isMovingImage(image: unknown): boolean {
  const [, tag] = /(?::([\w.-]+))?(?:@[^@]*)?$/.exec(String(image)) ?? [];
  return !String(image).includes('@') && (tag === undefined || tag === 'latest');
}

function sameKeys(value: Members, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
