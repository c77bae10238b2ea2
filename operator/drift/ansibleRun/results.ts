/** The outcome of a run, host by host: the probe decides where there are checks, Ansible where there are none. Pure. */
import type { CheckFailure, HostResult } from '../../api/v1alpha1/ansibleRunStatus.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { AnsibleHostResult, AnsibleState } from '../../connect/ansible/types.ts';
import { digestOf } from '../../lib/digest.ts';
import { counted, shortened } from '../../lib/text.ts';
import type { Comparison, Conceal, Difference } from '../checks/checkType.ts';
import { compareCheck } from '../probe/compare.ts';
import type { CheckObservation } from '../probe/observation.ts';
import type { Before } from './before.ts';
import { checksOn } from './work.ts';
import type { RunHost, RunWork } from './world.ts';

export type Ended = Extract<AnsibleState, { is: 'finished' | 'lost' }>;

/** How the hosts came out, and each check that is not as it should be. */
export interface Results {
  readonly hosts: readonly HostResult[];
  readonly failures: readonly CheckFailure[];
}

/** What a check of this run must be afterwards; `undefined` when it is, else what is wrong. */
export type Verify = (device: string, check: DeviceCheck, observation: CheckObservation) => Wrong | undefined;

export interface Wrong {
  readonly is: 'differs' | 'unknown';
  readonly message: string;
}

/** A correction is right when the check holds. */
export function holdsBy(conceal: Conceal): Verify {
  return (_, check, observation) => {
    const comparison = compareCheck(check, observation, conceal);
    if (comparison.is !== 'known') return { is: 'unknown', message: `could not be read: ${comparison.message}` };
    const { differences } = comparison;
    return differences.length ? { is: 'differs', message: `still differs: ${inWords(differences)}` } : undefined;
  };
}

export function inWords(differences: readonly Difference[]): string {
  return differences.map(({ path, expected, actual }) => `${path} is ${actual}, not ${expected}`).join('; ');
}

/** An undoing is right when the probe finds what it found before. */
export function backBy(before: readonly Before[], conceal: Conceal): Verify {
  const states = new Map(before.map(({ device, check, state }) => [`${device}/${check}`, state]));
  return (device, check, observation) => {
    const comparison = compareCheck(check, observation, conceal);
    if (comparison.is !== 'known') return { is: 'unknown', message: `could not be read: ${comparison.message}` };
    if (stateOf(comparison, conceal) === states.get(`${device}/${check.name}`)) return undefined;
    return { is: 'differs', message: 'is not as it was before the run that is undone' };
  };
}

/** Keyed digest of what was found of a check: of all that differs, and not of what changes by itself, such as process ids. */
export function stateOf(comparison: Comparison, conceal: Conceal): string {
  const found =
    comparison.is === 'known' ? comparison.differences.map(({ path, actual }) => [path, actual]) : comparison;
  return conceal(digestOf(found)).replace(/^hmac:/, '');
}

/** A run whose hosts are to be verified. */
export interface Asked {
  readonly work: RunWork;
  /** The hosts to be told of. */
  readonly names: readonly string[];
  /** How Ansible ended; absent when it was not started. */
  readonly ended?: Ended;
  readonly verify: Verify;
  /** Checks that the run did not set out to change, each with the reason. */
  readonly leftAlone?: readonly CheckFailure[];
}

export function resultsOf(asked: Asked): Results {
  const { work, names, ended, leftAlone = [] } = asked;
  const all = names.map((name): { host: HostResult; failures: readonly CheckFailure[] } => {
    const host = work.hosts.find((one) => one.name === name);
    const ansible = ended?.is === 'finished' ? ended.hosts.find((one) => one.name === name) : undefined;
    const own = leftAlone.filter(({ device }) => device === name);
    if (!host || !work.blocks.length)
      return { host: { name, ...told(ansible, ended) }, failures: [...own, ...untouchedOf(name, ansible)] };
    const { host: result, failures } = probed(host, { ...asked, leftAlone: own }, ansible);
    return { host: { ...result, ...notesOf(ansible) }, failures };
  });
  return { hosts: all.map(({ host }) => host), failures: all.flatMap(({ failures }) => failures) };
}

