/**
 * `make rights`: which rights of the operator nothing used, by the audit logs of a run of the integration tests. Exits with 1 when there are
 * others than those in `unused.ts`, or when one of those was used.
 */
import { createReadStream, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { loadAll } from 'js-yaml';
import type { PolicyRule } from '../../operator/tools/rbac.ts';
import { unused as expected } from './unused.ts';

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

function grantedRights(): Set<string> {
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

async function usedRights(folder: string): Promise<Set<string>> {
  const used = new Set<string>();
  for (const file of globSync(join(folder, '*.log'))) {
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

const granted = grantedRights();
const used = await usedRights(process.argv[2] ?? 'reports/audit');
if (!used.size) throw new Error('The audit logs have no request of the operator; run `make rights`.');
const idle = [...granted].filter((right) => !used.has(right)).sort();
const unexplained = idle.filter((right) => !(right in expected));
const outdated = Object.keys(expected).filter((right) => !idle.includes(right));
console.log(`${granted.size} rights, ${granted.size - idle.length} used; not used:`);
for (const right of idle) console.log(`  ${right}: ${expected[right] ?? 'NOT EXPLAINED'}`);
if (outdated.length) console.log(`Listed as not used, but used or not granted: ${outdated.join(', ')}`);
process.exitCode = unexplained.length || outdated.length ? 1 : 0;
