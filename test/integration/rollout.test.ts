/** A canary through a fleet of real hosts: a bad revision is undone on each host that had it, a good one reaches all, and a host that dies is named. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiVersion, conditionOf, namespace, startBed, type Bed } from '../operator/bed.ts';
import type { CanaryRollout } from '../../operator/api/v1alpha1/canaryRollout.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { rolledOutBaseline } from '../operator/rolledOut.ts';
import { until } from '../operator/until.ts';

const names = Array.from({ length: 10 }, (_, at) => `web-${String(at + 1).padStart(2, '0')}`);
let bed: Bed;

beforeAll(async () => {
  bed = await startBed(names);
  await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 120_000);

function motd(content: string): DeviceCheck {
  return { name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: `${content}\n`, mode: '0644' } };
}

/** A file that only this revision declares: to go back to one that does not is to remove it. */
const extra: DeviceCheck = {
  name: 'extra',
  severity: 'Low',
  file: { path: '/etc/extra', content: 'x\n', mode: '0600' },
};
const broken: DeviceCheck = { name: 'broken', severity: 'Low', package: { name: 'no-such-package-anywhere' } };

async function declare(...checks: DeviceCheck[]): Promise<void> {
  await bed.kubectl.apply(rolledOutBaseline({ maxUnavailable: 5, checks }));
}

async function roll(spec: object = {}): Promise<void> {
  await bed.kubectl.apply({
    apiVersion,
    kind: 'CanaryRollout',
    metadata: { name: 'rhel9', namespace },
    spec: { target: { deviceBaselineRef: { name: 'rhel9' } }, ...spec },
  });
}

const steps = [
  { percent: 20, soakSeconds: 3 },
  { percent: 50, soakSeconds: 3 },
  { percent: 100, soakSeconds: 3 },
];

async function state(of: string, seconds = 120): Promise<CanaryRollout> {
  let last: CanaryRollout | undefined;
  return until(
    `the rollout is ${of}`,
    async () => {
      last = await bed.kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
      return last?.status?.summary?.state === of ? last : undefined;
    },
    { seconds, seen: () => last?.status },
  );
}

/** What each host has, in the order of their names. */
async function contents(): Promise<Record<string, string[]>> {
  const each = await Promise.all(
    names.map(async (name) => ({
      name,
      text: await bed.host(name).mustRun('cat /etc/motd /etc/extra 2>/dev/null || true'),
    })),
  );
  const byText = Map.groupBy(each, ({ text }) => text.trim().replaceAll('\n', '+'));
  return Object.fromEntries([...byText].map(([text, hosts]) => [text, hosts.map(({ name }) => name)]));
}

test('the first revision is assigned by a rollout alone', async () => {
  await declare(motd('A'));
  await until('the hosts are known to have no revision', async () => {
    const devices = await bed.kubectl.list<Device>('devices');
    return devices.every(({ status }) => status?.summary?.revision === 'none') || undefined;
  });
  await roll({ steps: [{ percent: 100, soakSeconds: 0 }] });
  await state('Completed');
  expect(Object.keys(await contents())).toEqual(['A']);
}, 240_000);

test('a bad revision is stopped in the first step, and undone on each host that had it, with what it brought', async () => {
  await roll({ steps });
  await declare(motd('B'), extra, broken);
  await state('RolledBack', 240);
  expect(await contents()).toEqual({ A: names });
  const { status } = (await bed.kubectl.get<CanaryRollout>('canaryrollout', 'rhel9')) ?? {};
  expect(status?.rollback).toMatchObject({ rejects: true });
  expect(status?.rollback?.incomplete).toBeUndefined();
  const extras = await Promise.all(names.map((name) => bed.host(name).run('test -e /etc/extra')));
  expect(extras.every(({ code }) => code === 1)).toBe(true);
}, 400_000);

test('a good revision reaches all hosts, step by step', async () => {
  await declare(motd('C'), extra);
  await state('Completed', 240);
  expect(await contents()).toEqual({ 'C+x': names });
  const baseline = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
  expect(baseline?.status?.devices).toMatchObject({ total: 10, compliant: 10 });
}, 400_000);

test('a host that dies half-way is named, and the others have the revision before again', async () => {
  await roll({ steps, maxFailed: 0, stepTimeoutSeconds: 20 });
  await declare(motd('D'), extra);
  const hasTwo = async (): Promise<string[] | undefined> => {
    const { D = [] } = Object.fromEntries(
      Object.entries(await contents()).map(([text, hosts]) => [text.split('+')[0] ?? '', hosts]),
    );
    return D.length >= 2 ? D : undefined;
  };
  const [dead = ''] = await until('two hosts have the revision', hasTwo, { seconds: 120 });
  await bed.host(dead).stop();
  const gone = await until(
    'the host is named',
    async () => {
      const rollout = await bed.kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
      const { incomplete = [] } = rollout?.status?.rollback ?? {};
      return incomplete.length === 1 && incomplete[0]?.device === dead ? rollout : undefined;
    },
    { seconds: 240 },
  );
  expect(conditionOf(gone, 'RolledBack')?.status).not.toBe('True');
  await bed.host(dead).start();
  await state('RolledBack', 240);
  expect(await contents()).toEqual({ 'C+x': names });
}, 600_000);
