/** Bad input of the real world: each gets a clear message where it was made, is never a pass, and nothing else suffers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1Job } from '@kubernetes/client-node';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { apiVersion, conditionOf, deviceOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';
import { hostWith, troubles, type Trouble } from './hostTroubles.ts';

let bed: Bed;
let operator: Operator;

const motd = { name: 'motd', file: { path: '/etc/motd', content: 'hello\n' } };
const spec = {
  selector: { matchLabels: { os: 'rhel9' } },
  intervalSeconds: 10,
  remediation: { backend: 'Local', maxUnavailable: 1 },
  checks: [motd],
};
const baseline = (changes: object = {}): object => ({
  apiVersion,
  kind: 'DeviceBaseline',
  metadata: { name: 'base', namespace },
  spec: { ...spec, ...changes },
});

beforeAll(async () => {
  bed = await startBed(['good-01', ...Object.keys(troubles).map(hostWith)]);
  for (const host of bed.fleet.hosts) await host.writeFile('/etc/motd', 'hello\n', '0644');
  operator = await bed.operator('--runner-image', 'registry.example.com/ansible-runner:2.4');
  await bed.kubectl.apply(baseline());
  await untilCondition(bed.kubectl, 'devicebaseline', 'base', 'Compliant', 'True');
}, 900_000);

afterAll(() => bed.stop(), 60_000);

/** Waits until the host is known not to be known, for a reason that reads so; says what stands in its report. */
async function blind(reason: RegExp, message: RegExp, name = 'bad-01'): Promise<void> {
  const seen = { condition: undefined as Condition | undefined };
  await until(
    `${name} says ${String(reason)}`,
    async () => {
      seen.condition = conditionOf(await bed.kubectl.get<Device>('device', name), 'Reachable');
      return reason.test(seen.condition?.reason ?? '') && message.test(seen.condition?.message ?? '')
        ? true
        : undefined;
    },
    { seconds: 90, seen: () => seen },
  );
  const report = await until('the report is unknown', async () => {
    const found = await bed.kubectl.get<DriftReport>('driftreport', `base.${name}`);
    return found?.status?.result === 'Unknown' ? found : undefined;
  });
  expect(report.status?.message).toMatch(message);
  expect(report.status?.summary).toMatchObject({ pass: 0, unknown: 1 });
}

/** The other host is looked at as before: a change on it is still seen. */
async function othersDoNotSuffer(): Promise<void> {
  const good = bed.host('good-01');
  await untilCondition(bed.kubectl, 'device', 'good-01', 'Compliant', 'True');
  await good.writeFile('/etc/motd', `drift ${Math.random()}\n`);
  await until(
    'the good host is still looked at',
    async () =>
      (await bed.kubectl.get<DriftReport>('driftreport', 'base.good-01'))?.status?.result === 'Fail' ? true : undefined,
    { seconds: 30 },
  );
  await good.writeFile('/etc/motd', 'hello\n', '0644');
}

async function healed(name = 'bad-01'): Promise<void> {
  await bed.kubectl.apply(deviceOf(bed.host(name), bed.fleet));
  await untilCondition(bed.kubectl, 'device', name, 'Compliant', 'True', 90);
}

describe('a host that cannot be seen', () => {
  const told = new Map<string, Promise<void>>();

  // Side by side, each a host of its own.
  beforeAll(() => {
    for (const [what, { reason, message, ...trouble }] of Object.entries(troubles)) {
      const name = hostWith(what);
      const work = begin(name, trouble).then(() => blind(reason, message, name));
      work.catch(() => undefined); // Its test tells.
      told.set(what, work);
    }
  });

  test.each(Object.keys(troubles))('%s', (what) => told.get(what), 180_000);

  test('does the others no harm', othersDoNotSuffer, 60_000);

  test('is seen again when it is mended', async () => {
    await Promise.all(
      Object.entries(troubles).map(async ([what, { ends }]) => {
        await ends?.(bed.host(hostWith(what)));
        await healed(hostWith(what));
      }),
    );
  }, 180_000);

  async function begin(name: string, { begins, ssh }: Pick<Trouble, 'begins' | 'ssh'>): Promise<void> {
    await begins?.(bed.host(name));
    const whole = deviceOf(bed.host(name), bed.fleet);
    if (ssh) await bed.kubectl.apply({ ...whole, spec: { ssh: { ...whole.spec.ssh, ...ssh } } });
  }
});

test('a Device that is renamed: its report goes, the new one has its own', async () => {
  const whole = deviceOf(bed.host('bad-01'), bed.fleet);
  await bed.kubectl.run('delete', 'device', 'bad-01');
  await bed.kubectl.apply({ ...whole, metadata: { ...whole.metadata, name: 'renamed-01' } });
  await untilCondition(bed.kubectl, 'device', 'renamed-01', 'Compliant', 'True');
  await until('the old report is gone', async () =>
    (await bed.kubectl.get('driftreport', 'base.bad-01')) ? undefined : true,
  );
  await bed.kubectl.run('delete', 'device', 'renamed-01');
  await healed();
}, 180_000);

test('a selector that matches nothing: unknown, and it says how to compare', async () => {
  await bed.kubectl.apply({
    ...baseline({ selector: { matchLabels: { os: 'plan9' } } }),
    metadata: { name: 'nothing', namespace },
  });
  const found = await untilCondition<DeviceBaseline>(bed.kubectl, 'devicebaseline', 'nothing', 'Compliant', 'Unknown');
  expect(conditionOf(found, 'Compliant')).toMatchObject({
    reason: 'NoDevices',
    message: expect.stringContaining('kubectl get devices --show-labels'),
  });
  await bed.kubectl.run('delete', 'devicebaseline', 'nothing');
}, 60_000);

