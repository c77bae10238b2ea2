/**
 * What the apiserver itself says of expressions in CEL. ValidatingAdmissionPolicies that warn have a validation for each; which policy is
 * asked, a request says by its field manager, and one request is answered for all expressions of a policy.
 */
import { Pool } from 'undici';
import type { Resource } from '../../operator/api/v1alpha1/shared.ts';
import type { Result } from '../../operator/cel/compile.ts';
import type { Client } from '../../operator/runtime/client.ts';
import type { Connection } from '../../operator/runtime/apiserver.ts';
import type { Kind } from '../../operator/api/kind.ts';
import { objectPath } from '../../operator/runtime/paths.ts';
import { until } from '../operator/until.ts';

const policies = admission('ValidatingAdmissionPolicy', 'validatingadmissionpolicies');
const bindings = admission('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings');
/** The apiserver cuts each warning to 256 characters, and all to 4096. */
const groupSize = 14;
const end = '@end';

export class CelPolicies {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #groups: readonly (readonly string[])[];

  constructor({ server, ca, cert, key }: Connection, name: string, expressions: readonly string[]) {
    this.#name = name;
    this.#pool = new Pool(server, { connect: { ca, cert, key }, connections: 8 });
    this.#groups = Array.from({ length: Math.ceil(expressions.length / groupSize) }, (_, at) =>
      expressions.slice(at * groupSize, (at + 1) * groupSize),
    );
  }

  /** Until the apiserver heeds every policy. */
  async open(client: Client, kind: Kind, object: Resource): Promise<void> {
    for (const [at, group] of this.#groups.entries()) {
      await client.apply(policies, policyOf(group, `${this.#name}-${at}`), { manager: 'test' });
      await client.apply(
        bindings,
        named(bindings, `${this.#name}-${at}`, { policyName: `${this.#name}-${at}`, validationActions: ['Warn'] }),
        { manager: 'test' },
      );
    }
    for (const at of this.#groups.keys())
      await until(
        `policy ${at} is heeded`,
        async () => (await this.#warnings(kind, object, at)).some((text) => text.endsWith(end)) || undefined,
      );
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** What is said of every expression when the object is put back as it is; nothing is stored. */
  async verdicts(kind: Kind, object: Resource): Promise<ReadonlyMap<string, Result['is']>> {
    const all = new Map<string, Result['is']>();
    for (const [at, group] of this.#groups.entries()) {
      const warnings = await this.#warnings(kind, object, at);
      if (!warnings.some((text) => text.endsWith(end))) throw new Error(`policy ${at} was not asked to its end`);
      for (const [index, expression] of group.entries()) {
        const about = warnings.find((text) => text.includes(`@${index}.`));
        all.set(expression, about === undefined ? 'holds' : about.includes("expression '") ? 'error' : 'fails');
      }
    }
    return all;
  }

  async #warnings(kind: Kind, object: Resource, group: number): Promise<string[]> {
    const { namespace = '', name } = object.metadata;
    const { statusCode, headers, body } = await this.#pool.request({
      path: `${objectPath(kind, { namespace, name })}?dryRun=All&fieldManager=${this.#name}-${group}`,
      method: 'PUT',
      body: JSON.stringify(object),
      headers: { 'content-type': 'application/json' },
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(text);
    // One string or several, with commas between.
    return [headers.warning ?? '']
      .flat()
      .join(', ')
      .split(/(?:^|, )299 - "/)
      .map((warning) => warning.replace(/"$/, ''));
  }

  /** Whether the apiserver takes a policy of that expression; if not, because of it. */
  async takes(expression: string): Promise<boolean> {
    const { statusCode, body } = await this.#pool.request({
      path: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies?dryRun=All',
      method: 'POST',
      body: JSON.stringify(policyOf([expression], 'refused')),
      headers: { 'content-type': 'application/json' },
    });
    const text = await body.text();
    if (statusCode !== 201 && !text.includes('spec.validations[0].expression: ')) throw new Error(text);
    return statusCode === 201;
  }
}

/** The last validation never holds: when it is told of, so were all. */
function policyOf(group: readonly string[], name: string) {
  return named(policies, name, {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['*'] }],
    },
    matchConditions: [{ name: 'asked', expression: `request.options.?fieldManager.orValue('') == '${name}'` }],
    validations: [
      ...group.map((expression, at) => ({ expression: `'@${at}.' == '' || (${expression})`, message: `@${at}.` })),
      { expression: 'false', message: end },
    ],
  });
}

function named(kind: Kind, name: string, spec: object) {
  return { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: { name }, spec };
}

function admission(kind: string, plural: string): Kind {
  return { group: 'admissionregistration.k8s.io', version: 'v1', kind, plural, namespaced: false };
}
