/**
 * Gates of a rollout on a real Prometheus, which reads real servers whose error rate a test sets: errors take a revision back, and so does a Prometheus
 * that is gone. What others write of assignments, rollouts and ControllerRevisions, while no policy keeps them from it, moves no host.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiVersion, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import type { CanaryRollout, CanaryRolloutSpec } from '../../operator/api/v1alpha1/canaryRollout.ts';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import type { Operator } from '../operator/process.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import { startPrometheus, type Prometheus } from '../monitoring/prometheus.ts';
import { rolledOutBaseline } from '../operator/rolledOut.ts';
import { until } from '../operator/until.ts';

let bed: Bed;
let operator: Operator;
let prometheus: Prometheus;
/** A service: a hundred requests a second, of which so many percent fail. */
let failing = 0;
const counts = { ok: 0, failed: 0 };
let service: Server;
let traffic: NodeJS.Timeout;

beforeAll(async () => {
  service = createServer((_, response) => {
    response.end(`requests_total{code="200"} ${counts.ok}\nrequests_total{code="500"} ${counts.failed}\n`);
  });
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
  traffic = setInterval(() => {
    counts.ok += 100 - failing;
    counts.failed += failing;
  }, 1000);
  const address = service.address();
  if (address === null || typeof address === 'string') throw new Error('the service has no port');
  [bed, prometheus] = await Promise.all([
    startBed(['web-01', 'web-02', 'web-03']),
    startPrometheus({ targets: [`127.0.0.1:${address.port}`] }),
  ]);
  const servers = join(bed.folder, 'servers.yaml');
  await writeFile(servers, `main: {url: "${prometheus.url}"}\n`);
  operator = await bed.operator('--prometheus-servers', servers);
  await declare('Immediate', 'A');
  await untilCondition(bed.kubectl, 'devicebaseline', 'rhel9', 'Compliant', 'True');
  await declare('Rollout', 'A');
}, 900_000);

afterAll(async () => {
  clearInterval(traffic);
  await Promise.all([bed.stop(), prometheus.stop(), new Promise((closed) => service.close(closed))]);
}, 120_000);

async function declare(type: 'Immediate' | 'Rollout', content: string): Promise<void> {
  const motd: DeviceCheck = { name: 'motd', severity: 'Low', file: { path: '/etc/motd', content, mode: '0644' } };
  await bed.kubectl.apply(rolledOutBaseline({ type, checks: [motd] }));
}

async function roll(gates: CanaryRolloutSpec['gates'], soakSeconds = 600): Promise<void> {
  await bed.kubectl.apply({
    apiVersion,
    kind: 'CanaryRollout',
    metadata: { name: 'rhel9', namespace },
    spec: {
      target: { deviceBaselineRef: { name: 'rhel9' } },
      steps: [
        { percent: 34, soakSeconds },
        { percent: 100, soakSeconds: 0 },
      ],
      gates: { intervalSeconds: 10, ...gates },
    },
  });
}

async function rollout(
  what: string,
  holds: (status: CanaryRollout['status']) => boolean,
): Promise<CanaryRollout['status']> {
  let last: CanaryRollout | undefined;
  return until(
    what,
    async () => {
      last = await bed.kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
      return last?.status && holds(last.status) ? last.status : undefined;
    },
    { seconds: 120, seen: () => last?.status },
  );
}

const contents = () => Promise.all(bed.fleet.hosts.map((host) => host.mustRun('cat /etc/motd')));
const rate = (code: string) => `sum(rate(requests_total{${code}}[5s]))`;
const errors = { name: 'errors', query: `${rate('code="500"')} / ${rate('')}`, max: '0.05' };

test('a revision under which errors rise is taken back, long before its soak is over', async () => {
  await roll({ metrics: [errors] });
  await declare('Rollout', 'B');
  const soaking = await rollout('the gate passes while it soaks', (status) =>
    Boolean(status?.soakStartTime && status.verdict?.result === 'Pass'),
  );
  expect(soaking?.verdict?.gates?.find(({ gate }) => gate === 'metric/errors')).toMatchObject({ value: '0' });
  expect((await contents()).sort()).toEqual(['A', 'A', 'B']);
  failing = 50;
  const back = await rollout('it is taken back', (status) => status?.rollback?.completionTime !== undefined);
  expect(back?.rollback?.reason).toMatch(/^metric\/errors: .*0\.05/);
  expect(await contents()).toEqual(['A', 'A', 'A']);
  failing = 0;
  await until('no error is counted any longer', async () => {
    const [series] = await prometheus.query(rate('code="500"'));
    return series?.values[0]?.[1] === '0' || undefined;
  });
}, 300_000);

test('a query that finds nothing, or does not parse, never passes', async () => {
  await roll({ metrics: [{ name: 'nothing', query: 'no_such_metric', max: '1' }], maxBlindSeconds: 3600 }, 0);
  await declare('Rollout', 'C');
  const held = await rollout(
    'it holds',
    (status) => status?.soakStartTime !== undefined && status.blindSince !== undefined,
  );
  expect(held?.verdict?.gates?.find(({ gate }) => gate === 'metric/nothing')).toMatchObject({ reason: 'Empty' });
  await roll({ metrics: [{ name: 'broken', query: 'sum(', max: '1' }], maxBlindSeconds: 3600 }, 0);
  const broken = await rollout(
    'it says that the query does not parse',
    (status) => status?.verdict?.result === 'Error',
  );
  expect(broken?.verdict?.gates?.find(({ gate }) => gate === 'metric/broken')).toMatchObject({ reason: 'BadQuery' });
  expect((await contents()).sort()).toEqual(['A', 'A', 'C']);
  await roll({ metrics: [errors] }, 0);
  await rollout('it completes', (status) => status?.completionTime !== undefined);
  expect(await contents()).toEqual(['C', 'C', 'C']);
}, 300_000);

