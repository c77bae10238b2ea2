/**
 * The operator is killed with -9 at each step of a whole correction, and started again. However it falls, each correction
 * runs exactly once for each attempt, and the drift is mended in the end. The host itself keeps the ledger: its journal.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, namespace, startBed, type Bed } from '../operator/bed.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

let bed: Bed;
let operator: Operator;

beforeAll(async () => {
  bed = await startBed(['web-01']);
  operator = await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const path = '/etc/hf-ledger-target';

function baselineAt(moment: number): object {
  const check = { name: 'target', severity: 'High', file: { path, content: `round ${moment}\n` } };
  return {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: 'killed', namespace },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 10,
      mode: 'Enforce',
      remediation: { backend: 'Local', maxUnavailable: 1 },
      checks: [check],
    },
  };
}

const runs = (): Promise<AnsibleRun[]> => bed.kubectl.list<AnsibleRun>('ansibleruns');

/** The uids of the runs that corrected, as their journals on the host are named; and how often Ansible became root there, once a run. */
async function correctionsOnHost(): Promise<{ uids: string[]; times: number }> {
  const { stdout } = await bed.host('web-01').run('ls /var/lib/holdfast/undo');
  const became = await bed.host('web-01').run("journalctl --no-pager | grep -c 'sudo.*BECOME-SUCCESS' || true");
  return { uids: stdout.split('\n').filter(Boolean).sort(), times: Number(became.stdout) };
}

/** What there was before the baseline changed. */
interface Earlier {
  readonly uids: ReadonlySet<string | undefined>;
  readonly revision: string | undefined;
  readonly times: number;
}

const report = async () => (await bed.kubectl.list<DriftReport>('driftreports'))[0]?.status;
const newRun = async ({ uids }: Earlier) => (await runs()).find(({ metadata }) => !uids.has(metadata.uid))?.status;
const content = async () => (await bed.host('web-01').run(`cat ${path} || true`)).stdout;

/** One after the other in a correction; each is looked for until it is there. */
const moments: readonly [what: string, isThere: (earlier: Earlier, content: string) => Promise<boolean>][] = [
  ['the baseline has changed', () => Promise.resolve(true)],
  ['the report shows the drift', async ({ revision }) => (await report())?.source?.revision !== revision],
  ['the run is made', async ({ uids }) => (await runs()).length > uids.size],
  ['the run is recorded as started', async (earlier) => (await newRun(earlier))?.startTime !== undefined],
  ['Ansible is root on the host', async ({ times }) => (await correctionsOnHost()).times > times],
  ['the file is written', async (_, wanted) => (await content()) === wanted],
  ['the run is complete', async (earlier) => (await newRun(earlier))?.completionTime !== undefined],
  [
    'the report shows no drift',
    async ({ revision }) => {
      const seen = await report();
      return seen?.source?.revision !== revision && seen?.result === 'Pass';
    },
  ],
];

test.each(moments.map(([what], at) => [what, at] as const))(
  'killed once %s, the correction runs once and is not lost',
  async (what, at) => {
    const uids = new Set((await runs()).map(({ metadata }) => metadata.uid));
    const { times } = await correctionsOnHost();
    const earlier = { uids, times, revision: (await report())?.source?.revision };
    await bed.kubectl.apply(baselineAt(at));
    const wanted = `round ${at}\n`;
    await until(what, async () => (await moments[at]![1](earlier, wanted)) || undefined, { everyMilliseconds: 5 });
    await operator.kill();
    operator = await bed.operator();
    await until(
      'the drift is mended and all runs are complete',
      async () =>
        ((await content()) === wanted && (await runs()).every(({ status }) => status?.completionTime)) || undefined,
      { seconds: 120, seen: runs },
    );
    const started = (await runs()).filter(({ status }) => status?.executor);
    const uidsOf = (all: readonly AnsibleRun[]) => all.map(({ metadata }) => metadata.uid ?? '');
    const onHost = await correctionsOnHost();
    // Killed between the record and the start, a run is over before it has reached the host.
    expect(onHost.times).toBe(onHost.uids.length);
    expect(uidsOf(started)).toEqual(expect.arrayContaining(onHost.uids));
    const verified = started.filter(({ status }) => status?.hosts?.every(({ outcome }) => outcome === 'Verified'));
    expect(verified.length).toBeGreaterThan(0);
    expect(onHost.uids).toEqual(expect.arrayContaining(uidsOf(verified)));
    // At most once for each host, drift and attempt.
    const attempts = (await runs()).flatMap(({ spec }) =>
      (spec.corrections ?? []).flatMap(({ device, checks, drifts }) =>
        checks.map((check, index) => `${device} ${check} ${drifts.split(' ')[index]}`),
      ),
    );
    expect(new Set(attempts).size).toBe(attempts.length);
  },
  180_000,
);
