/** Runs the commands of rollouts on a cluster, with the rights of who calls them alone. */
import { resources } from '../../../api/generated/resources.ts';
import { hasStatus } from '../../../runtime/apiError.ts';
import { tinted } from '../../colors.ts';
import { exit, Failure, UsageError, type Cluster, type Exit, type Io } from '../../command.ts';
import { namesText, written } from '../../written.ts';
import { explanation, withoutRollout } from './explain.ts';
import { laterThan } from '../laterThan.ts';
import { asFailure, listed } from '../listed.ts';
import { manager, within, type Place } from '../within.ts';
import { factsOf, readBaseline, readRollout } from './facts.ts';
import { plain } from '../lines.ts';
import { rolloutTable } from './list.ts';
import { rolloutTree } from './tree.ts';
import { decideVerb, type Verb } from './verbs.ts';
import { watchRollout } from './watch.ts';
import { allOf } from '../allOf.ts';

const writeMilliseconds = 10_000;

interface Getting extends Place {
  readonly name?: string;
  readonly output?: 'wide' | 'json' | 'yaml' | 'name';
  readonly watches: boolean;
  readonly untilDone: boolean;
  readonly timeout?: string;
}

export function runGet({ name, output, watches, untilDone, timeout, ...place }: Getting, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    if (name === undefined) return getAll(cluster, namespace, output, io);
    if (watches)
      return watchRollout({ namespace, name, untilDone, ...(timeout !== undefined && { timeout }) }, cluster, io);
    const rollout = await existing(cluster, namespace, name);
    if (output === 'json' || output === 'yaml') io.stdout(written(rollout, output));
    else if (output === 'name') io.stdout(namesText([{ kind: resources.CanaryRollout, name }]));
    else {
      const facts = await factsOf(cluster, rollout);
      io.stdout(tinted(rolloutTree(facts, cluster.clock.now(), io.terminal?.()?.columns), io));
    }
    return exit.holds;
  });
}

async function getAll(cluster: Cluster, namespace: string, output: Getting['output'], io: Io): Promise<Exit> {
  const all = await listed(cluster, resources.CanaryRollout, namespace).catch((error: unknown) => {
    throw asFailure('rollouts cannot be listed', error);
  });
  if (output === 'json' || output === 'yaml')
    io.stdout(written({ apiVersion: 'v1', kind: 'List', items: all }, output));
  else if (output === 'name')
    io.stdout(namesText(all.map(({ metadata: { name } }) => ({ kind: resources.CanaryRollout, name }))));
  else if (all.length === 0) io.stderr(`No CanaryRollout in namespace ${namespace}.\n`);
  else {
    const width = output === 'wide' ? undefined : io.terminal?.()?.columns;
    io.stdout(rolloutTable(all, cluster.clock.now(), width));
  }
  return exit.holds;
}

async function existing(cluster: Cluster, namespace: string, name: string) {
  const rollout = await readRollout(cluster, { namespace, name }).catch((error: unknown) => {
    throw asFailure(`CanaryRollout ${name} cannot be read`, error);
  });
  if (!rollout)
    throw new Failure(
      `CanaryRollout ${name} does not exist in namespace ${namespace}; see \`kubectl holdfast rollout get -n ${namespace}\`.`,
    );
  return rollout;
}

export function runExplain({ name, ...place }: Place & { readonly name: string }, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    try {
      const rollout = await readRollout(cluster, { namespace, name });
      if (rollout) {
        io.stdout(explanation(await factsOf(cluster, rollout), cluster.clock.now(), io.terminal?.()?.columns));
        return exit.holds;
      }
      const [baseline, rollouts] = await allOf([
        readBaseline(cluster, { namespace, name }),
        listed(cluster, resources.CanaryRollout, namespace),
      ]);
      const targeting = rollouts.filter(({ spec }) => spec.target.deviceBaselineRef.name === name);
      if (baseline && targeting[0]) {
        io.stdout(explanation(await factsOf(cluster, targeting[0]), cluster.clock.now(), io.terminal?.()?.columns));
        return exit.holds;
      }
      io.stdout(
        withoutRollout(
          name,
          namespace,
          baseline,
          rollouts.map(({ metadata }) => metadata.name),
        ),
      );
      return exit.failed;
    } catch (error) {
      throw asFailure(`CanaryRollout ${name} cannot be explained`, error);
    }
  });
}

interface Acting extends Place {
  readonly name: string;
  readonly verb: Verb;
  readonly pause?: { readonly reason: string; readonly until?: string };
}

/** Reads the rollout as it is now, and writes onto that version alone: what was meant for one step is never applied to the next. */
export function runVerb({ name, verb, pause, ...place }: Acting, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    const now = cluster.clock.now();
    const until = pause?.until === undefined ? undefined : laterThan(pause.until, now);
    if (pause?.until !== undefined && until === undefined)
      throw new UsageError('--until must be a time or a duration in the future, such as 2026-11-29T04:00:00Z or 2h');
    const rollout = await existing(cluster, namespace, name);
    const asked = pause ? { verb, pause: { reason: pause.reason, ...(until !== undefined && { until }) } } : { verb };
    const decision = decideVerb(asked, await factsOf(cluster, rollout), now);
    if (decision.is === 'refused') throw new Failure(plain(`CanaryRollout ${name}: ${decision.why}.`));
    if (decision.is === 'nothing') {
      io.stdout(`${plain(decision.says)}\n`);
      return exit.holds;
    }
    const { resourceVersion, uid } = rollout.metadata;
    const patch = decision.patch as { metadata?: object };
    const onto = { ...patch, metadata: { ...patch.metadata, resourceVersion, uid } };
    const signal = AbortSignal.timeout(writeMilliseconds);
    await cluster.client
      .mergePatch(resources.CanaryRollout, { namespace, name }, onto, { manager, signal })
      .catch((error: unknown) => {
        if (hasStatus(error, 409))
          throw new Failure(
            `CanaryRollout ${name} changed in the meantime, and nothing was written; see \`kubectl holdfast rollout get ${name} -n ${namespace}\`, then repeat.`,
          );
        throw asFailure(`CanaryRollout ${name} was not changed`, error);
      });
    for (const warning of decision.warnings) io.stderr(`warning: ${plain(warning)}.\n`);
    io.stdout(`${[`${done[verb]} CanaryRollout ${name}.`, ...decision.says].map(plain).join('\n')}\n`);
    return exit.holds;
  });
}

const done: Readonly<Record<Verb, string>> = {
  pause: 'Paused',
  resume: 'Resumed',
  skip: 'Requested to skip the soak of',
  promote: 'Requested to promote',
  abort: 'Requested to abort',
  retry: 'Requested to retry',
};
