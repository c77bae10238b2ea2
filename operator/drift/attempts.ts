/** How attempts to correct a check on a host came out: each check by itself, whatever became of the others of its run. Pure. */
import type { AnsibleRun } from '../api/v1alpha1/ansibleRun.ts';
import type { HostResult } from '../api/v1alpha1/ansibleRunStatus.ts';
import type { PastCorrection } from './contention.ts';
import { correctionsOf } from './corrections.ts';
import { inOrder, numberOfOwn } from './ownRuns.ts';

/** One complete attempt at a check on a host. */
export interface Attempt extends PastCorrection {
  /** The AnsibleRun. */
  readonly run: string;
  /** Its number. */
  readonly number: number;
  /** Identity of the drift that it was to mend. */
  readonly drift: string;
  /** `Refused`: it was left as it was. */
  readonly outcome: HostResult['outcome'];
  /** Why it did not succeed. */
  readonly message?: string;
}

/** Those of complete runs of a baseline, oldest first. */
export function attemptsAt(device: string, check: string, runs: readonly AnsibleRun[]): Attempt[] {
  return inOrder(runs).flatMap((run) => attemptOf(device, check, run) ?? []);
}

/** Runs are values and never changed in place: each list is looked through once, however many checks are asked about. */
const lookups = new WeakMap<readonly Pair[], ReadonlyMap<string, Pair>>();

interface Pair {
  readonly device: string;
  readonly check: string;
}

function pairIn<P extends Pair>(all: readonly P[] | undefined, device: string, check: string): P | undefined {
  if (!all?.length) return undefined;
  const lookup = lookups.get(all) ?? new Map(all.map((one) => [`${one.device}/${one.check}`, one]));
  lookups.set(all, lookup);
  return lookup.get(`${device}/${check}`) as P | undefined;
}

function attemptOf(device: string, check: string, run: AnsibleRun): Attempt | undefined {
  const correction = pairIn(correctionsOf(run), device, check);
  const { completionTime, hosts = [], failures } = run.status ?? {};
  if (!correction || completionTime === undefined) return undefined;
  const end = run.status?.conditions?.find(({ type }) => type === 'Succeeded');
  // Nothing was tried, because it was no longer asked for.
  if (end?.reason === 'NoLongerWanted') return undefined;
  const host = hosts.find((one) => one.name === device);
  const failure = pairIn(failures, device, check);
  const { name } = run.metadata;
  const same = { run: name, number: numberOfOwn(run), drift: correction.drift, time: completionTime };
  if (failure)
    return { ...same, outcome: failure.refused ? 'Refused' : 'Failed', verified: false, message: failure.message };
  // A host that was evaluated reports every check that does not comply.
  const verified = host !== undefined && ['Verified', 'Refused', 'Failed'].includes(host.outcome);
  const why = host?.message ?? end?.message;
  return {
    ...same,
    outcome: verified ? 'Verified' : (host?.outcome ?? 'Unknown'),
    verified,
    ...(!verified && why !== undefined && { message: why }),
  };
}
