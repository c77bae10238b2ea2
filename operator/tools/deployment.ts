/** The operator as a Deployment, for `kubectl apply -k manifests`. The chart has a template of its own; a test compares the two. */
import { toYaml } from './crd.ts';

const name = 'holdfast-operator';
const namespace = 'holdfast';
const selector = { 'app.kubernetes.io/name': 'holdfast', 'app.kubernetes.io/component': 'operator' };
const header = '# Generated from operator/tools/deployment.ts; change that and run `make generate`.\n';
const stateFolder = '/var/lib/holdfast-operator';
const journalFolder = '/var/lib/holdfast-journal';

const probe = (path: string, more: object) => ({ httpGet: { path, port: 'http' }, ...more });

/** What is pulled. Without the image of runs, those of backend Job wait. */
export interface Images {
  readonly operator: string;
  readonly runner?: string;
}

/** As in the repository, where `kubectl set image` or the `images` of kustomize say where it is. */
export const unnamed: Images = { operator: 'holdfast-operator' };

const containerWith = ({ operator, runner }: Images) => ({
  name: 'operator',
  image: operator,
  imagePullPolicy: 'IfNotPresent',
  args: [
    '--digest-key-secret=holdfast-digest-key',
    `--state-directory=${stateFolder}`,
    `--journal-directory=${journalFolder}`,
    '--max-connections=64',
    '--log-level=info',
    ...(runner ? [`--runner-image=${runner}`] : []),
  ],
  ports: [{ name: 'http', containerPort: 8080 }],
  startupProbe: probe('/readyz', { periodSeconds: 2, failureThreshold: 60 }),
  readinessProbe: probe('/readyz', { periodSeconds: 5, timeoutSeconds: 5 }),
  livenessProbe: probe('/healthz', { periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 }),
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
  volumeMounts: [
    { name: 'state', mountPath: stateFolder },
    { name: 'journal', mountPath: journalFolder },
    { name: 'tmp', mountPath: '/tmp' },
  ],
});

const antiAffinity = {
  preferredDuringSchedulingIgnoredDuringExecution: [
    {
      weight: 100,
      podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selector } },
    },
  ],
};

export const deploymentWith = (images: Images) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: selector },
  spec: {
    replicas: 2,
    selector: { matchLabels: selector },
    template: {
      metadata: { labels: selector, annotations: { 'kubectl.kubernetes.io/default-container': 'operator' } },
      spec: {
        serviceAccountName: name,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        terminationGracePeriodSeconds: 30,
        containers: [containerWith(images)],
        volumes: [
          { name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '128Mi' } },
          // On disk: it outlives the container, and may be larger than memory.
          { name: 'journal', emptyDir: { sizeLimit: '4Gi' } },
          { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
        ],
        affinity: { podAntiAffinity: antiAffinity },
      },
    },
  },
});

export const deployment = deploymentWith(unnamed);

/** The files as path → text. */
export function deploymentFiles(images: Images): [path: string, text: string][] {
  const kustomization = (resources: readonly string[]) =>
    header + toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
  return [
    ['manifests/operator/deployment.yaml', header + toYaml(deploymentWith(images))],
    ['manifests/operator/Kustomization', kustomization(['deployment.yaml'])],
    ['manifests/Kustomization', kustomization(['../crds', '../policies', 'rbac', 'operator'])],
  ];
}
