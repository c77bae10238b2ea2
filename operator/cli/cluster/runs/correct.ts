/** Corrects what fails on hosts now by AnsibleRuns, one a baseline, once it has said what it will do and somebody agreed. */
import { resources } from '../../../api/generated/resources.ts';
import { selects } from '../../../api/selector.ts';
import type { AnsibleRun } from '../../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../../api/v1alpha1/policyWaiver.ts';
import { windowGate } from '../../../governance/maintenanceWindow/windowGate.ts';
import { digestOf } from '../../../lib/digest.ts';
import { counted, listed as inWords } from '../../../lib/text.ts';
import { exit, Failure, type Cluster, type Exit, type Io } from '../../command.ts';
import type { How } from '../../runs.ts';
import { treeText, type Branch } from '../lines.ts';
import { asFailure, listed } from '../listed.ts';
import { within } from '../within.ts';
import { confirmed, createRun, followed } from './create.ts';
import { failingOn, specOf, type Choice, type Correctable, type Failing, type Fleet } from './failing.ts';
import { outcomeOf } from './outcome.ts';
import { allOf } from '../allOf.ts';

export interface Asked extends How, Choice {
  readonly devices: readonly string[];
}

interface World extends Fleet {
  readonly windows: readonly MaintenanceWindow[];
  readonly all: readonly DeviceBaseline[];
  readonly runs: readonly AnsibleRun[];
}

export function runCorrect(asked: Asked, io: Io): Promise<Exit> {
  return within(asked.place, io, async (cluster, namespace) => {
    const seen = await readAll(cluster, namespace, asked);
    const { failing, world } = seen;
    io.stdout(treeText({ text: titleOf(failing, asked), branches: branchesOf(failing, world, seen.now) }));
    if (failing.correctable.length === 0) return failing.left.length === 0 ? exit.holds : exit.differs;
    if (asked.dryRun) {
      for (const one of failing.correctable) await create(one, cluster, { namespace, world, dryRun: true });
      io.stdout('Nothing was created: this is a dry run.\n');
      return exit.differs;
    }
    await confirmed('Correct this now?', asked, io);
    // What was agreed to is done, and nothing else.
    const now = await readAll(cluster, namespace, asked);
    if (specsOf(now.failing, now.world) !== specsOf(failing, world))
      throw new Failure('what fails there changed in the meantime, and nothing was done; repeat it.');
    const runs: AnsibleRun[] = [];
    for (const one of now.failing.correctable) {
      const run = await create(one, cluster, { namespace, world, dryRun: false });
      if (!run) continue;
      runs.push(run);
      io.stdout(`Created AnsibleRun ${run.metadata.name}, for DeviceBaseline ${one.baseline.metadata.name}.\n`);
    }
    if (!asked.wait) {
      io.stdout(`Its result: \`kubectl get ansibleruns -n ${namespace} -o wide\`.\n`);
      return failing.left.length === 0 ? exit.holds : exit.differs;
    }
    let isDone = failing.left.length === 0;
    for (const run of runs) {
      const outcome = outcomeOf(await followed(run, cluster, asked, io));
      io.stdout(outcome.text);
      isDone &&= outcome.isDone;
    }
    return isDone ? exit.holds : exit.differs;
  });
}

function create(
  one: Correctable,
  cluster: Cluster,
  { namespace, world, dryRun }: { readonly namespace: string; readonly world: World; readonly dryRun: boolean },
): Promise<AnsibleRun | undefined> {
  const stem = `correct-${one.baseline.metadata.name}`;
  return createRun(cluster, { namespace, stem, spec: specOf(one, world.sizeOf(one.baseline)) }, dryRun);
}

function specsOf({ correctable }: Failing, { sizeOf }: World): string {
  return digestOf(correctable.map((one) => specOf(one, sizeOf(one.baseline))));
}

async function readAll(cluster: Cluster, namespace: string, asked: Asked) {
  try {
    const [all, devices, reports, waivers, windows, runs] = await allOf([
      listed<DeviceBaseline>(cluster, resources.DeviceBaseline, namespace),
      listed<Device>(cluster, resources.Device, namespace),
      listed<DriftReport>(cluster, resources.DriftReport, namespace),
      listed<PolicyWaiver>(cluster, resources.PolicyWaiver, namespace),
      listed<MaintenanceWindow>(cluster, resources.MaintenanceWindow, namespace),
      listed<AnsibleRun>(cluster, resources.AnsibleRun, namespace),
    ]);
    const world = { ...worldOf({ all, devices, reports, waivers }, asked), windows, runs };
    const now = cluster.date() ?? cluster.clock.now();
    return { world, now, failing: failingOn(world, asked, now) };
  } catch (error) {
    throw asFailure('what fails there cannot be read, and nothing is corrected', error);
  }
}

