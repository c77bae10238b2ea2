/** What this version of the CLI ships, which an installation should have: definitions, policies, rights, and what they need. */
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { ShippedPolicy } from '../../governance/approvalPolicies.ts';
import { approvalPolicies } from '../../wiring/approvalPolicies.ts';
import { ownVersion } from '../../wiring/version.ts';
import type { Io } from '../command.ts';
import type { Crd } from './kinds.ts';

/** One right of the operator's account; without a namespace, in all of them. */
export interface Wanted {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface Shipped {
  readonly version: string;
  /** Of Kubernetes, such as `1.30`. */
  readonly minimum: string;
  readonly crds: readonly Crd[];
  readonly policies: readonly ShippedPolicy[];
  readonly rights: readonly Wanted[];
}

const root = join(import.meta.dirname, '../../..');
const most = 16 * 2 ** 20;

/** `namespace` is that of the operator. */
export async function shipped(io: Io, namespace: string): Promise<Shipped> {
  const yaml = async (path: string): Promise<unknown[]> => loadAll(await io.readFile(join(root, path), most));
  const entries = (await io.readFolder(join(root, 'crds'))) ?? [];
  const files = entries.filter(({ name }) => name.endsWith('.yaml'));
  const crds = await Promise.all(files.map(({ name }) => yaml(`crds/${name}`)));
  const [chart] = await yaml('charts/holdfast/Chart.yaml');
  const roles = await Promise.all(['role', 'operator'].map((name) => yaml(`manifests/rbac/${name}.yaml`)));
  const { kubeVersion } = chart as { kubeVersion: string };
  return {
    version: ownVersion(),
    minimum: /\d+\.\d+/.exec(kubeVersion)![0],
    crds: crds.flat() as Crd[],
    policies: approvalPolicies(),
    rights: roles.flat().flatMap((role) => rightsOf(role as Role, namespace)),
  };
}

interface Role {
  readonly kind: string;
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** Pure. */
export function rightsOf({ kind, rules = [] }: Role, namespace: string): Wanted[] {
  const place = kind === 'Role' ? { namespace } : {};
  return rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((word) => {
        const [resource = '', subresource] = word.split('/');
        const names = resourceNames.flatMap((name) => verbs.map((verb) => ({ verb, ...(name && { name }) })));
        return names.map((right) => ({ group, resource, ...(subresource && { subresource }), ...right, ...place }));
      }),
    ),
  );
}