describe('a correction that cannot work', () => {
  const run = async (name: string, run: object): Promise<AnsibleRun> => {
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name, namespace },
      spec: { deviceNames: ['bad-01'], backend: 'Local', timeoutSeconds: 60, ...run },
    });
    return until(
      `${name} says how it stands`,
      async () => {
        const found = await bed.kubectl.get<AnsibleRun>('ansiblerun', name);
        const condition = conditionOf(found, 'Succeeded');
        const isOnItsWay = ['Preparing', 'Running', 'Verifying'].includes(condition?.reason ?? '');
        return condition && !isOnItsWay ? found : undefined;
      },
      { seconds: 90 },
    );
  };

  test('a full disk: Failed, with what still differs and what Ansible says', async () => {
    const host = bed.host('bad-01');
    await host.fillDisk();
    const content = 'x'.repeat(40_000);
    const failed = await run('full-disk', { checks: [{ name: 'big', file: { path: '/etc/big', content } }] });
    expect(conditionOf(failed, 'Succeeded')).toMatchObject({
      status: 'False',
      reason: 'Failed',
      message: expect.stringMatching(/big: still differs.*check whether the disk is full/),
    });
    await host.emptyDisk();
  }, 120_000);

  test("a playbook of one's own on backend Local is refused, with the reason", async () => {
    const refused = await run('own-playbook', { playbook: { inline: '- hosts: all\n' } });
    expect(conditionOf(refused, 'Succeeded')).toMatchObject({
      status: 'False',
      reason: 'PlaybookRefused',
      message: expect.stringContaining('use backend Job'),
    });
  }, 60_000);

  test('a Device that does not exist: it waits and says so', async () => {
    const blocked = await run('no-device', { deviceNames: ['ghost'], checks: [motd] });
    expect(conditionOf(blocked, 'Succeeded')).toMatchObject({
      status: 'Unknown',
      reason: 'DeviceNotReady',
      message: expect.stringContaining('Device ghost does not exist'),
    });
    await bed.kubectl.run('delete', 'ansiblerun', 'no-device');
  }, 60_000);

  test('an undoing of nothing says that the run does not exist', async () => {
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: 'undo-nothing', namespace },
      spec: { revertOf: { name: 'ghost' } },
    });
    const found = await untilCondition<AnsibleRun>(bed.kubectl, 'ansiblerun', 'undo-nothing', 'Succeeded', 'Unknown');
    expect(conditionOf(found, 'Succeeded')?.reason).toBe('RunNotFound');
    await bed.kubectl.run('delete', 'ansiblerun', 'undo-nothing');
  }, 60_000);
});

test('an apiserver that is gone for a while: nothing is lost, and nobody restarts', async () => {
  await bed.cluster.stopApiServer();
  await bed.host('bad-01').writeFile('/etc/motd', 'while you were out\n', '0644');
  const before = operator.log().length;
  // Each time it waits twice as long, until it asks twice a minute.
  const waits = (): number[] =>
    [
      ...operator
        .log()
        .slice(before)
        .matchAll(/"retryInSeconds":([\d.]+)/g),
    ].map(([, seconds]) => Number(seconds));
  await until('it has been asked for in vain again and again', () => Math.max(0, ...waits()) > 5 || undefined);
  await bed.cluster.startApiServer();
  const report = await until(
    'the drift is reported',
    async () => {
      const found = await bed.kubectl.get<DriftReport>('driftreport', 'base.bad-01').catch(() => undefined);
      return found?.status?.result === 'Fail' ? found : undefined;
    },
    { seconds: 90 },
  );
  expect(report.status?.findings?.[0]?.found).toContain('while you were out');
  expect(() => process.kill(operator.pid, 0)).not.toThrow();
  await bed.host('bad-01').writeFile('/etc/motd', 'hello\n', '0644');
}, 180_000);

test('backend Job: the right Job is made, and its result is read', async () => {
  await bed.host('bad-01').writeFile('/etc/motd', 'drift\n');
  await bed.kubectl.apply({
    apiVersion,
    kind: 'AnsibleRun',
    metadata: { name: 'as-job', namespace },
    spec: { deviceNames: ['bad-01'], checks: [motd] },
  });
  // Its controller has seen it, too: who tells of it after that tells of the same start.
  const job = await until('the Job has started', async () => {
    const { status } = (await bed.kubectl.get<AnsibleRun>('ansiblerun', 'as-job')) ?? {};
    const seen = status?.job?.uid ? await bed.kubectl.get<V1Job>('job', status.job.name) : undefined;
    return seen?.status?.startTime ? seen : undefined;
  });
  expect(job.spec).toMatchObject({
    backoffLimit: 0,
    template: { spec: { automountServiceAccountToken: false, restartPolicy: 'Never' } },
  });
  // There is no node here: the test says of the Job what a kubelet and the Job controller would.
  const finished = {
    conditions: ['FailureTarget', 'Failed'].map((type) => ({
      type,
      status: 'True',
      reason: 'BackoffLimitExceeded',
      lastTransitionTime: new Date().toISOString(),
    })),
    failed: 1,
    active: null,
    ready: null,
  };
  await bed.kubectl.merge('job', job.metadata?.name ?? '', { status: finished }, { subresource: 'status' });
  const ended = await untilCondition<AnsibleRun>(bed.kubectl, 'ansiblerun', 'as-job', 'Succeeded', 'False', 90);
  expect(conditionOf(ended, 'Succeeded')?.message).toContain('motd: still differs');
  await bed.host('bad-01').writeFile('/etc/motd', 'hello\n', '0644');
}, 180_000);
