/** What a person asks of a rollout: whether it makes sense as the rollout is now, what is written, and what is said about it. Pure. */
import type { CanaryRollout } from '../../../api/v1alpha1/canaryRollout.ts';
import { isSuspended } from '../../../api/suspension.ts';
import {
  atStep,
  ofRejection,
  ofRevision,
  requestAnnotations,
  type Request,
} from '../../../rollout/canaryRollout/requests.ts';
import { stepAt, stepsOf } from '../../../rollout/canaryRollout/steps.ts';
import { knowsBaseline, type Facts } from './facts.ts';
import { declaredOf, disbelieved, disbelievedAdvice, obstruction, rejectionOf, shown } from './standing.ts';

export type Verb = 'pause' | 'resume' | Request;

export type Decision =
  | { readonly is: 'refused'; readonly why: string }
  /** It is so already. */
  | { readonly is: 'nothing'; readonly says: string }
  | {
      readonly is: 'write';
      readonly patch: object;
      readonly says: readonly string[];
      readonly warnings: readonly string[];
    };

export interface Asked {
  readonly verb: Verb;
  /** `until` as RFC 3339. */
  readonly pause?: { readonly reason: string; readonly until?: string };
}

export function decideVerb({ verb, pause }: Asked, facts: Facts, now: Date): Decision {
  const { rollout } = facts;
  if (rollout.metadata.deletionTimestamp !== undefined) return refused('it is being deleted');
  if (verb === 'pause') return pausing(rollout, pause ?? { reason: '' }, now);
  if (verb === 'resume') return resuming(rollout, now);
  const doubt = disbelieved(rollout);
  if (doubt !== undefined) return refused(`${doubt}; ${disbelievedAdvice}`);
  const obstacle = obstruction(facts);
  if (obstacle) return refused(`it rolls nothing out: ${obstacle.fact}; ${obstacle.advice}`);
  return verb === 'retry' ? retrying(facts, now) : moving(verb, facts, now);
}

function pausing(rollout: CanaryRollout, asked: { reason: string; until?: string }, now: Date): Decision {
  const { pause } = rollout.spec;
  const until = asked.until === undefined ? '' : ` until ${asked.until}`;
  if (pause && isSuspended(pause, now)) {
    if (pause.reason === asked.reason && pause.until === asked.until)
      return { is: 'nothing', says: `It is paused already${until}: ${pause.reason}.` };
    return refused(`it is paused already, for another reason (${pause.reason}); resume it first to replace that`);
  }
  return {
    is: 'write',
    patch: { spec: { pause: { reason: asked.reason, until: asked.until ?? null } } },
    says: [`No further host gets a revision${until}. What goes wrong on hosts that have it is still taken back.`],
    warnings: ofGit(rollout, 'spec.pause'),
  };
}

function resuming(rollout: CanaryRollout, now: Date): Decision {
  const { pause } = rollout.spec;
  if (!pause) return { is: 'nothing', says: 'It is not paused.' };
  const says = isSuspended(pause, now)
    ? 'It continues where it is.'
    : `Its pause ended at ${pause.until}; what is left of it is removed.`;
  return {
    is: 'write',
    patch: { spec: { pause: null } },
    says: [says],
    warnings: ofGit(rollout, 'spec.pause'),
  };
}

/** Of a revision that is under way. */
function moving(verb: Exclude<Request, 'retry'>, facts: Facts, now: Date): Decision {
  const { rollout } = facts;
  const { status = {} } = rollout;
  const { revision, step, rollback, completionTime, failure } = status;
  if (revision === undefined || step === undefined)
    return refused('nothing is in progress; it has rolled nothing out yet');
  if (rollback)
    return refused(
      rollback.completionTime === undefined
        ? `revision ${shown(revision)} is being taken back already`
        : `revision ${shown(revision)} was taken back already; to roll it out again, use \`retry\``,
    );
  if (completionTime !== undefined)
    return refused(
      verb === 'abort'
        ? `revision ${shown(revision)} is complete on all hosts; to go back, declare the checks of the revision before in the DeviceBaseline`
        : `nothing is in progress: revision ${shown(revision)} is complete on all hosts`,
    );
  if (verb === 'abort') return asks(facts, verb, ofRevision(status), aborted(facts));
  if (failure !== undefined) return refused(`it failed (${failure}); only \`abort\` makes sense, which takes it back`);
  const last = stepsOf(rollout).length;
  if (verb === 'promote' && step >= last) return refused(`step ${step} is the last one; to end its soak, use \`skip\``);
  const to = verb === 'skip' ? step + 1 : last;
  const next =
    to > last
      ? 'then the rollout is complete'
      : `then step ${to} begins (${stepAt(rollout, to).percent}% of the hosts)`;
  const says = [
    `The soak of step ${step} (${rollout.status?.exposedPercent ?? 0}%) ends as soon as its hosts comply; ${next}.`,
  ];
  return asks(facts, verb, atStep(status, step), [...says, ...whatMayHold(facts, to, now)]);
}

