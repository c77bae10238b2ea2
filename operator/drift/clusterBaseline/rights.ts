/** What the account of a baseline may not do that the baseline needs: all of it at once, with a role that allows it. */
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { ObjectTemplate } from '../../api/v1alpha1/objectTemplate.ts';
import type { Kind } from '../../api/kind.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import { ungrantedWords } from '../../governance/grants.ts';
import type { ItemEvaluation } from './evaluation.ts';
import { groupAndVersion, namespaceKind, type Turn } from './turn.ts';

/** Verbs on a kind. */
export interface Right {
  readonly kind: Kind;
  readonly verbs: readonly string[];
}

export interface Rights {
  /** The commands that let Holdfast act as the account, where it may not; then nothing else is known. */
  readonly ungranted?: string;
  readonly accountExists: boolean;
  /** What the baseline needs. */
  readonly needed: readonly Right[];
  /** What of it the account lacks. */
  readonly missing: readonly Right[];
}

const reading = ['get', 'list', 'watch'];
const writing: Record<NonNullable<ObjectTemplate['match']>, readonly string[]> = {
  MustHave: ['create', 'patch'],
  MustOnlyHave: ['create', 'patch'],
  MustContain: ['create', 'patch'],
  MustExist: [],
  MustNotHave: ['delete'],
};

/** Whether something went wrong for which a missing right may be the reason. */
export function mayLackRights(evaluations: readonly ItemEvaluation[]): boolean {
  return evaluations.some(({ nonCompliant }) =>
    nonCompliant.some((one) => one.is === 'unknown' || one.fix?.obstacle !== undefined),
  );
}

/** Asks the apiserver, with the rights of the account, for each verb on each kind. Kinds that are not there need no right. */
export async function rightsOf(
  { objects = [], checks = [], mode }: ClusterBaseline['spec'],
  accountExists: boolean,
  { account, signal }: Turn,
): Promise<Rights> {
  const wanted = [
    ...objects.map(({ template, match = 'MustHave' }) => ({
      ...groupAndVersion(template.apiVersion),
      kind: template.kind,
      verbs: [...reading, ...(mode === 'Enforce' ? writing[match] : [])],
    })),
    ...checks.map(({ resource: { group = '', version = '', kind } }) => ({ group, version, kind, verbs: reading })),
  ];
  const kinds = await Promise.all(
    wanted.map(({ group, version, kind }) => account.kindOf(group, version, kind).catch(() => undefined)),
  );
  const verbsOf = new Map<string, { kind: Kind; verbs: Set<string> }>();
  const need = (kind: Kind, verbs: readonly string[]): void => {
    const id = `${kind.group}/${kind.plural}`;
    const known = verbsOf.get(id) ?? { kind, verbs: new Set() };
    verbsOf.set(id, known);
    for (const verb of verbs) known.verbs.add(verb);
  };
  if (kinds.some((kind) => kind?.namespaced)) need(namespaceKind, reading);
  for (const [at, kind] of kinds.entries()) if (kind) need(kind, wanted[at]!.verbs);
  const needed = [...verbsOf.values()].map(({ kind, verbs }): Right => ({ kind, verbs: [...verbs] }));
  const missing: Right[] = [];
  for (const { kind, verbs } of needed) {
    const may = await Promise.all(verbs.map((verb) => account.may(kind, verb, signal)));
    const lacking = verbs.filter((_, at) => !may[at]);
    if (lacking.length) missing.push({ kind, verbs: lacking });
  }
  return { accountExists, needed, missing };
}

export function rightsCondition({ metadata, spec }: ClusterBaseline, rights: Rights | undefined): DomainConditions {
  const { namespace, name } = spec.serviceAccountRef;
  const account = `ServiceAccount ${namespace}/${name}`;
  if (rights?.ungranted !== undefined) {
    const message = ungrantedWords(`act as ${account}`, rights.ungranted);
    return { Authorized: { status: 'False', reason: 'AccountNotGranted', message, warns: true } };
  }
  if (!rights || (rights.accountExists && !rights.missing.length)) return {};
  const { needed, missing, accountExists } = rights;
  const lacks = missing.map(({ kind, verbs }) => `${verbs.join(', ')} ${resourceOf(kind)}`);
  const words = [
    ...(accountExists
      ? []
      : [`${account} does not exist; run \`kubectl create serviceaccount ${name} -n ${namespace}\``]),
    ...(lacks.length
      ? [
          `${accountExists ? account : 'it'} may not: ${lacks.join('; ')}. To grant all that this baseline needs, run: echo '${roleFor(metadata.name, spec.serviceAccountRef, needed)}' | kubectl apply -f -`,
        ]
      : []),
  ];
  const reason = accountExists ? 'RightsMissing' : 'AccountMissing';
  return { Authorized: { status: 'False', reason, message: words.join('; '), warns: true } };
}

function resourceOf({ group, plural }: Right['kind']): string {
  return group ? `${plural}.${group}` : plural;
}

/** A ClusterRole with the rights and its binding, as JSON on one line. */
function roleFor(
  baseline: string,
  { namespace, name }: ClusterBaseline['spec']['serviceAccountRef'],
  needed: readonly Right[],
) {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: `holdfast:${baseline}` };
  const rules = [...Map.groupBy(needed, ({ kind, verbs }) => JSON.stringify([kind.group, verbs]))].map(([, same]) => ({
    apiGroups: [same[0]!.kind.group],
    resources: same.map(({ kind }) => kind.plural),
    verbs: same[0]!.verbs,
  }));
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion, kind: 'ClusterRole', metadata, rules },
      {
        apiVersion,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
        subjects: [{ kind: 'ServiceAccount', namespace, name }],
      },
    ],
  });
}
