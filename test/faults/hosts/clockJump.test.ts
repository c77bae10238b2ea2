/** The clock of the operator jumps by an hour and back: hosts are corrected as ever. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../../operator/api/v1alpha1/deviceBaseline.ts';
import { apiVersion, conditionOf, namespace, startBed, type Bed } from '../../operator/bed.ts';
import { jumps, type Jumps } from '../../operator/clockJump.ts';
import { until } from '../../operator/until.ts';

let bed: Bed;
let clock: Jumps;

beforeAll(async () => {
  bed = await startBed(['web-01']);
  clock = await jumps(bed);
  await clock.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const path = '/etc/hf-clock';
const intervalSeconds = 10;
const baseline = (round: string): object => ({
  apiVersion,
  kind: 'DeviceBaseline',
  metadata: { name: 'timed', namespace },
  spec: {
    selector: { matchLabels: { os: 'rhel9' } },
    intervalSeconds,
    mode: 'Enforce',
    remediation: { backend: 'Local', maxUnavailable: 1 },
    checks: [{ name: 'content', severity: 'High', file: { path, content: `round ${round}\n` } }],
  },
});

const runs = () => bed.kubectl.list<AnsibleRun>('ansibleruns');

/** Declares other content: the host drifts, and is corrected long before the hour is over. */
async function corrected(round: string): Promise<void> {
  await bed.kubectl.apply(baseline(round));
  await until(
    `${round} is there, and the baseline complies`,
    async () => {
      const { stdout } = await bed.host('web-01').run(`cat ${path} || true`);
      const live = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'timed');
      const condition = conditionOf(live, 'Compliant');
      const isCurrent = condition?.observedGeneration === live?.metadata.generation;
      return (stdout === `round ${round}\n` && isCurrent && condition?.status === 'True') || undefined;
    },
    {
      seconds: 90,
      seen: async () => [
        (await runs()).map(({ status }) => status?.conditions),
        await bed.kubectl.get('devicebaseline', 'timed'),
      ],
    },
  );
}

/** Somebody else changes the file; nothing tells the operator but its next look. */
async function correctedAfterDrift(round: string): Promise<void> {
  const before = (await runs()).length;
  await bed.host('web-01').mustRun(`echo drifted >${path}`);
  await until(
    'the drift is mended by another run',
    async () => {
      const { stdout } = await bed.host('web-01').run(`cat ${path}`);
      const all = await runs();
      return (
        (stdout === `round ${round}\n` && all.length > before && all.every(({ status }) => status?.completionTime)) ||
        undefined
      );
    },
    {
      seconds: 90,
      seen: async () => [
        await runs(),
        await bed.kubectl.get('devicebaseline', 'timed'),
        await bed.kubectl.list('driftreports'),
      ],
    },
  );
}

test.each([
  ['goes', 0],
  ['is set forward by an hour', 3600],
  ['is set back to what it was', 0],
  ['is set back by an hour', -3600],
  ['is right again', 0],
])(
  'while the clock %s, what drifts is corrected within the interval',
  async (what, seconds) => {
    clock.to(seconds);
    await corrected(what);
    await correctedAfterDrift(what);
    const all = await runs();
    expect(all.map(({ status }) => conditionOf({ status: status ?? {} }, 'Succeeded')?.reason)).toEqual(
      all.map(() => 'Verified'),
    );
  },
  240_000,
);
