/** Small clusters for what a ClusterBaseline says and leaves to others. `NS` stands for the namespace of the case. */
import type { ObjectTemplate } from '../../operator/api/v1alpha1/objectTemplate.ts';
import { clusterRole, configMap, containersOf, deployment, metadata, pod, rbac, type Json } from './clusterCase.ts';

const volumes = (...all: readonly Json[]): Json => ({
  ...deployment(),
  spec: {
    ...(deployment()['spec'] as Json),
    template: {
      metadata: { labels: { app: 'app' } },
      spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }], volumes: all },
    },
  },
});
const volumesOf = (...all: readonly Json[]): Json => ({
  ...containersOf(),
  spec: { template: { spec: { volumes: all } } },
});
const specOf = (spec: Json): Json => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('app'), spec });
const inPod = (spec: Json): Json => ({ template: { spec } });
const podName = { fieldRef: { fieldPath: 'metadata.name' } };

/** Each becomes so by one correction. */
export const nulls: Record<string, { given: Json; template: Json; becomes: Json }> = {
  'a volume of another type': {
    given: volumes({ name: 'v', hostPath: { path: '/x' } }),
    template: volumesOf({ name: 'v', hostPath: null, emptyDir: {} }),
    becomes: inPod({ volumes: [{ name: 'v', emptyDir: {} }] }),
  },
  'a variable from elsewhere': {
    given: deployment({}, { env: [{ name: 'A', value: '1' }] }),
    template: containersOf({ name: 'app', env: [{ name: 'A', value: null, valueFrom: podName }] }),
    becomes: inPod({ containers: [{ env: [{ name: 'A', valueFrom: podName }] }] }),
  },
  'a volume that is projected now, out of a ConfigMap': {
    given: volumes({ name: 'v', configMap: { name: 'settings' } }),
    template: volumesOf({ name: 'v', configMap: null, projected: { sources: [{ configMap: { name: 'settings' } }] } }),
    becomes: inPod({ volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'settings' } }] } }] }),
  },
  'real drift beside null in the same item': {
    given: deployment({}, { imagePullPolicy: 'IfNotPresent', workingDir: '/w' }),
    template: containersOf({ name: 'app', imagePullPolicy: 'Always', workingDir: null, command: null }),
    becomes: inPod({ containers: [{ name: 'app', imagePullPolicy: 'Always' }] }),
  },
  'a probe of another type': {
    given: deployment({}, { livenessProbe: { exec: { command: ['true'] } } }),
    template: containersOf({ name: 'app', livenessProbe: { exec: null, httpGet: { port: 80 } } }),
    becomes: inPod({ containers: [{ livenessProbe: { httpGet: { port: 80 } } }] }),
  },
  'a strategy without its parameters': {
    given: deployment(),
    template: specOf({ strategy: { type: 'Recreate', rollingUpdate: null } }),
    becomes: { strategy: { type: 'Recreate' } },
  },
  'an object in an item, and a new item beside it': {
    given: deployment({}, { securityContext: { privileged: true } }),
    template: containersOf(
      { name: 'app', securityContext: null },
      { name: 'side', image: 'registry.example/side:1', command: null },
    ),
    becomes: inPod({ containers: [{ name: 'app' }, { name: 'side' }] }),
  },
};

/** The field of the live object that the template omits. */
export const inWay: Record<string, { given: Json; template: Json; path: string; advice: RegExp }> = {
  'hostPath where emptyDir is declared': {
    given: volumes({ name: 'v', hostPath: { path: '/x' } }),
    template: volumesOf({ name: 'v', emptyDir: {} }),
    path: 'spec.template.spec.volumes[name=v].hostPath',
    advice: /conflicts with the template, which omits it; add `hostPath: null`/,
  },
  'configMap where projected is declared': {
    given: volumes({ name: 'v', configMap: { name: 'settings' } }),
    template: volumesOf({ name: 'v', projected: { sources: [{ configMap: { name: 'settings' } }] } }),
    path: 'spec.template.spec.volumes[name=v].configMap',
    advice: /add `configMap: null`/,
  },
  'exec where httpGet is declared': {
    given: deployment({}, { livenessProbe: { exec: { command: ['true'] } } }),
    template: containersOf({ name: 'app', livenessProbe: { httpGet: { port: 80 } } }),
    path: 'spec.template.spec.containers[name=app].livenessProbe.exec',
    advice: /add `exec: null`/,
  },
  'a value where valueFrom is declared': {
    given: deployment({}, { env: [{ name: 'A', value: '1' }] }),
    template: containersOf({ name: 'app', env: [{ name: 'A', valueFrom: podName }] }),
    path: 'spec.template.spec.containers[name=app].env[name=A].value',
    advice: /add `value: null`/,
  },
  'parameters of another strategy': {
    given: deployment(),
    template: specOf({ strategy: { type: 'Recreate' } }),
    path: 'spec.strategy.rollingUpdate',
    advice: /add `rollingUpdate: null`/,
  },
};

