/**
 * Ways in which a template or an expression can be bad, each with what must be said of it: one stands among nine good ones in a baseline.
 * `NS` is the namespace of the case.
 */
import type { ExpressionCheck } from '../../operator/api/v1alpha1/expressionCheck.ts';
import { configMap, deployment, metadata, pod, type Case, type Json } from './clusterCase.ts';

export interface Bad {
  /** What is there before. */
  readonly given?: readonly Json[];
  readonly object?: NonNullable<Case['objects']>[number];
  readonly check?: Omit<ExpressionCheck, 'name'>;
  readonly result: 'Unknown' | 'Fail';
  /** What its finding says, or the condition CorrectionBlocked. */
  readonly says: RegExp;
}

const app = (spec: Json, container: Json = {}): Bad['object'] => ({ template: deployment(spec, container) });
const unfit = (problem: string): RegExp => new RegExp(`the template does not validate: ${problem}.*Nothing is written`);
const settings = (more: Json = {}): Json => ({ ...configMap({ a: '1' }), metadata: metadata('bad', more) });
const inPod = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };
const all = { resource: { kind: 'ConfigMap' }, namespaceSelector: { include: ['NS'] } };

export const bad: Record<string, Bad> = {
  'a label that is a boolean': {
    object: {
      template: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'NS-x', labels: { enabled: true } } },
    },
    result: 'Unknown',
    says: unfit('metadata.labels.enabled: must be a string, not true; put it in quotes'),
  },
  'a field that the kind does not have': {
    object: {
      template: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadata('deny'),
        spec: { podSelectr: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress'] },
      },
    },
    result: 'Unknown',
    says: unfit('spec.podSelectr: unknown field \\(did you mean podSelector\\?\\)'),
  },
  'text for a number': {
    object: app({ replicas: '3' }),
    result: 'Unknown',
    says: unfit('spec.replicas: must be an integer, not a string; remove the quotes'),
  },
  'a fraction for a whole number': {
    object: app({ replicas: 1.5 }),
    result: 'Unknown',
    says: unfit('spec.replicas: must be an integer'),
  },
  'a number that the apiserver would cut to 32 bits': {
    given: [deployment({ replicas: 3 })],
    object: app({ replicas: 99_999_999_999 }),
    result: 'Unknown',
    says: unfit('spec.replicas: 99999999999 does not fit into 32 bits'),
  },
  // bitnami/charts#15180, helm/helm#5473
  'a service account by the old name of its field': {
    given: [
      deployment({ template: { metadata: { labels: { app: 'app' } }, spec: { ...inPod, serviceAccountName: 'a' } } }),
    ],
    object: app({ template: { metadata: { labels: { app: 'app' } }, spec: { ...inPod, serviceAccount: 'b' } } }),
    result: 'Unknown',
    says: unfit('spec.template.spec.serviceAccount: `serviceAccountName` takes precedence; declare that instead'),
  },
  'two variables of one name': {
    object: app(
      {},
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    ),
    result: 'Unknown',
    says: unfit('spec.template.spec.containers\\[0\\].env: has two items with name="A"'),
  },
  'the same finalizer twice': {
    object: { template: settings({ finalizers: ['example.com/x', 'example.com/x'] }) },
    result: 'Unknown',
    says: unfit('metadata.finalizers: has two items with "example.com/x"'),
  },
  'a number as data': {
    object: { template: { ...settings(), data: { port: 8080 } } },
    result: 'Unknown',
    says: unfit('data.port: must be a string, not a number; put it in quotes'),
  },
  'an object for a list': {
    object: app({ template: { metadata: { labels: { app: 'app' } }, spec: { containers: { name: 'app' } } } }),
    result: 'Unknown',
    says: unfit('spec.template.spec.containers: must be a list, not an object'),
  },
  'a quantity that is none': {
    object: {
      template: {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: metadata('quota'),
        spec: { hard: { cpu: 'lots' } },
      },
    },
    result: 'Unknown',
    says: unfit('a quantity is invalid'),
  },
  'plain text as the data of a Secret': {
    object: {
      template: { apiVersion: 'v1', kind: 'Secret', metadata: metadata('bad'), data: { password: 's3cr3t!' } },
    },
    result: 'Unknown',
    says: unfit('data is not base64; move plain text to `stringData`'),
  },
  'the same in a patch, which quotes the object whole': {
    given: [{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('bad'), stringData: { other: 'hunter2' } }],
    object: {
      match: 'MustOnlyHave',
      template: { apiVersion: 'v1', kind: 'Secret', metadata: metadata('bad'), data: { password: 's3cr3t!' } },
    },
    result: 'Unknown',
    says: unfit('data is not base64'),
  },
  'a field that a custom resource does not have': {
    object: {
      template: { apiVersion: 'bad.example/v1', kind: 'Gadget', metadata: metadata('bad'), spec: { sise: 1 } },
    },
    result: 'Unknown',
    says: unfit('spec.sise: unknown field \\(did you mean size\\?\\)'),
  },
  'a kind that is not there': {
    object: { template: { apiVersion: 'apps/v1', kind: 'Deploiment', metadata: metadata('bad') } },
    result: 'Unknown',
    says: /the apiserver has no kind Deploiment in apps\/v1/,
  },
  'an API that is not there': {
    object: { template: { apiVersion: 'nowhere.example/v1', kind: 'Thing', metadata: metadata('bad') } },
    result: 'Unknown',
    says: /the apiserver has no kind Thing in nowhere\.example\/v1/,
  },
  'an aggregated API without a backend': {
    object: { template: { apiVersion: 'gone.example/v1beta1', kind: 'Thing', metadata: metadata('bad') } },
    result: 'Unknown',
    says: /the API gone\.example\/v1beta1 is currently not available \(503 .*\); check `kubectl get apiservices` for v1beta1\.gone\.example/,
  },
  'objects that cannot be converted': {
    given: [{ apiVersion: 'bad.example/v1', kind: 'Gizmo', metadata: metadata('old') }],
    object: { template: { apiVersion: 'bad.example/v2', kind: 'Gizmo', metadata: metadata('old'), spec: { size: 1 } } },
    result: 'Unknown',
    says: /gizmos\.bad\.example is not listed yet, because the webhook that converts Gizmo of bad\.example\/v1 cannot be reached/,
  },
  'a webhook that cannot be reached': {
    object: { template: settings({ labels: { 'bad.example/hook': 'yes' } }) },
    result: 'Unknown',
    says: /the webhook broken\.bad\.example cannot be reached; fix it/,
  },
  'a policy that refuses it': {
    object: { template: settings({ labels: { 'bad.example/policy': 'yes' } }) },
    result: 'Fail',
    says: /the apiserver would refuse the correction: .*nobody may have this label/,
  },
  'a name that the kind does not allow': {
    object: { template: { ...settings(), metadata: { name: 'Bad_Name', namespace: 'NS' } } },
    result: 'Fail',
    says: /the apiserver would refuse the correction: ConfigMap "Bad_Name" is invalid: metadata\.name/,
  },
  'a name that is no name': {
    object: { template: { ...settings(), metadata: { name: 'a/b', namespace: 'NS' } } },
    result: 'Unknown',
    says: /"a\/b" is not a valid name/,
  },
  'a field that cannot be changed': {
    given: [deployment()],
    object: { template: deployment({ selector: { matchLabels: { app: 'app', tier: 'x' } } }) },
    result: 'Fail',
    says: /spec\.selector: Invalid value: .*field is immutable/,
  },
  'a forbidden object that does not go': {
    given: [settings({ finalizers: ['bad.example/held'] })],
    object: { match: 'MustNotHave', template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('bad') } },
    result: 'Fail',
    says: /it is being deleted; if that takes long, check its finalizers/,
  },
  'a namespace that is not there': {
    object: { template: { ...settings(), metadata: { name: 'bad', namespace: 'NS-nowhere' } } },
    result: 'Fail',
    says: /namespace \S+-nowhere does not exist; create it/,
  },
  'a namespace that is being deleted': {
    object: { template: { ...settings(), metadata: { name: 'bad', namespace: 'dying' } } },
    result: 'Unknown',
    says: /namespace dying is being deleted/,
  },
  'a service account that does not exist': {
    object: {
      template: { ...pod('bad'), spec: { serviceAccountName: 'none', containers: [{ name: 'a', image: 'a' }] } },
    },
    result: 'Fail',
    says: /serviceaccount "none" not found/,
  },
  'a selector of namespaces that matches none': {
    object: {
      namespaceSelector: { matchLabels: { nobody: 'has' } },
      template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bad' } },
    },
    result: 'Unknown',
    says: /namespaceSelector matches no namespace; compare it with `kubectl get namespaces --show-labels`/,
  },
  'an expression that does not compile': {
    check: { ...all, expression: 'object.data.a ==' },
    result: 'Unknown',
    says: /the expression, line 1/,
  },
  'an expression that costs too much': {
    check: {
      ...all,
      objectSelector: { matchLabels: { bad: 'costly' } },
      expression:
        '[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, [0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, a+b+c+d+e+f >= 0))))))',
    },
    given: [settings({ labels: { bad: 'costly' } })],
    result: 'Unknown',
    says: /cost|too much|steps/i,
  },
  'parameters that are not there': {
    check: {
      ...all,
      paramRef: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'NS', name: 'none' },
      expression: 'params.data.a == object.data.a',
    },
    result: 'Unknown',
    says: /the parameters are missing: create ConfigMap/,
  },
};

