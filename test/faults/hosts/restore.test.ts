/**
 * Etcd is restored to a copy that is older than what has happened on hosts: nothing that was executed is executed again, each run ends by itself and says
 * what is known of it, and baselines go on. The operator runs all the while, or is started again after the restore.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../../operator/api/v1alpha1/deviceBaseline.ts';
import { apiVersion, conditionOf, namespace, startBed, untilCondition, type Bed } from '../../operator/bed.ts';
import type { Operator } from '../../operator/process.ts';
import { until } from '../../operator/until.ts';

let bed: Bed;
let operator: Operator;
const start = async (): Promise<void> => {
  operator = await bed.operator('--allow-local-playbooks');
};

beforeAll(async () => {
  bed = await startBed(['web-01']);
  await start();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const host = () => bed.host('web-01');
/** Appends a line, then waits until it is let go on. */
const playbook = (name: string): string => `
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.shell: echo ${name} >>/root/ledger
    - ansible.builtin.wait_for: { path: /run/${name}-goes-on, timeout: 240 }
`;
const runOf = (name: string): object => ({
  apiVersion,
  kind: 'AnsibleRun',
  metadata: { name, namespace },
  spec: { deviceNames: ['web-01'], backend: 'Local', playbook: { inline: playbook(name) }, timeoutSeconds: 300 },
});
const goOn = (name: string) => host().mustRun(`touch /run/${name}-goes-on`);
const linesOf = async (name: string) =>
  (await host().run('cat /root/ledger || true')).stdout.split('\n').filter((line) => line === name).length;
const executed = (name: string) =>
  until(`${name} is executed`, async () => ((await linesOf(name)) > 0 ? true : undefined), {
    seconds: 60,
    seen: () => bed.kubectl.list('ansibleruns'),
  });
const completed = (name: string) =>
  untilCondition<AnsibleRun>(bed.kubectl, 'ansiblerun', name, 'Succeeded', 'True', 90);
const suspended = (isSuspended: boolean) =>
  bed.kubectl.run(
    ...['patch', 'device', 'web-01', '--type=merge', '--patch'],
    JSON.stringify({ spec: { suspend: isSuspended ? { reason: 'not yet' } : null } }),
  );

/** Puts the copy back while the operator runs, or while there is none. */
async function restored(copy: string, isRestarted: boolean): Promise<void> {
  if (isRestarted) await operator.stop();
  await bed.cluster.restoreStore(copy);
  if (isRestarted) await start();
}

describe.each([
  ['the operator is started again', true],
  ['the operator runs all the while', false],
] as const)('after a restore, and %s', (_, isRestarted) => {
  const named = (what: string): string => `${what}-${isRestarted ? 'again' : 'on'}`;

  test('a run that was at work in the copy, and is complete since, is complete again and was executed once', async () => {
    const name = named('at-work');
    await bed.kubectl.apply(runOf(name));
    await executed(name);
    const copy = await bed.cluster.copyStore();
    await goOn(name);
    const before = await completed(name);
    await restored(copy, isRestarted);
    const after = await completed(name);
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.status?.hosts).toEqual(before.status?.hosts);
    expect(await linesOf(name)).toBe(1);
  }, 240_000);

  test('a run that had not begun in the copy was executed once, and says so', async () => {
    const name = named('not-begun');
    await suspended(true);
    await bed.kubectl.apply(runOf(name));
    await untilCondition(bed.kubectl, 'ansiblerun', name, 'Succeeded', 'Unknown');
    const copy = await bed.cluster.copyStore();
    await suspended(false);
    await executed(name);
    await goOn(name);
    await completed(name);
    await restored(copy, isRestarted);
    const { status } = await completed(name);
    expect(conditionOf({ status: status ?? {} }, 'Succeeded')?.message).toMatch(
      /it was executed before, and is not executed again/,
    );
    await suspended(false);
    expect(await linesOf(name)).toBe(1);
  }, 240_000);

  test('a run that the copy does not have, and that is still at work, keeps its host until it has ended', async () => {
    const [lost, next] = [named('lost'), named('next')];
    const copy = await bed.cluster.copyStore();
    await bed.kubectl.apply(runOf(lost));
    await executed(lost);
    await restored(copy, isRestarted);
    await until('it is not known any more', async () =>
      (await bed.kubectl.get('ansiblerun', lost)) === undefined ? true : undefined,
    );
    await bed.kubectl.apply(runOf(next));
    const waits = await until(
      'it waits for its host',
      async () => {
        const condition = conditionOf(await bed.kubectl.get<AnsibleRun>('ansiblerun', next), 'Succeeded');
        return condition?.reason === 'DevicesBusy' ? condition.message : undefined;
      },
      { seconds: 60, seen: () => bed.kubectl.get('ansiblerun', next) },
    );
    expect(waits).toContain(`for AnsibleRun ${lost}, which etcd does not show`);
    expect(await linesOf(next)).toBe(0);
    await Promise.all([goOn(lost), goOn(next)]);
    await completed(next);
    expect([await linesOf(lost), await linesOf(next)]).toEqual([1, 1]);
  }, 240_000);

  test('a baseline goes on: what drifts is corrected, and no run was executed twice on the host', async () => {
    const name = named('baseline');
    const path = `/etc/hf-${name}`;
    const baseline = {
      apiVersion,
      kind: 'DeviceBaseline',
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: { os: 'rhel9' } },
        intervalSeconds: 10,
        mode: 'Enforce',
        remediation: { backend: 'Local', maxUnavailable: 1 },
        checks: [{ name: 'content', severity: 'High', file: { path, content: 'wanted\n' } }],
      },
    };
    const complies = () => untilCondition<DeviceBaseline>(bed.kubectl, 'devicebaseline', name, 'Compliant', 'True', 90);
    const runs = async () =>
      (await bed.kubectl.list<AnsibleRun>('ansibleruns')).filter(({ spec }) => spec.baselineRef?.name === name);
    await bed.kubectl.apply(baseline);
    await until('its run begins', async () => (await runs()).find(({ status }) => status?.startTime), {
      everyMilliseconds: 20,
    });
    const copy = await bed.cluster.copyStore();
    await complies();
    await restored(copy, isRestarted);
    await complies();
    await host().mustRun(`echo drifted >${path}`);
    await until(
      'the drift is mended',
      async () =>
        ((await host().readFile(path)) === 'wanted\n' &&
          (await runs()).every(({ status }) => status?.completionTime)) ||
        undefined,
      { seconds: 90, seen: runs },
    );
    await complies();
    const lines = (await host().mustRun('cat /var/lib/holdfast/executed')).split('\n').filter(Boolean);
    expect(new Set(lines).size).toBe(lines.length);
    await bed.kubectl.run('delete', 'devicebaseline', name);
  }, 240_000);
});