/** `leftAlone` are those of this host. */
function probed(
  { name, observation }: RunHost,
  { work, verify, leftAlone = [] }: Asked,
  ansible: AnsibleHostResult | undefined,
): { host: HostResult; failures: readonly CheckFailure[] } {
  const alone = (outcome: HostResult['outcome'], message: string) => ({
    host: { name, outcome, message: shortened(message, 1000) },
    failures: leftAlone,
  });
  const checks = checksOn(name, work.blocks);
  if (!checks.length && !leftAlone.length) return alone('Unknown', 'no check of this run was selected for this host');
  if (checks.length && !observation) return alone('Unknown', 'was not evaluated');
  if (observation && observation.is !== 'seen')
    return alone(observation.is === 'unreachable' ? 'Unreachable' : 'Unknown', observation.message);
  const wrong = checks.flatMap((check, index): (CheckFailure & Pick<Wrong, 'is'>)[] => {
    const one = observation?.observed[index];
    const found = one
      ? verify(name, check, one)
      : ({ is: 'unknown', message: 'the probe returned no result' } as const);
    const note = ansible?.checks?.[check.name];
    if (!found) return [];
    const message = shortened(note ? note.message : `${found.message}${becauseOf(ansible)}`, 1000);
    return [{ is: found.is, device: name, check: check.name, ...(note?.refused && { refused: true }), message }];
  });
  const isRefused = wrong.every(({ refused }) => refused);
  const outcome = isRefused
    ? 'Refused'
    : wrong.some(({ is, refused }) => is === 'differs' && !refused)
      ? 'Failed'
      : 'Unknown';
  const failures = [...leftAlone, ...wrong.map(({ is: _, ...failure }) => failure)];
  return { host: { name, outcome: failures.length ? outcome : 'Verified' }, failures };
}

/** What the module told of checks, where the probe does not decide. */
function untouchedOf(device: string, ansible: AnsibleHostResult | undefined): CheckFailure[] {
  return Object.entries(ansible?.checks ?? {}).map(([check, { refused, message }]) => ({
    device,
    check,
    ...(refused && { refused }),
    message,
  }));
}

/** A line a check. */
function notesOf(ansible: AnsibleHostResult | undefined): Pick<HostResult, 'notes'> {
  const notes = Object.entries(ansible?.notes ?? {}).map(([check, note]) => shortened(`${check}: ${note}`, 512));
  return notes.length ? { notes: notes.slice(0, 300) } : {};
}

function becauseOf(ansible: AnsibleHostResult | undefined): string {
  return ansible?.message ? ` (Ansible: ${ansible.message})` : '';
}

function told(ansible: AnsibleHostResult | undefined, ended: Ended | undefined): Omit<HostResult, 'name'> {
  if (!ansible)
    return {
      outcome: 'Unknown',
      message: shortened(ended?.message ?? whyUntold(ended), 1000),
    };
  const { changed, failed, message, unreachable } = ansible;
  const shown = message && !(unreachable && isOfConnecting(message)) ? { message } : {};
  const counts = { ...(changed && { changed }), ...(failed && { failed }), ...shown };
  if (unreachable)
    return {
      outcome: 'Unreachable',
      message: 'Ansible could not reach the host; see condition Reachable of its Device',
      ...counts,
    };
  if (failed) return { outcome: 'Failed', message: `${counted(failed, 'task')} failed`, ...counts };
  return { outcome: 'Completed', ...counts };
}

function whyUntold(ended: Ended | undefined): string {
  return ended?.is === 'finished' && ended.exitCode === 0
    ? 'no task was executed on this host: a run has no groups, so the plays of its playbook need `hosts: all`'
    : 'Ansible reported nothing about this host';
}

/** A host that was reached says what it lacks. What keeps one from being reached is for its Device to say, which knows who may know. */
function isOfConnecting(message: string): boolean {
  return !/^(Failed to create temporary directory|mkdir: |Timeout \(\d+s\) waiting for privilege escalation)/.test(
    message,
  );
}

/** Whether a host that was to be looked at does not answer. */
export function stillUnreachable({ hosts }: RunWork): boolean {
  return hosts.some(({ observation }) => observation !== undefined && observation.is !== 'seen');
}
