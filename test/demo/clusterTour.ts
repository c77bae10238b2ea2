/** The same for objects of the cluster: drift is shown with who made it, and healed with the rights of a service account. */
import type { ClusterBaseline } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { apiVersion, operatorAccount } from '../operator/bed.ts';
import { grantedIn } from '../operator/grants.ts';
import type { Kubectl } from '../operator/kubectl.ts';
import { untilCondition } from '../operator/bed.ts';
import { until } from '../operator/until.ts';
import { show, step } from './narration.ts';

const rbac = 'rbac.authorization.k8s.io';
const account = { kind: 'ServiceAccount', name: 'baseline-writer', namespace: 'platform' };
const denyAll = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny-all-ingress' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
};
const selfProvisioners = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'self-provisioners' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'edit' },
  subjects: [{ kind: 'Group', apiGroup: rbac, name: 'system:authenticated' }],
};

export async function clusterTour(kubectl: Kubectl): Promise<void> {
  step('Declaring what must be true of the cluster, mode Inform');
  await kubectl.apply(
    ...['platform', 'shop'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { tier: name === 'shop' ? 'application' : 'platform' } },
    })),
    selfProvisioners,
  );
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name, namespace: account.namespace } },
    ...rights(),
    ...grantedIn(account.namespace, operatorAccount),
  );
  await kubectl.apply(baseline('Inform'));
  await untilCondition<ClusterBaseline>(kubectl, 'clusterbaseline', 'platform', 'Compliant', 'False');
  await show(kubectl, 'get', 'clusterbaselines');
  await show(kubectl, 'describe', 'clusterbaseline', 'platform');

  step('Correcting it: mode Enforce');
  await kubectl.run(
    'patch',
    'clusterbaseline',
    'platform',
    '--type',
    'merge',
    '--patch',
    '{"spec":{"mode":"Enforce"}}',
  );
  await untilCondition<ClusterBaseline>(kubectl, 'clusterbaseline', 'platform', 'Compliant', 'True');
  await show(kubectl, 'get', 'clusterbaselines');

  step('Someone deletes the network policy');
  await show(kubectl, 'delete', 'networkpolicy', denyAll.metadata.name, '--namespace', 'shop');
  await until(
    'the network policy is recreated',
    async () =>
      (await kubectl.try(['get', 'networkpolicy', denyAll.metadata.name, '--namespace', 'shop'])).code === 0 ||
      undefined,
  );
  await show(kubectl, 'get', 'networkpolicies', '--namespace', 'shop');
  await show(kubectl, 'events', '--for', 'clusterbaseline/platform', '--namespace', 'default');
}

/** The account may do what the baseline needs, and no more. */
function rights(): object[] {
  const rules = [
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['*'] },
    { apiGroups: [rbac], resources: ['clusterrolebindings'], verbs: ['get', 'list', 'watch', 'delete'] },
  ];
  return [
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: account.name }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: account.name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: account.name },
      subjects: [account],
    },
  ];
}

function baseline(mode: string): object {
  return {
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name: 'platform' },
    spec: {
      serviceAccountRef: { namespace: account.namespace, name: account.name },
      mode,
      objects: [
        {
          name: 'no-self-provisioners',
          severity: 'High',
          controls: ['NIST-800-53:AC-6'],
          match: 'MustNotHave',
          template: {
            apiVersion: selfProvisioners.apiVersion,
            kind: selfProvisioners.kind,
            metadata: selfProvisioners.metadata,
          },
        },
        {
          name: 'deny-all-ingress',
          severity: 'Medium',
          namespaceSelector: { matchLabels: { tier: 'application' } },
          template: denyAll,
        },
      ],
      checks: [
        {
          name: 'namespaces-have-a-tier',
          severity: 'Low',
          resource: { group: '', kind: 'Namespace' },
          expression:
            "object.metadata.name.startsWith('kube-') || object.metadata.name in ['default', 'fleet'] || 'tier' in object.metadata.labels",
          message: 'has no label tier',
        },
      ],
    },
  };
}
