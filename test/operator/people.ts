/** People of a test cluster, with the rights of their roles and no others, who act through kubectl as themselves. */
import type { Answer, Kubectl } from './kubectl.ts';

const rbac = 'rbac.authorization.k8s.io';
const group = 'holdfast.dev';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const waivers = (...verbs: string[]): Rule => ({ apiGroups: [group], resources: ['policywaivers'], verbs });
const everyday = (...resources: string[]): Rule => ({
  apiGroups: [group],
  resources,
  verbs: ['get', 'create', 'update', 'patch', 'delete'],
});

/** On a resource of Kubernetes' own, perhaps of one name alone. */
function may(resource: string, verb: string, name?: string): Rule {
  return {
    apiGroups: [''],
    resources: [resource],
    verbs: [verb],
    ...(name !== undefined && { resourceNames: [name] }),
  };
}

/** The rights of people, by their names. */
export type People = Readonly<Record<string, readonly Rule[]>>;

/** Those who ask, those who approve, and those with particular rights. Alice may approve as well: but not what she asked for. */
export const people: People = {
  alice: [everyday('policywaivers', 'approvals'), waivers('approve')],
  /** Alice again, as a directory that does not tell letters from capitals may log her in. */
  Alice: [everyday('approvals'), waivers('approve')],
  bob: [everyday('policywaivers', 'approvals'), waivers('approve')],
  carol: [everyday('policywaivers', 'approvals'), waivers('approve-security')],
  nina: [everyday('policywaivers', 'approvals')],
  robot: [everyday('policywaivers'), waivers('request-on-behalf')],
  erin: [everyday('policywaivers'), waivers('break-glass')],
  /** Requests for others, and may approve. */
  rita: [everyday('policywaivers', 'approvals'), waivers('request-on-behalf', 'approve')],
  /** Approve, and may each act as the service account `pipeline/syncer`. */
  tom: [everyday('approvals'), waivers('approve'), may('serviceaccounts/token', 'create', 'syncer')],
  ian: [everyday('approvals'), waivers('approve'), may('serviceaccounts', 'impersonate', 'syncer')],
  paul: [everyday('approvals'), waivers('approve'), may('pods', 'create')],
  'system:serviceaccount:pipeline:syncer': [everyday('policywaivers'), waivers('request-on-behalf')],
  'system:serviceaccount:pipeline:approver': [everyday('approvals'), waivers('approve')],
  olga: [everyday('clusterbaselines')],
  petra: [everyday('clusterbaselines'), may('serviceaccounts', 'impersonate', 'baseline-writer')],
};

/** Roles and bindings that give people their rights in the whole cluster. */
export function rightsOf(all: People): object[] {
  return Object.entries(all).flatMap(([name, rules]) => [
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: `person-${name}` }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `person-${name}` },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: `person-${name}` },
      subjects: [{ kind: 'User', name, apiGroup: rbac }],
    },
  ]);
}

export function createAs(kubectl: Kubectl, person: string, object: object): Promise<Answer> {
  return kubectl.try(['create', '--as', person, '--filename', '-'], JSON.stringify(object));
}

export function patchAs(kubectl: Kubectl, person: string, kind: string, name: string, patch: object): Promise<Answer> {
  return kubectl.try(['patch', kind, name, '--as', person, '--type=merge', '--patch', JSON.stringify(patch)]);
}
