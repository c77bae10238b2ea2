/** Which rights the operator is granted, and which of them audit logs show in use. */
import { createReadStream, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { loadAll } from 'js-yaml';
import type { PolicyRule } from '../../operator/tools/rbac.ts';

const operator = /^(holdfast-operator|system:serviceaccount:holdfast:holdfast-operator)$/;

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: object;
  readonly objectRef?: { readonly apiGroup?: string; readonly resource?: string; readonly subresource?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** `VERB RESOURCE[/SUBRESOURCE][.GROUP]`. */
function rightOf(verb: string, resource: string, group: string): string {
  return `${verb} ${resource}${group && `.${group}`}`;
}

/** As `VERB RESOURCE[/SUBRESOURCE][.GROUP]`. */
export function grantedRights(): Set<string> {
  // The roles of people are none of the operator's.
  const files = globSync(resolve(import.meta.dirname, '../../manifests/rbac/{grants,operator,role}.yaml'));
  const objects = files.flatMap((file) => loadAll(readFileSync(file, 'utf8')) as { rules?: PolicyRule[] }[]);
  const rules = objects.flatMap(({ rules = [] }) => rules);
  return new Set(
    rules.flatMap(({ apiGroups: [group = ''], resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => rightOf(verb, resource, group))),
    ),
  );
}

/** Of the audit logs in these files. */
export async function usedRights(files: readonly string[]): Promise<Set<string>> {
  const used = new Set<string>();
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { verb, user, impersonatedUser, objectRef = {}, annotations = {} } = JSON.parse(line) as AuditEvent;
      if (!operator.test(user.username) || annotations['authorization.k8s.io/decision'] === 'forbid') continue;
      if (impersonatedUser) {
        used.add(rightOf('impersonate', 'serviceaccounts', ''));
        continue;
      }
      const { apiGroup = '', resource = '', subresource } = objectRef;
      used.add(rightOf(verb, subresource ? `${resource}/${subresource}` : resource, apiGroup));
    }
  }
  return used;
}
