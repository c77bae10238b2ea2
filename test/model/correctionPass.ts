/** What is decided in the model of corrections, by the functions of the operator: by baselines, by runs that are to begin, and in reports. Pure. */
import type { AnsibleRun, AnsibleRunSpec } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type {
  DeviceBaseline,
  DeviceBaselineSpec,
  DeviceBaselineStatus,
} from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { whyUnwanted } from '../../operator/drift/ansibleRun/wanted.ts';
import { decideBaseline } from '../../operator/drift/deviceBaseline/decide.ts';
import { isUnrecorded, lastComplete, ownRunsOf } from '../../operator/drift/ownRuns.ts';
import type { Intent } from '../../operator/runtime/feature.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd, now as begin } from '../builders/drift.ts';
import { approved, makeWaiver } from '../builders/waiver.ts';
import { idOf } from './keys.ts';
import {
  internBaseline,
  isCurrent,
  names,
  waivedHost,
  type Baseline,
  type Host,
  type Mode,
  type Report,
  type Reports,
  type State,
  type Write,
} from './correctionState.ts';

export const tickSeconds = 400;

export interface CorrectionFaults {
  readonly unboundWrites?: boolean;
  readonly createsFirst?: boolean;
  readonly forgetsRuns?: boolean;
  readonly readsCacheOnly?: boolean;
  readonly allAtOnce?: boolean;
  /** A second run, while the first is open. */
  readonly overlooksOpen?: boolean;
  readonly ignoresMode?: boolean;
  readonly ignoresWaivers?: boolean;
  readonly forgetsNumbers?: boolean;
  readonly startsUnwanted?: boolean;
}

const devices = names.map((name) => makeDevice(name));
const waiver = approved(makeWaiver({ checks: ['motd'], targets: { names: [waivedHost] } }));

export function dateOf(ticks: number): Date {
  return new Date(begin.getTime() + (ticks * tickSeconds + 200) * 1000);
}

export function timeOf(ticks: number, seconds: number): string {
  return new Date(begin.getTime() + (ticks * tickSeconds + seconds) * 1000).toISOString();
}

export function specOf(run: Intent): AnsibleRunSpec {
  return run['spec'] as AnsibleRunSpec;
}

export interface Deciding {
  /** The writes of a pass over what the caches show. */
  writes(state: State): readonly Write[];
  /** Why a run may not begin, as of now. */
  unwanted(state: State, run: AnsibleRun): boolean;
  /** The report of an evaluation of a host, by an operator whose caches show what they do. */
  reportOn(state: State, host: Host): Report;
}