const job = (spec: Json, image = 'registry.example/app:1'): Json => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: metadata('job'),
  spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image }] } } },
});
const store = (storage: string): Json => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: metadata('store'),
  spec: {
    serviceName: 'store',
    selector: { matchLabels: { app: 'store' } },
    template: {
      metadata: { labels: { app: 'store' } },
      spec: { containers: [{ name: 'store', image: 'registry.example/store:1' }] },
    },
    volumeClaimTemplates: [
      { metadata: { name: 'disk' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } },
    ],
  },
});
const limits = (max: string): Json => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: metadata('limits'),
  spec: { limits: [{ type: 'Container', default: { cpu: '1' }, max: { cpu: max } }] },
});
const selecting = (app: string): Json => {
  const spec = deployment()['spec'] as { template: Json };
  const template = { ...spec.template, metadata: { labels: { app } } };
  return { ...deployment(), spec: { selector: { matchLabels: { app } }, template } };
};

/** The paths of all findings, sorted; none where nothing drifts. */
export const mustOnlyHave: Record<string, { given: Json; template: Json; paths: readonly string[] }> = {
  'a Pod as declared': { given: pod('one'), template: pod('one'), paths: [] },
  'a Pod with another command': {
    given: pod('one', { command: ['a'] }),
    template: pod('one', { command: ['b'] }),
    paths: ['spec.containers[name=app].command[0]'],
  },
  'a Pod with a variable too many': {
    given: pod('one', { env: [{ name: 'A', value: '1' }] }),
    template: pod('one'),
    paths: ['spec.containers[name=app].env'],
  },
  'a Job as declared': { given: job({}), template: job({}), paths: [] },
  'a Job of another image': {
    given: job({}),
    template: job({}, 'registry.example/app:2'),
    paths: ['spec.template.spec.containers[name=app].image'],
  },
  'a Job with a limit too many': {
    given: job({ backoffLimit: 1 }),
    template: job({}),
    paths: ['spec.backoffLimit'],
  },
  'a Deployment with another selector': {
    given: selecting('app'),
    template: selecting('other'),
    paths: ['spec.selector.matchLabels.app', 'spec.template.metadata.labels.app'],
  },
  'a StatefulSet as declared': { given: store('1Gi'), template: store('1Gi'), paths: [] },
  'a StatefulSet with another disk': {
    given: store('1Gi'),
    template: store('2Gi'),
    paths: ['spec.volumeClaimTemplates[0].spec.resources.requests.storage'],
  },
  'a LimitRange as declared': { given: limits('4'), template: limits('4'), paths: [] },
  'a LimitRange with another maximum': {
    given: limits('4'),
    template: limits('5'),
    paths: ['spec.limits[0].max.cpu'],
  },
};

const webhooks = (failurePolicy: string, more: Json, clientConfig: Json = {}): Json => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'NS.example' },
  webhooks: [
    {
      name: 'a.b.example',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy,
      clientConfig: { service: { name: 'x', namespace: 'y' }, ...clientConfig },
      rules: [{ apiGroups: ['x.example'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['x'] }],
      ...more,
    },
  ],
});
const absent = (key: string): Json => ({ key, operator: 'DoesNotExist' });
const token = (data: Json, owner: string): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadata('token', { labels: { owner } }),
  ...data,
});

type Item = Omit<ObjectTemplate, 'name' | 'template'> & { template: Json };

