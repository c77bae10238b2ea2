/** A rollout on one screen: what it does, its steps, its gates, its hosts, and what is to be decided. Pure. */
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import type { IncompleteHost } from '../../../api/v1alpha1/canaryRolloutStatus.ts';
import type { GateVerdict } from '../../../api/v1alpha1/rolloutVerdict.ts';
import { isSuspended } from '../../../api/suspension.ts';
import { counted, duration } from '../../../lib/text.ts';
import { isSkipped, ofRejection, requestAnnotations } from '../../../rollout/canaryRollout/requests.ts';
import { stepsOf } from '../../../rollout/canaryRollout/steps.ts';
import type { Facts } from './facts.ts';
import { treeText, type Branch } from '../lines.ts';
import { conditionOf, declaredOf, disbelieved, disbelievedAdvice, isObserved, obstruction, shown } from './standing.ts';

const mostHosts = 8;
const mostGates = 12;
const mostRejected = 3;
const outcomes = ['Fail', 'Error', 'Inconclusive', 'Pass'];

export function rolloutTree(facts: Facts, now: Date, columns?: number): string {
  const { rollout, baseline } = facts;
  const { namespace = '', name } = rollout.metadata;
  const title = `CanaryRollout ${namespace}/${name} of DeviceBaseline ${rollout.spec.target.deviceBaselineRef.name}`;
  const doubt = disbelieved(rollout);
  if (doubt !== undefined)
    return treeText({ text: title, branches: [{ text: `Unknown: ${doubt}`, more: [disbelievedAdvice] }] }, columns);
  const declared = declaredOf(facts);
  const { revision, previousRevision } = rollout.status ?? {};
  const from = previousRevision === undefined ? '' : `, from ${shown(previousRevision)}`;
  const newer =
    declared !== undefined && revision !== undefined && declared !== revision
      ? `; declared now: ${shown(declared)}`
      : '';
  const branches = [
    { text: `Revision ${shown(revision)}${from}${newer}` },
    stateBranch(facts, now),
    stepsBranch(rollout, now),
    ...verdictBranch(rollout, now),
    ...hostsBranch(rollout),
    ...rollbackBranch(rollout, now),
    ...rejectedBranch(facts),
    ...approvalBranch(rollout),
    ...facts.unread.map((text) => ({ text: `Not known: ${text}` })),
  ];
  const updates = baseline ? '' : ' (not read)';
  return treeText({ text: `${title}${updates}`, branches }, columns);
}

function stateBranch(facts: Facts, now: Date): Branch {
  const { rollout } = facts;
  const progressing = conditionOf(rollout, 'Progressing');
  const obstacle = obstruction(facts);
  if (obstacle) return { text: `State Blocked`, more: [`${obstacle.fact}; ${obstacle.advice}`] };
  if (!isObserved(rollout))
    return { text: 'State not evaluated yet', more: ['the operator has not seen this version of the rollout'] };
  const { pause } = rollout.spec;
  const isPaused = pause !== undefined && isSuspended(pause, now);
  const state = rollout.status?.summary?.state ?? progressing?.reason ?? '-';
  const since = progressing ? `, for ${age(progressing.lastTransitionTime, now)}` : '';
  const until = pause?.until === undefined ? '' : ` until ${pause.until}`;
  return {
    text: `State ${state}${since}`,
    more: [
      ...(progressing ? [progressing.message] : []),
      ...(isPaused && state !== 'Paused' ? [`paused${until}: ${pause.reason}`] : []),
    ],
  };
}

function stepsBranch(rollout: CanaryRollout, now: Date): Branch {
  const { step, completionTime, rollback } = rollout.status ?? {};
  const branches = stepsOf(rollout).map(({ percent, soakSeconds }, at): Branch => {
    const number = at + 1;
    const head = (sign: string) => `${sign} ${`${number}`.padStart(2)}  ${`${percent}%`.padStart(4)}`;
    if (rollback)
      return {
        text: `${head(number <= (step ?? 0) ? '↩' : '○')}  ${number <= (step ?? 0) ? 'taken back' : 'not begun'}`,
      };
    if (step === undefined || number > step) return { text: `${head('○')}  to come, soak ${duration(soakSeconds)}` };
    if (number < step || completionTime !== undefined) return { text: `${head('✔')}  done` };
    return { text: `${head('●')}  ${currentWords(rollout, soakSeconds, now)}` };
  });
  return { text: 'Steps', branches };
}

function currentWords(rollout: CanaryRollout, soakSeconds: number, now: Date): string {
  const { step = 1, stepStartTime, soakStartTime, exposedPercent = 0 } = rollout.status ?? {};
  const share = `${exposedPercent}% of the hosts may have it`;
  if (soakStartTime === undefined)
    return `converging${stepStartTime === undefined ? '' : ` for ${age(stepStartTime, now)}`}, ${share}`;
  const left = isSkipped(rollout, rollout.status ?? {}, step)
    ? 0
    : soakSeconds - (now.getTime() - Date.parse(soakStartTime)) / 1000;
  return left > 0 ? `soaking, ${duration(left)} of ${duration(soakSeconds)} left, ${share}` : `soak is over, ${share}`;
}