test('a Prometheus that is gone holds the rollout, and takes it back when nothing is known for longer than allowed', async () => {
  await roll({ metrics: [errors], maxBlindSeconds: 15 });
  await declare('Rollout', 'D');
  await rollout('the gate passes while it soaks', (status) =>
    Boolean(status?.soakStartTime && status.verdict?.result === 'Pass'),
  );
  await prometheus.stop();
  const blind = await rollout('nothing is known', (status) => status?.blindSince !== undefined);
  expect(blind?.rollback).toBeUndefined();
  const back = await rollout('it is taken back', (status) => status?.rollback?.completionTime !== undefined);
  expect(back?.rollback?.reason).toMatch(/^nothing known for /);
  expect(await contents()).toEqual(['C', 'C', 'C']);
}, 300_000);

const baseline = async (): Promise<DeviceBaseline> => {
  const found = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'rhel9');
  if (!found) throw new Error('there is no baseline');
  return found;
};

test('a forged assignment, and a forged position of a rollout, move no host', async () => {
  await roll({}, 600);
  await bed.kubectl.run(
    'patch',
    'canaryrollout',
    'rhel9',
    '--type=merge',
    '-p',
    '{"spec":{"pause":{"reason":"wait"}}}',
  );
  await declare('Rollout', 'E');
  const declared = await until('E is declared', async () => {
    const { status, metadata } = await baseline();
    return status?.observedGeneration === metadata.generation && status?.revisions?.[0]?.declared
      ? status.revision
      : undefined;
  });
  const before = (await baseline()).status?.assignment;
  await bed.kubectl.merge(
    'devicebaseline',
    'rhel9',
    { status: { assignment: { base: declared } } },
    { subresource: 'status' },
  );
  const forged = {
    revision: declared,
    step: 2,
    exposedPercent: 100,
    startTime: new Date().toISOString(),
    rollback: null,
  };
  await bed.kubectl.merge('canaryrollout', 'rhel9', { status: forged }, { subresource: 'status' });
  await until('both are written again', async () => {
    const { status } = await baseline();
    const rollout = await bed.kubectl.get<CanaryRollout>('canaryrollout', 'rhel9');
    const isOurs = status?.assignment?.seal !== undefined && status.assignment.base !== declared;
    return isOurs && rollout?.status?.exposedPercent !== 100 ? true : undefined;
  });
  // The record is lost with the forgery: then nothing is assigned, and nothing corrected, until a rollout assigns it.
  expect((await baseline()).status?.assignment?.base).not.toBe(declared);
  expect(before?.base).not.toBe(declared);
  expect(await contents()).toEqual(['C', 'C', 'C']);
}, 120_000);

test('after that, a rollout assigns a revision again', async () => {
  await bed.kubectl.run(
    'patch',
    'canaryrollout',
    'rhel9',
    '--type=json',
    '-p',
    '[{"op":"remove","path":"/spec/pause"}]',
  );
  await roll({}, 0);
  await rollout('it completes', (status) => status?.completionTime !== undefined);
  expect(await contents()).toEqual(['E', 'E', 'E']);
}, 120_000);

test('a ControllerRevision with other checks under the name of one is not believed: its hosts are unknown, and stay as they are', async () => {
  await bed.kubectl.run(
    'patch',
    'canaryrollout',
    'rhel9',
    '--type=merge',
    '-p',
    '{"spec":{"pause":{"reason":"wait"}}}',
  );
  const base = (await baseline()).status?.assignment?.base ?? '';
  const { name = '' } = (await baseline()).status?.revisions?.find(({ revision }) => revision === base) ?? {};
  const kept = await bed.kubectl.get<{ metadata: object; data: { checks: object[] } }>('controllerrevision', name);
  await declare('Rollout', 'F');
  await operator.stop();
  await bed.kubectl.run('delete', 'controllerrevision', name);
  const { ownerReferences, labels } = kept?.metadata as { ownerReferences: object[]; labels: object };
  const checks = [{ name: 'motd', severity: 'Low', file: { path: '/etc/motd', content: 'forged', mode: '0644' } }];
  await bed.kubectl.apply({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name, namespace, ownerReferences, labels },
    data: { checks },
    revision: 1,
  });
  await bed.operator();
  const lost = await until('the hosts are unknown', async () => {
    const devices = await bed.kubectl.list<Device>('devices');
    const all = devices.map(({ status }) => status?.conditions?.find(({ type }) => type === 'Compliant'));
    return all.every((one) => one?.status === 'Unknown' && /no longer stored/.test(one.message)) ? all : undefined;
  });
  expect(lost[0]?.message).toContain(`ControllerRevision ${name}`);
  expect(await contents()).toEqual(['E', 'E', 'E']);
}, 120_000);
