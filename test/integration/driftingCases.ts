/** What drifts, and what is not known. */
import {
  metadata,
  configMap,
  deployment,
  containersOf,
  service,
  rbac,
  clusterRole,
  readPods,
  readAll,
  oauth,
  apiServer,
  route,
  machineConfig,
  pods,
  inNs,
  pod,
  networkPolicy,
  secret,
  type Case,
} from './clusterCase.ts';

/** What is drift. */
export const drifting: Record<string, Case> = {
  'a value is another': {
    given: [configMap({ a: '1', b: '2' })],
    then: { manager: 'kubectl-edit', objects: [configMap({ a: 'changed' })] },
    objects: [{ severity: 'High', template: configMap({ a: '1' }) }],
    findings: ['data.a: "1" → "changed" (kubectl-edit)'],
  },
  'a value is missing': {
    given: [configMap({ b: '2' })],
    objects: [{ template: configMap({ a: '1' }) }],
    findings: ['data.a: "1" → absent (someone)'],
  },
  'the object is missing': {
    given: [],
    objects: [{ template: configMap({ a: '1' }) }],
    findings: [': present → absent'],
  },
  'a label is missing': {
    given: [configMap({ a: '1' })],
    objects: [{ template: configMap({ a: '1' }, { labels: { owner: 'team-a' } }) }],
    findings: ['metadata.labels.owner: "team-a" → absent'],
  },
  'the image of a container is another': {
    given: [deployment({}, { image: 'registry.example/app:2' })],
    objects: [{ template: containersOf({ name: 'app', image: 'registry.example/app:1' }) }],
    findings: [
      'spec.template.spec.containers[name=app].image: "registry.example/app:1" → "registry.example/app:2" (someone)',
    ],
  },
  'a container is missing': {
    given: [deployment()],
    objects: [{ template: containersOf({ name: 'side', image: 'registry.example/side:1' }) }],
    findings: [/^spec\.template\.spec\.containers\[name=side\]: .*side.* → absent/],
  },
  'replicas were changed by a person': {
    given: [deployment({ replicas: 2 })],
    then: { manager: 'kubectl-patch', objects: [{ ...deployment({ replicas: 7 }) }] },
    objects: [
      { template: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('app'), spec: { replicas: 2 } } },
    ],
    findings: ['spec.replicas: 2 → 7 (kubectl-patch)'],
  },
  'a quantity is another': {
    given: [deployment({}, { resources: { limits: { memory: '2Gi' } } })],
    objects: [{ template: containersOf({ name: 'app', resources: { limits: { memory: '1Gi' } } }) }],
    findings: ['spec.template.spec.containers[name=app].resources.limits.memory: "1Gi" → "2Gi" (someone)'],
  },
  'a Secret is another: only digests are shown': {
    given: [{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('token'), stringData: { token: 'hunter3' } }],
    objects: [
      { template: { apiVersion: 'v1', kind: 'Secret', metadata: metadata('token'), stringData: { token: 'hunter2' } } },
    ],
    findings: [/^data\.token: hmac:[0-9a-f]{16} → hmac:[0-9a-f]{16}$/],
  },
  'the rules of a role are wider': {
    given: [clusterRole([readPods, readAll])],
    objects: [{ severity: 'Critical', template: clusterRole([readPods]) }],
    findings: [/^rules\[1\]: absent → .*\*.* \(someone\)$/],
  },
  'a binding has one subject too many': {
    given: [
      {
        apiVersion: rbac,
        kind: 'RoleBinding',
        metadata: metadata('admins'),
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
        subjects: ['alice', 'mallory'].map((name) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name })),
      },
    ],
    objects: [
      {
        match: 'MustOnlyHave',
        template: {
          apiVersion: rbac,
          kind: 'RoleBinding',
          metadata: metadata('admins'),
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
          subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'alice' }],
        },
      },
    ],
    findings: [/^subjects.*mallory/],
  },
  'a list must contain a provider, and has others': {
    given: [oauth({ identityProviders: [{ name: 'theirs', type: 'LDAP' }] })],
    objects: [{ match: 'MustContain', template: oauth({ identityProviders: [{ name: 'ours', type: 'OpenID' }] }) }],
    findings: [/^spec\.identityProviders\[.*\]: absent|^spec\.identityProviders.*ours.* → absent/],
    then: {
      manager: 'another',
      objects: [
        oauth({
          identityProviders: [
            { name: 'theirs', type: 'LDAP' },
            { name: 'more', type: 'GitHub' },
          ],
        }),
      ],
    },
    left: [/"name":"theirs"/, /"name":"more"/, /"name":"ours"/],
  },
  'a rule must be contained, and a selector': {
    given: [
      clusterRole([readAll]),
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadata('web'),
        spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ ports: [{ port: 80 }] }] },
      },
    ],
    objects: [
      {
        match: 'MustContain',
        template: clusterRole([readPods], { metadata: { name: 'NS-reader', labels: { a: 'b' } } }),
      },
      {
        match: 'MustContain',
        template: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: metadata('web'),
          spec: { podSelector: { matchLabels: { tier: 'front' } }, ingress: [{ ports: [{ port: 443 }] }] },
        },
      },
    ],
    findings: [
      /^metadata\.labels.*: .*b/,
      /^rules\[-?\d*\]: .*pods/,
      /^spec\.ingress\[-?\d*\]: .*443/,
      /^spec\.podSelector.*tier/,
    ],
    left: [
      /"resources":\["\*"\]/,
      /"resources":\["pods"\]/,
      /"port":80/,
      /"port":443/,
      /"app":"web"/,
      /"tier":"front"/,
    ],
  },
  'no object is like the template': {
    given: [configMap({ a: '1', b: '2' })],
    objects: [
      {
        ...inNs,
        match: 'MustExist',
        template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { labels: { found: 'NS' } }, data: { a: '1' } },
      },
      { ...inNs, match: 'MustExist', template: { apiVersion: 'v1', kind: 'Secret', metadata: {} } },
    ],
    findings: [
      /^: at least one that matches the template → none of 1; the closest, settings, differs in metadata\.labels/,
      ': at least one that matches the template → absent',
    ],
    stays: /at least one that matches the template/,
  },
  'a network policy is missing in every namespace that is selected': {
    given: [],
    objects: [
      {
        namespaceSelector: { include: ['case-*'], exclude: ['kube-*'], matchLabels: { case: 'NS' } },
        template: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'deny-all' },
          spec: { podSelector: {}, policyTypes: ['Ingress'] },
        },
      },
    ],
    findings: [': present → absent'],
  },
  'a forbidden object is there': {
    given: [
      {
        apiVersion: rbac,
        kind: 'ClusterRoleBinding',
        metadata: { name: 'NS-self-provisioners' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      },
    ],
    objects: [
      {
        match: 'MustNotHave',
        severity: 'High',
        template: { apiVersion: rbac, kind: 'ClusterRoleBinding', metadata: { name: 'NS-self-provisioners' } },
      },
    ],
    findings: [': absent → present (someone)'],
  },
  'a forbidden field is there': {
    given: [configMap({ debug: 'yes' })],
    objects: [{ match: 'MustNotHave', template: configMap({ debug: 'yes' }) }],
    findings: [': absent → present (someone)'],
  },
  'objects of a forbidden pattern are there': {
    given: ['debug-1', 'debug-2', 'fine'].map((name) => ({ ...configMap({}), metadata: metadata(name) })),
    objects: [
      { match: 'MustNotHave', template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('debug-*') } },
    ],
    findings: [': absent → present (someone)', ': absent → present (someone)'],
  },
  'an object has a key too many': {
    given: [configMap({ a: '1', extra: '2' })],
    objects: [{ match: 'MustOnlyHave', template: configMap({ a: '1' }) }],
    findings: ['data.extra: absent → "2" (someone)'],
  },
  'a Service has a port too many': {
    given: [
      service({
        ports: [
          { name: 'http', port: 80 },
          { name: 'debug', port: 6060 },
        ],
        selector: { app: 'app' },
      }),
    ],
    objects: [
      { match: 'MustOnlyHave', template: service({ ports: [{ name: 'http', port: 80 }], selector: { app: 'app' } }) },
    ],
    findings: [/^spec\.ports.*: absent → .*6060/],
  },
  'every object that is selected, by label': {
    given: [
      { ...configMap({ a: 'wrong' }, { labels: { managed: 'yes' } }) },
      { ...configMap({ a: 'wrong' }), metadata: metadata('other') },
    ],
    objects: [
      {
        objectSelector: { matchLabels: { managed: 'yes' } },
        template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'NS' }, data: { a: '1' } },
      },
    ],
    findings: ['data.a: "1" → "wrong" (someone)'],
  },
  'OAuth lacks an identity provider': {
    given: [oauth({ identityProviders: [{ name: 'local', type: 'HTPasswd' }] })],
    objects: [
      {
        severity: 'High',
        template: oauth({ identityProviders: [{ name: 'corporate', type: 'OpenID', mappingMethod: 'claim' }] }),
      },
    ],
    findings: [
      'spec.identityProviders[0].name: "corporate" → "local" (someone)',
      'spec.identityProviders[0].type: "OpenID" → "HTPasswd" (someone)',
    ],
  },
  'APIServer does not encrypt': {
    given: [apiServer({ audit: { profile: 'None' } })],
    objects: [
      {
        severity: 'Critical',
        template: apiServer({ encryption: { type: 'aescbc' }, audit: { profile: 'WriteRequestBodies' } }),
      },
    ],
    findings: [/^spec\.encryption.*aescbc.* → absent/, 'spec.audit.profile: "WriteRequestBodies" → "None" (someone)'],
  },
  'a MachineConfig without an argument of the kernel': {
    given: [machineConfig({ kernelArguments: ['quiet'], fips: false })],
    objects: [{ template: machineConfig({ kernelArguments: ['audit=1'], fips: true }) }],
    findings: [/^spec\.kernelArguments/, 'spec.fips: true → false (someone)'],
  },
  'a Route without encryption': {
    given: [route({ host: 'shop.example', to: { name: 'web' }, port: { targetPort: 'http' } })],
    objects: [{ template: route({ tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' } }) }],
    findings: [/^spec\.tls/],
  },
  'a field that cannot be changed': {
    given: [{ ...deployment() }],
    objects: [
      {
        template: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: metadata('app'),
          spec: { selector: { matchLabels: { app: 'other' } } },
        },
      },
    ],
    findings: ['spec.selector.matchLabels.app: "other" → "app" (someone)'],
    stays: /immutable/,
  },
  'an expression does not hold': {
    given: [pod('good'), pod('bad', { image: 'registry.example/app:latest' })],
    checks: [
      {
        resource: pods,
        ...inNs,
        expression: "object.spec.containers.all(c, !c.image.endsWith(':latest'))",
        message: 'uses :latest',
      },
    ],
    findings: [/→ uses :latest$/],
    stays: /uses :latest/,
  },
  'an expression over quantities with its own message': {
    given: [pod('greedy', { resources: { limits: { memory: '4Gi' } } })],
    checks: [
      {
        resource: pods,
        ...inNs,
        variables: [
          { name: 'limits', expression: 'object.spec.containers.map(c, quantity(c.resources.limits.memory))' },
        ],
        expression: "variables.limits.all(q, q.compareTo(quantity('1Gi')) <= 0)",
        messageExpression: "'memory of ' + object.metadata.name + ' is too much'",
      },
    ],
    findings: [/→ memory of greedy is too much$/],
    stays: /too much/,
  },
  'an expression with parameters': {
    given: [pod('foreign', { image: 'elsewhere.example/app:1' }), configMap({ registry: 'registry.example' })],
    checks: [
      {
        resource: pods,
        ...inNs,
        paramRef: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'NS', name: 'settings' },
        expression: "object.spec.containers.all(c, c.image.startsWith(params.data.registry + '/'))",
        message: 'comes from another registry',
      },
    ],
    findings: [/→ comes from another registry$/],
    stays: /another registry/,
  },
  'an expression that fails on an object is unknown, never compliant': {
    given: [pod('plain')],
    checks: [{ resource: pods, ...inNs, expression: "object.spec.containers[0].resources.limits.memory == '1Gi'" }],
    findings: [/^\? /],
    stays: /\? /,
  },
  'a kind that does not exist yet': {
    given: [],
    objects: [{ template: { apiVersion: 'absent.example/v1', kind: 'Nothing', metadata: { name: 'x' } } }],
    findings: ['? the apiserver has no kind Nothing in absent.example/v1; install its CRD, or fix the template'],
    stays: /install its CRD/,
  },
  'a namespaced template without a namespace': {
    given: [],
    objects: [{ template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } } }],
    findings: [/^\? .*needs a namespace; set `metadata\.namespace` or `namespaceSelector`/],
    stays: /needs a namespace/,
  },
  'a name that leads elsewhere': {
    given: [],
    objects: [{ template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('../../secrets') } }],
    findings: [/^\? .*is not a valid name/],
    stays: /is not a valid name/,
  },
  'MustNotHave of everything': {
    given: [],
    objects: [
      {
        match: 'MustNotHave',
        namespaceSelector: { include: ['NS'] },
        template: { apiVersion: 'v1', kind: 'ConfigMap' },
      },
    ],
    findings: [/^\? .*would forbid every ConfigMap/],
    stays: /would forbid/,
  },
  'MustNotHave of everything that has a spec': {
    given: [],
    objects: [
      {
        match: 'MustNotHave',
        namespaceSelector: { include: ['NS'] },
        template: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { creationTimestamp: null, labels: {} },
          spec: {},
          status: {},
        },
      },
    ],
    findings: [/^\? .*would forbid every Deployment/],
    stays: /would forbid/,
  },
  'a template whose name is to be generated, beside other objects': {
    given: [configMap({ a: '1' })],
    objects: [
      {
        template: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { generateName: 'run-', namespace: 'NS' },
          data: {},
        },
      },
    ],
    findings: [/^\? .*`metadata.generateName` is not a name; set `metadata.name`, or a pattern/],
    stays: /is not a name/,
  },
  'a policy that lets everybody in, beside others': {
    given: [
      networkPolicy('narrow', [{ from: [{ podSelector: { matchLabels: { a: 'b' } } }] }]),
      networkPolicy('open', [{}]),
    ],
    objects: [
      {
        match: 'MustNotHave',
        ...inNs,
        template: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          spec: { podSelector: {}, ingress: [{}] },
        },
      },
    ],
    findings: [/^: absent → present/],
  },
  'a Secret that was exported with what kubectl keeps in it': {
    given: [secret('old-password', 'applied-password')],
    objects: [
      {
        template: secret('new-password', 'exported-password', {
          uid: '6f1b5c1e-0000-4000-8000-000000000000',
          resourceVersion: '1',
          generation: 1,
          creationTimestamp: '2026-01-01T00:00:00Z',
          managedFields: [{ manager: 'someone', operation: 'Update' }],
        }),
      },
    ],
    findings: [/^data\.password: hmac:\w+/],
    left: [/applied-password/],
  },
  'an expression that does not compile': {
    given: [pod('plain')],
    checks: [{ resource: pods, ...inNs, expression: 'object.spec.containers.all(c, ' }],
    findings: [/^\? check /],
    stays: /check /,
  },
};
