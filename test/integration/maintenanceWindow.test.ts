/** Maintenance windows on the real apiserver: what it refuses, what a window tells, and that corrections wait for its opening. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join, resolve } from 'node:path';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { MaintenanceWindow, MaintenanceWindowSpec } from '../../operator/api/v1alpha1/maintenanceWindow.ts';
import { deviceBaseline } from '../../operator/drift/deviceBaseline/index.ts';
import { maintenanceWindow } from '../../operator/governance/maintenanceWindow/index.ts';
import { Client } from '../../operator/runtime/client.ts';
import { systemClock } from '../../operator/runtime/clock.ts';
import { connect } from '../../operator/runtime/connection.ts';
import { notifiers } from '../../operator/notifiers.ts';
import { openAll } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { startRuntime, type Runtime } from '../../operator/runtime/runtime.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd } from '../builders/drift.ts';
import { startCluster, type Cluster } from '../cluster/cluster.ts';
import { apiVersion, conditionOf, crds, namespace, untilCondition } from '../operator/bed.ts';
import { Kubectl } from '../operator/kubectl.ts';
import { until } from '../operator/until.ts';
import { keptRevisions } from '../../operator/drift/revision/store.ts';
import { sha256 } from '../../operator/lib/digest.ts';

const role = join(resolve(import.meta.dirname, '../..'), 'manifests/rbac/role.yaml');
const account = 'holdfast-operator';
const rbac = 'rbac.authorization.k8s.io';
const sunday = { schedule: '0 2 * * 0', durationSeconds: 7200 };

let cluster: Cluster;
let kubectl: Kubectl;
let client: Client;
let runtime: Runtime;
const writes: string[] = [];

beforeAll(async () => {
  cluster = await startCluster({ controllerManager: false, manifests: [crds] });
  kubectl = new Kubectl(cluster, namespace);
  await kubectl.run('apply', '--server-side', '--filename', role);
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: account },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: account },
      subjects: [{ kind: 'User', name: account, apiGroup: rbac }],
    },
  );
  const kubeconfig = await cluster.kubeconfigFor(account);
  client = new Client(await connect({ clock: systemClock, environment: {}, kubeconfig }), {
    onRequest: (verb, code) => void (['apply', 'patch', 'create'].includes(verb) && writes.push(`${verb} ${code}`)),
  });
  const features = openAll([maintenanceWindow, deviceBaseline], { revisions: keptRevisions(), seal: sha256 });
  runtime = await startRuntime({ client, features, notifiers, log: createLog('silent') });
  await runtime.synced;
}, 900_000);

afterAll(async () => {
  await runtime.stop();
  await client.close();
  await cluster.stop();
}, 60_000);

function windowNamed(name: string, spec: Partial<MaintenanceWindowSpec>): object {
  return { apiVersion, kind: 'MaintenanceWindow', metadata: { name, namespace }, spec: { windows: [sunday], ...spec } };
}

const declare = (name: string, spec: Partial<MaintenanceWindowSpec> = {}): Promise<void> =>
  kubectl.apply(windowNamed(name, spec));

const untilOpen = (name: string, status: string, seconds?: number): Promise<MaintenanceWindow> =>
  untilCondition<MaintenanceWindow>(kubectl, 'maintenancewindow', name, 'Open', status, seconds);

const inSeconds = (seconds: number): string =>
  new Date(systemClock.now().getTime() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

describe('the apiserver refuses', () => {
  const freeze = { startTime: '2026-12-02T00:00:00Z', endTime: '2026-12-01T00:00:00Z', reason: 'year end' };
  test.each<[string, Partial<MaintenanceWindowSpec>, RegExp]>([
    [
      'a schedule of six fields',
      { windows: [{ ...sunday, schedule: '0 0 2 * * 0' }] },
      /schedule: .*a schedule must have five fields/,
    ],
    [
      'a window of no length',
      { windows: [{ ...sunday, durationSeconds: 0 }] },
      /durationSeconds.*greater than or equal to 60/,
    ],
    ['no windows', { windows: [] }, /at least 1 items/],
    ['a freeze that ends before it begins', { freezes: [freeze] }, /`endTime` must be after `startTime`/],
    // adobe/react-spectrum#7065: to Node it is in Bangladesh.
    [
      'an abbreviation of a zone',
      { timeZone: 'BST' },
      /timeZone: .*an abbreviation such as BST or IST can mean several/,
    ],
    ['a zone that is a path', { timeZone: '../etc/passwd' }, /timeZone: .*a time zone must be a name/],
  ])('%s', async (_, spec, message) => {
    const { code, stderr } = await kubectl.tryApply(windowNamed('refused', spec));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
  });
});

describe('a window tells', () => {
  test('when it opens and closes next', async () => {
    await declare('sunday-night');
    const { spec, status } = await untilOpen('sunday-night', 'False');
    expect(spec.timeZone).toBe('Etc/UTC');
    expect(status?.summary).toMatch(/^opens Sun \d{4}-\d\d-\d\d 02:00 Etc\/UTC$/);
    const [opens = 0, closes = 0] = [status?.nextOpenTime, status?.nextCloseTime].map((time) => Date.parse(time ?? ''));
    expect(new Date(opens).getUTCDay()).toBe(0);
    expect(opens).toBeGreaterThan(systemClock.now().getTime());
    expect(closes - opens).toBe(7_200_000);
    expect(conditionOf({ status }, 'Ready')).toMatchObject({ status: 'True', reason: 'Scheduled' });
  });

  test('what is wrong with a schedule, and mends itself with it', async () => {
    await declare('broken', { windows: [{ ...sunday, schedule: '0 26 * * 0' }] });
    const stalled = await untilCondition<MaintenanceWindow>(kubectl, 'maintenancewindow', 'broken', 'Stalled', 'True');
    expect(conditionOf(stalled, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'InvalidSchedule',
      message: expect.stringMatching(/^spec\.windows\[0\]\.schedule: `0 26 \* \* 0` is not a schedule: its hour `26`/),
    });
    expect(conditionOf(stalled, 'Open')?.status).toBe('False');
    await declare('broken', { windows: [{ ...sunday, schedule: '0 2 * * 0#1' }] });
    await untilCondition(kubectl, 'maintenancewindow', 'broken', 'Ready', 'True');
  });

  test('of a zone that is none', async () => {
    await declare('mars', { timeZone: 'Mars/Olympus' });
    const stalled = await untilCondition<MaintenanceWindow>(kubectl, 'maintenancewindow', 'mars', 'Stalled', 'True');
    expect(conditionOf(stalled, 'Stalled')?.message).toContain('there is no zone `Mars/Olympus`');
  });

  test('an emergency: it opens, is recorded once with an event, and closes by itself', async () => {
    const emergency = { reason: 'database down', ticket: 'INC-7', until: inSeconds(8) };
    await declare('urgent', { emergency });
    const open = await untilOpen('urgent', 'True', 7);
    expect(open.status?.emergencies).toEqual([{ ...emergency, startTime: expect.any(String) }]);
    const closed = await untilOpen('urgent', 'False', 20);
    expect(conditionOf(closed, 'Open')?.reason).toBe('WindowClosed');
    expect(closed.status?.emergencies).toEqual(open.status?.emergencies);
    const events = await until('the emergency is told', async () => {
      const all = await kubectl.list<{ type: string; reason: string }>('events.events.k8s.io');
      const told = all.filter(({ reason }) => reason === 'EmergencyOpened');
      return told.length ? told : undefined;
    });
    expect(events).toEqual([expect.objectContaining({ type: 'Warning' })]);
  }, 60_000);

  test('that it is suspended, and not that it is still open', async () => {
    const always = { windows: [{ schedule: '* * * * *', durationSeconds: 3600 }] };
    await declare('paused', always);
    await untilOpen('paused', 'True');
    await declare('paused', { ...always, suspend: { reason: 'audit' } });
    const paused = await untilOpen('paused', 'False');
    expect(conditionOf(paused, 'Open')?.reason).toBe('Suspended');
    expect(conditionOf(paused, 'Suspended')).toMatchObject({ status: 'True', reason: 'Suspended' });
    await declare('paused', always);
    expect(conditionOf(await untilOpen('paused', 'True'), 'Suspended')).toBeUndefined();
  }, 60_000);
});

describe('a baseline in mode Enforce', () => {
  const device = makeDevice();
  const baseline = makeBaseline({
    mode: 'Enforce',
    checks: [motd],
    remediation: { backend: 'Local', windowRef: { name: 'soon' } },
  });
  const runs = (): Promise<AnsibleRun[]> => kubectl.list<AnsibleRun>('ansibleruns');
  const waits = (reason: string): Promise<DeviceBaseline> =>
    until(`the baseline waits: ${reason}`, async () => {
      const seen = await kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
      return conditionOf(seen, 'WaitsForWindow')?.reason === reason ? seen : undefined;
    });

  beforeAll(async () => {
    const key = `ssh-ed25519 ${'A'.repeat(68)}`;
    const metadata = { name: device.metadata.name, namespace, labels: device.metadata.labels };
    await kubectl.apply({ ...device, metadata, spec: { ssh: { ...device.spec.ssh, hostKeys: [key] } } });
    await kubectl.apply({ ...baseline, metadata: { name: 'rhel9', namespace } });
    // Of the checks as the apiserver has them, defaults and all.
    const stored = await until('the baseline is there', () => kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9'));
    const findings = [makeFinding(motd)];
    const report = makeReport(stored, device, findings, { observedTime: inSeconds(0) });
    const { uid = '' } = (await kubectl.get<Device>('device', device.metadata.name))!.metadata;
    const owner = { apiVersion, kind: 'Device', name: device.metadata.name, uid, controller: true };
    const named = { name: report.metadata.name, namespace, ownerReferences: [owner] };
    const about = { apiVersion, kind: 'DriftReport', metadata: named };
    await kubectl.apply({ ...about, spec: {} });
    await kubectl.run(
      'patch',
      'driftreport',
      report.metadata.name,
      '--subresource=status',
      '--type=merge',
      '--patch',
      JSON.stringify({ status: report.status }),
    );
  });

  test('does nothing while its window is missing, and says what to do', async () => {
    const { status } = await waits('WindowMissing');
    expect(conditionOf({ status }, 'WaitsForWindow')?.message).toMatch(
      /MaintenanceWindow soon, which does not exist; create it, or remove `windowRef`/,
    );
    await untilCondition(kubectl, 'devicebaseline', 'rhel9', 'Compliant', 'False');
    expect(await runs()).toEqual([]);
  });

  test('waits for the opening, writes nothing meanwhile, and corrects when it comes', async () => {
    const opensAt = new Date(Math.ceil((systemClock.now().getTime() + 15_000) / 60_000) * 60_000);
    const schedule = `${opensAt.getUTCMinutes()} ${opensAt.getUTCHours()} * * *`;
    await declare('soon', { windows: [{ schedule, durationSeconds: 120 }] });
    const { status } = await waits('WindowClosed');
    const time = opensAt.toISOString().slice(0, 16).replace('T', ' ');
    expect(status?.summary?.correctionMessage).toMatch(
      new RegExp(`^waits for MaintenanceWindow soon: opens \\w{3} ${time} Etc/UTC$`),
    );
    await untilOpen('soon', 'False');
    let before = -1;
    const wrote = (): boolean => before !== (before = writes.length);
    await until('events are told', () => (wrote() ? undefined : true), { everyMilliseconds: 1000 });
    await until(
      'it is nearly time',
      () => (systemClock.now().getTime() > opensAt.getTime() - 2000 ? true : undefined),
      {
        seconds: 90,
      },
    );
    expect(writes.length - before).toBe(0);
    expect(await runs()).toEqual([]);
    const [run] = await until('a run is made', async () => ((await runs()).length ? await runs() : undefined), {
      seconds: 10,
    });
    expect(run?.spec.deviceNames).toEqual(['web-01']);
    expect(Date.parse(run?.metadata.creationTimestamp ?? '')).toBeGreaterThanOrEqual(opensAt.getTime());
    await untilOpen('soon', 'True', 10);
    expect(conditionOf(await kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9'), 'WaitsForWindow')).toBeUndefined();
  }, 150_000);
});
