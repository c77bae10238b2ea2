/**
 * Hosts under baselines, read page by page: of each report only what it comes to is kept, so that it does not matter how many there are. A report counts by
 * its owner's uid and its name; what else says that it is one does not. Pure.
 */
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import { selects } from '../../../api/selector.ts';
import { hostComplianceOf, type HostCompliance } from '../../../drift/deviceBaseline/hostCompliance.ts';
import { isReportOn, reportName, revisionOf } from '../../../drift/driftReport/report.ts';
import { assignedTo, isRolledOut } from '../../../drift/revision/assignment.ts';
import { failingChecks } from '../../../findings/finding.ts';
import { currentCondition } from '../status/areas.ts';
import { node, type Node } from './node.ts';

/** What is kept of a Device. */
export function slimDevice({ apiVersion, kind, metadata, spec, status }: Device): Device {
  const { name, namespace, uid, labels, generation, deletionTimestamp } = metadata;
  const { suspend } = spec;
  const conditions = status?.conditions?.filter(({ type }) => type === 'Reachable' || type === 'Compliant');
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, labels, generation, deletionTimestamp },
    spec: { suspend },
    status: { conditions },
  } as Device;
}

/** What a report comes to. */
export interface Standing {
  readonly is: HostCompliance['is'] | 'unreachable';
  readonly words: string;
  readonly report?: string;
  readonly observed?: string;
  readonly critical: number;
  readonly failing: number;
}

const asReported = (findings: readonly Finding[]): readonly Finding[] => findings;

export function standingOf(
  device: Device,
  baseline: DeviceBaseline,
  report: DriftReport | undefined,
  now: Date,
): Standing {
  const revision = isRolledOut(baseline)
    ? (assignedTo(baseline.status?.assignment, device.metadata.name) ?? '')
    : revisionOf(baseline);
  const made = hostComplianceOf(device, { report, revision, mark: asReported }, now);
  const failing = failingChecks(made.report?.status?.findings ?? []);
  const reachable = currentCondition(device, 'Reachable');
  const isAway = reachable?.status === 'False' && made.words !== 'suspended';
  return {
    is: isAway ? 'unreachable' : made.is,
    words: isAway ? reachable.message : made.words,
    ...(report && { report: report.metadata.name }),
    ...(report?.status?.observedTime !== undefined && { observed: report.status.observedTime }),
    critical: failing.filter(({ severity }) => severity === 'Critical').length,
    failing: failing.length,
  };
}

/** Hosts of baselines of a namespace, and what their reports come to. */
export class Hosts {
  readonly #devices: ReadonlyMap<string, Device>;
  readonly #baselines: ReadonlyMap<string, DeviceBaseline>;
  readonly #standings = new Map<string, Standing>();
  readonly #strange = new Map<string, string[]>();

  constructor(devices: readonly Device[], baselines: readonly DeviceBaseline[]) {
    this.#devices = new Map(devices.map((device) => [device.metadata.name, device]));
    this.#baselines = new Map(baselines.map((baseline) => [baseline.metadata.name, baseline]));
  }

  add(report: DriftReport, now: Date): void {
    const { source, target } = report.status ?? {};
    const baseline = source?.kind === 'DeviceBaseline' ? this.#baselines.get(source.name) : undefined;
    if (!baseline) return;
    const device = this.#devices.get(target?.name ?? '');
    if (device && isReportOn(report, device, baseline.metadata.name))
      this.#standings.set(keyOf(baseline, device), standingOf(device, baseline, report, now));
    else this.#strange.set(baseline.metadata.name, [...this.strange(baseline), report.metadata.name].slice(0, 2));
  }

  /** Names of reports that say that they are of the baseline, and are of no host of it; two at most. */
  strange({ metadata }: DeviceBaseline): readonly string[] {
    return this.#strange.get(metadata.name) ?? [];
  }

  selected({ spec }: DeviceBaseline): Device[] {
    return [...this.#devices.values()].filter(
      ({ metadata }) => !metadata.deletionTimestamp && selects(spec.selector, metadata.labels),
    );
  }

  standing(baseline: DeviceBaseline, device: Device, now: Date): Standing {
    return this.#standings.get(keyOf(baseline, device)) ?? standingOf(device, baseline, undefined, now);
  }
}

function keyOf(baseline: DeviceBaseline, device: Device): string {
  return reportName(baseline.metadata.name, device.metadata.name);
}

const order: readonly Standing['is'][] = ['drifted', 'unreachable', 'unknown', 'waived', 'notApplicable', 'compliant'];
export const stateWords: Readonly<Record<Standing['is'], string>> = {
  ...{ drifted: 'drifted', unreachable: 'unreachable', unknown: 'unknown', waived: 'compliant by waiver' },
  ...{ notApplicable: 'not applicable', compliant: 'compliant' },
};
export const isWellState = (is: Standing['is']): boolean => order.indexOf(is) >= 3;

interface Under {
  readonly device: Device;
  readonly standing: Standing;
}

export function worstFirst(a: Under, b: Under): number {
  return (
    order.indexOf(a.standing.is) - order.indexOf(b.standing.is) ||
    b.standing.critical - a.standing.critical ||
    b.standing.failing - a.standing.failing ||
    a.device.metadata.name.localeCompare(b.device.metadata.name)
  );
}

export function reportNode({ is, words, report, observed }: Standing, name: string): Node {
  const time = observed === undefined ? '' : `, since ${observed.replace(/\.\d+Z$/, 'Z')}`;
  return node({
    kind: 'DriftReport',
    name: report ?? name,
    state: report === undefined ? 'does not exist yet' : `${stateWords[is]}${time}`,
    isWell: isWellState(is),
    ...(!isWellState(is) && { message: words }),
  });
}