function verdictBranch({ status }: CanaryRollout, now: Date): Branch[] {
  const verdict = status?.verdict;
  if (!verdict) return [];
  const gates = (verdict.gates ?? []).toSorted((a, b) => outcomes.indexOf(a.result) - outcomes.indexOf(b.result));
  const rest = gates.length - mostGates;
  return [
    {
      text: `Verdict ${verdict.result}, ${age(verdict.time, now)} ago${verdict.step === status.step ? '' : `, of step ${verdict.step ?? '-'}`}`,
      branches: [
        ...gates.slice(0, mostGates).map(gateBranch),
        ...(rest > 0 ? [{ text: `and ${rest} more, which -o yaml shows` }] : []),
      ],
    },
  ];
}

function gateBranch({ gate, result, reason, message, value, limit, samples }: GateVerdict): Branch {
  const numbers = [
    ...(value === undefined ? [] : [value]),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
    ...(samples === undefined ? [] : [counted(samples, 'sample')]),
  ].join(', ');
  const text = `${result} ${gate}${numbers && `: ${numbers}`}${result === 'Pass' ? '' : ` (${reason})`}`;
  return { text, ...(result !== 'Pass' && { more: [message] }) };
}

function hostsBranch({ status, metadata }: CanaryRollout): Branch[] {
  const fleet = status?.fleet;
  if (!fleet || status.rollback) return [];
  const { total, targeted, converged, failed, unreachable, missing = [] } = fleet;
  const converging = Math.max(0, targeted - converged - failed - unreachable);
  const parts = [
    [unreachable, 'unreachable'],
    [failed, 'failed'],
    [converging, 'converging'],
    [converged, 'converged'],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, is]) => `${count} ${is}`);
  const bound =
    fleet.failureUpperBoundPercent === undefined || converged === 0 || failed + unreachable > 0
      ? []
      : [`up to ${fleet.failureUpperBoundPercent} % of all hosts could still fail (95 % confidence)`];
  return [
    {
      text: `Hosts ${targeted} of ${total} have the revision${words.length ? `: ${words.join(', ')}` : ''}`,
      more: bound,
      branches: hostBranches(missing, metadata.name),
    },
  ];
}

function hostBranches(hosts: readonly IncompleteHost[], rollout: string): Branch[] {
  const rest = hosts.length - mostHosts;
  return [
    ...hosts.slice(0, mostHosts).map(({ device, message }) => ({ text: `✘ Device ${device}: ${message}` })),
    ...(rest > 0 ? [{ text: `and ${rest} more; see \`kubectl holdfast rollout get ${rollout} -o yaml\`` }] : []),
  ];
}

function rollbackBranch(rollout: CanaryRollout, now: Date): Branch[] {
  const { metadata, status } = rollout;
  const rollback = status?.rollback;
  if (!rollback) return [];
  const { startTime, completionTime, reason, incomplete = [] } = rollback;
  const state =
    completionTime === undefined ? `in progress for ${age(startTime, now)}` : `over, ${age(completionTime, now)} ago`;
  const left = incomplete.length
    ? `, ${counted(incomplete.length, 'host')}${incomplete.length >= 20 ? ' or more' : ''} not as before`
    : '';
  // The state says it already, as a rule.
  const isSaid = conditionOf(rollout, 'Progressing')?.message.includes(reason) ?? false;
  const more = isSaid ? [] : [reason];
  return [{ text: `Rollback ${state}${left}`, more, branches: hostBranches(incomplete, metadata.name) }];
}

function rejectedBranch(facts: Facts): Branch[] {
  const { rollout, baseline } = facts;
  const rejected = baseline?.status?.assignment?.rejected ?? [];
  if (!rejected.length) return [];
  const { name, namespace = '' } = rollout.metadata;
  const declared = declaredOf(facts);
  const isAsked = (value: string) => rollout.metadata.annotations?.[requestAnnotations.retry] === value;
  const rest = rejected.length - mostRejected;
  const branches = rejected.slice(0, mostRejected).map((one): Branch => {
    const isDeclared = one.revision === declared;
    const note = isDeclared ? (isAsked(ofRejection(one)) ? ', declared, retry requested' : ', declared') : '';
    const command = `kubectl holdfast rollout retry ${name} -n ${namespace}`;
    return {
      text: `${shown(one.revision)} at ${one.time}${note}`,
      more: one.reason === rollout.status?.rollback?.reason ? [] : [one.reason],
      ...(isDeclared && !isAsked(ofRejection(one)) && { commands: [command] }),
    };
  });
  return [{ text: 'Rejected', branches: [...branches, ...(rest > 0 ? [{ text: `and ${rest} more` }] : [])] }];
}

function approvalBranch({ status }: CanaryRollout): Branch[] {
  const approval = status?.approval;
  if (!approval) return [];
  return [{ text: `Approval of step ${approval.step}: ${approval.lacking}`, more: [`digest ${approval.digest}`] }];
}

/** `-` for what is no time. */
export function age(time: string, now: Date): string {
  const seconds = (now.getTime() - Date.parse(time)) / 1000;
  return Number.isNaN(seconds) ? '-' : duration(Math.max(0, seconds));
}