/** The live object drifts, and differs at the ignored path: the one is corrected, the other stays. */
export const leftToOthers: Record<string, { given: Json; item: Item; stays: Json; becomes?: Json; ignored: string }> = {
  'the replicas of a Deployment': {
    given: deployment({ replicas: 5, paused: true }),
    item: { template: deployment({ replicas: 2, paused: null }), ignoredPaths: ['spec.replicas'] },
    stays: { spec: { replicas: 5 } },
    ignored: 'spec.replicas',
  },
  'an annotation': {
    given: configMap({ a: 'x' }, { annotations: { 'example.com/owner': 'them' } }),
    item: {
      template: configMap({ a: '1' }, { annotations: { 'example.com/owner': 'us' } }),
      ignoredPaths: ['metadata.annotations["example.com/owner"]'],
    },
    stays: { metadata: { annotations: { 'example.com/owner': 'them' } } },
    becomes: { data: { a: '1' } },
    ignored: 'metadata.annotations["example.com/owner"]',
  },
  'the image of a container': {
    given: deployment({}, { image: 'registry.example/app:9', command: ['x'] }),
    item: {
      template: deployment({}, { command: ['y'] }),
      ignoredPaths: ['spec.template.spec.containers[name=app].image'],
    },
    stays: { spec: inPod({ containers: [{ image: 'registry.example/app:9', command: ['y'] }] }) },
    ignored: 'spec.template.spec.containers[name=app].image',
  },
  'the resources of all containers': {
    given: deployment({ minReadySeconds: 9 }, { resources: { limits: { cpu: '9' } } }),
    item: {
      template: deployment({ minReadySeconds: 1 }, { resources: { limits: { cpu: '1' } } }),
      ignoredPaths: ['spec.template.spec.containers[*].resources'],
    },
    stays: { spec: { minReadySeconds: 1, ...inPod({ containers: [{ resources: { limits: { cpu: '9' } } }] }) } },
    ignored: 'spec.template.spec.containers[*].resources',
  },
  'a part of a list that is replaced as a whole': {
    given: clusterRole([{ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get', 'delete'] }]),
    item: {
      template: clusterRole([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]),
      ignoredPaths: ['rules[0].verbs'],
    },
    stays: { apiVersion: `${rbac}`, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'delete'] }] },
    ignored: 'rules[0].verbs',
  },
  'what a controller puts into the webhooks of another': {
    given: webhooks('Ignore', {}, { caBundle: 'YQ==' }),
    item: {
      template: webhooks('Fail', {}, { caBundle: 'Yg==' }),
      ignoredPaths: ['webhooks[*].clientConfig.caBundle'],
    },
    stays: { webhooks: [{ failurePolicy: 'Fail', clientConfig: { caBundle: 'YQ==' } }] },
    ignored: 'webhooks[*].clientConfig.caBundle',
  },
  'a condition that a controller adds to those of a selector': {
    given: webhooks('Ignore', { namespaceSelector: { matchExpressions: [absent('a'), absent('b')] } }),
    item: {
      template: webhooks('Fail', { namespaceSelector: { matchExpressions: [absent('a')] } }),
      ignoredPaths: ['webhooks[name=a.b.example].namespaceSelector.matchExpressions[1]'],
    },
    stays: {
      webhooks: [{ failurePolicy: 'Fail', namespaceSelector: { matchExpressions: [absent('a'), absent('b')] } }],
    },
    ignored: 'webhooks[name=a.b.example].namespaceSelector.matchExpressions[1]',
  },
  'all that is in a Secret': {
    given: token({ stringData: { token: 'theirs' } }, 'them'),
    item: { template: token({ stringData: { token: 'ours' } }, 'us'), ignoredPaths: ['data', 'stringData'] },
    stays: { data: { token: 'dGhlaXJz' }, metadata: { labels: { owner: 'us' } } },
    ignored: 'data',
  },
  'a key, where nothing else may be': {
    given: configMap({ a: 'x', b: 'theirs', c: 'too many' }),
    item: { match: 'MustOnlyHave', template: configMap({ a: '1', b: 'ours' }), ignoredPaths: ['data.b'] },
    stays: { data: { a: '1', b: 'theirs' } },
    ignored: 'data.b',
  },
};
