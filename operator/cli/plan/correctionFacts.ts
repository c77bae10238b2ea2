/** What a baseline would correct, where, how and when, decided as the operator decides it. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { CanaryRollout } from '../../api/v1alpha1/canaryRollout.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { selects } from '../../api/selector.ts';
import { isSuspended } from '../../api/suspension.ts';
import { correctionsOf } from '../../drift/corrections.ts';
import { allowedAtOnce, verdictsOn } from '../../drift/deviceBaseline/correction.ts';
import { decideBaseline } from '../../drift/deviceBaseline/decide.ts';
import { hostComplianceOf } from '../../drift/deviceBaseline/hostCompliance.ts';
import { observeBaseline } from '../../drift/deviceBaseline/observe.ts';
import { deviceSubject } from '../../drift/deviceBaseline/source.ts';
import { revisionOf } from '../../drift/driftReport/report.ts';
import { contradictionsAmong, otherInWords, type Contradiction } from '../../drift/contradictions.ts';
import { allowedShare, inRolloutOrder, isExcluded, rolloutOf } from '../../drift/revision/order.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { windowGate } from '../../governance/maintenanceWindow/windowGate.ts';
import { duration } from '../../lib/text.ts';
import type { BaselineWorld } from './baselineWorld.ts';
import { followsRollouts, isPlanned, namesOf, type Names } from './effect.ts';

export interface CorrectionFacts {
  readonly mode: 'Inform' | 'Enforce';
  /** Whether something would be corrected. */
  readonly acts: boolean;
  /** What each check would be corrected on, in the order of checks. */
  readonly corrects: readonly { readonly check: string; readonly hosts: Names; readonly how: readonly string[] }[];
  /** Left for a person. */
  readonly manual: readonly { readonly check: string; readonly hosts: Names; readonly why: string }[];
  /** Hosts on which it is not known whether something is to be corrected. */
  readonly undecided: Names;
  /** The first run; absent where nothing is corrected now. */
  readonly first?: Names;
  /** How many hosts at once. */
  readonly atOnce: number;
  /** Why it waits, or what stops it, in sentences. */
  readonly waits: readonly string[];
  readonly rollout?: RolloutFacts;
  /** Checks that exclude each other, in sentences. */
  readonly contradictions: readonly string[];
}

/** A baseline that is rolled out changes nothing but by its CanaryRollout. */
export interface RolloutFacts {
  /** Absent where there is none. */
  readonly name?: string;
  /** Whether the checks are another revision than those of now. */
  readonly isNew: boolean;
  readonly steps: readonly { readonly percent: number; readonly hosts: Names; readonly words: string }[];
}

type World = BaselineWorld & { readonly reports: ReadonlyMap<string, DriftReport> };

export function correctionOf(world: World): CorrectionFacts {
  const { after, read, now, reports } = world;
  const mode = after.spec.mode ?? 'Inform';
  const observed = { ...observeBaseline(after, { read }), reports };
  const { devices } = observed;
  const most = allowedAtOnce(after.spec.remediation?.maxUnavailable ?? '10%', devices.length);
  const nothing = { mode, acts: false, corrects: [], manual: [], undecided: namesOf([]), atOnce: most, waits: [] };
  const contradictions = contradictionsIn(after, observed.rivals, now);
  const rollout = followsRollouts(after) ? { rollout: rolloutFacts(world, devices) } : {};
  if (mode !== 'Enforce') return { ...nothing, ...rollout, contradictions };
  const { suspend } = after.spec;
  if (isSuspended(suspend, now)) {
    const waits = [`the baseline is suspended (${suspend?.reason ?? ''}): nothing is corrected`];
    return { ...nothing, ...rollout, waits, contradictions };
  }
  const hosts = devices.map((device) => {
    const mark = marking(deviceSubject(after, device), observed.waivers, now);
    return hostComplianceOf(
      device,
      { report: reports.get(device.metadata.name), revision: revisionOf(after), mark },
      now,
    );
  });
  const verdicts = hosts.flatMap((host) => verdictsOn(host, observed, revisionOf(after), now));
  const due = verdicts.flatMap((verdict) => (verdict.is === 'due' ? [verdict.correction] : []));
  const corrects = [...Map.groupBy(due, ({ check }) => check)].map(([check, all]) => ({
    check,
    hosts: namesOf(all.map(({ device }) => device)),
    how: howOf(check, all[0]!.device, world),
  }));
  const waiting = verdicts.flatMap((verdict) => (verdict.is === 'wait' ? [verdict.why] : []));
  const manual = verdicts.flatMap((verdict) => (verdict.is === 'manual' ? [verdict] : []));
  const byCheck = Map.groupBy(manual, ({ check, why = '' }) => `${check} ${why}`);
  const decided = followsRollouts(after) ? undefined : decideBaseline(after, observed, now);
  const run = decided?.afterStatus?.find((action) => action.do === 'create')?.object;
  const first = run && correctionsOf(run as never)?.map(({ device }) => device);
  return {
    ...{ mode, atOnce: most, contradictions, ...rollout },
    acts: due.length > 0 || waiting.length > 0 || rollout.rollout?.isNew === true,
    corrects,
    manual: [...byCheck.values()].map((all) => ({
      check: all[0]!.check,
      hosts: namesOf(all.map(({ device }) => device)),
      why: all[0]!.why ?? 'it is not corrected',
    })),
    undecided: namesOf(
      hosts.flatMap((host) => (isUndecided(host.report ?? undefined) ? [host.device.metadata.name] : [])),
    ),
    ...(first && { first: namesOf([...new Set(first)]) }),
    waits: [...new Set([...waitsOf(after, observed.window, now), ...waiting, ...stopsOf(decided?.conditions ?? {})])],
  };
}

