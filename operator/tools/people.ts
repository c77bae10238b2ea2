/**
 * The roles of people, from who writes which kind. Two are aggregated into roles that Kubernetes has: whoever may `edit` a namespace can create pods there and
 * read its Secrets, and so has the keys of its Devices already.
 */
import { toYaml } from './crd.ts';
import { api, type Kind, type Writer } from './schema.ts';

const header = '# Generated from operator/api/v1alpha1; change that and run `make generate`.\n';
const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

interface Role {
  readonly name: string;
  /** What it is for, as a comment. */
  readonly is: string;
  /** The role of Kubernetes that has it too. */
  readonly within?: 'view' | 'edit';
  readonly rules: readonly { readonly of: readonly Kind[]; readonly verbs: readonly string[] }[];
}

export const peoplePath = 'manifests/rbac/people.yaml';

/** The file with all roles. Bound to nobody: an administrator binds them, in a namespace or in all of them. */
export function peopleYaml(kinds: readonly Kind[]): string {
  const by = (writer: Writer) => kinds.filter(({ writtenBy }) => writtenBy === writer);
  const approved = approvable(kinds);
  const [here, everywhere] = [true, false].map((isHere) => by('author').filter((kind) => kind.namespaced === isHere));
  const roles: Role[] = [
    {
      name: 'viewer',
      is: 'Sees everything that is declared, and how it is.',
      within: 'view',
      rules: [{ of: kinds, verbs: read }],
    },
    {
      name: 'author',
      is: 'Declares what must be true of the hosts of a namespace, and runs Ansible on them.',
      within: 'edit',
      rules: [{ of: here ?? [], verbs: write }],
    },
    { name: 'requester', is: 'Requests waivers.', within: 'edit', rules: [{ of: by('requester'), verbs: write }] },
    {
      name: 'approver',
      is: 'Approves and rejects what others request. Bind it to those who decide, and not to those who request.',
      rules: [
        { of: approved, verbs: [...read, 'approve'] },
        { of: by('approver'), verbs: [...read, 'create', 'delete'] },
      ],
    },
    {
      name: 'cluster-author',
      is: 'Declares what must be true of the cluster, with service accounts that its holder may impersonate.',
      rules: [{ of: everywhere ?? [], verbs: [...read, ...write] }],
    },
  ];
  return header + roles.map(roleYaml).join('---\n');
}

/** Kinds that an Approval may be about. */
function approvable(kinds: readonly Kind[]): Kind[] {
  const approval = kinds.find(({ kind }) => kind === 'Approval');
  const subject = approval?.schema.properties?.['spec']?.properties?.['subjectRef']?.properties?.['kind'];
  return kinds.filter(({ kind }) => subject?.enum?.includes(kind));
}

function roleYaml({ name, is, within, rules }: Role): string {
  const labels = {
    'app.kubernetes.io/name': 'holdfast',
    ...(within && { [`rbac.authorization.k8s.io/aggregate-to-${within}`]: 'true' }),
  };
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `holdfast-${name}`, labels },
    rules: rules
      .filter(({ of }) => of.length > 0)
      .map(({ of, verbs }) => ({ apiGroups: [api.group], resources: of.map(({ plural }) => plural).sort(), verbs })),
  };
  return `# ${is}\n${toYaml(role)}`;
}
