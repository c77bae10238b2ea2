/** A tenant with more hung hosts than there are workers: what another tenant changes does not wait for them. Turns are counted, not timed. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, conditionOf, deviceOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { reachesLoopback, hungName, hungTenant, startHungHosts, type HungHosts } from '../operator/hungHosts.ts';
import { until } from '../operator/until.ts';

const neighbour = 'neighbour';
/** More than the workers of Device. */
const hungCount = 200;
/** As many as these had their turn before it was that of another, if turns went by arrival. */
const fewTurns = 64;

let bed: Bed;
let hung: HungHosts;

beforeAll(async () => {
  [bed, hung] = await Promise.all([startBed(['web-01']), startHungHosts()]);
  await bed.kubectl.run('delete', 'device', 'web-01');
}, 900_000);

afterAll(async () => {
  await bed.stop();
  hung.stop();
}, 60_000);

const baseline = (content: string): object => ({
  apiVersion,
  kind: 'DeviceBaseline',
  metadata: { name: 'base', namespace },
  spec: {
    selector: { matchLabels: { os: 'rhel9' } },
    checks: [{ name: 'motd', file: { path: '/etc/motd', content } }],
  },
});

/** How many of the neighbour's hosts were given up until now. */
async function turnsOfNeighbour(): Promise<number> {
  const devices = await bed.kubectl.list<Device>('devices', { namespace: neighbour });
  return devices.filter((device) => conditionOf(device, 'Reachable')?.status === 'False').length;
}

const revisionOf = async (): Promise<string | undefined> =>
  (await bed.kubectl.get<DriftReport>('driftreport', 'base.web-01'))?.status?.source?.revision;

test('a host that is new, and each change of its baseline, is reported while nearly all of the neighbour still wait', async () => {
  const key = await readFile(bed.fleet.privateKey, 'utf8');
  await bed.kubectl.apply(...hungTenant(neighbour, hungCount, hung, key));
  await bed.operator(...reachesLoopback);
  await bed.kubectl.apply(baseline('one\n'), deviceOf(bed.host('web-01'), bed.fleet));
  let revision = await until('the new host is reported', revisionOf);
  expect(await turnsOfNeighbour()).toBeLessThan(fewTurns);
  for (const content of ['two\n', 'three\n', 'four\n']) {
    await bed.kubectl.apply(baseline(content));
    revision = await until('the change is reported', async () => {
      const now = await revisionOf();
      return now === revision ? undefined : now;
    });
  }
  expect(await turnsOfNeighbour()).toBeLessThan(fewTurns);
}, 300_000);

test('a hung host says when it is asked next, its report is Unknown, and a person may have it asked now', async () => {
  const name = hungName(0);
  const neighbours = bed.kubectl.everywhere();
  const seen = await until('the hung host is given up', async () => {
    const device = await neighbours.get<Device>('device', name, neighbour);
    return conditionOf(device, 'Reachable')?.status === 'False' ? device : undefined;
  });
  expect(conditionOf(seen, 'Reachable')).toMatchObject({
    reason: 'NotVerified',
    message: expect.stringMatching(/attempt 1 without a result; the next is due by \S+Z: annotate the Device/),
  });
  expect(conditionOf(seen, 'Compliant')?.status).toBe('Unknown');
  const report = await neighbours.get<DriftReport>('driftreport', `base.${name}`, neighbour);
  expect(report?.status).toMatchObject({ result: 'Unknown', summary: { pass: 0, unknown: 1 } });
}, 120_000);

test('a host that hung and is well again is asked at once when its Device is annotated', async () => {
  const host = bed.host('web-01');
  await host.freeze();
  await bed.kubectl.apply(baseline('frozen\n'));
  await untilCondition(bed.kubectl, 'device', 'web-01', 'Reachable', 'False', 90);
  await host.thaw();
  await bed.kubectl.merge('device', 'web-01', { metadata: { annotations: { look: 'now' } } });
  const device = await untilCondition<Device>(bed.kubectl, 'device', 'web-01', 'Reachable', 'True');
  expect(conditionOf(device, 'Reachable')?.message).not.toMatch(/attempt/);
}, 180_000);
