/** What a real cluster shows in other words than a baseline, and what is no drift. */
import {
  metadata,
  configMap,
  deployment,
  containersOf,
  service,
  rbac,
  clusterRole,
  readPods,
  oauth,
  apiServer,
  route,
  pods,
  inNs,
  pod,
  type Case,
} from './clusterCase.ts';

/** What must not be taken for drift. */
export const holding: Record<string, Case> = {
  'the object is as declared': {
    given: [configMap({ a: '1' })],
    objects: [{ template: configMap({ a: '1' }) }],
    findings: [],
  },
  'the object has more than is declared': {
    given: [configMap({ a: '1', b: '2' }, { labels: { x: 'y', z: 'w' } })],
    objects: [{ template: configMap({ a: '1' }, { labels: { x: 'y' } }) }],
    findings: [],
  },
  'a quantity in other words: 100m is 0.1': {
    given: [deployment({}, { resources: { requests: { cpu: '100m', memory: '1Gi' } } })],
    objects: [{ template: containersOf({ name: 'app', resources: { requests: { cpu: '0.1', memory: '1024Mi' } } }) }],
    findings: [],
  },
  'a quantity of a quota in other words': {
    given: [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: metadata('quota'),
        spec: { hard: { 'limits.memory': '2Gi', pods: '10' } },
      },
    ],
    objects: [
      {
        template: {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: metadata('quota'),
          spec: { hard: { 'limits.memory': '2048Mi', pods: '10' } },
        },
      },
    ],
    findings: [],
  },
  'the key of a list has a default: ports without protocol': {
    given: [service({ ports: [{ name: 'http', port: 80, targetPort: 8080 }], selector: { app: 'app' } })],
    objects: [{ template: service({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] }) }],
    findings: [],
  },
  'a map list in another order': {
    given: [deployment({}, {}, [{ name: 'side', image: 'registry.example/side:1' }])],
    objects: [
      {
        template: containersOf(
          { name: 'side', image: 'registry.example/side:1' },
          { name: 'app', image: 'registry.example/app:1' },
        ),
      },
    ],
    findings: [],
  },
  'variables of a container in another order': {
    given: [
      deployment(
        {},
        {
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
      ),
    ],
    objects: [
      {
        template: containersOf({
          name: 'app',
          env: [
            { name: 'B', value: '2' },
            { name: 'A', value: '1' },
          ],
        }),
      },
    ],
    findings: [],
  },
  'the whole object is declared, and defaults are not': {
    given: [deployment()],
    objects: [{ template: deployment() }],
    findings: [],
  },
  'only this is declared, and the rest are defaults': {
    given: [deployment({ replicas: 1 })],
    objects: [{ match: 'MustOnlyHave', template: deployment({ replicas: 1 }) }],
    findings: [],
  },
  'only this is declared of a Service: its address is the apiserver’s': {
    given: [service({ ports: [{ port: 80 }], selector: { app: 'app' } })],
    objects: [{ match: 'MustOnlyHave', template: service({ ports: [{ port: 80 }], selector: { app: 'app' } }) }],
    findings: [],
  },
  'one of several objects is like the template': {
    given: [
      configMap({ a: '1' }),
      { ...configMap({ b: '2' }), metadata: metadata('other') },
      deployment(),
      service({ ports: [{ port: 80 }], selector: { app: 'app' } }),
    ],
    objects: [
      { ...inNs, match: 'MustExist', template: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } } },
      {
        ...inNs,
        match: 'MustExist',
        template: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          spec: { template: { spec: { containers: [{ imagePullPolicy: 'IfNotPresent' }] } } },
        },
      },
      { ...inNs, match: 'MustExist', template: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'w*' } } },
    ],
    findings: [],
  },
  'replicas belong to an autoscaler': {
    given: [deployment({ replicas: 1 })],
    then: { manager: 'horizontal-pod-autoscaler', objects: [{ spec: { replicas: 5 } }], subresource: 'scale' },
    objects: [
      { template: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('app'), spec: { replicas: 1 } } },
    ],
    findings: [],
  },
  'rules of an aggregated ClusterRole belong to the aggregation': {
    given: [
      { ...clusterRole([readPods]), metadata: { name: 'NS-part', labels: { 'holdfast-test/aggregate': 'NS' } } },
      {
        ...clusterRole([]),
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'holdfast-test/aggregate': 'NS' } }] },
      },
    ],
    objects: [
      {
        template: {
          ...clusterRole([]),
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'holdfast-test/aggregate': 'NS' } }] },
        },
      },
    ],
    findings: [],
  },
  'a value that a webhook changes': {
    given: [configMap({ image: 'docker.example/app' }, { labels: { 'holdfast-test/rewrite': 'yes' } })],
    objects: [{ template: configMap({ image: 'docker.example/app' }, { labels: { 'holdfast-test/rewrite': 'yes' } }) }],
    findings: [],
  },
  'a Secret declared in plain text': {
    given: [{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('token'), stringData: { token: 'hunter2' } }],
    objects: [
      { template: { apiVersion: 'v1', kind: 'Secret', metadata: metadata('token'), stringData: { token: 'hunter2' } } },
    ],
    findings: [],
  },
  'a duration in other words': {
    given: [oauth({ tokenConfig: { accessTokenInactivityTimeout: '600s' } })],
    objects: [{ template: oauth({ tokenConfig: { accessTokenInactivityTimeout: '10m0s' } }) }],
    findings: [],
  },
  'a number or a text: a percentage as it was written': {
    given: [
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: metadata('budget'),
        spec: { minAvailable: '50%', selector: { matchLabels: { app: 'app' } } },
      },
    ],
    objects: [
      {
        template: {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: metadata('budget'),
          spec: { minAvailable: '50%' },
        },
      },
    ],
    findings: [],
  },
  'nothing is as good as an empty map': {
    given: [configMap(undefined)],
    objects: [{ template: configMap({}) }],
    findings: [],
  },
  'a default of a CRD': {
    given: [apiServer({})],
    objects: [{ template: apiServer({ audit: { profile: 'Default' } }) }],
    findings: [],
  },
  'a Route with defaults': {
    given: [route({ host: 'shop.example', to: { name: 'web' }, tls: { termination: 'edge' } })],
    objects: [{ template: route({ host: 'shop.example', to: { name: 'web' }, tls: { termination: 'edge' } }) }],
    findings: [],
  },
  'a kind that can be listed and not watched, whose objects have neither a uid nor a version': {
    given: [],
    objects: [{ template: { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name: 'etcd-0' } } }],
    findings: [],
  },
  'nothing of the forbidden name': {
    given: [],
    objects: [
      {
        match: 'MustNotHave',
        template: { apiVersion: rbac, kind: 'ClusterRoleBinding', metadata: { name: 'NS-self-provisioners' } },
      },
    ],
    findings: [],
  },
  'an object of that name without the forbidden field': {
    given: [configMap({ debug: 'no' })],
    objects: [{ match: 'MustNotHave', template: configMap({ debug: 'yes' }) }],
    findings: [],
  },
  'an object has not the labels': {
    given: [
      configMap({ a: 'wrong' }),
      { ...configMap({ a: '1' }), metadata: metadata('managed', { labels: { managed: 'yes' } }) },
    ],
    objects: [
      {
        objectSelector: { matchLabels: { managed: 'yes' } },
        template: { ...configMap({ a: '1' }), metadata: { namespace: 'NS' } },
      },
    ],
    findings: [],
  },
  'every expression holds': {
    given: [pod('fine', { resources: { limits: { memory: '512Mi' } } })],
    checks: [
      { resource: pods, ...inNs, expression: "object.spec.containers.all(c, !c.image.endsWith(':latest'))" },
      {
        resource: pods,
        ...inNs,
        expression:
          "object.spec.containers.all(c, quantity(c.resources.limits.memory).compareTo(quantity('1Gi')) <= 0)",
      },
      { resource: pods, ...inNs, expression: 'namespaceObject.metadata.name == object.metadata.namespace' },
    ],
    findings: [],
  },
};