function isUndecided(report: DriftReport | undefined): boolean {
  return report === undefined || (report.status?.summary?.unknown ?? 0) > 0;
}

function howOf(check: string, device: string, { asked }: World): readonly string[] {
  return asked.get(device)?.remedies.get(check) ?? [];
}

function waitsOf(after: DeviceBaseline, window: Parameters<typeof windowGate>[1], now: Date): string[] {
  const gate = windowGate(after.spec.remediation?.windowRef, window, now);
  return gate.open ? [] : [gate.words];
}

/** What keeps it from being corrected; what is left for a person is told check by check. */
function stopsOf(
  conditions: Readonly<Record<string, { readonly status: string; readonly message: string }>>,
): string[] {
  const stopping = ['CorrectionHalted', 'CorrectionBlocked', 'Contended', 'CorrectionFailed'];
  return stopping.flatMap((type) => (conditions[type]?.status === 'True' ? [conditions[type].message] : []));
}

/** Each pair once. */
function contradictionsIn(after: DeviceBaseline, rivals: readonly DeviceBaseline[], now: Date): string[] {
  const { name } = after.metadata;
  const own = [...conflictsOf(after, rivals, now).values()].filter(({ baseline }) => baseline === name);
  const isFirst = ({ check, other }: Contradiction, at: number): boolean =>
    other.baseline !== name || !own.slice(0, at).some((one) => one.check === other.check && one.other.check === check);
  return own
    .filter(isFirst)
    .map(
      ({ check, what, other }) => `${check} and ${otherInWords(name, other)} conflict (${what}): neither is corrected`,
    );
}

/** By `placeOf`, among baselines that are not suspended. */
export function conflictsOf(after: DeviceBaseline, rivals: readonly DeviceBaseline[], now: Date) {
  return contradictionsAmong([after, ...rivals.filter(({ spec }) => !isSuspended(spec.suspend, now))]);
}

/** Which hosts a new revision would reach, step by step. */
function rolloutFacts({ before, after, read }: World, devices: readonly Device[]): RolloutFacts {
  const rollout = rolloutOf(after, read.list(resources.CanaryRollout, after.metadata.namespace ?? ''));
  const isNew = before === undefined || revisionOf(before) !== revisionOf(after);
  if (!rollout) return { isNew, steps: [] };
  return { name: rollout.metadata.name, isNew, steps: stepsOf(rollout, devices) };
}

/** The hosts that each step takes, after those of the steps before. */
export function stepsOf(rollout: CanaryRollout, devices: readonly Device[]): RolloutFacts['steps'] {
  const { steps = [], approvals = [] } = rollout.spec;
  const taken = inRolloutOrder(
    rollout,
    devices.filter((device) => !isExcluded(rollout, device)),
  );
  const { pinned } = rollout.spec;
  // The order of the others is made by the identity of the rollout.
  const isKnown = ({ metadata }: Device): boolean =>
    !isPlanned(rollout) || (pinned !== undefined && selects(pinned, metadata.labels));
  let reached = 0;
  return steps.map(({ percent, soakSeconds }, at) => {
    const until = taken.length === 0 ? 0 : allowedShare(percent, taken.length);
    const hosts = taken.slice(reached, until);
    const known = hosts.filter(isKnown).map(({ metadata }) => metadata.name);
    reached = Math.max(reached, until);
    const waits = approvals.some(({ beforeStep }) => beforeStep === at + 1) ? 'after an approval' : undefined;
    return {
      percent,
      hosts: { count: hosts.length, names: namesOf(known).names },
      words: [waits, `soaks for ${duration(soakSeconds)}`].filter(Boolean).join(', '),
    };
  });
}