interface Read {
  readonly all: readonly DeviceBaseline[];
  readonly devices: readonly Device[];
  readonly reports: readonly DriftReport[];
  readonly waivers: readonly PolicyWaiver[];
}

function worldOf({ all, devices, reports, waivers }: Read, asked: Asked): Omit<World, 'windows' | 'runs'> {
  const named = asked.devices.map((name) => devices.find(({ metadata }) => metadata.name === name));
  const missing = asked.devices.filter((_, at) => named[at] === undefined);
  if (missing.length > 0)
    throw new Failure(`Device ${inWords(missing)} does not exist; list them with \`kubectl get devices -A\`.`);
  const unknown = asked.checks.filter(
    (check) => !all.some(({ spec }) => spec.checks.some(({ name }) => name === check)),
  );
  if (unknown.length > 0)
    throw new Failure(`no DeviceBaseline has check ${inWords(unknown)}; see \`kubectl holdfast why DEVICE\`.`);
  if (asked.baseline !== undefined && !all.some(({ metadata }) => metadata.name === asked.baseline))
    throw new Failure(
      `DeviceBaseline ${asked.baseline} does not exist; list them with \`kubectl get devicebaselines\`.`,
    );
  const isOf = (baseline: DeviceBaseline, device: Device): boolean =>
    selects(baseline.spec.selector, device.metadata.labels);
  return {
    devices: named.flatMap((device) => device ?? []),
    baselines: all.filter(({ metadata }) => metadata.deletionTimestamp === undefined),
    all,
    ...{ reports, waivers, selects: isOf },
    sizeOf: (baseline) => devices.filter((device) => isOf(baseline, device)).length,
  };
}

function titleOf({ correctable, left }: Failing, { devices }: Asked): string {
  const on = inWords(devices);
  const count = correctable.reduce((sum, { corrections }) => sum + corrections.length, 0);
  if (count > 0) return `${counted(count, 'check')} would be corrected on ${on}`;
  return left.length === 0 ? `Nothing is to be corrected on ${on}` : `Nothing can be corrected on ${on}`;
}

function branchesOf({ correctable, left }: Failing, world: World, now: Date): Branch[] {
  return [
    ...correctable.map(({ baseline, corrections }) => ({
      text: `DeviceBaseline ${baseline.metadata.name}`,
      branches: [...Map.groupBy(corrections, ({ device }) => device)].map(([device, all]) => ({
        text: `${device}: ${all.map(({ check }) => check).join(', ')}`,
      })),
    })),
    ...left.map(({ device, baseline, check, why }) => ({
      text: `left as it is: ${check ?? `DeviceBaseline ${baseline}`} on ${device}: ${why}`,
    })),
    ...[...windowsOf(correctable, world, now), ...othersOn(correctable, world)].map((text) => ({ text })),
  ];
}

/** Runs that are not over on the same hosts, which a run waits for. */
function othersOn(correctable: readonly Correctable[], { runs }: World): string[] {
  const names = new Set(correctable.flatMap(({ corrections }) => corrections.map(({ device }) => device)));
  return runs
    .filter(({ spec, status }) => !status?.completionTime && spec.deviceNames?.some((name) => names.has(name)))
    .slice(0, 5)
    .map(({ metadata }) => `AnsibleRun ${metadata.name} on the same hosts is not over, and may come first`);
}

/** A run by hand keeps the windows of all baselines of its hosts. */
function windowsOf(
  correctable: readonly Correctable[],
  { all, devices, windows, selects: isOf }: World,
  now: Date,
): string[] {
  const names = new Set(correctable.flatMap(({ corrections }) => corrections.map(({ device }) => device)));
  const hosts = devices.filter(({ metadata }) => names.has(metadata.name));
  const refs = all
    .filter((baseline) => hosts.some((device) => isOf(baseline, device)))
    .flatMap(({ spec }) => spec.remediation?.windowRef ?? []);
  const gates = [...new Set(refs.map(({ name }) => name))].map((name) =>
    windowGate(
      { name },
      windows.find(({ metadata }) => metadata.name === name),
      now,
    ),
  );
  return gates.flatMap((gate) => (gate.open ? [] : [`the run ${gate.words}; ${gate.advice}`]));
}
