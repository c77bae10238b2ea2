/** What of a run can be put back on which hosts, what was undone already, and what stands in the way. Pure. */
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import { selects } from '../../../api/selector.ts';
import { isSuspended } from '../../../api/suspension.ts';
import { linesBefore, type Before } from '../../../drift/ansibleRun/before.ts';
import { listed } from '../../../lib/text.ts';
import type { Branch } from '../lines.ts';

export interface Around {
  /** All of the namespace. */
  readonly runs: readonly AnsibleRun[];
  readonly baselines: readonly DeviceBaseline[];
  readonly devices: readonly Device[];
  readonly now: Date;
}

export interface Undoing {
  /** Hosts on which something is to be put back. */
  readonly devices: readonly string[];
  readonly before: readonly Before[];
  readonly branches: readonly Branch[];
  /** Whether something is known not to be put back. */
  readonly isPart: boolean;
}

/** Why it cannot be undone, with what to do; as the operator would refuse it. */
export function whyNotUndone({ metadata: { name, namespace = '' }, spec, status }: AnsibleRun): string | undefined {
  if (spec.revertOf)
    return `AnsibleRun ${name} is itself an undo; to apply again what it undid, use \`kubectl holdfast correct\``;
  if (spec.playbook) return `AnsibleRun ${name} ran your own playbook; only its author knows how to undo it`;
  if (spec.mode === 'Check') return `AnsibleRun ${name} ran in mode Check and changed nothing`;
  if (status?.completionTime === undefined)
    return `AnsibleRun ${name} is not complete; undo it then: \`kubectl get ansiblerun ${name} -n ${namespace} -o wide\``;
  return status.before?.length ? undefined : `AnsibleRun ${name} changed nothing`;
}

export function undoingOf(run: AnsibleRun, only: readonly string[], around: Around): Undoing | string {
  const all = linesBefore(run.status?.before);
  const hosts = [...new Set(all.map(({ device }) => device))];
  const others = only.filter((device) => !hosts.includes(device));
  if (others.length > 0)
    return `AnsibleRun ${run.metadata.name} changed nothing on ${listed(others)}; it changed ${listed(hosts, 10)}`;
  const wanted = only.length > 0 ? only : hosts;
  const undone = undoneBy(run, around.runs);
  const left = wanted.filter((device) => !undone.has(device));
  const by = [...new Set(wanted.flatMap((device) => undone.get(device) ?? []))];
  const { name } = run.metadata;
  if (left.length === 0) return `AnsibleRun ${name} was undone already, by AnsibleRun ${listed(by)}`;
  const active = undosOf(run, around.runs).find(
    (undo) => !undo.status?.completionTime && devicesIn(undo, hosts).some((device) => left.includes(device)),
  );
  if (active)
    return `AnsibleRun ${active.metadata.name} is undoing it already; see \`kubectl get ansiblerun ${active.metadata.name} -o wide\``;
  const enforcing = enforcingOf(run, around);
  if (enforcing !== undefined) return enforcing;
  const before = all.filter(({ device }) => left.includes(device));
  const obstacles = left.flatMap((device) => obstaclesOn(device, run, before, around));
  return {
    devices: left,
    before,
    isPart: obstacles.length > 0 || by.length > 0,
    branches: [
      ...[...Map.groupBy(before, ({ device }) => device)].map(([device, checks]) => ({
        text: device,
        branches: checks.map(({ check, found }) => ({ text: `${check}: back to what was found: ${found}` })),
      })),
      ...obstacles.map((text) => ({ text: `may not be put back: ${text}` })),
      ...(by.length > 0
        ? [
            {
              text: `undone already on ${listed(
                wanted.filter((device) => undone.has(device)),
                5,
              )}, by AnsibleRun ${listed(by)}`,
            },
          ]
        : []),
      ...againBranches(left, before, around),
    ],
  };
}

/** Undos of this very run: one of before, or of another run that had its name, is none. */
function undosOf({ metadata, status }: AnsibleRun, runs: readonly AnsibleRun[]): AnsibleRun[] {
  const since = Date.parse(status?.completionTime ?? '');
  return runs.filter(
    (undo) =>
      undo.spec.revertOf?.name === metadata.name &&
      undo.spec.mode !== 'Check' &&
      // Creation is told in whole seconds.
      Date.parse(undo.metadata.creationTimestamp ?? '') >= Math.floor(since / 1000) * 1000,
  );
}

function devicesIn({ spec }: AnsibleRun, all: readonly string[]): readonly string[] {
  return spec.deviceNames?.length ? spec.deviceNames : all;
}

/** Hosts on which it was put back, and by which run. */
function undoneBy(run: AnsibleRun, runs: readonly AnsibleRun[]): ReadonlyMap<string, string> {
  const complete = undosOf(run, runs).filter(({ status }) => status?.completionTime);
  return new Map(
    complete.flatMap(({ metadata, status }) =>
      (status?.hosts ?? []).flatMap(({ name, outcome }): [string, string][] =>
        outcome === 'Verified' ? [[name, metadata.name]] : [],
      ),
    ),
  );
}

/** As the operator says it of a run whose baseline would correct it again at once. */
function enforcingOf(
  { spec, metadata: { namespace = '' } }: AnsibleRun,
  { baselines, now }: Around,
): string | undefined {
  const baseline = baselines.find(({ metadata }) => metadata.name === spec.baselineRef?.name);
  if (!baseline || baseline.spec.mode !== 'Enforce' || isSuspended(baseline.spec.suspend, now)) return undefined;
  const { name } = baseline.metadata;
  return `DeviceBaseline ${name} would immediately correct this again; suspend it first: \`kubectl holdfast suspend devicebaseline/${name} -n ${namespace} --reason TEXT\``;
}

function obstaclesOn(
  name: string,
  run: AnsibleRun,
  before: readonly Before[],
  { runs, devices, now }: Around,
): string[] {
  const device = devices.find(({ metadata }) => metadata.name === name);
  if (!device) return [`Device ${name} does not exist`];
  if (isSuspended(device.spec.suspend, now)) return [`Device ${name} is suspended; resume it first`];
  const checks = new Set(before.filter((one) => one.device === name).map(({ check }) => check));
  const since = Date.parse(run.status?.completionTime ?? '');
  return runs.flatMap(({ metadata, spec, status }) => {
    const isLater = metadata.uid !== run.metadata.uid && Date.parse(status?.startTime ?? '') >= since;
    if (!isLater || spec.revertOf) return [];
    const same = linesBefore(status?.before).filter((one) => one.device === name && checks.has(one.check));
    const names = [...new Set(same.map(({ check }) => check))];
    return names.length > 0
      ? [`AnsibleRun ${metadata.name} changed ${listed(names, 5)} on ${name} later; undo that first`]
      : [];
  });
}

/** Other baselines in mode Enforce that ask for one of the checks, by their names. */
function againBranches(
  hosts: readonly string[],
  before: readonly Before[],
  { baselines, devices, now }: Around,
): Branch[] {
  const checks = new Set(before.map(({ check }) => check));
  const own = devices.filter(({ metadata }) => hosts.includes(metadata.name));
  const names = baselines
    .filter(
      ({ spec }) =>
        spec.mode === 'Enforce' &&
        !isSuspended(spec.suspend, now) &&
        spec.checks.some(({ name }) => checks.has(name)) &&
        own.some((device) => selects(spec.selector, device.metadata.labels)),
    )
    .map(({ metadata }) => metadata.name);
  return names.length > 0
    ? [{ text: `DeviceBaseline ${listed(names, 5)} is in mode Enforce and may correct it again` }]
    : [];
}
