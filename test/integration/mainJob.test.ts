/** The main job as a user sees it: a drifted host is found, shown, corrected, verified and undone. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../operator/api/v1alpha1/device.ts';
import type { DeviceBaseline, DeviceBaselineSpec } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, conditionOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

let bed: Bed;
let operator: Operator;

beforeAll(async () => {
  bed = await startBed(['web-01', 'web-02']);
  operator = await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const motd = {
  name: 'motd',
  severity: 'Low',
  file: { path: '/etc/motd', content: 'Authorized use only.\n', mode: '0644' },
} as const;
const redirects = {
  name: 'no-timestamps',
  severity: 'Critical',
  sysctl: { name: 'net.ipv4.tcp_timestamps', value: '0' },
} as const;
const secret = {
  name: 'token',
  severity: 'High',
  file: { path: '/etc/hf-token', content: 'declared-secret', mode: '0600', sensitive: true },
} as const;

function baselineNamed(name: string, spec: Partial<DeviceBaselineSpec>): object {
  return {
    apiVersion,
    kind: 'DeviceBaseline',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { os: 'rhel9' } },
      intervalSeconds: 10,
      remediation: { backend: 'Local', maxUnavailable: 2 },
      checks: [motd],
      ...spec,
    },
  };
}

async function apply(name: string, spec: Partial<DeviceBaselineSpec>): Promise<void> {
  await bed.kubectl.apply(baselineNamed(name, spec));
}

async function remove(name: string): Promise<void> {
  await bed.kubectl.run('delete', 'devicebaseline', name);
}

const runsOf = (baseline: string): Promise<AnsibleRun[]> =>
  bed.kubectl.list<AnsibleRun>('ansibleruns', { selector: `holdfast.dev/baseline=${baseline}` });

describe('a baseline in mode Inform', () => {
  beforeAll(async () => {
    for (const host of bed.fleet.hosts) {
      await host.writeFile('/etc/motd', 'Authorized use only.\n', '0644');
      await host.run(
        'chmod 0644 /etc/motd; sysctl -qw net.ipv4.tcp_timestamps=0; echo net.ipv4.tcp_timestamps=0 > /etc/sysctl.d/50-test.conf',
      );
      await host.writeFile('/etc/hf-token', 'found-secret', '0600');
    }
    await bed.host('web-01').run('sysctl -qw net.ipv4.tcp_timestamps=1');
    await apply('inform', { checks: [motd, redirects, secret] });
    await untilCondition(bed.kubectl, 'devicebaseline', 'inform', 'Compliant', 'False');
  }, 120_000);

  afterAll(() => remove('inform'));

  test('says of each host what differs, with what was expected and found', async () => {
    const report = await bed.kubectl.get<DriftReport>('driftreport', 'inform.web-01');
    expect(report?.status).toMatchObject({
      result: 'Fail',
      summary: { pass: 1, fail: 2, unknown: 0, drift: '2 (1 critical)' },
    });
    expect(report?.status?.findings?.[0]).toMatchObject({
      check: 'no-timestamps',
      severity: 'Critical',
      path: 'live',
      expected: '0',
      found: '1',
    });
  });

  test('changes nothing on the host', async () => {
    expect((await bed.host('web-01').run('sysctl -n net.ipv4.tcp_timestamps')).stdout.trim()).toBe('1');
    expect(await runsOf('inform')).toEqual([]);
  });

  test('shows a secret nowhere: neither in objects, nor events, nor the log', async () => {
    const everything = [
      await bed.kubectl.run('get', 'driftreports,devices,ansibleruns', '-o', 'json'),
      await bed.kubectl.run('get', 'events', '-o', 'json'),
      operator.log(),
    ].join('');
    expect(everything).not.toContain('found-secret');
    expect(everything).not.toContain('declared-secret');
    const report = await bed.kubectl.get<DriftReport>('driftreport', 'inform.web-01');
    expect(report?.status?.findings?.find(({ check }) => check === 'token')?.found).toMatch(/^other content \(hmac:/);
  });

  test('finds a change by hand within its interval, and sees it mended by hand', async () => {
    await bed.host('web-02').writeFile('/etc/motd', 'changed\n', '0644');
    const drifted = await until('web-02 shows the change', async () => {
      const report = await bed.kubectl.get<DriftReport>('driftreport', 'inform.web-02');
      return report?.status?.findings?.some(({ check }) => check === 'motd') ? report : undefined;
    });
    expect(
      drifted.status?.findings?.find(({ check, path }) => check === 'motd' && path === 'content')?.found,
    ).toContain('changed');
    await bed.host('web-02').writeFile('/etc/motd', 'Authorized use only.\n', '0644');
    await until('web-02 shows it mended', async () => {
      const report = await bed.kubectl.get<DriftReport>('driftreport', 'inform.web-02');
      return report?.status?.findings?.some(({ check }) => check === 'motd') ? undefined : true;
    });
  }, 90_000);

  test('fits a screen when described', async () => {
    const text = await bed.kubectl.run('describe', 'devicebaseline', 'inform');
    expect(text.split('\n').length).toBeLessThan(110);
  });
});

describe('a baseline in mode Enforce', () => {
  let run: AnsibleRun;

  beforeAll(async () => {
    await bed.host('web-01').writeFile('/etc/motd', 'drifted\n');
    await bed.host('web-02').writeFile('/etc/motd', 'Authorized use only.\n', '0644');
    await apply('enforce', { mode: 'Enforce', checks: [motd, redirects] });
    await bed.host('web-01').run('sysctl -qw net.ipv4.tcp_timestamps=0');
    await untilCondition(bed.kubectl, 'devicebaseline', 'enforce', 'Compliant', 'True', 120);
    const runs = await until('a run is complete', async () => {
      const all = await runsOf('enforce');
      return all.length && all.every(({ status }) => status?.completionTime) ? all : undefined;
    });
    run = runs[0] as AnsibleRun;
  }, 180_000);

  test('corrects the drifted host only, and the probe verifies it', async () => {
    expect(run.spec.deviceNames).toEqual(['web-01']);
    expect(conditionOf(run, 'Succeeded')).toMatchObject({ status: 'True', reason: 'Verified' });
    expect(run.status?.hosts).toEqual([{ name: 'web-01', outcome: 'Verified' }]);
    expect(await bed.host('web-01').readFile('/etc/motd')).toBe('Authorized use only.\n');
  });

  test('does nothing more once everything holds', async () => {
    const device = await bed.kubectl.get<Device>('device', 'web-01');
    expect(device?.status?.summary?.score).toBe('2/2');
    const active = (await runsOf('enforce')).filter(({ status }) => !status?.completionTime);
    expect(active).toEqual([]);
  });

  test('a run is undone by another: refused while the baseline enforces, done once it informs', async () => {
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: 'undo', namespace },
      spec: { revertOf: { name: run.metadata.name }, backend: 'Local' },
    });
    const refused = await until('the undoing says why it waits', async () =>
      conditionOf(await bed.kubectl.get<AnsibleRun>('ansiblerun', 'undo'), 'Succeeded'),
    );
    expect(refused).toMatchObject({
      status: 'Unknown',
      reason: 'EnforcedByBaseline',
      message: expect.stringContaining('set `mode: Inform`'),
    });
    await apply('enforce', { mode: 'Inform', checks: [motd, redirects] });
    await untilCondition(bed.kubectl, 'ansiblerun', 'undo', 'Succeeded', 'True', 120);
    expect(await bed.host('web-01').readFile('/etc/motd')).toBe('drifted\n');
  }, 180_000);

  test('drift that is put back at once, twice, is Contended: it stops and says so', async () => {
    const vandal = 'while :; do grep -q drifted /etc/motd || { sleep 3; echo drifted > /etc/motd; }; sleep 0.2; done';
    await bed.host('web-01').run(`systemd-run --unit=vandal /bin/sh -c '${vandal}'`);
    const before = (await runsOf('enforce')).length;
    await apply('enforce', { mode: 'Enforce', checks: [motd, redirects] });
    const baseline = await untilCondition<DeviceBaseline>(
      bed.kubectl,
      'devicebaseline',
      'enforce',
      'Contended',
      'True',
      180,
    );
    expect(conditionOf(baseline, 'Contended')?.message).toContain('motd on web-01');
    expect((await runsOf('enforce')).length - before).toBe(2);
    await bed.host('web-01').run('systemctl stop vandal');
  }, 240_000);
});

describe('the key of all hosts is replaced, on them and in their Secret', () => {
  const keyOf = (secretData: string) => Buffer.from(secretData, 'base64').toString();

  /** Has a host looked at, and resolves when that has seen what is in its motd. */
  async function lookedAt(host: string, motdNow: string): Promise<void> {
    await bed.host(host).writeFile('/etc/motd', motdNow);
    await bed.kubectl.run('annotate', '--overwrite', 'device', host, `look=${motdNow.trim()}`);
    await until(`a look at ${host} sees ${motdNow}`, async () => {
      const report = await bed.kubectl.get<DriftReport>('driftreport', `rotated.${host}`);
      return report?.status?.findings?.some(({ found }) => found?.includes(motdNow.trim()));
    });
  }

  test('a host whose Secret was read for another a moment ago is not called unreachable', async () => {
    await remove('enforce').catch(() => undefined);
    await apply('rotated', { intervalSeconds: 3600, checks: [motd] });
    for (const host of ['web-01', 'web-02']) await lookedAt(host, 'before\n');
    const reachableSince = async () =>
      conditionOf(await bed.kubectl.get<Device>('device', 'web-02'), 'Reachable')?.lastTransitionTime;
    const since = await reachableSince();
    const old = keyOf(
      (await bed.kubectl.run('get', 'secret', 'fleet-ssh', '-o', 'jsonpath={.data.ssh-privatekey}')).trim(),
    );
    const pair = await bed.host('web-01').mustRun('ssh-keygen -q -t ed25519 -N "" -f /root/next >&2; cat /root/next');
    const publicKey = (await bed.host('web-01').readFile('/root/next.pub')).trim();
    const files = '"$(getent passwd holdfast | cut -d: -f6)/.ssh/authorized_keys"';
    const replace = `cp -p ${files} /root/keys.before; echo '${publicKey}' > ${files}; pkill -u holdfast sshd || :`;
    const secret = (key: string) =>
      bed.kubectl.apply({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'fleet-ssh', namespace },
        stringData: { 'ssh-privatekey': key },
      });
    try {
      // Its look reads the Secret for all.
      await lookedAt('web-01', 'rotating\n');
      await Promise.all(['web-01', 'web-02'].map((host) => bed.host(host).mustRun(replace)));
      await secret(pair);
      await lookedAt('web-02', 'after\n');
      expect(await reachableSince()).toBe(since);
    } finally {
      await Promise.all(['web-01', 'web-02'].map((host) => bed.host(host).mustRun(`cat /root/keys.before > ${files}`)));
      await secret(old);
      await remove('rotated');
    }
  }, 120_000);
});
