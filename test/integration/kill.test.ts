/**
 * The operator is killed with -9 at moments spread over a whole correction, and started again. However it falls, each correction
 * runs exactly once for each attempt, and the drift is mended in the end. The host itself keeps the ledger: its journal.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
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

// A correction takes some 10 s from the change of the baseline to the verdict.
test.each([0.2, 0.8, 1.4, 2, 3, 4, 5.5, 7, 8.5, 10])(
  'killed %s s after the baseline changed, the correction runs once and is not lost',
  async (seconds) => {
    await bed.kubectl.apply(baselineAt(seconds));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await operator.kill();
    operator = await bed.operator();
    const mended = async (): Promise<boolean> =>
      (await bed.host('web-01').run(`cat ${path}`)).stdout === `round ${seconds}\n`;
    await until(
      'the drift is mended and all runs are complete',
      async () => ((await mended()) && (await runs()).every(({ status }) => status?.completionTime) ? true : undefined),
      { seconds: 120, seen: runs },
    );
    const started = (await runs()).filter(({ status }) => status?.executor).map(({ metadata }) => metadata.uid ?? '');
    expect(started.length).toBeGreaterThan(0);
    expect(await correctionsOnHost()).toEqual({ uids: started.sort(), times: started.length });
    // At most once for each host, drift and attempt.
    const attempts = (await runs()).flatMap(({ spec }) =>
      (spec.corrections ?? []).flatMap(({ device, checks }) => checks.map((check) => `${device} ${check}`)),
    );
    expect(new Set(attempts).size).toBe(attempts.length);
  },
  180_000,
);
