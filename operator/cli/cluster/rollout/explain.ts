/** Why a rollout is where it is, in sentences, and what a person can do next. Pure. */
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { GateVerdict } from '../../../api/v1alpha1/rolloutVerdict.ts';
import { isSuspended } from '../../../api/suspension.ts';
import { isRolledOut } from '../../../drift/revision/assignment.ts';
import { counted, duration } from '../../../lib/text.ts';
import { isSkipped } from '../../../rollout/canaryRollout/requests.ts';
import { stepAt, stepsOf } from '../../../rollout/canaryRollout/steps.ts';
import type { Facts } from './facts.ts';
import { wrapped } from '../lines.ts';
import {
  conditionOf,
  declaredOf,
  disbelieved,
  disbelievedAdvice,
  isObserved,
  obstruction,
  rejectionOf,
  shown,
} from './standing.ts';
import { age } from './tree.ts';

interface Explained {
  /** Sentences. */
  readonly why: readonly string[];
  /** What a person can do; commands begin with `kubectl`. */
  readonly next: readonly string[];
}

/** Later than this after something was due, the operator is probably not running. */
const overdueSeconds = 900;

export function explanation(facts: Facts, now: Date, columns?: number): string {
  const { why, next } = explained(facts, now);
  return textOf({ why: [...why, ...facts.unread.map((one) => `Not known: ${one}.`)], next }, columns);
}

/** Where there is no rollout of that name. */
export function withoutRollout(
  name: string,
  namespace: string,
  baseline: DeviceBaseline | undefined,
  rollouts: readonly string[],
): string {
  const none = `There is no CanaryRollout ${name} in namespace ${namespace}.`;
  if (!baseline) {
    const others = rollouts.length
      ? `There are: ${rollouts.slice(0, 10).join(', ')}.`
      : 'The namespace has no CanaryRollout.';
    return textOf({ why: [none, others], next: [`kubectl holdfast rollout get -n ${namespace}`] });
  }
  const mode = isRolledOut(baseline)
    ? `DeviceBaseline ${name} has \`updateStrategy.type: Rollout\`: its hosts keep their revision, and none gets a new one without a CanaryRollout.`
    : `DeviceBaseline ${name} gives new revisions to all hosts at once (\`updateStrategy.type: Immediate\`): no rollout is needed, and none is made.`;
  const next = isRolledOut(baseline)
    ? `create a CanaryRollout with \`target.deviceBaselineRef.name: ${name}\``
    : 'to go step by step, set `updateStrategy.type: Rollout` and create a CanaryRollout';
  return textOf({ why: [none, mode], next: [next] });
}

function explained(facts: Facts, now: Date): Explained {
  const { rollout } = facts;
  const { name, namespace = '' } = rollout.metadata;
  const doubt = disbelieved(rollout);
  if (doubt !== undefined)
    return {
      why: [
        `Where the rollout is cannot be said: ${doubt}.`,
        'Holdfast ignores such a status: no host gets a revision by it.',
      ],
      next: [`${disbelievedAdvice}`, 'kubectl holdfast doctor'],
    };
  const obstacle = obstruction(facts);
  if (obstacle) return { why: [`It rolls nothing out: ${obstacle.fact}.`], next: [obstacle.advice] };
  if (!isObserved(rollout))
    return {
      why: ['The operator has not evaluated this version of the rollout yet.'],
      next: ['wait a minute; if that does not change:', 'kubectl holdfast doctor'],
    };
  const verb = (one: string) => `kubectl holdfast rollout ${one} ${name} -n ${namespace}`;
  const { status = {} } = rollout;
  const said = conditionOf(rollout, 'Progressing');
  const reported = said ? [`Holdfast reports ${said.reason}: ${said.message}.`] : [];
  const rejection = rejectionOf(facts);
  if (status.rollback && status.rollback.completionTime === undefined)
    return {
      why: [
        `Revision ${shown(status.revision)} is being taken back for ${age(status.rollback.startTime, now)}: ${status.rollback.reason}.`,
        ...hostSentences(status.rollback.incomplete),
      ],
      next: ['bring hosts that do not respond back; the others are retried by themselves'],
    };
  if (rejection)
    return {
      why: [
        `Revision ${shown(rejection.revision)}, which the DeviceBaseline declares, was taken back at ${rejection.time}: ${rejection.reason}.`,
        'No CanaryRollout rolls it out again by itself.',
        ...hostSentences(status.rollback?.incomplete),
      ],
      next: [
        'change the checks of the DeviceBaseline: that is another revision; or, once the cause is removed:',
        verb('retry'),
      ],
    };
  if (status.failure !== undefined)
    return {
      why: [`It failed, and was not taken back: ${status.failure}.`, ...reported],
      next: ['to take it back:', verb('abort')],
    };
  const declared = declaredOf(facts);
  if (status.revision === undefined || status.completionTime !== undefined || status.rollback) {
    const isNewer =
      declared !== undefined && declared !== facts.baseline?.status?.assignment?.base && declared !== status.revision;
    return {
      why: [
        isNewer
          ? `The DeviceBaseline declares revision ${shown(declared)}, which has not begun.`
          : 'Nothing is in progress.',
        ...reported,
        ...paused(facts, now),
      ],
      next: isNewer ? resumes(facts, verb, now) : ['a change of the checks of the DeviceBaseline begins a rollout'],
    };
  }
  return inProgress(facts, reported, verb, now);
}

