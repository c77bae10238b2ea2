/** Admission policies: whether they are installed as they are shipped, and whether the apiserver applies them. */
import { resources } from '../../../../api/generated/resources.ts';
import type { Kind } from '../../../../api/kind.ts';
import type { Resource } from '../../../../api/v1alpha1/shared.ts';
import { policyKinds, policyStateOf, type ShippedPolicy } from '../../../../governance/approvalPolicies.ts';
import { listed } from '../../../../lib/text.ts';
import { hasStatus } from '../../../../runtime/apiError.ts';
import type { Body } from '../../../../runtime/client.ts';
import { fail, pass, unknown, type Check } from '../check.ts';
import type { Facts } from '../facts.ts';

export const policies: Check = {
  name: 'policies',
  async judge({ cluster, shipped, limit, upgrade }) {
    const faults = await Promise.all(
      shipped.policies.map(async (one) => {
        const live = await cluster.client.get<Resource>(
          policyKinds[one.kind],
          { namespace: '', name: one.name },
          limit(),
        );
        return policyFault(one, live);
      }),
    );
    const found = faults.flatMap((fault) => fault ?? []);
    if (found.length === faults.length && found.every((fault) => fault.endsWith(absent)))
      return fail(
        'no admission policy of Holdfast is installed; no waiver is decided until they are',
        await upgrade('policies'),
      );
    if (found.length > 0)
      return fail(`${listed(found, 2)}; no waiver is decided until it is`, await upgrade('policies'));
    const count = shipped.policies.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy').length;
    return pass(`all ${count} policies are installed and bound, as they are shipped`);
  },
};

interface PolicySpec {
  readonly failurePolicy?: string;
  readonly validationActions?: readonly string[];
}

const absent = 'is not installed';

/** What is weaker than shipped is named. */
export function policyFault(one: ShippedPolicy, live: Resource | undefined): string | undefined {
  const what = `${one.kind} ${one.name}`;
  const state = policyStateOf(one, live);
  if (state === 'missing') return `${what} ${absent}`;
  if (state === 'intact') return undefined;
  const { failurePolicy, validationActions } = (live?.spec ?? {}) as PolicySpec;
  if (failurePolicy === 'Ignore') return `${what} has \`failurePolicy: Ignore\`, and is not as shipped`;
  if (validationActions && !validationActions.includes('Deny')) return `${what} does not deny, and is not as shipped`;
  return `${what} is not as shipped`;
}

/** Whoever asks, even with all rights, these are refused: in each, someone else's name is used. */
const someoneElse = 'holdfast-doctor';
const attempts: readonly { readonly kind: Kind; readonly policies: readonly string[]; readonly spec: object }[] = [
  {
    kind: resources.PolicyWaiver,
    policies: ['policywaivers.holdfast.dev'],
    spec: {
      source: { kind: 'DeviceBaseline', name: someoneElse },
      checks: ['none'],
      targets: { names: ['none'] },
      reason: 'a dry run that has to be refused',
      requestedBy: someoneElse,
      expiryTime: '2000-01-01T00:00:00Z',
    },
  },
  {
    kind: resources.Approval,
    policies: ['approvals.holdfast.dev', 'not-your-own.holdfast.dev'],
    spec: {
      subjectRef: { kind: 'PolicyWaiver', name: someoneElse },
      subjectDigest: `sha256:${'0'.repeat(64)}`,
      approver: someoneElse,
      decision: 'Reject',
      comment: 'a dry run that has to be refused',
    },
  },
];

export const enforcement: Check = {
  name: 'enforcement',
  async judge(facts) {
    const outcomes = await Promise.all(attempts.map((attempt) => refused(attempt, facts)));
    const accepted = attempts.filter((_, index) => outcomes[index] === 'accepted').map(({ kind }) => kind.kind);
    if (accepted.length > 0)
      return fail(
        `the apiserver accepts, in a dry run, ${accepted.join(' and ')} in someone else's name`,
        await facts.upgrade('policies'),
      );
    const other = outcomes.find((outcome) => outcome !== 'refused');
    if (other) return unknown(`the dry run was refused for another reason: ${other}`);
    return pass('dry runs in the name of someone else are refused');
  },
};

/** `refused`, `accepted`, or the apiserver's other reason. Throws where the person may not even try. */
async function refused({ kind, policies: names, spec }: (typeof attempts)[number], facts: Facts): Promise<string> {
  const { cluster, namespace, limit } = facts;
  const object: Body = {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: { namespace, name: someoneElse },
    spec,
  };
  try {
    await cluster.client.create(kind, object, { manager: 'holdfast-doctor', how: 'dryRun', signal: limit() });
    return 'accepted';
  } catch (error) {
    if (hasStatus(error, 403, 422) && names.some((name) => error.said.includes(`ValidatingAdmissionPolicy '${name}'`)))
      return 'refused';
    if (!hasStatus(error, 403, 422) || / cannot \S+ resource "/.test(error.said)) throw error;
    return error.said;
  }
}
