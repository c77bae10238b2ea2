/** Asks, creates a run under a name of its own, and follows it until it is over. A name that others took stands for nothing. */
import { randomBytes } from 'node:crypto';
import { resources } from '../../../api/generated/resources.ts';
import type { AnsibleRun, AnsibleRunSpec } from '../../../api/v1alpha1/ansibleRun.ts';
import { hasStatus, isAway } from '../../../runtime/apiError.ts';
import { sleep } from '../../../runtime/clock.ts';
import { Failure, type Cluster, type Io } from '../../command.ts';
import type { How } from '../../runs.ts';
import { plain } from '../lines.ts';
import { asFailure } from '../listed.ts';
import { manager } from '../within.ts';

const everyMilliseconds = 1_000;
const mostNames = 5;

/** Throws `Failure` where nobody agrees. */
export async function confirmed(question: string, { yes }: How, io: Io): Promise<void> {
  if (yes) return;
  const answer = await io.ask?.(`${question} [y/N] `);
  if (answer === undefined)
    throw new Failure('not confirmed, so nothing was done; without a terminal, repeat it with --yes.');
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('nothing was done.');
}

/** `undefined` of a dry run. */
export async function createRun(
  { client }: Cluster,
  wanted: { readonly namespace: string; readonly stem: string; readonly spec: AnsibleRunSpec },
  dryRun: boolean,
): Promise<AnsibleRun | undefined> {
  const { namespace, stem, spec } = wanted;
  for (let attempt = 1; ; attempt += 1) {
    const name = `${stem.slice(0, 200)}-${randomBytes(4).toString('hex')}`;
    const run = { apiVersion: 'holdfast.dev/v1alpha1', kind: 'AnsibleRun', metadata: { name, namespace }, spec };
    const how = { manager, signal: AbortSignal.timeout(20_000), ...(dryRun && { how: 'dryRun' as const }) };
    try {
      const created = await client.create(resources.AnsibleRun, { ...run }, how);
      return dryRun ? undefined : (created as unknown as AnsibleRun);
    } catch (error) {
      if (!dryRun && (isAway(error) || (error as Error).name === 'TimeoutError'))
        throw new Failure(
          `it is not known whether AnsibleRun ${name} was created: see \`kubectl get ansibleruns -n ${namespace}\` before you repeat it.`,
        );
      if (!hasStatus(error, 409) || attempt >= mostNames) throw asFailure('the AnsibleRun was not created', error);
    }
  }
}

/** The run once it is over: that very one, whatever others may give its name. */
export async function followed(created: AnsibleRun, cluster: Cluster, how: How, io: Io): Promise<AnsibleRun> {
  const { clock } = cluster;
  const { name } = created.metadata;
  const begun = clock.elapsed();
  const forever = new AbortController().signal;
  let said = '';
  for (;;) {
    const run = await readAgain(created, cluster);
    if (run?.status?.completionTime !== undefined) return run;
    const now = run ? stateInWords(run) : 'the apiserver does not respond; it is asked again';
    if (now !== said) io.stderr(`${plain(now)}\n`);
    said = now;
    if (clock.elapsed() - begun >= how.milliseconds)
      throw new Failure(
        `AnsibleRun ${name} is not over yet, and continues; see \`kubectl get ansiblerun ${name} -o wide\`.`,
      );
    await sleep(clock, everyMilliseconds, forever);
  }
}

async function readAgain({ metadata }: AnsibleRun, { client }: Cluster): Promise<AnsibleRun | undefined> {
  const { name, uid, namespace = '' } = metadata;
  let run: AnsibleRun | undefined;
  try {
    run = await client.get<AnsibleRun>(resources.AnsibleRun, { namespace, name }, AbortSignal.timeout(10_000));
  } catch (error) {
    if (isAway(error) || (error as Error).name === 'TimeoutError') return undefined;
    throw asFailure(`AnsibleRun ${name} cannot be followed`, error);
  }
  if (run?.metadata.uid !== uid)
    throw new Failure(`AnsibleRun ${name} was deleted before it was over; what it did is not known.`);
  return run;
}

function stateInWords({ metadata: { name }, status }: AnsibleRun): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Succeeded');
  return `AnsibleRun ${name}: ${condition ? `${condition.reason}: ${condition.message}` : 'waits for the operator'}`;
}