/** Condition by condition of what begins the next step. */
function inProgress(facts: Facts, reported: readonly string[], verb: (one: string) => string, now: Date): Explained {
  const { rollout } = facts;
  const { revision, step = 1, exposedPercent = 0, soakStartTime, fleet, verdict, approval } = rollout.status ?? {};
  const { soakSeconds } = stepAt(rollout, step);
  const left =
    soakStartTime === undefined || isSkipped(rollout, rollout.status ?? {}, step)
      ? 0
      : soakSeconds - (now.getTime() - Date.parse(soakStartTime)) / 1000;
  const soak =
    soakStartTime === undefined
      ? 'no: The soak has not begun: not all hosts that respond comply yet.'
      : left > 0
        ? `no: The soak has ${duration(left)} of ${duration(soakSeconds)} left.`
        : 'yes: The soak is over.';
  const missing = (fleet?.failed ?? 0) + (fleet?.unreachable ?? 0);
  const hosts = fleet
    ? `${fleet.converged === fleet.targeted && fleet.targeted > 0 ? 'yes' : 'no'}: ${fleet.converged} of ${counted(fleet.targeted, 'host')} comply, ${missing} failed or do not respond.`
    : 'no: The hosts have not been evaluated.';
  const isStale =
    verdict !== undefined && (verdict.step !== step || verdict.generation !== rollout.metadata.generation);
  const gates =
    !verdict || isStale
      ? ['no: The gates have not been evaluated in this step.']
      : (verdict.gates ?? []).flatMap(gateSentence);
  const { windowRef } = rollout.spec;
  const isOverdue =
    left < -overdueSeconds &&
    verdict !== undefined &&
    now.getTime() - Date.parse(verdict.time) >
      1000 * (overdueSeconds + 2 * (rollout.spec.gates?.intervalSeconds ?? 300));
  return {
    why: [
      `Revision ${shown(revision)} is in step ${step} of ${stepsOf(rollout).length}: ${exposedPercent}% of the hosts may have it.`,
      ...reported,
      'The step is over when each of these is met:',
      hosts,
      ...hostSentences(fleet?.missing),
      soak,
      ...gates,
      ...paused(facts, now),
      ...(windowRef ? [`also: MaintenanceWindow ${windowRef.name} must be open.`] : []),
      ...(approval ? [`no: Step ${approval.step} needs ${approval.lacking}: digest ${approval.digest}.`] : []),
      ...(isOverdue ? ['The gates were not evaluated when they were due: the operator may not be running.'] : []),
    ],
    next: [
      ...(isOverdue ? ['kubectl holdfast doctor'] : []),
      ...(left > 0 ? ['to end the soak now:', verb('skip')] : []),
      ...resumes(facts, verb, now),
      'to take the revision back:',
      verb('abort'),
    ],
  };
}

function paused({ rollout: { spec } }: Facts, now: Date): string[] {
  if (!spec.pause || !isSuspended(spec.pause, now)) return [];
  return [
    `no: It is paused${spec.pause.until === undefined ? '' : ` until ${spec.pause.until}`}: ${spec.pause.reason}.`,
  ];
}

function resumes({ rollout: { spec } }: Facts, verb: (one: string) => string, now: Date): string[] {
  return spec.pause && isSuspended(spec.pause, now) ? ['to continue:', verb('resume')] : [];
}

function gateSentence({ gate, result, reason, message, value, limit, query }: GateVerdict): string[] {
  const numbers = value === undefined ? '' : ` (value ${value}${limit === undefined ? '' : `, limit ${limit}`})`;
  const head = `${result === 'Pass' ? 'yes' : 'no'}: Gate ${gate} is ${result}${result === 'Pass' ? '' : `, ${reason}`}${numbers}: ${message}.`;
  return [head, ...(query === undefined ? [] : [`     query: ${query}`])];
}

function hostSentences(hosts: readonly { readonly device: string; readonly message: string }[] = []): string[] {
  const rest = hosts.length - 5;
  return [
    ...hosts.slice(0, 5).map(({ device, message }) => `     Device ${device}: ${message}`),
    ...(rest > 0 ? [`     and ${rest} more`] : []),
  ];
}

function textOf({ why, next }: Explained, columns = 80): string {
  const hanging = (head: string, text: string): string[] => below(head, text, columns - head.length);
  const lines = why.flatMap((one) => {
    const [, mark, rest] = /^(yes|no|also): (.*)$/s.exec(one) ?? [];
    if (mark !== undefined && rest !== undefined)
      return hanging(`  [${mark === 'yes' ? 'x' : mark === 'no' ? ' ' : '?'}] `, rest);
    return /^ {5}/.test(one) ? hanging('      ', one.trim()) : hanging('', one);
  });
  const todo = next.flatMap((one) => (one.startsWith('kubectl ') ? [`  $ ${one}`] : hanging('  ', one)));
  return `${[...lines, '', 'What you can do:', ...todo].join('\n')}\n`;
}

function below(head: string, text: string, columns: number): string[] {
  return wrapped(text.replace(/\.\.$/, '.'), columns).map(
    (line, at) => `${at === 0 ? head : ' '.repeat(head.length)}${line}`,
  );
}
