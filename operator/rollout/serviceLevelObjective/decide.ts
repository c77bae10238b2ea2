/**
 * What a ServiceLevelObjective tells: what is attained, what is left of its error budget, and what of this cannot be known. It writes when something
 * that matters has changed, or when what it says would grow old. Pure.
 */
import type { ServiceLevelObjective, ServiceLevelObjectiveSpec } from '../../api/v1alpha1/serviceLevelObjective.ts';
import type { ServiceLevelObjectiveStatus } from '../../api/v1alpha1/serviceLevelObjectiveStatus.ts';
import { canonicalJson } from '../../lib/digest.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted as inWords } from '../../lib/text.ts';
import type { Action, DomainConditions, Outcome, Plan } from '../../runtime/feature.ts';
import { allUnknown, conditionsOf } from './conditions.ts';
import { figuresOf, isAnswered, type Figures } from './figures.ts';
import type { ObjectiveWorld } from './observe.ts';
import { ruleGroups } from './rules.ts';
import { rulesCondition, rulesKinds, wantedRules, type RulesState } from './rulesObject.ts';
import { shapeOf } from './shape.ts';

/** Rules that were just written are seen soon. */
const pendingSeconds = 5;
/** What is written again after so many intervals, at the latest: `objectiveGate` believes three. */
const heartbeatIntervals = 1.5;

export function decideObjective(
  slo: ServiceLevelObjective,
  world: ObjectiveWorld,
  now: Date,
): Plan<ServiceLevelObjective> {
  const { spec, status } = slo;
  const rules = status?.rules && { rules: status.rules };
  if (world.is === 'suspended') return suspended(slo, now);
  if (world.is === 'invalid') {
    const { message } = world;
    return {
      outcome: { is: 'stalled', reason: 'InvalidIndicator', message },
      conditions: allUnknown('InvalidIndicator', message),
      status: { summary: 'invalid', ...rules },
      actions: [],
    };
  }
  const figures = settled(slo, figuresOf(slo, world.reading, world.time), now);
  const kept = rulesPart(slo, world, world.rules);
  return {
    outcome: outcomeOf(slo, figures, kept.isPending),
    conditions: { ...conditionsOf(slo, figures), ...kept.conditions },
    status: { ...figures, ...(kept.record ?? rules) },
    actions: [],
    // What is refused about the rules keeps nothing from being told.
    afterStatus: kept.actions,
  };

  function suspended({ metadata: _ }: ServiceLevelObjective, instant: Date): Plan<ServiceLevelObjective> {
    const { suspend } = spec;
    const until = suspend?.until === undefined ? 'until spec.suspend is removed' : `until ${suspend.until}`;
    const message = `${suspend?.reason ?? ''} (${until})`;
    return {
      outcome: {
        is: 'ready',
        reason: 'Suspended',
        message: 'suspended, as declared',
        ...(suspend?.until !== undefined && { recheckAfter: secondsUntil(new Date(suspend.until), instant) }),
      },
      conditions: {
        ...allUnknown('Suspended', message),
        Suspended: { status: 'True', reason: 'Suspended', message },
      },
      status: { summary: 'suspended', ...rules },
      actions: [],
    };
  }
}

/** The figures that the status has, as long as nothing that matters differs and they are not too old. */
function settled({ spec, status }: ServiceLevelObjective, figures: Figures, now: Date): Figures {
  if (!status || canonicalJson(matters(status)) !== canonicalJson(matters(figures))) return figures;
  const age = (now.getTime() - Date.parse(status.observedTime ?? '')) / 1000;
  const isOld = !(age >= 0 && age < heartbeatIntervals * shapeOf({ spec }).intervalSeconds);
  return isOld ? figures : figuresIn(status);
}

/** Burn rates and counts change all the time; what they amount to does not. */
function matters(figures: Figures): object {
  const { attainmentPercent, errorBudgetRemainingPercent, quality, interval, revision, alerts } = figures;
  return { attainmentPercent, errorBudgetRemainingPercent, quality, interval, revision, alerts };
}

function figuresIn(status: ServiceLevelObjectiveStatus): Figures {
  const { conditions, observedGeneration, rules, seal, ...figures } = status;
  void [conditions, observedGeneration, rules, seal];
  return figures;
}

interface RulesPart {
  readonly conditions: DomainConditions;
  readonly record?: Pick<ServiceLevelObjectiveStatus, 'rules'>;
  readonly actions: readonly Action[];
  readonly isPending: boolean;
}

function rulesPart(
  slo: ServiceLevelObjective,
  { counted }: Extract<ObjectiveWorld, { is: 'read' }>,
  state: RulesState,
): RulesPart {
  const nothing = { conditions: {}, actions: [], isPending: false };
  if (state.is === 'none') return nothing;
  if (state.is === 'unknown')
    return {
      ...nothing,
      conditions: { RulesApplied: { status: 'Unknown', reason: 'NotRead', message: state.message } },
    };
  const wanted = wantedRules(slo, ruleGroups(slo, counted), state.kind);
  const { condition, writes } = rulesCondition(slo, state, wanted);
  const isOurs = writes || condition?.status === 'True';
  return {
    conditions: condition ? { RulesApplied: condition } : {},
    ...(isOurs && { record: { rules: wanted.record } }),
    actions: writes ? [{ do: 'apply', kind: rulesKinds[state.kind], object: wanted.intent }] : [],
    isPending: writes,
  };
}

function outcomeOf(slo: ServiceLevelObjective, figures: Figures, isPending: boolean): Outcome {
  const { intervalSeconds } = shapeOf(slo);
  const recheckAfter = isPending ? Math.min(pendingSeconds, intervalSeconds) : intervalSeconds;
  const [problem] = figures.quality ?? [];
  if (problem && !isAnswered({ quality: [problem] })) {
    const { reason, message } = problem;
    return reason === 'UnknownServer'
      ? { is: 'stalled', reason, message, recheckAfter }
      : { is: 'waiting', reason, message, recheckAfter };
  }
  return { is: 'ready', reason: 'Evaluated', message: evaluatedWords(slo.spec, figures), recheckAfter };
}

/** With the alerts that there are not. */
function evaluatedWords({ alerting }: ServiceLevelObjectiveSpec, { alerts = [] }: Figures): string {
  const plain = 'see conditions Met, BudgetHealthy and DataHealthy';
  const unreachable = alerts.filter(({ state }) => state === 'Unreachable');
  if (unreachable.length === 0 || alerting?.disabled) return plain;
  const pairs = unreachable.map(({ factor, longWindow }) => `${factor} in ${longWindow}`).join(', ');
  return `${plain}; ${inWords(unreachable.length, 'alert')} left out, because the burn rate cannot be exceeded at this objective: ${pairs}`;
}