export function deciding(faults: CorrectionFaults): Deciding {
  const decided = new Map<string, readonly Write[]>();
  const maxUnavailable = faults.allAtOnce ? 2 : 1;
  const remediation = { maxUnavailable, maxFailPercentage: 100, backend: 'Local' } as const;
  const baselines = new Map<Mode, DeviceBaseline>();
  return { writes, unwanted, reportOn };

  function baselineOf({ mode, status }: Baseline): DeviceBaseline {
    const known = baselines.get(mode) ?? makeBaseline({ ...specIn(mode), checks: [motd], remediation });
    baselines.set(mode, known);
    return { ...known, status };
  }

  function writes(state: State): readonly Write[] {
    const seen = state.baseline[0]!;
    const runs = runsSeen(state, seen);
    const views = [seen, state.reports[0]!, ...runs].map(idOf);
    const key = [...views, state.waived[0], isCurrent(state), state.ticks].join();
    const known = decided.get(key) ?? writesAfter(state, seen, runs);
    decided.set(key, known);
    return known;
  }

  /** As `observe.ts` reads them: one that may have been created, from the apiserver. */
  function runsSeen({ runs }: State, { status: { creating } }: Baseline): readonly AnsibleRun[] {
    const cached = runs[0]!;
    if (!creating || faults.readsCacheOnly) return cached;
    const isCreated = ({ metadata }: AnsibleRun): boolean => metadata.name === creating.name;
    return cached.some(isCreated) ? cached : [...cached, ...runs.at(-1)!.filter(isCreated)];
  }

  function writesAfter(state: State, seen: Baseline, cached: readonly AnsibleRun[]): readonly Write[] {
    const baseline = baselineOf(faults.ignoresMode ? { ...seen, mode: 'Enforce' } : seen);
    const reports = state.reports[0]!;
    const runs = faults.forgetsRuns
      ? []
      : faults.overlooksOpen
        ? cached.filter(({ status }) => status?.completionTime)
        : cached;
    const working = runs.filter(({ status }) => status?.startTime && !status.completionTime);
    const plan = decideBaseline(
      baseline,
      {
        devices,
        reports: new Map(devices.map((device) => [device.metadata.name, reportOf(baseline, device, reports)])),
        runs: ownRunsOf(baseline, runs),
        takenNames: new Set((faults.forgetsRuns ? [] : cached).map(({ metadata }) => metadata.name)),
        busy: Map.groupBy(working, ({ spec }) => spec.deviceNames?.[0] ?? ''),
        rivals: [],
        undone: new Map(),
        waivers: state.waived[0] && !faults.ignoresWaivers ? [waiver] : [],
        ...(!isCurrent(state) && !faults.ignoresWaivers && { heldUp: 'waivers have just changed' }),
      },
      dateOf(state.ticks),
    );
    const told = Object.keys(plan.conditions ?? {}).filter((type) => type !== 'Compliant');
    const { runs: recorded, creating, lastRun } = plan.status;
    const status: DeviceBaselineStatus = { runs: recorded, creating, ...(!faults.forgetsNumbers && { lastRun }) };
    const after = internBaseline(JSON.parse(JSON.stringify({ mode: seen.mode, status, told })) as Baseline);
    const creates = (plan.afterStatus ?? []).flatMap((action): Write[] =>
      action.do === 'create' ? [{ do: 'create', run: action.object, path: action.uidAt ?? [], next: after }] : [],
    );
    const record: Write[] = after === seen && !creates.length ? [] : [{ do: 'status', next: after }];
    return faults.createsFirst ? [...creates, ...record] : [...record, ...creates];
  }

  function unwanted(state: State, run: AnsibleRun): boolean {
    if (faults.startsUnwanted) return false;
    const baseline = baselineOf(state.baseline.at(-1)!);
    const deviceOf = (name: string) => devices.find(({ metadata }) => metadata.name === name);
    const wanting = {
      baseline,
      waivers: state.waived.at(-1)! ? [waiver] : [],
      deviceOf,
      reportOn: (device: Device) => reportOf(baseline, device, state.reports.at(-1)!),
    };
    return isUnrecorded(run, baseline) || whyUnwanted(run, wanting, dateOf(state.ticks)) !== undefined;
  }

  function reportOn(state: State, host: Host): Report {
    const { since, drift: before } = state.reports.at(-1)![host];
    const drift = state.drifting[host];
    const own = ownRunsOf(baselineOf(state.baseline[0]!), state.runs[0]!);
    const afterRun = lastComplete(own.filter(({ spec }) => spec.deviceNames?.includes(host)))?.metadata.uid;
    return {
      drift,
      ...(drift !== 'none' && { since: before === 'none' ? timeOf(state.ticks, 100) : since }),
      ...(afterRun !== undefined && { afterRun }),
    };
  }
}

function specIn(mode: Mode): Partial<DeviceBaselineSpec> {
  return mode === 'suspended' ? { mode: 'Enforce', suspend: { reason: 'a test' } } : { mode };
}

function reportOf(baseline: DeviceBaseline, device: (typeof devices)[number], reports: Reports) {
  const { drift, since, afterRun } = reports[device.metadata.name as Host];
  const findings = drift === 'none' ? [] : [makeFinding(motd, { since: since ?? '', found: drift })];
  return makeReport(baseline, device, findings, { ...(afterRun !== undefined && { afterRun }) });
}