function aborted({ rollout, baseline }: Facts): string[] {
  const { revision, previousRevision, fleet } = rollout.status ?? {};
  const hosts = fleet ? ` on ${fleet.targeted} hosts` : '';
  const back =
    previousRevision === undefined ? 'what it changed is undone' : `they return to ${shown(previousRevision)}`;
  const proven = baseline?.status?.assignment;
  return [
    `Revision ${shown(revision)} is taken back${hosts}: ${back}. It does not wait for a window or an approval.`,
    `The revision is rejected: no CanaryRollout rolls it out again before \`retry\`, or before the checks change.`,
    ...(proven?.base !== undefined && !proven.proven
      ? [`No host is known to have complied with ${shown(proven.base)} before: that may be as bad.`]
      : []),
  ];
}

function retrying(facts: Facts, now: Date): Decision {
  const { rollout } = facts;
  if (!knowsBaseline(facts)) return refused(`what was rejected is not known: ${facts.unread.join('; ')}`);
  const rejection = rejectionOf(facts);
  const others = facts.baseline?.status?.assignment?.rejected ?? [];
  if (!rejection)
    return refused(
      others.length
        ? `the revision that the DeviceBaseline declares (${shown(declaredOf(facts))}) is not rejected; rejected is ${others.map(({ revision }) => shown(revision)).join(', ')}: declare its checks again first`
        : 'nothing is rejected: no revision was taken back',
    );
  const { rollback } = rollout.status ?? {};
  const first = rollback && rollback.completionTime === undefined ? ' once the rollback is complete' : '';
  return asks(facts, 'retry', ofRejection(rejection), [
    `Revision ${shown(rejection.revision)} is rolled out again${first}, from step 1 (${stepAt(rollout, 1).percent}% of the hosts). It was taken back: ${rejection.reason}.`,
    ...whatMayHold({ ...facts, rollout: { ...rollout, status: {} } }, 1, now),
  ]);
}

/** What is not gone past by a request. */
function whatMayHold({ rollout, baseline }: Facts, to: number, now: Date): string[] {
  const { spec, status = {} } = rollout;
  const approval = spec.approvals?.find(({ beforeStep }) => beforeStep === to);
  const { verdict } = status;
  const declared = baseline && declaredOf({ rollout, baseline, unread: [] });
  return [
    ...(spec.pause && isSuspended(spec.pause, now)
      ? [`It is paused (${spec.pause.reason}): it waits until it is resumed.`]
      : []),
    ...(approval ? [`Step ${to} still needs ${approval.count ?? 1} approval(s).`] : []),
    ...(spec.windowRef ? [`No step begins while MaintenanceWindow ${spec.windowRef.name} is closed.`] : []),
    ...(verdict && verdict.result !== 'Pass'
      ? [`The gates do not pass now (${verdict.result}: ${verdict.message}): a request does not change that.`]
      : ['The gates are evaluated once more before; one that fails takes the revision back.']),
    ...(declared !== undefined && status.revision !== undefined && declared !== status.revision
      ? [`The DeviceBaseline declares revision ${shown(declared)} by now, which begins with step 1 instead.`]
      : []),
  ];
}

function asks({ rollout }: Facts, request: Request, value: string, says: readonly string[]): Decision {
  const annotation = requestAnnotations[request];
  if (rollout.metadata.annotations?.[annotation] === value)
    return {
      is: 'nothing',
      says: `That was requested already; see what it waits for with \`kubectl holdfast rollout explain ${rollout.metadata.name}\`.`,
    };
  return { is: 'write', patch: { metadata: { annotations: { [annotation]: value } } }, says, warnings: [] };
}

/** Those that put back what they declare. */
function ofGit({ metadata: { labels = {}, annotations = {} } }: CanaryRollout, field: string): string[] {
  const owners = [
    ['argocd.argoproj.io/instance', 'Argo CD'],
    ['argocd.argoproj.io/tracking-id', 'Argo CD'],
    ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
    ['helm.toolkit.fluxcd.io/name', 'Flux'],
    ['meta.helm.sh/release-name', 'Helm'],
  ] as const;
  const found = owners.find(([key]) => labels[key] !== undefined || annotations[key] !== undefined)?.[1];
  const owner = found ?? (labels['app.kubernetes.io/managed-by'] === 'Helm' ? 'Helm' : undefined);
  return owner === undefined
    ? []
    : [`it is managed by ${owner}, which may put \`${field}\` back as declared; change it in Git as well`];
}

function refused(why: string): Decision {
  return { is: 'refused', why };
}
