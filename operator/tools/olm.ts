/**
 * The bundle by which the Operator Lifecycle Manager installs the operator: a ClusterServiceVersion, the CRDs and the roles of people, from the same sources as
 * everything else. Admission policies cannot be part of a bundle; its description says so.
 */
import { accessOf, accessOfElection, accessOfKey } from '../runtime/access.ts';
import type { Declaration } from '../runtime/feature.ts';
import { toYaml } from './crd.ts';
import { deploymentWith, type Images } from './deployment.ts';
import { digestKeySecret, operatorName, rbacRules } from './rbac.ts';
import { api, type Kind, type Schema } from './schema.ts';

export const olmFolder = 'manifests/olm';
const header =
  '# Generated from operator/features.ts and operator/api/v1alpha1; change those and run `make generate`.\n';
const channel = 'alpha';
const minKubeVersion = '1.30.0';

/** What a bundle is made of. */
export interface Bundled {
  readonly kinds: readonly Kind[];
  readonly features: readonly Declaration[];
  /** Sample objects of our kinds. */
  readonly samples: readonly object[];
  readonly version: string;
  readonly images: Images;
  /** Generated files as path → text, the CRDs and the roles of people among them. */
  readonly generated: ReadonlyMap<string, string>;
}

/** The files as path → text. */
export function olmFiles(bundled: Bundled): [path: string, text: string][] {
  const copies = [...bundled.generated]
    .filter(([path]) => /^crds\/.*\.yaml$/.test(path))
    .map(([path, text]): [string, string] => [`${olmFolder}/manifests/${path.slice('crds/'.length)}`, text]);
  return [
    ...copies,
    [`${olmFolder}/manifests/holdfast.clusterserviceversion.yaml`, header + toYaml(serviceVersion(bundled))],
    [`${olmFolder}/metadata/annotations.yaml`, header + toYaml({ annotations })],
  ];
}

const annotations = {
  'operators.operatorframework.io.bundle.mediatype.v1': 'registry+v1',
  'operators.operatorframework.io.bundle.manifests.v1': 'manifests/',
  'operators.operatorframework.io.bundle.metadata.v1': 'metadata/',
  'operators.operatorframework.io.bundle.package.v1': 'holdfast',
  'operators.operatorframework.io.bundle.channels.v1': channel,
  'operators.operatorframework.io.bundle.channel.default.v1': channel,
};

const description = `Holdfast evaluates the live state of OpenShift clusters and RHEL hosts, shows every difference from what was declared, and corrects it: hosts through Ansible,
verified by its own probe, and objects by server-side apply. Whoever must deviate requests a waiver, which someone else approves and which expires.

**Before you declare anything**, install the admission policies, which a bundle cannot contain: \`kubectl apply -f policies/\`. Without them nothing is approved, and nothing is corrected in the cluster.

As it is installed, the operator reads no Secret, starts no pod and acts as no service account: the condition of an object that needs such a right has the command that grants it.
`;

function serviceVersion({ kinds, features, samples, version, images }: Bundled): object {
  const { operator: image, runner } = images;
  const deployment = deploymentWith(images);
  const here = [...accessOfElection(operatorName), ...accessOfKey(digestKeySecret)];
  const modes = ['OwnNamespace', 'SingleNamespace', 'MultiNamespace', 'AllNamespaces'];
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: {
      name: `holdfast.v${version}`,
      namespace: 'placeholder',
      annotations: {
        'alm-examples': JSON.stringify(samples, undefined, 2),
        capabilities: 'Deep Insights',
        categories: 'Security',
        containerImage: image,
        description: 'Keeps declared intent true on OpenShift clusters and RHEL hosts',
        'features.operators.openshift.io/disconnected': 'true',
        'features.operators.openshift.io/fips-compliant': 'false',
        'features.operators.openshift.io/proxy-aware': 'false',
        'features.operators.openshift.io/tls-profiles': 'false',
        'features.operators.openshift.io/token-auth-aws': 'false',
        'features.operators.openshift.io/token-auth-azure': 'false',
        'features.operators.openshift.io/token-auth-gcp': 'false',
      },
    },
    spec: {
      displayName: 'Holdfast',
      description,
      version,
      maturity: channel,
      minKubeVersion,
      keywords: ['compliance', 'drift', 'ansible', 'waivers', 'rhel'],
      provider: { name: 'Holdfast' },
      maintainers: [{ name: 'Holdfast', email: 'maintainers@holdfast.dev' }],
      links: [{ name: 'Documentation', url: 'https://holdfast.dev/docs' }],
      installModes: modes.map((type) => ({ type, supported: type === 'AllNamespaces' })),
      customresourcedefinitions: { owned: kinds.map((kind) => owned(kind, features)) },
      install: {
        strategy: 'deployment',
        spec: {
          deployments: [{ name: operatorName, label: deployment.metadata.labels, spec: deployment.spec }],
          clusterPermissions: [{ serviceAccountName: operatorName, rules: rbacRules(accessOf(features)) }],
          permissions: [{ serviceAccountName: operatorName, rules: rbacRules(here) }],
        },
      },
      // What a mirror of a disconnected cluster copies.
      relatedImages: [{ name: 'operator', image }, ...(runner ? [{ name: 'runner', image: runner }] : [])],
    },
  };
}

/** A kind with what the console shows of it, and the kinds that it makes. */
function owned({ kind, plural, description: text, schema }: Kind, features: readonly Declaration[]): object {
  const { spec, status } = schema.properties ?? {};
  const made = features
    .filter((one) => one.kind.kind === kind)
    .flatMap(({ writes = [] }) => writes.map((one) => one.kind));
  const resources = [...new Set(made.map((one) => `${one.kind} ${one.version}`)), 'Event v1'].map((name) => {
    const [known = '', version] = name.split(' ');
    return { kind: known, version, name: '' };
  });
  return {
    name: `${plural}.${api.group}`,
    kind,
    version: api.version,
    displayName: titleOf(kind),
    description: text,
    resources,
    specDescriptors: descriptors(spec),
    statusDescriptors: descriptors(status),
  };
}

function descriptors(schema: Schema | undefined): object[] {
  return Object.entries(schema?.properties ?? {}).map(([path, { description: text = '' }]) => ({
    path,
    displayName: titleOf(path),
    description: text,
  }));
}

/** `deviceBaseline` → `Device Baseline`. */
function titleOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
