/** Hosts that are set up in a way that is allowed and in the way: what is told of them, and what is done all the same. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline, DeviceBaselineSpec } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, conditionOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

let bed: Bed;
const name = 'odd-01';
const on = (command: string) => bed.host(name).mustRun(command);

beforeAll(async () => {
  bed = await startBed([name]);
  await bed.operator('--allow-local-playbooks');
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const file = (path: string, content: string, check = 'banner') => ({ name: check, file: { path, content } });

async function apply(baseline: string, spec: Partial<DeviceBaselineSpec>): Promise<void> {
  await bed.kubectl.apply({
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name: baseline, namespace },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 10,
      mode: 'Enforce',
      remediation: { backend: 'Local' },
      ...spec,
    },
  });
}

const remove = (...baselines: string[]) => bed.kubectl.run('delete', 'devicebaseline', ...baselines);

async function told(type: string, words: RegExp): Promise<string> {
  const { message } = await until(
    `${type} says ${words.source}`,
    async () => {
      const condition = conditionOf(await bed.kubectl.get<Device>('device', name), type);
      return words.test(condition?.message ?? '') ? condition : undefined;
    },
    { seconds: 120 },
  );
  return message;
}

describe('sudo', () => {
  test.each([
    ['asks for a terminal', 'Defaults:holdfast requiretty', /Defaults:holdfast !requiretty/],
    ['lets nothing be started', 'holdfast ALL=(ALL) NOPASSWD: NOEXEC: ALL', /noexec.*NOPASSWD: EXEC: ALL/],
  ])(
    'that %s is told with what mends it',
    async (_, rule, words) => {
      await apply('looking', { mode: 'Inform', checks: [file('/etc/issue', 'x')] });
      await on(`printf '%s\\n' '${rule}' > /etc/sudoers.d/zz-odd`);
      expect(await told('Reachable', words)).not.toMatch(/NOPASSWD: ALL|did not reach/);
      await on('rm /etc/sudoers.d/zz-odd');
      await untilCondition(bed.kubectl, 'device', name, 'Reachable', 'True', 120);
      await remove('looking');
    },
    300_000,
  );
});

describe('with a home that cannot be written', () => {
  beforeAll(async () => {
    await on(
      'home=$(getent passwd holdfast | cut -d: -f6); mount --bind "$home" "$home"; mount -o remount,bind,ro "$home"',
    );
    await on('mount --bind /root /root; mount -o remount,bind,ro /root');
  });
  // Lazily: a connection that is still open has its working directory there.
  afterAll(() => on('umount /root; umount --lazy "$(getent passwd holdfast | cut -d: -f6)"'));

  test('a baseline is corrected', async () => {
    await apply('home', { checks: [file('/etc/issue', 'corrected\n'), file('/etc/issue.net', 'too\n', 'second')] });
    await untilCondition(bed.kubectl, 'devicebaseline', 'home', 'Compliant', 'True', 120);
    expect(await on('cat /etc/issue /etc/issue.net')).toBe('corrected\ntoo\n');
    await remove('home');
  }, 180_000);

  test('a playbook of its author runs, with modules that need a folder for their files', async () => {
    const copy = { content: 'copied\n', dest: '/etc/hf-copied', mode: '0644' };
    const tasks = [{ name: 'copy', 'ansible.builtin.copy': copy }];
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: 'own', namespace },
      spec: {
        deviceNames: [name],
        backend: 'Local',
        playbook: { inline: JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]) },
      },
    });
    const run = await until(
      'the run is over',
      async () => {
        const seen = await bed.kubectl.get<AnsibleRun>('ansiblerun', 'own');
        return seen?.status?.completionTime ? seen : undefined;
      },
      { seconds: 120 },
    );
    expect(conditionOf(run, 'Succeeded')).toMatchObject({ status: 'True', reason: 'Completed' });
    expect(await on('cat /etc/hf-copied')).toBe('copied\n');
  }, 180_000);
});

describe('what is not corrected', () => {
  test('a check that only a person can correct is named, and the others are corrected', async () => {
    await on('mkdir -p /etc/hf-folder; rm -f /etc/hf-plain');
    await apply('hands', { checks: [file('/etc/hf-folder', 'x', 'folder'), file('/etc/hf-plain', 'made\n', 'plain')] });
    await until(
      'the other is corrected',
      async () => ((await bed.host(name).run('cat /etc/hf-plain')).stdout === 'made\n' ? true : undefined),
      { seconds: 120 },
    );
    const baseline = await until(
      'only the one is left',
      async () => {
        const seen = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'hands');
        return seen?.status?.worst?.[0]?.standing === '1 check fails: folder' ? seen : undefined;
      },
      { seconds: 60 },
    );
    expect(conditionOf(baseline, 'ManualActionRequired')?.message).toMatch(/folder on odd-01: .*directory/);
    expect(conditionOf(baseline, 'CorrectionHalted')).toBeUndefined();
    expect(baseline.status?.summary?.correctionMessage).toBe('1 check needs manual action');
    const report = await bed.kubectl.get<DriftReport>('driftreport', `hands.${name}`);
    expect(report?.status?.findings).toMatchObject([{ check: 'folder', manual: true }]);
    await remove('hands');
  }, 240_000);

  test('checks of two baselines that exclude each other are left alone, and each baseline says so', async () => {
    await on("printf 'mine\\n' > /etc/hf-fought");
    await apply('one', { checks: [file('/etc/hf-fought', 'one\n', 'first')] });
    await apply('two', { checks: [file('/etc/hf-fought', 'two\n', 'second')] });
    for (const [own, words] of [
      ['one', /check 'first' and check 'second' of DeviceBaseline two conflict \(content of \/etc\/hf-fought\)/],
      ['two', /check 'second' and check 'first' of DeviceBaseline one conflict/],
    ] as const) {
      const seen = await untilCondition<DeviceBaseline>(bed.kubectl, 'devicebaseline', own, 'Contradiction', 'True');
      expect(conditionOf(seen, 'Contradiction')?.message).toMatch(words);
    }
    await remove('two');
    await untilCondition(bed.kubectl, 'devicebaseline', 'one', 'Compliant', 'True', 120);
    const gone = await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'one');
    expect(conditionOf(gone, 'Contradiction')).toBeUndefined();
    expect(await on('cat /etc/hf-fought')).toBe('one\n');
    await remove('one');
  }, 240_000);

  test('a host on which another run is at work is waited for by name, and corrected as soon as that is over', async () => {
    await on('rm -f /etc/hf-waits /run/hf-go');
    const waiting = [{ 'ansible.builtin.wait_for': { path: '/run/hf-go', timeout: 240 } }];
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: 'long', namespace },
      spec: {
        deviceNames: [name],
        backend: 'Local',
        playbook: { inline: JSON.stringify([{ hosts: 'all', gather_facts: false, tasks: waiting }]) },
      },
    });
    await until(
      'it is at work',
      async () => (await bed.kubectl.get<AnsibleRun>('ansiblerun', 'long'))?.status?.startTime,
      { seconds: 60 },
    );
    await apply('waits', { intervalSeconds: 3600, checks: [file('/etc/hf-waits', 'made\n', 'waits')] });
    await until(
      'it says for what it waits',
      async () => {
        const { status } = (await bed.kubectl.get<DeviceBaseline>('devicebaseline', 'waits')) ?? {};
        return status?.summary?.correctionMessage === `waits for AnsibleRun long on ${name}` ? true : undefined;
      },
      { seconds: 60 },
    );
    // Deleted while it is at work: nothing says that it ended.
    await bed.kubectl.run('delete', 'ansiblerun', 'long');
    await untilCondition(bed.kubectl, 'devicebaseline', 'waits', 'Compliant', 'True', 120);
    await remove('waits');
  }, 300_000);
});
