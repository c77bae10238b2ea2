/** An Approval in the name of who calls: of what was read and printed, whose digest is computed here where it can be, and not taken from a status. */
import { randomBytes } from 'node:crypto';
import { resources } from '../../../api/generated/resources.ts';
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { waiverDigest } from '../../../findings/waiver/digest.ts';
import { exit, Failure, type Cluster, type Exit, type Io } from '../../command.ts';
import { writeYaml } from '../../yaml.ts';
import { plain } from '../lines.ts';
import { asFailure } from '../listed.ts';
import { manager, within, type Place } from '../within.ts';

interface Asked {
  readonly decision: 'Approve' | 'Reject';
  readonly subject: { readonly kind: 'PolicyWaiver' | 'CanaryRollout'; readonly name: string };
  readonly digest: string | undefined;
  readonly role: string | undefined;
  readonly comment: string | undefined;
  readonly place: Place;
}

export function runDecide({ decision, subject, digest: reviewed, role, comment, place }: Asked, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    const { digest, shown } = await subjectOf(cluster, namespace, subject).catch((error: unknown) => {
      throw asFailure(`${subject.kind} ${subject.name} cannot be read`, error);
    });
    if (reviewed !== undefined && !isPrefix(reviewed, digest))
      throw new Failure(
        `${subject.kind} ${subject.name} is another now (${digest}) than the one that you reviewed; read it again, then decide.`,
      );
    io.stdout(shown);
    const approver = await cluster.client.self(AbortSignal.timeout(10_000));
    const name = `${subject.name.slice(0, 200)}-${randomBytes(4).toString('hex')}`;
    const approval = {
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'Approval',
      metadata: { name, namespace },
      spec: {
        ...{ subjectRef: subject, subjectDigest: digest, decision, approver },
        ...(role !== undefined && { role }),
        ...(comment !== undefined && { comment }),
      },
    };
    const signal = AbortSignal.timeout(10_000);
    await cluster.client.create(resources.Approval, approval, { manager, signal }).catch((error: unknown) => {
      throw asFailure('the decision was not stored', error);
    });
    const done = decision === 'Approve' ? 'Approved' : 'Rejected';
    io.stdout(`---\n${done} ${subject.kind} ${subject.name} as Approval ${name}, of version ${digest}.\n`);
    return exit.holds;
  });
}

interface Subject {
  readonly digest: string;
  /** What is decided about. */
  readonly shown: string;
}

async function subjectOf({ client }: Cluster, namespace: string, { kind, name }: Asked['subject']): Promise<Subject> {
  const found = await client.get<PolicyWaiver | CanaryRollout>(
    resources[kind],
    { namespace, name },
    AbortSignal.timeout(10_000),
  );
  if (!found) throw new Failure(`${kind} ${name} does not exist in namespace ${namespace}; check its name.`);
  if (found.kind === 'PolicyWaiver') return { digest: waiverDigest(found.spec), shown: written({ spec: found.spec }) };
  const { approval, summary } = found.status ?? {};
  if (!approval)
    throw new Failure(
      `CanaryRollout ${name} waits for no approval; see \`kubectl holdfast rollout explain ${name} -n ${namespace}\`.`,
    );
  return {
    digest: approval.digest,
    shown: written({ spec: found.spec, step: approval.step, revision: summary?.revision ?? 'unknown' }),
  };
}

/** Nothing that others wrote reaches the terminal as more than text. */
function written(value: object): string {
  return `${writeYaml(value).split('\n').map(plain).join('\n').trimEnd()}\n`;
}

function isPrefix(reviewed: string, digest: string): boolean {
  const hex = reviewed.replace(/^sha256:/, '');
  return hex.length >= 8 && digest.replace(/^sha256:/, '').startsWith(hex);
}