const gadgets = (plural: string, kind: string, versions: readonly Json[], more: Json = {}): Json => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.bad.example` },
  spec: {
    group: 'bad.example',
    scope: 'Namespaced',
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions,
    ...more,
  },
});
const version = (name: string, storage: boolean): Json => ({
  name,
  served: true,
  storage,
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    },
  },
});

/** What the cases need: an API without backend, a webhook without server, a policy, kinds of its own. */
export const surroundings: readonly Json[] = [
  gadgets('gadgets', 'Gadget', [version('v1', true)]),
  gadgets('gizmos', 'Gizmo', [version('v1', true), version('v2', false)], {
    conversion: {
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:9/convert' } },
    },
  }),
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.gone.example' },
    spec: {
      group: 'gone.example',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { name: 'none', namespace: 'default' },
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'broken' },
    webhooks: [
      {
        name: 'broken.bad.example',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: 'https://127.0.0.1:9/admit' },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] }],
        objectSelector: { matchLabels: { 'bad.example/hook': 'yes' } },
      },
    ],
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'bad.example' },
    spec: {
      matchConstraints: {
        objectSelector: { matchLabels: { 'bad.example/policy': 'yes' } },
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] },
        ],
      },
      validations: [{ expression: 'false', message: 'nobody may have this label' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'bad.example' },
    spec: { policyName: 'bad.example', validationActions: ['Deny'] },
  },
];
